"""Blocking: by address or person, kept as a fingerprint, undone by organisers only."""

from __future__ import annotations

import pytest

from groundswell.events.operations import messages
from groundswell.kernel import actor as actors
from groundswell.kernel.actor import VISITOR, Role
from groundswell.ledger.models import Entry
from groundswell.people import contacts, queries
from groundswell.people.models import Block, Contact
from groundswell.people.operations import blocking, forgetting
from tests.factories import events as make

pytestmark = pytest.mark.django_db

ORGANISER = actors.account(7, frozenset({Role.ORGANISER}))


def test_an_address_is_blocked_in_whatever_way_it_is_written() -> None:
    blocking.block_email(email="Troll@EXAMPLE.org ", reason="spam", by=ORGANISER)
    blocking.block_email(email="troll@example.org", reason="spam", by=ORGANISER)

    row = Block.objects.get()
    assert (row.reason, row.by_id, len(bytes(row.blind))) == ("spam", 7, 16)
    assert queries.is_blocked(contacts.blind_email("troll@example.org"))
    assert not queries.is_blocked(contacts.blind_email("other@example.org"))
    assert Entry.objects.filter(kind="people.AddressBlocked").count() == 1
    with pytest.raises(contacts.NotAnEmail):
        blocking.block_email(email="troll", reason="spam", by=ORGANISER)


def test_a_block_outlives_the_person() -> None:
    event = make.listed_event(host="troll@example.org")
    assert event.host is not None
    blocking.block_person(person_id=event.host.id, reason="false", by=ORGANISER)
    with pytest.raises(messages.MessagesArePaused):
        messages.message_people(event_id=event.id, body="Hello.", by=make.host_of(event))

    forgetting.erase(event.host.id, event.host.key_id)

    assert Contact.objects.filter(person_id=event.host_id).count() == 0
    assert queries.is_blocked(contacts.blind_email("troll@example.org"))
    with pytest.raises(blocking.NoAddressToBlock):
        blocking.block_person(person_id=event.host.id, reason="false", by=ORGANISER)


def test_unblocking_is_once() -> None:
    blocking.block_email(email="a@example.org", reason="spam", by=ORGANISER)
    block_id = queries.blocks()[0].id

    assert [blocking.unblock(block_id=block_id, by=ORGANISER) for _ in range(2)] == [True, False]
    assert not queries.is_blocked(contacts.blind_email("a@example.org"))


@pytest.mark.parametrize("by", [VISITOR, actors.account(3, frozenset()), actors.person(5)])
def test_nobody_else_blocks(by: actors.Actor) -> None:
    event = make.listed_event()
    blocking.block_email(email="a@example.org", reason="spam", by=ORGANISER)

    with pytest.raises(blocking.OnlyOrganisersBlock):
        blocking.block_email(email="b@example.org", reason="spam", by=by)
    with pytest.raises(blocking.OnlyOrganisersBlock):
        blocking.block_person(person_id=event.host_id or 0, reason="spam", by=by)
    with pytest.raises(blocking.OnlyOrganisersBlock):
        blocking.unblock(block_id=queries.blocks()[0].id, by=by)
    assert Block.objects.count() == 1
