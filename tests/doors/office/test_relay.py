"""Reports and held messages: the office reads words with a reason only, and decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groundswell.events.models import Event, Rsvp
from groundswell.kernel.actor import VISITOR, Role
from groundswell.kernel.actor import account as account_actor
from groundswell.ledger.models import Entry
from groundswell.outreach.models import Conversation, Line, Message
from groundswell.outreach.operations import conversations, relay_review
from tests.doors.office.conftest import Sit
from tests.factories import events as make
from tests.outreach.making import prove

pytestmark = pytest.mark.django_db

WORDS = "Give me your number or else"


@pytest.fixture
def event(db: None) -> Event:
    found = make.listed_event()
    found.refresh_from_db()
    return found


@pytest.fixture
def guest(event: Event) -> Rsvp:
    made = make.signed_up(event, email="amina@example.org", given="Amina", family="Khan")
    prove(made)
    made.refresh_from_db()
    return made


@pytest.fixture
def reported(event: Event, guest: Rsvp) -> Conversation:
    by = make.supporter_of(guest)
    talk = conversations.write_to_host(rsvp_id=guest.id, body="Hello", by=by).conversation
    conversations.answer(conversation_id=talk.id, body=WORDS, by=make.host_of(event))
    conversations.report(conversation_id=talk.id, by=by)
    talk.refresh_from_db()
    return talk


@pytest.fixture
def held(event: Event, guest: Rsvp) -> Line:
    talk = conversations.write_to_host(
        rsvp_id=guest.id, body="Hello", by=make.supporter_of(guest)
    ).conversation
    words = conversations.Words(WORDS, conversations.UNKNOWN_SENDER)
    line = conversations.keep(
        conversation_id=talk.id, side="person", words=words, by=make.supporter_of(guest)
    )
    assert line is not None
    return line


def page(talk_id: int) -> str:
    return f"/en/office/relay/{talk_id}/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_names_nobody_and_shows_no_words(sit: Sit, reported: Conversation) -> None:
    client = sit(Role.ORGANISER)

    for shown in (text(client.get("/en/office/relay/")), text(client.get(page(reported.id)))):
        assert "Somebody reported their host" in shown
        assert WORDS not in shown
        assert "Amina" not in shown
        assert "@example.org" not in shown
    assert "1 conversation needs a look" in text(client.get("/en/office/"))


def test_the_words_open_with_a_reason_that_is_recorded(sit: Sit, reported: Conversation) -> None:
    client = sit(Role.ORGANISER)
    refused = client.post(page(reported.id), {"because": ""})
    assert refused.status_code == 422
    assert WORDS not in text(refused)
    assert not Entry.objects.filter(kind="outreach.ConversationRead").exists()

    opened = client.post(page(reported.id), {"because": "report"})

    assert WORDS in text(opened)
    entry = Entry.objects.get(kind="outreach.ConversationRead")
    assert entry.rest == {"conversation_id": reported.id, "because": "report"}
    assert entry.actor_kind == "account"


@pytest.mark.parametrize(("do", "state"), [("resume", "open"), ("close", "closed")])
def test_deciding_about_a_report(sit: Sit, reported: Conversation, do: str, state: str) -> None:
    client = sit(Role.ORGANISER)
    client.post(page(reported.id), {"do": do})
    reported.refresh_from_db()

    assert reported.state == state
    assert client.get(page(reported.id)).status_code == 404
    assert "Nothing was reported" in text(client.get("/en/office/relay/"))


def test_a_held_message_is_passed_on(sit: Sit, held: Line) -> None:
    client = sit(Role.ORGANISER)
    shown = text(client.post(page(held.conversation_id), {"because": "held"}))
    assert "It came from an address that we do not know." in shown
    before = Message.objects.filter(kind="supporter_words").count()

    client.post(page(held.conversation_id), {"do": "pass_on", "line": held.id})
    held.refresh_from_db()

    assert held.state == "passed"
    assert Message.objects.filter(kind="supporter_words").count() == before + 1


def test_a_held_message_is_dropped_and_its_words_are_gone(sit: Sit, held: Line) -> None:
    sit(Role.ORGANISER).post(page(held.conversation_id), {"do": "drop", "line": held.id})
    held.refresh_from_db()

    assert (held.state, bytes(held.body_sealed)) == ("dropped", b"")


@pytest.mark.parametrize("line", ["", "x", "0", "9" * 30, "٣"])
def test_a_line_that_is_not_there_changes_nothing(sit: Sit, held: Line, line: str) -> None:
    answer = sit(Role.ORGANISER).post(
        page(held.conversation_id), {"do": "pass_on", "line": line}, follow=True
    )

    assert "Nothing waits here any more" in text(answer)
    assert Line.objects.get(id=held.id).state == "held"


def test_a_conversation_that_nobody_reported_is_not_there(sit: Sit, guest: Rsvp) -> None:
    talk = conversations.write_to_host(
        rsvp_id=guest.id, body="Hello", by=make.supporter_of(guest)
    ).conversation

    assert sit(Role.OWNER).get(page(talk.id)).status_code == 404
    with pytest.raises(relay_review.NothingToLookAt):
        relay_review.read(
            conversation_id=talk.id,
            because="danger",
            by=account_actor(1, frozenset({Role.OWNER})),
        )


def test_only_the_office_looks_and_decides(
    client: Client, sit: Sit, event: Event, guest: Rsvp, reported: Conversation
) -> None:
    nobodies = [
        VISITOR,
        make.host_of(event),
        make.supporter_of(guest),
        account_actor(1, frozenset()),
    ]
    for by in nobodies:
        for act in (
            lambda by: relay_review.read(conversation_id=reported.id, because="report", by=by),
            lambda by: relay_review.resume(conversation_id=reported.id, by=by),
            lambda by: relay_review.close(conversation_id=reported.id, by=by),
            lambda by: relay_review.decide(
                conversation_id=reported.id, line_id=1, pass_on=True, by=by
            ),
        ):
            with pytest.raises(relay_review.OnlyOrganisersLook):
                act(by)
    relay_review.resume(  # the control
        conversation_id=reported.id, by=account_actor(1, frozenset({Role.ORGANISER}))
    )
    assert client.get("/en/office/relay/").status_code == 302
    assert sit().get("/en/office/relay/").status_code == 404
