"""What is not safe about mail, the team, and what waits for a decision: one at a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.doubts import Doubt, Look
from groundswell.accounts.models import Account
from groundswell.events.models import Concern, Held
from groundswell.events.operations import concerns, rsvps
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.ledger.models import Job
from groundswell.metrics import checkup
from groundswell.metrics.checkup import network
from groundswell.outreach.models import Conversation, Message
from groundswell.outreach.operations import inbound
from groundswell.people.operations.persons import Typed
from tests.factories import events
from tests.metrics.asking import faults, good_news
from tests.metrics.safe_house import comes
from tests.outreach.making import ready
from tests.running.signing_in import make, with_app

pytestmark = pytest.mark.django_db


def only(part: str) -> list[str]:
    """The faults with these words; what the making of an event leaves behind is not asked."""
    return [told for told in faults() if part in told]


# --- mail ----------------------------------------------------------------------------------------


def test_no_mail_server(safe: Any) -> None:
    safe.settings.GROUNDSWELL_SMTP_URL = ""

    assert faults() == [
        "No message waits. No mail server is set, so nothing leaves, not even codes to sign in."
    ]


def test_a_mail_that_waits_and_one_that_needs_a_decision(safe: Any, still_clock: Any) -> None:
    message = ready(events.signed_up(events.listed_event()))
    assert only("message") == []
    still_clock.shift(timedelta(minutes=6))
    assert only("message") == ["1 message waits. The oldest should have left 6 minutes ago."]

    Message.objects.filter(id=message.id).update(state=Message.State.UNKNOWN)
    assert only("message") == ["1 message needs a decision."]


def test_aliases_whose_answers_nobody_takes(safe: Any, still_clock: Any) -> None:
    assert "People answer their host on the web." in good_news()
    safe.settings.GROUNDSWELL_RELAY_DOMAIN = "reply.example.org"
    nobody = (
        "Mails carry addresses at reply.example.org, and nobody takes the answers: people write to "
        "their host and hear nothing."
    )
    assert faults() == [nobody]

    inbound.note_listening()
    assert faults() == []
    still_clock.shift(timedelta(minutes=6))
    assert faults() == [nobody]

    safe.settings.GROUNDSWELL_INBOUND_SECRETS = ["a-secret-of-thirty-two-letters-now"]
    assert faults() == []
    assert (
        "Answers to reply.example.org are taken by HTTP; none has come for 14 days." in good_news()
    )


@pytest.fixture
def mail_server(request: pytest.FixtureRequest) -> Iterator[int]:
    """A server that greets, offers what the test wants, and says goodbye."""
    listener = socket.create_server(("127.0.0.1", 0))
    offers: list[bytes] = getattr(request, "param", [])

    def talk() -> None:
        wire, _ = listener.accept()
        with wire, wire.makefile("rwb") as lines:
            lines.write(b"220 hello\r\n")
            lines.flush()
            while line := lines.readline():
                is_over = line.lower().startswith(b"quit")
                told = (
                    b"221 bye\r\n" if is_over else b"250-here\r\n250 " + b"".join(offers) + b"\r\n"
                )
                lines.write(told)
                lines.flush()

    thread = threading.Thread(target=talk)
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
    listener.close()


def test_a_mail_server_that_answers_is_asked_by_the_command_only(
    safe: Any, mail_server: int
) -> None:
    safe.settings.GROUNDSWELL_SMTP_URL = f"smtp://127.0.0.1:{mail_server}"
    told = f"The mail server 127.0.0.1:{mail_server} answers."
    assert told not in good_news()

    assert told in [found.sentence for found in checkup.findings(with_network=True)]


@pytest.mark.parametrize("mail_server", [[b"STARTTLS"], [b"8BITMIME"]], indirect=True)
def test_a_mail_server_without_encryption(
    safe: Any, mail_server: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "is_this_machine", lambda host: False)
    safe.settings.GROUNDSWELL_SMTP_URL = f"smtp://127.0.0.1:{mail_server}"

    (found,) = network.mail_server()

    offers = request.node.callspec.params["mail_server"]
    assert found.is_good == (offers == [b"STARTTLS"])
    assert found.is_good or found.sentence == (
        f"The mail server 127.0.0.1:{mail_server} offers no encryption. Mails wait: they would "
        "cross the network in the clear."
    )


def test_a_mail_server_that_does_not_answer(safe: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    safe.settings.GROUNDSWELL_SMTP_URL = f"smtp://127.0.0.1:{port}"

    (found,) = network.mail_server()

    assert not found.is_good
    assert found.sentence.startswith(f"The mail server 127.0.0.1:{port} does not answer")


# --- the team ------------------------------------------------------------------------------------


def quiet() -> None:
    """What making an account asked of the worker is not the question here."""
    Job.objects.all().delete()


def seen(account: Account, *, days_ago: int) -> None:
    day = (clock.now() - timedelta(days=days_ago)).date()
    Account.objects.filter(id=account.id).update(last_seen_on=day)


def test_no_owner_and_only_one(safe: Any) -> None:
    assert "There is more than one owner." in good_news()
    Account.objects.filter(id=safe.owners[0].id).update(is_active=False)
    assert faults() == [
        "There is only one owner: if they lose their device, nobody is left, and a panic lock "
        "cannot be opened by two."
    ]

    Account.objects.filter(id=safe.owners[1].id).update(is_active=False)
    assert faults() == [
        "There is no owner, so nobody can change settings, unlock or mend anything here."
    ]


def test_an_owner_who_is_never_seen(safe: Any) -> None:
    seen(safe.owners[0], days_ago=180)
    assert faults() == []
    seen(safe.owners[0], days_ago=181)

    assert faults() == ["1 owner has not signed in for 180 days, and still may do everything."]


def test_an_owner_without_a_second_step(safe: Any) -> None:
    third = make("owner3@example.org", Role.OWNER)
    quiet()
    told = faults()
    with_app(third)
    quiet()

    assert told == [
        "1 owner has no second step: who reads their mailbox may do everything here once they set "
        "one up."
    ]
    assert faults() == []


def test_somebody_who_came_without_a_second_step(safe: Any) -> None:
    organiser = make("organiser@example.org", Role.ORGANISER)
    quiet()
    assert faults() == []  # they have been invited, and have two weeks to come
    seen(organiser, days_ago=0)
    told = faults()
    with_app(organiser)
    quiet()

    assert told == [
        "1 person with a role has signed in and set up no second step: whoever reads their mailbox "
        "could do it in their place."
    ]
    assert faults() == []


def test_rights_that_nobody_uses(safe: Any) -> None:
    organiser = comes(make("organiser@example.org", Role.ORGANISER))
    quiet()
    seen(organiser, days_ago=90)
    assert faults() == []
    seen(organiser, days_ago=91)
    told = faults()
    accounts_ops.grant_role(
        account_id=organiser.id,
        role=Role.ORGANISER,
        by=SYSTEM,
        ends_at=clock.now() + timedelta(days=30),
    )
    quiet()

    assert told == [
        "1 person has a role without an end and has not signed in for 90 days: rights that nobody "
        "uses are rights that nobody misses."
    ]
    assert faults() == []


def test_somebody_who_never_came(safe: Any) -> None:
    organiser = make("organiser@example.org", Role.ORGANISER)
    quiet()
    Account.objects.filter(id=organiser.id).update(
        created_at=clock.now() - timedelta(days=14, minutes=1)
    )

    assert faults() == ["1 person was invited two weeks ago or earlier and has never come."]


def test_many_who_see_everybody(safe: Any) -> None:
    for number in range(8):
        comes(make(f"organiser{number}@example.org", Role.ORGANISER))
    comes(make("texter@example.org", Role.TEXTER))  # sees first names
    quiet()
    assert faults() == []

    comes(make("organiser9@example.org", Role.ORGANISER))
    quiet()
    assert faults() == [
        "11 people see the addresses of everybody: each device of theirs is a way to all of them."
    ]


def test_a_demonstration_may_have_one_owner(safe: Any) -> None:
    safe.settings.GROUNDSWELL_MODE = "demo"
    Account.objects.filter(id=safe.owners[0].id).update(is_active=False)

    assert only("owner") == []


def test_no_name_is_ever_told(safe: Any) -> None:
    make("organiser@example.org", Role.ORGANISER)
    Account.objects.update(created_at=clock.now() - timedelta(days=400), last_seen_on=None)

    told = " ".join([*faults(), *good_news()])

    assert "Amina" not in told and "@example.org" not in told


# --- what waits for a decision -------------------------------------------------------------------


def test_a_report_that_nobody_reads(safe: Any, still_clock: Any) -> None:
    event = events.listed_event()
    concerns.report(event=event, kind="danger", words="A trap.", network="a", by=VISITOR)
    still_clock.shift(timedelta(days=2))
    assert only("reported") == []
    still_clock.shift(timedelta(minutes=1))
    told = only("reported")
    Concern.objects.update(settled_at=clock.now())

    assert told == [
        "1 event was reported, the first time 2 days ago, and nobody has looked: somebody may come "
        "to harm there."
    ]
    assert only("reported") == []


def test_quarantine_that_nobody_empties(safe: Any, still_clock: Any) -> None:
    rsvps.make_rsvp(
        event=events.listed_event(),
        typed=Typed(given="Amina", email="amina@example.org"),
        sign_up=rsvps.SignUp(),
        by=VISITOR,
        look=Look(doubt=Doubt.FAST),
    )
    still_clock.shift(timedelta(days=2, minutes=1))
    told = only("quarantine")
    Held.objects.update(deleted_at=clock.now())

    assert told == [
        "1 sign-up or event came into quarantine 2 days ago: its person may think that all is well."
    ]
    assert only("quarantine") == []


def test_a_conversation_that_nobody_looks_at(safe: Any, still_clock: Any) -> None:
    rsvp = events.signed_up(events.listed_event())
    talk = Conversation.objects.create(
        event=rsvp.event,
        holder=rsvp.event.host,
        person_id=rsvp.person_id,
        state=Conversation.State.PAUSED,
        reported_at=clock.now(),
        created_at=clock.now(),
    )
    still_clock.shift(timedelta(days=2, minutes=1))
    told = only("conversation")
    Conversation.objects.filter(id=talk.id).update(state=Conversation.State.CLOSED)

    assert told == [
        "1 conversation was reported, or a message in it is held back, 2 days ago: people wait for "
        "an answer."
    ]
    assert only("conversation") == []


def test_an_event_that_nobody_reviews(safe: Any, still_clock: Any) -> None:
    events.waiting_event()
    still_clock.shift(timedelta(days=7))
    assert only("approval") == []
    still_clock.shift(timedelta(minutes=1))

    assert only("approval") == [
        "1 event came in 1 week ago and waits for approval: its host hears nothing from you."
    ]
