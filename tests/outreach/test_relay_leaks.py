"""S25: thousands of exchanges through real SMTP in both directions; nothing of either leaks."""

from __future__ import annotations

import email
import email.policy
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from groundswell.events.models import Event
from groundswell.outreach import senders
from groundswell.outreach.models import Conversation, Inbound, Line
from groundswell.outreach.operations import aliases, conversations
from groundswell.outreach.relay import quotes, reading, redacting
from groundswell.outreach.senders.smtp.send import SmtpSender
from groundswell.people.models import Person
from groundswell.people.operations import persons
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.outreach import exchanges
from tests.outreach.exchanges import Persona
from tests.outreach.mail_loop import Sink, hand_in, listening, sink
from tests.outreach.making import prove

DOMAIN = "reply.example.org"
AT_ONCE = 100

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def mail_in_a_circle(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Sink, int]]:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_MAIL_FROM = "hello@example.org"
    monkeypatch.setattr(conversations, "LINES_A_DAY", 1_000_000)
    with sink() as (found, url), listening() as port:
        settings.GROUNDSWELL_SMTP_URL = url
        sender = SmtpSender(url)
        monkeypatch.setattr(senders, "current", lambda: sender)
        yield found, port
        sender.close()


def pairs(count: int) -> list[tuple[Persona, Persona, str, str]]:
    """Guest, host, the guest's alias and the host's; half of the hosts' numbers are known to us."""
    people = exchanges.personas(2 * count, seed=25)
    campaign, found = live_campaign(), []
    for number, (guest, host) in enumerate(zip(people[::2], people[1::2], strict=True)):
        event = make.listed_event(campaign, host=host.email, title=f"Stop {number}")
        _rename(event, host)
        rsvp = make.signed_up(event, email=guest.email, given=guest.given, family=guest.family)
        prove(rsvp)
        rsvp.refresh_from_db()
        if number % 2 == 0:
            for one, person in ((guest, rsvp.person), (host, event.host)):
                assert person is not None
                persons.attach_phone(person=person, phone=one.phone, by=make.host_of(event))
        talk = aliases.open_conversation(event=event, person_id=rsvp.person_id or 0)
        assert talk is not None
        both = [aliases.address_of(talk, side) for side in ("person", "holder")]
        found.append((guest, host, *both))
    return found


def _rename(event: Event, host: Persona) -> None:
    """The factory's hosts are all called Dolores."""
    event.refresh_from_db()
    assert event.host is not None
    sealed = persons.sealed_name(event.host, host.given, host.family)
    Person.objects.filter(id=event.host_id).update(name_sealed=sealed)


def exchange(
    count: int, found: Sink, port: int, work: Callable[[], int], talks: list[Any]
) -> Counter[str]:
    """Send ``count`` mails both ways; what leaked into what was received, by kind."""
    dice = random.Random(2026)
    for start in range(0, count, AT_ONCE):
        batch = []
        for number in range(start, min(start + AT_ONCE, count)):
            guest, host, to_host, to_guest = talks[number % len(talks)]
            me, other, alias = (
                (guest, host, to_host) if dice.random() < 0.5 else (host, guest, to_guest)
            )
            batch.append((me.email, alias, exchanges.mail(dice, me, other, alias, number)))
        assert set(hand_in(port, batch)) == {250}
        work()
    return leaked(found, talks)


def leaked(found: Sink, talks: list[Any]) -> Counter[str]:
    """Every head and every part of every mail, looked through for the other side's secrets."""
    by_address = {}
    for guest, host, to_host, to_guest in talks:
        by_address |= {guest.email: (host, to_guest), host.email: (guest, to_host)}
    kinds: Counter[str] = Counter()
    for envelope_from, recipient, content in found.mails:
        other, others_alias = by_address[recipient]
        message = email.message_from_bytes(content, policy=email.policy.default)
        heads = "\n".join(str(value) for name, value in message.items() if name != "To")
        parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
        shown = "\n".join([envelope_from, heads, *parts])
        kinds.update(exchanges.leaks(shown, other, aliases=(others_alias,)))
    return kinds


# The whole measure is 10,000: GROUNDSWELL_TEST_EXCHANGES=10000, half an hour on two cores.
@pytest.mark.parametrize("count", [int(os.environ.get("GROUNDSWELL_TEST_EXCHANGES", "500"))])
def test_nothing_of_the_other_side_leaks(
    count: int, settings: Any, monkeypatch: pytest.MonkeyPatch, work: Callable[[], int]
) -> None:
    with mail_in_a_circle(settings, monkeypatch) as (found, port):
        talks = pairs(24)
        kinds = exchange(count, found, port, work, talks)

    verdicts = Counter(Inbound.objects.values_list("verdict", flat=True))
    print(dict(verdicts), dict(kinds))
    assert kinds == Counter()
    assert sum(verdicts.values()) == count
    assert set(verdicts) <= {"passed", "automatic", "bounce", "no_words"}
    # Confirmations of the sign-ups leave by the same server, from an address of our own.
    between = [
        raw for *_envelope, raw in found.mails if f"@{DOMAIN}>".encode() in raw.split(b"To:")[0]
    ]
    assert len(between) == verdicts["passed"] == Line.objects.count()
    assert verdicts["passed"] > 0.8 * count  # what people wrote came through
    assert Conversation.objects.count() == 24


def test_without_stripping_everything_leaks(
    settings: Any, monkeypatch: pytest.MonkeyPatch, work: Callable[[], int]
) -> None:
    """The control: the same mails with the knives put away."""
    read = reading.read
    monkeypatch.setattr(quotes, "own_words", lambda text: text)
    monkeypatch.setattr(redacting, "redact", lambda text, secrets, countries=(): text)
    monkeypatch.setattr(reading, "read", lambda content: read(content, keep_quotes=True))
    with mail_in_a_circle(settings, monkeypatch) as (found, port):
        kinds = exchange(200, found, port, work, pairs(24))

    assert set(kinds) == {"address", "number", "name", "alias"}
    assert min(kinds.values()) > 10
