"""Golden zone tests: what clocks on the wall mean, also on the odd days."""

from __future__ import annotations

import importlib.resources
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.places import zones
from groundswell.places.zones import Fit, UnknownZone

# zone, wall time, its instant in UTC, what clocks show then, how it fits
GOLDEN = [
    # ordinary days, summer and winter
    (
        "Europe/London",
        "2026-01-15 12:00",
        "2026-01-15 12:00",
        "2026-01-15 12:00",
        Fit.EXACT,
    ),
    (
        "Europe/London",
        "2026-07-15 12:00",
        "2026-07-15 11:00",
        "2026-07-15 12:00",
        Fit.EXACT,
    ),
    (
        "Asia/Kolkata",
        "2026-07-15 12:00",
        "2026-07-15 06:30",
        "2026-07-15 12:00",
        Fit.EXACT,
    ),
    # gaps: moved to the first instant after the jump
    (
        "Europe/London",
        "2026-03-29 01:30",
        "2026-03-29 01:00",
        "2026-03-29 02:00",
        Fit.GAP,
    ),
    (
        "Europe/London",
        "2026-03-29 01:00",
        "2026-03-29 01:00",
        "2026-03-29 02:00",
        Fit.GAP,
    ),
    (
        "Europe/London",
        "2026-03-29 00:59",
        "2026-03-29 00:59",
        "2026-03-29 00:59",
        Fit.EXACT,
    ),
    (
        "Europe/London",
        "2026-03-29 02:00",
        "2026-03-29 01:00",
        "2026-03-29 02:00",
        Fit.EXACT,
    ),
    (
        "America/New_York",
        "2026-03-08 02:30",
        "2026-03-08 07:00",
        "2026-03-08 03:00",
        Fit.GAP,
    ),
    # clocks that jump at midnight: the day begins at one o'clock
    (
        "Africa/Cairo",
        "2026-04-24 00:15",
        "2026-04-23 22:00",
        "2026-04-24 01:00",
        Fit.GAP,
    ),
    (
        "Asia/Beirut",
        "2026-03-29 00:30",
        "2026-03-28 22:00",
        "2026-03-29 01:00",
        Fit.GAP,
    ),
    # overlaps: the first of the two
    (
        "Europe/London",
        "2026-10-25 01:30",
        "2026-10-25 00:30",
        "2026-10-25 01:30",
        Fit.OVERLAP,
    ),
    (
        "America/New_York",
        "2026-11-01 01:30",
        "2026-11-01 05:30",
        "2026-11-01 01:30",
        Fit.OVERLAP,
    ),
    # a half-hour change of the clocks
    (
        "Australia/Lord_Howe",
        "2026-10-04 02:10",
        "2026-10-03 15:30",
        "2026-10-04 02:30",
        Fit.GAP,
    ),
    (
        "Australia/Lord_Howe",
        "2026-04-05 01:45",
        "2026-04-04 14:45",
        "2026-04-05 01:45",
        Fit.OVERLAP,
    ),
    (
        "Australia/Lord_Howe",
        "2026-07-01 12:00",
        "2026-07-01 01:30",
        "2026-07-01 12:00",
        Fit.EXACT,
    ),
    # quarter-hour zones
    (
        "Asia/Kathmandu",
        "2026-06-01 09:00",
        "2026-06-01 03:15",
        "2026-06-01 09:00",
        Fit.EXACT,
    ),
    (
        "Pacific/Chatham",
        "2026-06-01 12:45",
        "2026-06-01 00:00",
        "2026-06-01 12:45",
        Fit.EXACT,
    ),
    (
        "Pacific/Chatham",
        "2026-09-27 03:00",
        "2026-09-26 14:00",
        "2026-09-27 03:45",
        Fit.GAP,
    ),
    # a day that was left out
    (
        "Pacific/Apia",
        "2011-12-29 23:59",
        "2011-12-30 09:59",
        "2011-12-29 23:59",
        Fit.EXACT,
    ),
    (
        "Pacific/Apia",
        "2011-12-30 10:00",
        "2011-12-30 10:00",
        "2011-12-31 00:00",
        Fit.GAP,
    ),
    (
        "Pacific/Apia",
        "2011-12-31 00:00",
        "2011-12-30 10:00",
        "2011-12-31 00:00",
        Fit.EXACT,
    ),
    # summer time "backwards": Dublin's winter is the negative one in the database
    (
        "Europe/Dublin",
        "2026-12-01 12:00",
        "2026-12-01 12:00",
        "2026-12-01 12:00",
        Fit.EXACT,
    ),
    # Ramadan: the clocks of Morocco go back for a month
    (
        "Africa/Casablanca",
        "2026-02-20 12:00",
        "2026-02-20 12:00",
        "2026-02-20 12:00",
        Fit.EXACT,
    ),
    (
        "Africa/Casablanca",
        "2026-06-20 12:00",
        "2026-06-20 11:00",
        "2026-06-20 12:00",
        Fit.EXACT,
    ),
]


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "wall", "instant", "shown", "fit"), GOLDEN)
def test_golden_wall_times(zone, wall, instant, shown, fit):
    resolved = zones.to_utc(naive(wall), zone)
    assert resolved == zones.Resolved(utc(instant), naive(shown), zone, fit)


