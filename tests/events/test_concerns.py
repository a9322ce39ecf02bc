"""Reports of visitors: read by organisers, traced to nobody, and no weapon against an event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts.models import Limit
from groundswell.events.models import Concern, Event, Pause
from groundswell.events.operations import concerns, holding, messages
from groundswell.events.queries import guarded
from groundswell.kernel import actor as actors
from groundswell.kernel.actor import VISITOR, Role
from groundswell.ledger.models import Entry
from tests.factories import events as make

pytestmark = pytest.mark.django_db

ORGANISER = actors.account(7, frozenset({Role.ORGANISER}))


@pytest.fixture
def event() -> Event:
    return make.listed_event()


def report(event: Event, network: str = "", words: str = "A trap.") -> None:
    concerns.report(event=event, kind="danger", words=words, network=network, by=VISITOR)


def test_three_networks_pause_the_hosts_messages_and_nothing_else(event: Event) -> None:
    for network in ("a", "b"):
        report(event, network)
    assert Pause.objects.count() == 0
    report(event, "c")

    event.refresh_from_db()
    assert (Pause.objects.get().event_id, event.state) == (event.id, "listed")
    with pytest.raises(messages.MessagesArePaused):
        messages.message_people(event_id=event.id, body="Hello.", by=make.host_of(event))
    assert Entry.objects.filter(kind="events.MessagesPaused").count() == 1


def test_one_network_pauses_nobody_and_neither_does_tor(event: Event) -> None:
    for _again in range(9):
        report(event, "a")
        report(event, "")

    assert (Concern.objects.count(), Concern.objects.filter(is_counted=True).count()) == (18, 2)
    assert Pause.objects.count() == 0


def test_every_report_is_read_with_its_words_and_nothing_about_who(event: Event) -> None:
    report(event, "a", "The host is not who\nthey say.")

    (found,) = guarded.reported_events()
    assert (found.event.id, found.count, found.is_paused) == (event.id, 1, False)
    assert [(kind, words) for kind, words, _at in found.concerns] == [
        ("danger", "The host is not who\nthey say.")
    ]
    stored = bytes(Concern.objects.get().words_sealed)
    assert b"host" not in stored
    assert Entry.objects.get(kind="events.EventReported").actor_id is None
    assert {len(bytes(row.key)) for row in Limit.objects.filter(name="concern")} == {16}


def test_settling_lets_the_messages_go_on(event: Event) -> None:
    for network in ("a", "b", "c"):
        report(event, network)

    assert concerns.settle(event_id=event.id, by=ORGANISER) == 3
    assert (Pause.objects.count(), guarded.reported_events(), guarded.reported_count()) == (
        0, [], 0,
    )  # fmt: skip
    messages.message_people(event_id=event.id, body="Hello.", by=make.host_of(event))
    assert concerns.settle(event_id=event.id, by=ORGANISER) == 0
    assert Entry.objects.filter(kind="events.ConcernsSettled").count() == 1


@pytest.mark.parametrize("by", [VISITOR, actors.account(3, frozenset()), actors.person(5)])
def test_nobody_else_decides(event: Event, by: actors.Actor) -> None:
    report(event, "a")

    for decide in (concerns.settle, concerns.pause):
        with pytest.raises(concerns.OnlyOrganisersLook):
            decide(event_id=event.id, by=by)
    assert (Pause.objects.count(), Concern.objects.filter(settled_at=None).count()) == (0, 1)


def test_a_report_without_words_is_refused_and_two_hundred_are_enough(event: Event) -> None:
    with pytest.raises(concerns.SayWhatIsWrong):
        report(event, words=" \u200b "[:1])
    Concern.objects.bulk_create(
        Concern(event=event, kind="other", created_at=make.STILL) for _n in range(200)
    )
    report(event, "new")

    assert Concern.objects.count() == 200


def test_reports_go_after_ninety_days(event: Event, still_clock: Any) -> None:
    report(event)
    still_clock.shift(timedelta(days=91))
    holding.tidy_quarantine.call()

    assert Concern.objects.count() == 0
