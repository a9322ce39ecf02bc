"""Where phones are searched: no mail and no calendar names a movement, a campaign or an event."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import hosting, messages, reviewing
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.outreach import kinds
from groundswell.outreach.mail import compiled
from groundswell.outreach.models import Message
from groundswell.outreach.operations import conversations, outbox
from groundswell.people.models import Person
from groundswell.people.operations import asking
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site.operations import NoSuchCountry, OnlyOwners
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.outreach.making import prove
from tests.outreach.senders import NotingSender, use

pytestmark = pytest.mark.django_db

CANARIES = ("Kanarimovement", "Kanaricampaign", "Kanarievent", "Kanarivenue", "Kanariwords",
            "Kanaritown", "Kanarihost", "kanari")  # fmt: skip


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> NotingSender:
    found = NotingSender()
    use(monkeypatch, found)
    return found


@pytest.fixture
def event() -> Event:
    site_ops.set_up(name="Kanarimovement", language="en", zone="UTC", by=SYSTEM)
    campaign = live_campaign("Kanaricampaign", organisation="Kanarimovement")
    place = make.leeds(town="Kanaritown", venue="Kanarivenue")
    return make.listed_event(
        campaign, title="Kanarievent", description="Kanariwords", place=place, capacity=2
    )


def discreet(*countries: str) -> None:
    site_ops.set_discreet_countries(countries=countries, by=SYSTEM)


def _write_every_kind(event: Event) -> set[str]:
    """Every kind of mail about an event, straight into the outbox; what its state forbids waits."""
    going = make.signed_up(event, email="amina@example.org")
    prove(going)
    going.refresh_from_db()
    words = messages.message_people(event_id=event.id, body="Kanariwords", by=make.host_of(event))
    starts = int(event.starts_at.timestamp())
    line = conversations.write_to_host(
        rsvp_id=going.id, body="Kanariwords", by=make.supporter_of(going)
    )
    args = {"starts": starts, "message_id": words.id, "line_id": line.id}
    written = []
    for kind in kinds.KINDS.values():
        if kind.reader == kinds.Reader.SUPPORTER:
            row = outbox.to_supporter(
                kind.name, going, key=1, expires_at=event.ends_at + timedelta(days=9), args=args
            )
        elif kind.reader == kinds.Reader.HOST:
            found = outbox.to_host(
                kind.name, event, key=1, expires_at=event.ends_at + timedelta(days=9), args=args
            )
            assert found is not None
            row = found
        else:
            continue
        written.append(row)
    outbox.write(written)
    return {row.kind for row in written}


def _let_out(event: Event, wanted: set[str], work: Callable[[], int]) -> None:
    """Bring the event and the sign-up into the state of each kind in turn."""
    for kind in sorted(wanted):
        asked = kinds.KINDS[kind]
        if asked.event_states:
            state = "listed" if "listed" in asked.event_states else next(iter(asked.event_states))
            Event.objects.filter(id=event.id).update(state=state, words="Kanariwords")
        if asked.rsvp_states:
            Rsvp.objects.update(state=next(iter(asked.rsvp_states)))
        Message.objects.exclude(kind=kind).filter(state="ready").update(
            not_before=event.ends_at + timedelta(days=300)
        )
        Message.objects.filter(kind=kind).update(not_before=event.created_at)
        work()


def told(sender: NotingSender) -> Iterator[tuple[str, str]]:
    """Kind and everything that stands in a mail: headers, texts, attachments, decoded."""
    for mail, content in zip(sender.mails, sender.contents, strict=True):
        read = email.message_from_bytes(content, policy=email.policy.default)
        whole = [f"{name}: {value}" for name, value in read.items()]
        for part in read.walk():
            if not part.is_multipart():
                whole.append(str(part.get_filename()))
                body = part.get_payload(decode=True)
                assert isinstance(body, bytes)
                whole.append(body.decode())
        yield mail.kind, "\n".join(whole)


def found_in(sender: NotingSender) -> dict[str, set[str]]:
    return {
        kind: {canary for canary in CANARIES if canary in whole}
        for kind, whole in told(sender)
        if any(canary in whole for canary in CANARIES)
    }


def _all_mails(event: Event, sender: NotingSender, work: Callable[[], int]) -> set[str]:
    work()
    sender.mails.clear()
    sender.contents.clear()
    wanted = _write_every_kind(event)
    _let_out(event, wanted, work)
    asking.ask_by_address(email="amina@example.org", by=VISITOR)
    work()
    return set(sender.kinds())


def test_no_mail_of_any_kind_names_anything(
    event: Event, sender: NotingSender, work: Callable[[], int]
) -> None:
    discreet("GB")

    kinds_sent = _all_mails(event, sender, work)

    of_events = {
        kind.name
        for kind in kinds.KINDS.values()
        if kind.reader in {kinds.Reader.SUPPORTER, kinds.Reader.HOST}
    }
    assert kinds_sent == of_events | {"your_data"}
    assert found_in(sender) == {}
    calendars = [mail.calendar.decode() for mail in sender.mails if mail.calendar]
    assert len({mail.kind for mail in sender.mails if mail.calendar}) == 4
    assert all("SUMMARY:Appointment" in text for text in calendars)
    assert not any("Groundswell" in text or "LOCATION" in text for text in calendars)
    assert {mail.from_name for mail in sender.mails} == {"Notices"}
    assert {mail.subject for mail in sender.mails} == {"About Sat 21 Mar", "Your link"}


def test_control_without_the_mode_the_same_mails_name_it(
    event: Event, sender: NotingSender, work: Callable[[], int]
) -> None:
    discreet("TR")

    kinds_sent = _all_mails(event, sender, work)

    assert set(found_in(sender)) == kinds_sent


def test_the_calendar_file_of_the_public_page(client: Client, event: Event) -> None:
    path = f"/e/{event.slug}.ics"
    open_file = client.get(path)
    discreet("GB")
    bare_file = client.get(path)

    text = bare_file.content.decode()
    assert "SUMMARY:Kanarievent" in open_file.content.decode()
    assert not any(canary in text for canary in CANARIES)
    assert (event.slug in text, "Groundswell" in text) == (False, False)
    assert bare_file["Content-Disposition"] == 'attachment; filename="event.ics"'


def test_a_host_message_is_read_on_the_page(
    client: Client, event: Event, sender: NotingSender, work: Callable[[], int]
) -> None:
    discreet("GB")
    rsvp = make.signed_up(event, email="amina@example.org")
    prove(rsvp)
    messages.message_people(event_id=event.id, body="Kanariwords\nhere", by=make.host_of(event))
    work()
    (mail,) = [mail for mail in sender.mails if mail.kind == "host_message"]
    path = next(word for word in mail.text.split() if "/my/going/" in word)

    page = client.get(path.partition("8000")[2]).content.decode()

    assert "Kanariwords<br>here" in page


def test_a_mail_without_an_event_follows_the_persons_country(
    sender: NotingSender, event: Event, work: Callable[[], int]
) -> None:
    other = make.signed_up(event, email="bea@example.org")
    Rsvp.objects.all().delete()
    discreet("TR")
    Person.objects.filter(id=other.person_id).update(country="TR")

    asking.ask_by_address(email="bea@example.org", by=VISITOR)
    work()

    assert [mail.from_name for mail in sender.mails if mail.kind == "your_data"] == ["Notices"]


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
def test_the_template_asks_for_the_same_in_text_and_html(language: str) -> None:
    for flags in (frozenset[str](), frozenset({"going", "page", "unproven", "stop"})):
        found = compiled.template("discreet", language, flags)
        extra = {"subject_line", "poster_colour", "call_colour", "organisation", "event_day"}

        assert found.subject.names | found.text.names | extra == found.html.names | extra


def test_only_owners_choose_and_only_countries_are_chosen(event: Event) -> None:
    with pytest.raises(OnlyOwners):
        site_ops.set_discreet_countries(countries=["GB"], by=VISITOR)
    with pytest.raises(NoSuchCountry):
        site_ops.set_discreet_countries(countries=["Britain"], by=SYSTEM)

    assert site_queries.discreet_countries() == frozenset()


def test_declining_is_said_without_a_name(
    event: Event, sender: NotingSender, work: Callable[[], int]
) -> None:
    discreet("GB")
    hosting.cancel_event(event_id=event.id, words="Kanariwords", by=SYSTEM)
    waiting = make.waiting_event(event.campaign, host="w@example.org", title="Kanarievent")
    reviewing.decline(event_id=waiting.id, words="Kanariwords", by=SYSTEM)
    work()

    assert found_in(sender) == {}