def test_the_library_alone_would_move_a_skipped_time_differently():
    """Control: without our rule 01:30 on the day of the jump becomes 02:30, not 02:00."""
    instant = naive("2026-03-29 01:30").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)
    assert instant == utc("2026-03-29 01:30")
    assert zones.to_utc(naive("2026-03-29 01:30"), "Europe/London").instant != instant


def test_the_second_of_two_equal_times_can_be_asked_for():
    second = zones.to_utc(naive("2026-10-25 01:30"), "Europe/London", second=True)
    assert (second.instant, second.fit) == (utc("2026-10-25 01:30"), Fit.OVERLAP)


def test_every_odd_fit_has_a_sentence():
    assert set(zones.FIT_SENTENCES) == set(Fit) - {Fit.EXACT}
    assert "moved it to 03:00" in str(zones.FIT_SENTENCES[Fit.GAP]).format(time="03:00")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Leeds",
        "europe/london",
        "../../etc/passwd",
        "/etc/passwd",
        "Europe/London\x00",
        "posix/Europe/London",
        "Factory",
        "localtime",
        "UTC+1",
        "X" * 5000,
    ],
)
def test_unknown_zones_are_refused(name):
    assert not zones.is_known(name)
    for ask in (
        lambda: zones.to_utc(naive("2026-01-01 00:00"), name),
        lambda: zones.local_parts(utc("2026-01-01 00:00"), name),
        lambda: zones.same_wall_clock("UTC", name, utc("2026-01-01 00:00")),
    ):
        with pytest.raises(UnknownZone) as refused:
            ask()
        assert "Choose one from the list" in str(refused.value)


def test_an_aware_wall_time_is_a_mistake():
    with pytest.raises(ValueError, match="no zone of its own"):
        zones.to_utc(utc("2026-01-01 00:00"), "UTC")


@pytest.mark.parametrize(
    ("wall", "name"),
    [(datetime.min, "Asia/Tokyo"), (datetime.max, "America/New_York")],
)
def test_a_date_outside_the_calendar_is_refused_not_overflowing(wall, name):
    with pytest.raises(ValueError, match="this date is outside the calendar"):
        zones.to_utc(wall, name)


def test_local_parts_of_an_instant():
    parts = zones.local_parts(utc("2026-12-12 18:30"), "Asia/Kathmandu")
    assert parts == zones.LocalParts(
        date(2026, 12, 13), time(0, 15), timedelta(hours=5, minutes=45), "+0545"
    )


def test_same_wall_clock_depends_on_the_day():
    assert zones.same_wall_clock("Europe/London", "Africa/Abidjan", utc("2026-01-15 12:00"))
    assert not zones.same_wall_clock("Europe/London", "Africa/Abidjan", utc("2026-07-15 12:00"))
    assert zones.same_wall_clock("Europe/Paris", "Europe/Berlin", utc("2026-07-15 12:00"))


def test_a_stored_time_that_still_means_the_same_has_not_moved():
    again = zones.rederive(naive("2026-07-15 12:00"), "Europe/London", utc("2026-07-15 11:00"))
    assert not again.has_moved


@pytest.fixture
def london_abolishes_summer_time(tmp_path):
    """A newer rule base in which London keeps UTC all year: the file of Africa/Abidjan."""
    rules = importlib.resources.files("tzdata").joinpath("zoneinfo/Africa/Abidjan").read_bytes()
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "London").write_bytes(rules)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path), *before])
    ZoneInfo.clear_cache(only_keys=["Europe/London"])
    yield
    zoneinfo.reset_tzpath(before)
    ZoneInfo.clear_cache(only_keys=["Europe/London"])


def test_a_rule_that_changes_after_publication(london_abolishes_summer_time):
    published = utc("2026-07-15 11:00")  # under the old rule, as in GOLDEN
    again = zones.rederive(naive("2026-07-15 12:00"), "Europe/London", published)
    assert again.has_moved
    assert again.resolved.instant == utc("2026-07-15 12:00")
    assert again.was == published


some_zones = st.sampled_from(sorted(zones._names()))
walls = st.datetimes(datetime(1975, 1, 1), datetime(2037, 12, 31))


@given(walls, some_zones)
def test_a_wall_time_comes_back_unless_the_clocks_skip_it(wall, name):
    resolved = zones.to_utc(wall, name)
    shown = resolved.instant.astimezone(ZoneInfo(name)).replace(tzinfo=None, fold=0)
    assert shown == resolved.wall
    if resolved.fit is Fit.GAP:
        assert resolved.wall > wall
        before = resolved.instant - timedelta(seconds=1)
        assert before.astimezone(ZoneInfo(name)).replace(tzinfo=None) < wall
    else:
        assert resolved.wall == wall


@given(walls, some_zones)
def test_the_first_of_two_is_never_later_than_the_second(wall, name):
    first = zones.to_utc(wall, name)
    second = zones.to_utc(wall, name, second=True)
    assert (first.instant < second.instant) == (first.fit is Fit.OVERLAP)
