"""Finding the nearest events: exact against brute force, at the antimeridian, with filters."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from groundswell.events.models import Event
from groundswell.events.operations import hosting, reviewing
from groundswell.events.queries import finding, nearness
from groundswell.kernel.actor import SYSTEM
from groundswell.places import geometry
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db


def scatter(campaign: Any, points: list[tuple[float, float]], **columns: Any) -> list[Event]:
    """Many listed events at given points, in one statement."""
    starts = datetime(2026, 3, 21, 11, tzinfo=UTC)
    given = {
        "campaign": campaign,
        "state": "listed",
        "kind": "meeting",
        "title": "Meeting",
        "language": "en",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "starts_wall": "2026-03-21T11:00",
        "ends_wall": "2026-03-21T12:00",
        "zone": "UTC",
        "town": "Town",
        "created_at": starts - timedelta(days=20),
        **columns,
    }
    return Event.objects.bulk_create(
        [
            Event(slug=f"e{campaign.id % 10**4}{index}", latitude=lat, longitude=lon, **given)
            for index, (lat, lon) in enumerate(points)
        ]
    )


@pytest.mark.parametrize(
    "here", [(53.8, -1.5), (-18.0, 179.9), (-18.0, -179.9), (0.0, 0.0), (70.0, 25.0)]
)
def test_nearest_agrees_with_brute_force(here: tuple[float, float]) -> None:
    campaign = live_campaign()
    draw = random.Random(7)
    points = [
        (
            max(-89.0, min(89.0, here[0] + draw.gauss(0, 2))),
            geometry.wrapped(here[1] + draw.gauss(0, 2)),
        )
        for _ in range(300)
    ]
    events = scatter(campaign, points)

    found = nearness.nearest_ids(campaign.id, *here, limit=20)

    expected = sorted(
        (geometry.distance_km(*here, event.latitude, event.longitude), event.id) for event in events
    )[:20]
    assert [each.event_id for each in found] == [event_id for _km, event_id in expected]


def test_few_events_far_away_are_all_found() -> None:
    campaign = live_campaign()
    scatter(campaign, [(-33.9, 151.2), (40.7, -74.0)])

    near = finding.nearest(campaign, 53.8, -1.5, limit=10)

    assert [round(each.km, -3) for each in near] == [5000, 17000]


def test_only_listed_events_of_this_campaign_are_found() -> None:
    campaign = live_campaign()
    make.waiting_event(campaign)
    listed = make.listed_event(campaign, host="b@example.org")
    make.listed_event(live_campaign("Another"), host="c@example.org")

    near = finding.nearest(campaign, 53.8, -1.55)

    assert [each.event.id for each in near] == [listed.id]


def test_index_follows_review_moves_and_cancelling() -> None:
    event = make.waiting_event()

    def seen(lat: float, lon: float) -> list[float]:
        return [round(each.km) for each in finding.nearest(event.campaign, lat, lon)]

    steps = [seen(53.8, -1.55)]
    reviewing.approve(event_id=event.id, by=SYSTEM)
    steps.append(seen(53.8, -1.55))
    hosting.change_event(
        event_id=event.id,
        plan=make.plan(place=make.leeds(latitude=53.9)),
        words="Next street.",
        by=SYSTEM,
    )
    steps.append(seen(53.9, -1.55))
    hosting.cancel_event(event_id=event.id, words="Off.", by=SYSTEM)
    steps.append(seen(53.9, -1.55))

    assert steps == [[], [0], [0], []]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (finding.Filters(is_step_free=True), 1),
        (finding.Filters(is_for_children=True), 0),
        (finding.Filters(language="ar"), 0),
        (finding.Filters(is_online=True), 0),
        (finding.Filters(day=datetime(2026, 3, 21, tzinfo=UTC).date()), 2),
        (finding.Filters(day=datetime(2026, 3, 22, tzinfo=UTC).date()), 0),
    ],
)
def test_filters(filters: finding.Filters, count: int) -> None:
    campaign = live_campaign()
    make.listed_event(campaign, is_step_free=True)
    make.listed_event(campaign, host="b@example.org")

    assert len(finding.nearest(campaign, 53.8, -1.55, filters=filters)) == count
    assert finding.listed(campaign, filters).count() == count


@pytest.mark.sqlite_only
def test_triggers_of_the_nearness_index_are_in_place() -> None:
    """A migration that rebuilds the table drops them: it must run 0002's statements again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        names = [row[0] for row in cursor.fetchall() if row[0].startswith("events_nearness")]

    assert names == [
        "events_nearness_delete",
        "events_nearness_insert",
        "events_nearness_update",
    ]
