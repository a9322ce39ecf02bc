"""Conversations on the web: a supporter and a host, each by their own link."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.events.models import Event, Rsvp
from groundswell.ledger.models import Entry
from groundswell.outreach.models import Conversation, Line, Silence
from groundswell.outreach.operations import conversations
from tests.factories import events as make
from tests.factories.links import host_token, rsvp_token
from tests.outreach.making import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db: None) -> Event:
    found = make.listed_event()
    found.refresh_from_db()
    return found


@pytest.fixture
def guest(event: Event) -> Rsvp:
    return coming(event, "amina@example.org", "Amina")


def coming(event: Event, email: str, given: str) -> Rsvp:
    made = make.signed_up(event, email=email, given=given, family="Khan")
    prove(made)
    made.refresh_from_db()
    return made


def with_host(rsvp: Rsvp, rest: str = "") -> str:
    return f"/en/my/going/{rsvp_token(rsvp)}/host{rest}"


def hosts(event: Event, talk: Conversation | None = None, rest: str = "") -> str:
    one = f"/{talk.id}{rest}" if talk else ""
    return f"/en/my/event/{host_token(event)}/conversations{one}"


def write(guest: Rsvp, body: str = "Is there a lift?") -> Conversation:
    line = conversations.write_to_host(rsvp_id=guest.id, body=body, by=make.supporter_of(guest))
    return line.conversation


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_question_and_an_answer(client: Client, event: Event, guest: Rsvp) -> None:
    assert "/host" in text(client.get(f"/en/my/going/{rsvp_token(guest)}"))
    asked = client.post(with_host(guest), {"body": "Is there a lift?"}, follow=True)
    assert "Your words are on their way to the host." in text(asked)
    assert "Is there a lift?" in text(asked)

    listed = text(client.get(hosts(event)))
    assert "Amina K." in listed
    talk = Conversation.objects.get()
    assert f"/conversations/{talk.id}" in text(client.get(f"/en/my/event/{host_token(event)}"))
    told = client.post(hosts(event, talk), {"body": "Yes, by door 3."}, follow=True)
    assert "Yes, by door 3." in text(told)
    assert "Yes, by door 3." in text(client.get(with_host(guest)))

    for shown in (listed, text(told), text(client.get(with_host(guest)))):
        assert "@example.org" not in shown
        assert "Khan" not in shown
        assert "Marín" not in shown


@pytest.mark.parametrize("body", ["", "   ", "\n\t"])
def test_an_empty_message_is_refused_where_it_was_typed(
    client: Client, event: Event, guest: Rsvp, body: str
) -> None:
    talk = write(guest)
    for address in (with_host(guest), hosts(event, talk)):
        answer = client.post(address, {"body": body})
        assert answer.status_code == 422
        assert "Write your message." in text(answer)
    assert Line.objects.count() == 1


def test_what_was_typed_is_not_lost(client: Client, event: Event, guest: Rsvp) -> None:
    talk = write(guest)
    conversations.report(conversation_id=talk.id, by=make.host_of(event))
    Conversation.objects.update(state="open")
    conversations.stop(writer_id=talk.person_id, by=make.host_of(event))

    answer = client.post(with_host(guest), {"body": "A long thought"})

    assert answer.status_code == 422
    assert "This conversation takes no more messages. Your words were not sent." in text(answer)
    assert Line.objects.count() == 1


def test_nobody_learns_who_ended_a_conversation(client: Client, event: Event) -> None:
    """Stopped, reported and ended look the same to the other side's next message."""
    seen = set()
    for number, end in enumerate(("stop", "report", "close")):
        guest = coming(event, f"g{number}@example.org", "Bea")
        talk = write(guest)
        if end == "stop":
            conversations.stop(writer_id=event.host_id, by=make.supporter_of(guest))
        elif end == "report":
            conversations.report(conversation_id=talk.id, by=make.supporter_of(guest))
        else:
            Conversation.objects.filter(id=talk.id).update(state="closed")
        with pytest.raises(conversations.ConversationIsOver) as refused:
            conversations.answer(conversation_id=talk.id, body="Hi", by=make.host_of(event))
        seen.add(str(refused.value))

    assert len(seen) == 1


def test_report_stop_and_take_it_back(client: Client, event: Event, guest: Rsvp) -> None:
    client.post(with_host(guest, "/report"))
    talk = Conversation.objects.get()
    assert (talk.state, talk.reported_by) == ("paused", "person")
    assert "rests until the organisers have looked" in text(client.get(with_host(guest)))

    client.post(with_host(guest, "/stop"), {"who": "everybody"})
    client.post(with_host(guest, "/stop"), {"who": "host"})
    assert set(Silence.objects.values_list("person_id", "writer_id")) == {
        (guest.person_id, None),
        (guest.person_id, event.host_id),
    }
    assert "You get no messages from this host." in text(client.get(with_host(guest)))
    client.post(with_host(guest, "/again"))
    assert Silence.objects.count() == 0


def test_a_host_reports_and_stops_too(client: Client, event: Event, guest: Rsvp) -> None:
    talk = write(guest)
    client.post(hosts(event, talk, "/report"))
    client.post(hosts(event, talk, "/stop"))
    talk.refresh_from_db()

    assert (talk.state, talk.reported_by) == ("paused", "holder")
    assert Silence.objects.get().writer_id == guest.person_id
    client.post(hosts(event, talk, "/again"))
    assert Silence.objects.count() == 0


def test_reading_changes_nothing(client: Client, event: Event, guest: Rsvp) -> None:
    talk = write(guest)
    before = Entry.objects.count()
    for rest in ("", "/report", "/stop", "/again"):
        client.get(with_host(guest, rest))
        client.get(hosts(event, talk, rest))
        client.get(hosts(event))

    assert Entry.objects.count() == before
    assert (Conversation.objects.get().state, Silence.objects.count()) == ("open", 0)


def test_the_conversation_of_another_event_is_not_there(client: Client, event: Event) -> None:
    elsewhere = make.listed_event(event.campaign, host="other@example.org", title="Elsewhere")
    talk = write(coming(elsewhere, "bea@example.org", "Bea"))

    assert client.get(hosts(event, talk)).status_code == 404
    assert client.post(hosts(event, talk), {"body": "Hi"}).status_code == 404
    assert client.get(hosts(elsewhere, talk)).status_code == 200  # the control


def test_who_has_not_proven_their_address_is_told_what_to_do(client: Client, event: Event) -> None:
    rsvp = make.signed_up(event, email="new@example.org")

    assert "First press “Yes, this is me”" in text(client.get(with_host(rsvp)))
    assert client.post(with_host(rsvp), {"body": "Hi"}).status_code == 422


def test_the_list_costs_the_same_with_one_and_with_three(client: Client, event: Event) -> None:
    counts = []
    for number in range(3):
        write(coming(event, f"n{number}@example.org", "Noor"))
        if number in {0, 2}:
            address = hosts(event)
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Call 07911 123456", "Call [number removed]"),
        ("amina@example.org is me, Amina Khan", "[address removed] is me, Amina K."),
    ],
)
def test_nobodys_address_is_passed_on_even_on_purpose(
    client: Client, event: Event, guest: Rsvp, typed: str, shown: str
) -> None:
    client.post(with_host(guest), {"body": typed})

    assert shown in text(client.get(with_host(guest)))
    assert shown in text(client.get(hosts(event, Conversation.objects.get())))
