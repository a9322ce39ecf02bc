"""Today: what needs a person, and nothing that does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.campaigns import operations as campaign_ops
from groundswell.events.operations import checklist, reviewing
from groundswell.kernel.actor import SYSTEM
from tests.factories import campaigns, events

pytestmark = pytest.mark.django_db

TODAY = "/en/office/c/bring-back-our-buses/"


def needs(client: Client, address: str = TODAY) -> list[tuple[str, str]]:
    page = client.get(address)
    return [(need.what, need.verb) for need in page.context["needs"]]


def test_first_day_begins_a_campaign(organiser: Client) -> None:
    page = organiser.get("/en/office/")

    assert page.status_code == 200
    assert "/en/office/campaigns/new/" in page.content.decode()


def test_home_opens_the_campaign_whose_day_is_next(organiser: Client) -> None:
    campaigns.live_campaign("Fair fares", action_on=campaigns.ACTION_DAY + timedelta(days=5))
    campaigns.live_campaign()

    page = organiser.get("/en/office/")

    assert page.context["campaign"].slug == "bring-back-our-buses"


def test_greeting_is_by_the_organisers_own_clock(sit: Any, still_clock: Any) -> None:
    campaigns.live_campaign()
    organiser = sit("organiser", zone="Pacific/Auckland")  # 23:00 there, 10:00 UTC

    page = organiser.get(TODAY)

    assert page.context["greeting"] == "Good evening, Priya"
    assert page.context["eyebrow"] == "Wednesday 4 March"


def test_needs_are_finite_and_go_away_when_done(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    event = events.waiting_event(campaign)

    before = needs(organiser)
    reviewing.approve(event_id=event.id, by=SYSTEM)
    for _ in range(5):
        events.signed_up(event)
    checklist.open_kit(event_id=event.id, by=SYSTEM)
    after = organiser.get(TODAY)

    assert before == [("1 event is waiting for approval", "Review events")]
    assert after.context["needs"] == []
    assert "All clear." in after.content.decode()
    assert after.context["next_thing"] == (
        "Next: Hyde Park Corner bus stop starts on Sat 21 Mar, 11:00."
    )


def test_needs_name_every_reason(sit: Any, still_clock: Any) -> None:
    campaign = campaigns.live_campaign()
    events.listed_event(campaign)
    asked = events.waiting_event(campaign, host="jo@example.org", title="York")
    reviewing.ask_host(event_id=asked.id, words="Where?", by=SYSTEM)
    events.waiting_event(campaign, host="max@example.org", title="Hull")
    still_clock.shift(timedelta(days=5))  # within 14 days of the action day

    found = needs(sit("organiser"))

    assert found == [
        ("1 event is waiting for approval", "Review events"),
        ("The host of 1 event has not opened the kit", "See who to ring"),
        ("1 event on Sat 21 Mar has fewer than 5 people", "See which ones"),
        ("1 host was asked something and has not answered", "See what was asked"),
    ]


def test_missing_reports_are_asked_for_after_the_event(sit: Any, still_clock: Any) -> None:
    event = events.listed_event(campaigns.live_campaign())
    still_clock.move_to(event.ends_at + timedelta(hours=1))

    assert needs(sit("organiser")) == [
        ("1 host has not told us how it went", "See whose report is missing")
    ]


def test_progress_counts_what_was_done_today(sit: Any, still_clock: Any) -> None:
    campaign = campaigns.live_campaign()
    event = events.waiting_event(campaign)
    reviewing.approve(event_id=event.id, by=SYSTEM)
    still_clock.move_to(event.ends_at + timedelta(hours=1))
    late = sit("organiser").get(TODAY).context["progress"]
    still_clock.move_to(event.starts_at - timedelta(days=1))
    later = events.waiting_event(campaign, host="jo@example.org")
    reviewing.approve(event_id=later.id, by=SYSTEM)

    page = sit("organiser").get(TODAY)

    assert late == "1 to go"
    assert page.context["progress"] == "1 done, 2 to go"


def test_goal_without_enough_days_says_nothing(organiser: Client) -> None:
    events.listed_event(campaigns.live_campaign())

    page = organiser.get(TODAY)

    assert page.context["goal"]["forecast"] is None
    assert page.context["goal"]["title"] == "17 days to go"
    assert "At this pace" not in page.content.decode()


def test_goal_forecasts_from_real_days(
    sit: Any, still_clock: Any, counted: Callable[[], int]
) -> None:
    campaign = campaigns.live_campaign(goal_events=100)
    for day in range(8):
        events.listed_event(campaign, host=f"host{day}@example.org")
        still_clock.shift(timedelta(days=1))
    counted()

    page = sit("organiser").get(TODAY)
    text = page.content.decode()

    assert page.context["goal"]["done"] == 8
    assert page.context["goal"]["forecast"].expected == 15  # 8 of 9 days for 8 more days
    assert "At this pace: <b>15 by Friday 20 March</b>." in text
    assert "85 more events close the gap." in text


def test_draft_shows_the_three_first_steps(organiser: Client) -> None:
    campaign = campaign_ops.start_campaign(
        plan=campaign_ops.Plan(
            organisation="Bus Users Together",
            action_on=campaigns.ACTION_DAY,
            starts_on=campaigns.ACTION_DAY,
            ends_on=campaigns.ACTION_DAY,
        ),
        title="Fair fares",
        by=SYSTEM,
    )

    page = organiser.get(f"/en/office/c/{campaign.slug}/")

    assert [(step.title, step.is_done) for step in page.context["steps"]] == [
        ("Write the campaign page", False),
        ("Prepare the kit", False),
        ("Open it to the public", False),
    ]


def test_figures_carry_their_definition(organiser: Client, counted: Callable[[], int]) -> None:
    event = events.listed_event(campaigns.live_campaign())
    for _ in range(3):
        events.signed_up(event)
    counted()

    figures = organiser.get(TODAY).context["figures"]

    assert [(figure["value"], figure["compared"]) for figure in figures] == [
        ("3", "+3 in 7 days"),
        ("3", "100% of sign-ups"),
        ("0", "of 1, 1 to go"),
        ("–", "We ask the day before"),
    ]
    assert all(figure["definition"] for figure in figures)


def test_today_costs_the_same_with_one_and_three_events(
    organiser: Client, counted: Callable[[], int]
) -> None:
    campaign = campaigns.live_campaign()
    costs = []
    for number in (1, 3):
        for index in range(number):
            event = events.listed_event(campaign, host=f"host{number}{index}@example.org")
            events.signed_up(event)
            events.waiting_event(campaign, host=f"other{number}{index}@example.org")
        counted()
        organiser.get(TODAY)
        with CaptureQueriesContext(connection) as asked:
            assert organiser.get(TODAY).status_code == 200
        costs.append(len(asked))

    assert costs[0] == costs[1]
    assert costs[0] < 30
