"""When reminders are due: golden times in zones that gap, overlap, skip a day, or are odd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.outreach import reminder_times
from groundswell.places import zones

KINDS = ["reminder_day_before", "reminder_day", "did_you_make_it", "host_report"]


def due(starts: str, zone: str, minutes: int = 60) -> dict[str, str]:
    """Kind to UTC, for an event on a wall in a zone."""
    first = zones.to_utc(datetime.fromisoformat(starts), zone).instant
    found = reminder_times.due(first, first + timedelta(minutes=minutes), zone)
    return {each.kind: each.due_at.strftime("%Y-%m-%dT%H:%M") for each in found}


@pytest.mark.parametrize(
    ("starts", "zone", "before", "day", "after", "report"),
    [
        # An ordinary Saturday, in winter and in summer time.
        ("2026-12-05T11:00", "Europe/London", "04T11:00", "05T08:00", "05T13:00", "06T10:00"),
        ("2026-07-04T11:00", "Europe/London", "03T10:00", "04T07:00", "04T12:00", "05T09:00"),
        # The clocks go forward in the night before: 11:00 the day before is still winter time.
        ("2026-03-29T11:00", "Europe/London", "28T11:00", "29T07:00", "29T12:00", "30T09:00"),
        # The clocks go back in the night before.
        ("2026-10-25T11:00", "Europe/London", "24T10:00", "25T08:00", "25T13:00", "26T10:00"),
        # Half and quarter hours.
        ("2026-12-05T11:00", "Asia/Kolkata", "04T05:30", "05T02:30", "05T07:30", "06T04:30"),
        ("2026-12-05T11:00", "Asia/Kathmandu", "04T05:15", "05T02:15", "05T07:15", "06T04:15"),
        ("2026-12-05T11:00", "Pacific/Chatham", "03T21:15", "04T18:15", "04T23:15", "05T20:15"),
        # Lord Howe moves by half an hour, on 4 October 2026.
        ("2026-10-04T11:00", "Australia/Lord_Howe", "03T00:30", "03T21:00", "04T02:00", "04T23:00"),
        # Late in the evening: the day after is the local one.
        ("2026-12-05T22:30", "America/New_York", "04T16:00", "05T13:00", "06T05:30", "06T15:00"),
    ],
)
def test_reminders_of_an_event(
    starts: str, zone: str, before: str, day: str, after: str, report: str
) -> None:
    month = starts[:8]
    wanted = [f"{month}{each}" for each in (before, day, after, report)]

    assert due(starts, zone) == dict(zip(KINDS, wanted, strict=True))


def test_the_day_before_a_skipped_day_is_the_last_one_there_was() -> None:
    # Samoa had no 30 December 2011.
    assert due("2011-12-31T11:00", "Pacific/Apia")["reminder_day_before"] == "2011-12-29T21:00"


def test_a_reminder_time_that_clocks_skip_comes_right_after_the_jump() -> None:
    # The morning after Samoa's last Thursday of 2011 was a Saturday.
    report = due("2011-12-29T20:00", "Pacific/Apia")["host_report"]

    assert report == "2011-12-30T10:00"  # the first moment of 31 December there


def test_an_early_event_has_no_morning_reminder() -> None:
    found = due("2026-12-05T07:00", "Europe/London")

    assert sorted(found) == ["did_you_make_it", "host_report", "reminder_day_before"]


def test_the_reminder_of_the_day_before_ends_when_the_next_one_comes() -> None:
    starts = datetime(2026, 12, 5, 11, tzinfo=UTC)

    found = reminder_times.due(starts, starts + timedelta(hours=1), "Europe/London")

    assert {each.kind: each.expires_at for each in found} == {
        "reminder_day_before": datetime(2026, 12, 5, 8, tzinfo=UTC),
        "reminder_day": starts,
        "did_you_make_it": datetime(2026, 12, 8, 12, tzinfo=UTC),
        "host_report": datetime(2026, 12, 12, 12, tzinfo=UTC),
    }


_ZONES = [
    "Europe/London",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Tehran",
    "America/Havana",
    "Antarctica/Troll",
]


@given(
    wall=st.datetimes(datetime(2009, 1, 1), datetime(2036, 12, 31)),
    zone=st.sampled_from(_ZONES),
    minutes=st.integers(15, 2 * 24 * 60),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reminders_keep_their_order_in_every_zone(wall: datetime, zone: str, minutes: int) -> None:
    starts_at = zones.to_utc(wall, zone).instant
    ends_at = starts_at + timedelta(minutes=minutes)

    found = {each.kind: each for each in reminder_times.due(starts_at, ends_at, zone)}

    assert all(each.due_at < each.expires_at for each in found.values())
    before, after = found["reminder_day_before"], found["did_you_make_it"]
    assert timedelta(0) < starts_at - before.due_at < timedelta(hours=62)
    shown = zones.local_parts(before.due_at, zone)
    assert shown.on < zones.local_parts(starts_at, zone).on
    assert after.due_at - ends_at == timedelta(hours=1)
    if "reminder_day" in found:
        day = zones.local_parts(found["reminder_day"].due_at, zone)
        assert day.on == zones.local_parts(starts_at, zone).on
        assert before.expires_at == found["reminder_day"].due_at
