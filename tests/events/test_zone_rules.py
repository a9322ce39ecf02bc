"""A zone rule that changes after publication: the wall time stays, the instant follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.events.models import Event
from groundswell.events.operations import zone_rules
from groundswell.ledger.models import Entry
from tests.factories import events as make

pytestmark = pytest.mark.django_db


def published_under_old_rules(**others: Any) -> Event:
    """As if the zone had been an hour off when the event was published."""
    event = make.listed_event(**others)
    hour = timedelta(hours=1)
    Event.objects.filter(id=event.id).update(
        starts_at=event.starts_at - hour, ends_at=event.ends_at - hour
    )
    return event


def test_instant_follows_the_rules_and_the_wall_time_stays() -> None:
    event = published_under_old_rules()

    zone_rules.follow_zone_rules.call()

    after = Event.objects.get(id=event.id)
    assert (after.starts_at, after.ends_at) == (event.starts_at, event.ends_at)
    assert (after.starts_wall, after.sequence) == ("2026-03-21T11:00", 1)
    entry = Entry.objects.get(kind="events.EventChanged")
    assert entry.rest == {"sequence": 1, "has_moved": False}


def test_event_that_fits_its_rules_is_left_alone() -> None:
    event = make.listed_event()

    moved = zone_rules.rederive(event_id=event.id)

    assert (moved, Event.objects.get(id=event.id).sequence) == (False, 0)


def test_events_that_are_over_keep_their_history(still_clock: Any) -> None:
    event = published_under_old_rules()
    still_clock.move_to(event.ends_at + timedelta(days=1))

    zone_rules.follow_zone_rules.call()

    assert Event.objects.get(id=event.id).starts_at == event.starts_at - timedelta(hours=1)
