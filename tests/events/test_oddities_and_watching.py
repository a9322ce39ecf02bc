"""What looks odd to a reviewer, and what the office watches over."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from groundswell.events import oddities
from groundswell.events.models import Event
from groundswell.events.operations import hosting, reviewing
from groundswell.events.queries import changing, watching
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from tests.factories import campaigns, events

pytestmark = pytest.mark.django_db

Oddity = oddities.Oddity


def odd(event: Event) -> list[oddities.Oddity]:
    return oddities.find(event, action_on=campaigns.ACTION_DAY, now=clock.now())


def test_plain_event_is_not_odd() -> None:
    assert odd(events.waiting_event()) == []


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ({"day": date(2026, 3, 20)}, [Oddity.OTHER_DAY]),
        ({"starts": time(23), "ends": time(23, 30)}, [Oddity.AT_NIGHT]),
        ({"starts": time(11), "ends": time(11, 10)}, [Oddity.VERY_SHORT]),
        ({"starts": time(8), "ends": time(19)}, [Oddity.VERY_LONG]),
        ({"zone": "Asia/Tokyo"}, [Oddity.ZONE_FAR_OFF]),
        ({"zone": "Africa/Cairo"}, []),
        (
            {"day": date(2026, 3, 29), "starts": time(1, 30), "ends": time(3)},
            [Oddity.OTHER_DAY, Oddity.AT_NIGHT],  # moved to 02:00 when it was published
        ),
    ],
)
def test_oddities_of_a_plan(plan: dict[str, Any], found: list[oddities.Oddity]) -> None:
    assert odd(events.waiting_event(**plan)) == found


def test_event_that_has_begun_is_odd(still_clock: Any) -> None:
    event = events.waiting_event()
    still_clock.move_to(event.starts_at)

    assert odd(event) == [Oddity.HAS_BEGUN]


def test_time_that_the_clocks_show_twice_is_odd() -> None:
    event = events.waiting_event()
    event.starts_wall = "2026-10-25T01:30"

    assert Oddity.CLOCK_SKIPS in odd(event)


def test_moved_rules_are_odd() -> None:
    """The instant was derived under other rules than those of today."""
    event = events.waiting_event()
    event.starts_at += timedelta(minutes=15)

    assert odd(event) == [Oddity.RULES_MOVED]


def test_online_event_has_no_place_to_fit() -> None:
    place = events.leeds(publicity=Event.Publicity.ONLINE, venue="https://meet.example.org/x")

    assert odd(events.waiting_event(place=place, zone="Asia/Tokyo")) == []


def test_change_by_the_host_answers_the_question() -> None:
    event = events.waiting_event(title="Before")
    reviewing.ask_host(event_id=event.id, words="Where exactly?", by=SYSTEM)
    event = Event.objects.select_related("seats").get(id=event.id)

    by_office = hosting.change_event(
        event_id=event.id, plan=changing.plan_of(event), words="", by=SYSTEM
    ).state
    by_host = hosting.change_event(
        event_id=event.id, plan=changing.plan_of(event), words="", by=events.host_of(event)
    ).state

    assert (by_office, by_host) == (Event.State.ASKED, Event.State.WAITING)


def test_plan_of_an_event_changes_nothing_when_saved_again() -> None:
    place = events.leeds(publicity=Event.Publicity.GOING)
    event = events.listed_event(place=place, capacity=12, is_step_free=True)
    before = Event.objects.select_related("seats").get(id=event.id)

    after = hosting.change_event(
        event_id=event.id, plan=changing.plan_of(before), words="", by=SYSTEM
    )

    kept = ["title", "starts_at", "ends_at", "zone", "latitude", "longitude", "is_step_free"]
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert changing.exact_place(after) == "Stop H, Woodhouse Street"
    assert before.seats.capacity == 12


def test_private_place_that_moves_is_displaced_again() -> None:
    """The control: only the standing point stays as it is."""
    event = events.listed_event(place=events.leeds(publicity=Event.Publicity.GOING))
    event = Event.objects.select_related("seats").get(id=event.id)
    elsewhere = events.leeds(publicity=Event.Publicity.GOING, latitude=53.81)
    plan = events.plan(place=elsewhere)

    after = hosting.change_event(event_id=event.id, plan=plan, words="Next door.", by=SYSTEM)

    assert (after.latitude, after.longitude) != (53.81, -1.55)


def test_watched_events_leave_the_list_once_seen_to(still_clock: Any) -> None:
    campaign = campaigns.live_campaign()
    event = events.listed_event(campaign)
    still_clock.move_to(event.starts_at - timedelta(days=1))

    def names() -> list[str]:
        return [
            need
            for need in watching.NEEDS
            if watching.for_office(campaign, SYSTEM, watching.Wish(need=need)).exists()
        ]

    before = names()
    for _ in range(5):
        events.signed_up(event)
    with_people = names()
    Event.objects.update(kit_opened_at=clock.now())
    with_kit = names()
    still_clock.move_to(event.ends_at)
    after = names()
    still_clock.move_to(event.ends_at + timedelta(days=31))

    assert (before, with_people, with_kit, after, names()) == (
        ["kit", "people"],
        ["kit"],
        [],
        ["report"],
        [],
    )


def test_choices_name_what_there_is() -> None:
    campaign = campaigns.live_campaign()
    events.listed_event(campaign)
    events.waiting_event(campaign, host="jo@example.org", day=date(2026, 3, 22))

    assert watching.choices(campaign, SYSTEM) == watching.Choices(
        days=(date(2026, 3, 21), date(2026, 3, 22)),
        countries=("GB",),
        by_state={"listed": 1, "waiting": 1},
    )
