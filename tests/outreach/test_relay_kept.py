"""What the relay holds: told to the person, merged, erased, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.events.models import Event, Rsvp
from groundswell.kernel import clock
from groundswell.kernel.ids import new_id
from groundswell.outreach.models import Alias, Conversation, Inbound, Line, Silence
from groundswell.outreach.operations import aliases, conversations, inbound, relay_tidying
from groundswell.outreach.shelves import OutreachShelf
from groundswell.people.moving import Moves
from tests.factories import events as make
from tests.outreach.making import prove

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = "reply.example.org"


@pytest.fixture
def event(db: None) -> Event:
    found = make.listed_event()
    found.refresh_from_db()
    return found


def guest(event: Event, email: str) -> Rsvp:
    made = make.signed_up(event, email=email, given="Amina")
    prove(made)
    made.refresh_from_db()
    return made


def talk_of(rsvp: Rsvp, body: str = "Is there a lift?") -> Conversation:
    by = make.supporter_of(rsvp)
    return conversations.write_to_host(rsvp_id=rsvp.id, body=body, by=by).conversation


def test_a_person_reads_their_own_words_and_not_the_others(event: Event) -> None:
    rsvp = guest(event, "amina@example.org")
    talk = talk_of(rsvp)
    conversations.answer(conversation_id=talk.id, body="Yes.", by=make.host_of(event))
    conversations.stop(writer_id=event.host_id, by=make.supporter_of(rsvp))
    shelf = OutreachShelf()

    def words_of(person_id: int | None) -> list[str]:
        return [line for told in shelf.tell(person_id or 0) for line in told.lines]

    mine, theirs = words_of(rsvp.person_id), words_of(event.host_id)
    named = f"\u2068{event.title}\u2069"
    assert [line for line in mine if "lift" in line] == [f"{named}: \u2068Is there a lift?\u2069"]
    assert [line for line in theirs if "Yes." in line] == [f"{named}: \u2068Yes.\u2069"]
    assert [line for line in mine if "Yes." in line] == []
    assert [line for line in theirs if "lift" in line] == []
    found = shelf.rows(rsvp.person_id or 0)
    tables = {row._meta.label_lower for rows in found for row in rows.found}
    assert {"outreach.conversation", "outreach.line", "outreach.silence"} <= tables


@pytest.mark.parametrize("who", ["host", "guest"])
def test_erasing_either_leaves_nothing(event: Event, who: str) -> None:
    rsvp = guest(event, "amina@example.org")
    talk = talk_of(rsvp)
    aliases.address_of(talk, "person")
    conversations.stop(writer_id=event.host_id, by=make.supporter_of(rsvp))
    kept = talk_of(guest(make.listed_event(event.campaign, host="o@example.org"), "b@example.org"))

    OutreachShelf().erase((event.host_id if who == "host" else rsvp.person_id) or 0)

    assert list(Conversation.objects.all()) == [kept]
    assert (Alias.objects.count(), Silence.objects.count(), Line.objects.count()) == (0, 0, 1)


def test_merging_moves_and_joins(event: Event) -> None:
    one, two = guest(event, "a@example.org"), guest(event, "b@example.org")
    first, second = talk_of(one, "First"), talk_of(two, "Second")
    address = aliases.address_of(second, "person")
    conversations.report(conversation_id=second.id, by=make.supporter_of(two))
    for rsvp in (one, two):
        conversations.stop(writer_id=event.host_id, by=make.supporter_of(rsvp))

    OutreachShelf().merge(Moves(one.person_id or 0, two.person_id or 0))

    assert list(Conversation.objects.values_list("id", "state")) == [(first.id, "paused")]
    assert set(Line.objects.values_list("conversation_id", flat=True)) == {first.id}
    assert aliases.is_live(address)
    assert list(Silence.objects.values_list("person_id", flat=True)) == [one.person_id]


def test_merging_a_host_with_their_own_guest_ends_the_talk_with_oneself(event: Event) -> None:
    rsvp = guest(event, "amina@example.org")
    talk_of(rsvp)
    conversations.stop(writer_id=event.host_id, by=make.supporter_of(rsvp))

    OutreachShelf().merge(Moves(event.host_id or 0, rsvp.person_id or 0))

    assert (Conversation.objects.count(), Silence.objects.count()) == (0, 0)


def test_words_go_after_90_days_and_conversations_30_after_the_event(
    event: Event, still_clock: Any
) -> None:
    talk_of(guest(event, "amina@example.org"))
    Event.objects.filter(id=event.id).update(ends_at=event.ends_at + timedelta(days=300))
    days = timedelta(days=90)
    still_clock.shift(days)
    relay_tidying.tidy_relay.func()
    assert Line.objects.count() == 1
    still_clock.shift(timedelta(seconds=1))
    relay_tidying.tidy_relay.func()
    assert (Line.objects.count(), Conversation.objects.count()) == (0, 1)
    Conversation.objects.update(state=Conversation.State.PAUSED)
    over = event.ends_at + timedelta(days=300, seconds=1)
    for days_after, left in ((30, 1), (90, 0)):  # what was reported waits for the office
        still_clock.move_to(over + timedelta(days=days_after))
        relay_tidying.tidy_relay.func()
        assert Conversation.objects.count() == left


def test_conversations_go_when_sign_ups_are_cut_off(event: Event, still_clock: Any) -> None:
    talk_of(guest(event, "amina@example.org"))
    still_clock.move_to(event.ends_at + timedelta(days=30, seconds=1))
    relay_tidying.tidy_relay.func()
    assert Conversation.objects.count() == 0


def test_mails_go_after_14_days(event: Event, still_clock: Any) -> None:
    row = Inbound(
        id=new_id(), way="raw", key=b"1" * 32, local_hash=b"2" * 32, received_at=clock.now()
    )
    row.save(force_insert=True)
    still_clock.shift(timedelta(days=14))
    relay_tidying.tidy_relay.func()
    assert Inbound.objects.count() == 1
    still_clock.shift(timedelta(seconds=1))
    relay_tidying.tidy_relay.func()
    assert Inbound.objects.count() == 0


def test_a_mail_to_somebody_who_was_erased_is_nobodys(event: Event) -> None:
    rsvp = guest(event, "amina@example.org")
    talk = talk_of(rsvp)
    address = aliases.address_of(talk, "person")
    raw = b"From: amina@example.org\r\n\r\nhi"
    inbound.store(way="raw", event_id="1", sender="", recipients=[address], content=raw)
    OutreachShelf().erase(rsvp.person_id or 0)
    inbound.work_on.func(Inbound.objects.get().id)

    assert Inbound.objects.get().verdict == "no_alias"
    assert bytes(Inbound.objects.get().mail_sealed) == b""
