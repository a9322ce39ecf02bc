"""Folding: every chained fact counts once, however often and however late the worker comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.events.models import Rsvp
from groundswell.events.operations import attendance, hosting, proving, rsvps
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import chain
from groundswell.metrics import operations as metrics_ops
from groundswell.metrics import queries as metrics_queries
from groundswell.metrics.models import DayCount, EventCount, FoldMark
from tests.conftest import STILL_AT
from tests.factories import campaigns, events

pytestmark = pytest.mark.django_db

TODAY = STILL_AT.date()


def fold() -> None:
    while chain.chain_more():
        pass
    while metrics_ops.fold_more():
        pass


def counts() -> dict[tuple[str, date], int]:
    return {(row.measure, row.day): row.count for row in DayCount.objects.all()}


def test_fold_counts_each_fact_once() -> None:
    event = events.listed_event()
    for _ in range(3):
        events.signed_up(event)

    fold()
    fold()

    assert counts() == {
        ("events", TODAY): 1,
        ("sign_ups", TODAY): 3,
        ("new_people", TODAY): 3,
    }


def test_fold_adds_to_the_day_that_stands(still_clock: Any) -> None:
    event = events.listed_event()
    events.signed_up(event)
    fold()
    events.signed_up(event)
    still_clock.shift(timedelta(days=1))
    events.signed_up(event)

    fold()

    assert [
        counts()["sign_ups", TODAY],
        counts()["sign_ups", TODAY + timedelta(days=1)],
    ] == [2, 1]


def test_fold_without_its_mark_counts_twice() -> None:
    """The control: the mark is what keeps a second fold from counting again."""
    events.signed_up(events.listed_event())
    fold()
    FoldMark.objects.update(place=0)

    fold()

    assert counts()["sign_ups", TODAY] == 2


def test_fold_waits_for_the_chain() -> None:
    events.signed_up(events.listed_event())

    assert metrics_ops.fold_more() == 0
    assert counts() == {}


def test_fold_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_ops, "FOLD_AT_ONCE", 2)
    event = events.listed_event()
    for _ in range(5):
        events.signed_up(event)

    fold()

    assert counts()["sign_ups", TODAY] == 5


def test_tick_taken_back_is_no_tick(still_clock: Any) -> None:
    event = events.listed_event()
    rsvp = events.signed_up(event)
    still_clock.move_to(event.starts_at)
    attendance.check_in(rsvp_id=rsvp.id, here=True, by=SYSTEM)
    attendance.check_in(rsvp_id=rsvp.id, here=False, by=SYSTEM)

    fold()

    assert counts()["checked_in", event.starts_at.date()] == 0


def test_heads_are_counted_again_after_each_change(still_clock: Any) -> None:
    event = events.listed_event(capacity=3)
    first = events.signed_up(event, party=2)
    second = events.signed_up(event)
    third = events.signed_up(event)
    fold()
    rsvps.cancel_rsvp(rsvp_id=first.id, by=SYSTEM)
    proving.prove_rsvps(person_id=second.person_id, by=SYSTEM)
    rsvps.confirm_rsvp(rsvp_id=second.id, by=SYSTEM)
    still_clock.move_to(event.starts_at)
    attendance.check_in(rsvp_id=third.id, here=True, by=SYSTEM)

    fold()

    row = EventCount.objects.values().get(event=event)
    assert row == {
        "event_id": event.id,
        "is_stale": False,
        "sign_ups": 2,
        "first_timers": 2,
        "going": 2,
        "proven": 1,
        "confirmed": 1,
        "checked_in": 1,
        "came": 1,
    }


def test_totals_of_a_campaign(still_clock: Any) -> None:
    campaign = campaigns.live_campaign(goal_people=500)
    leeds = events.listed_event(campaign)
    york = events.listed_event(campaign, host="jo@example.org", title="York station")
    events.waiting_event(campaign, host="max@example.org", title="Hull")
    for _ in range(3):
        events.signed_up(leeds, party=2)
    said = events.signed_up(york)
    hosting_kit = york.id
    from groundswell.events.operations import checklist

    checklist.open_kit(event_id=hosting_kit, by=SYSTEM)
    still_clock.move_to(leeds.ends_at + timedelta(hours=1))
    attendance.tell_attendance(rsvp_id=said.id, came=True, by=SYSTEM)
    attendance.file_report(
        event_id=leeds.id, low=20, best=25, high=None, sentence="Warm.", by=SYSTEM
    )
    fold()

    found = metrics_queries.totals(campaign)

    assert found == metrics_queries.Totals(
        events_wanted=40,
        people_wanted=500,
        events_listed=2,
        events_to_review=1,
        events_over=2,
        events_reported=1,
        seats_taken=7,
        parties_waiting=0,
        hosts=2,
        hosts_with_kit=1,
        countries=1,
        counted_low=20,
        counted_best=25,
        counted_high=25,
        sign_ups=4,
        first_timers=4,
        going=7,
        proven=0,
        confirmed=0,
        checked_in=0,
        came=1,
        expected=7,
    )


def test_totals_cost_two_questions_whatever_the_campaign_holds() -> None:
    campaign = campaigns.live_campaign()
    costs = []
    for number in (1, 3):
        for _ in range(number):
            events.signed_up(events.listed_event(campaign, host=f"host{_}@example.org"))
        fold()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            metrics_queries.totals(campaign)
        costs.append(len(asked))

    assert costs == [2, 2]


def test_series_fills_days_without_any_and_ends_today(still_clock: Any) -> None:
    campaign = campaigns.live_campaign()
    event = events.listed_event(campaign)
    events.signed_up(event)
    still_clock.shift(timedelta(days=2))
    events.signed_up(event)
    events.signed_up(event)
    fold()

    all_of_it = metrics_queries.series(campaign)
    two_days = metrics_queries.series(campaign, days=2)

    assert all_of_it.counts == (1, 0, 2)
    assert all_of_it.days == (
        TODAY,
        TODAY + timedelta(days=1),
        TODAY + timedelta(days=2),
    )
    assert two_days.counts == (0, 2)


def test_series_of_another_campaign_stay_apart() -> None:
    one, other = campaigns.live_campaign(), campaigns.live_campaign("Fair fares")
    events.signed_up(events.listed_event(one))
    fold()

    assert metrics_queries.series(other).total == 0


def test_cancelled_event_leaves_the_totals() -> None:
    campaign = campaigns.live_campaign()
    event = events.listed_event(campaign)
    events.signed_up(event)
    hosting.cancel_event(event_id=event.id, words="The hall is closed.", by=SYSTEM)
    fold()

    found = metrics_queries.totals(campaign)

    assert (found.events_listed, found.seats_taken, found.sign_ups) == (0, 0, 0)
    assert Rsvp.objects.filter(state=Rsvp.State.GOING).count() == 1
