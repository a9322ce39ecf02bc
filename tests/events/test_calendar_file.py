"""Calendar files: zones, identity, versions, cancelling, and what a private place gives away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from groundswell.events import times
from groundswell.events.calendar_file import Method, Organiser, calendar_file
from groundswell.events.models import Event
from groundswell.kernel.text import clean_line, clean_text

URL = "https://act.example.org/e/7h2kqm4x/"
US = Organiser("Bus Users Together", "hello@example.org")
MADE_AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def event(
    starts: str = "2026-03-21T11:00", ends: str = "2026-03-21T12:00", zone: str = "Europe/London"
) -> Event:
    slot = times.of_walls(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone)
    return Event(
        slug="7h2kqm4x",
        state=Event.State.LISTED,
        title="Stop H; meet, talk",
        description="Bring a friend.\nBring a song.",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        starts_wall=slot.starts_wall,
        ends_wall=slot.ends_wall,
        zone=zone,
        latitude=53.8,
        longitude=-1.55,
        created_at=MADE_AT,
    )


def read(given: Event, **options: Any) -> tuple[Calendar, Any]:
    options = {"url": URL, "location": "Woodhouse Street, Leeds", **options}
    calendar = Calendar.from_ical(calendar_file(given, **options))
    assert isinstance(calendar, Calendar)
    return calendar, calendar.walk("VEVENT")[0]


def test_calendar_file_carries_the_event() -> None:
    calendar, entry = read(event())

    assert (str(entry["uid"]), int(entry["sequence"]), str(entry["status"])) == (
        "7h2kqm4x@act.example.org",
        0,
        "CONFIRMED",
    )
    assert str(entry["summary"]) == "Stop H; meet, talk"
    assert str(entry["description"]) == f"Bring a friend.\nBring a song.\n\n{URL}"
    assert str(entry["location"]) == "Woodhouse Street, Leeds"
    assert entry.decoded("dtstamp") == MADE_AT
    assert "method" not in calendar


def test_calendar_file_is_the_same_bytes_each_time() -> None:
    assert calendar_file(event(), url=URL, location="") == calendar_file(
        event(), url=URL, location=""
    )


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2026-03-28T23:30", "Europe/London", "2026-03-28T23:30"),
        ("2026-03-29T11:00", "Europe/London", "2026-03-29T10:00"),
        ("2026-12-05T11:00", "Asia/Kolkata", "2026-12-05T05:30"),
        ("2026-12-05T11:00", "Asia/Kathmandu", "2026-12-05T05:15"),
        ("2026-12-05T11:00", "Pacific/Chatham", "2026-12-04T21:15"),
        ("2026-07-05T11:00", "Australia/Lord_Howe", "2026-07-05T00:30"),
        ("2026-12-05T11:00", "Australia/Lord_Howe", "2026-12-05T00:00"),
        ("2026-12-05T11:00", "Europe/Dublin", "2026-12-05T11:00"),
        ("2026-07-05T11:00", "Europe/Dublin", "2026-07-05T10:00"),
        ("2026-07-05T11:00", "Africa/Casablanca", "2026-07-05T10:00"),
        ("2026-12-05T11:00", "America/Sao_Paulo", "2026-12-05T14:00"),
    ],
)
def test_calendar_file_means_the_same_instant_by_its_own_zone_rules(
    wall: str, zone: str, utc: str
) -> None:
    starts = datetime.fromisoformat(wall)
    ends = starts + timedelta(hours=1)

    calendar, entry = read(event(wall, ends.isoformat(timespec="minutes"), zone))

    rules = calendar.walk("VTIMEZONE")[0]
    assert isinstance(rules, Timezone)
    shown = entry["dtstart"].dt.replace(tzinfo=None)
    assert (shown, entry["dtstart"].params["tzid"], str(rules["tzid"])) == (starts, zone, zone)
    by_the_file = starts.replace(tzinfo=rules.to_tz(lookup_tzid=False)).astimezone(UTC)
    assert by_the_file == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_calendar_file_of_a_skipped_time_shows_the_moved_wall() -> None:
    _calendar, entry = read(event("2026-03-29T01:30", "2026-03-29T03:00"))

    assert entry["dtstart"].dt == datetime(2026, 3, 29, 2, 0, tzinfo=ZoneInfo("Europe/London"))


def test_calendar_file_of_a_doubled_time_means_the_first() -> None:
    _calendar, entry = read(event("2026-10-25T01:30", "2026-10-25T04:00"))

    assert entry["dtstart"].dt.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_calendar_file_of_the_second_doubled_time_is_in_utc() -> None:
    second = event("2026-10-25T01:30", "2026-10-25T04:00")
    second.starts_at += timedelta(hours=1)

    raw = calendar_file(second, url=URL, location="")

    assert b"DTSTART:20261025T013000Z" in raw
    assert b"VTIMEZONE" not in raw


def test_calendar_file_in_utc_needs_no_rules() -> None:
    assert b"VTIMEZONE" not in calendar_file(event(zone="UTC"), url=URL, location="")


def test_calendar_file_of_a_change_counts_up_with_the_same_identity() -> None:
    changed = event()
    changed.sequence, changed.changed_at = 2, MADE_AT + timedelta(days=1)

    calendar, entry = read(changed, method=Method.PUBLISH, organiser=US)

    assert str(calendar["method"]) == "PUBLISH"
    assert (str(entry["uid"]), int(entry["sequence"])) == ("7h2kqm4x@act.example.org", 2)
    assert str(entry["organizer"]).endswith("hello@example.org")
    assert entry.decoded("last-modified") == MADE_AT + timedelta(days=1)


def test_calendar_file_of_a_cancelled_event_cancels() -> None:
    off = event()
    off.state, off.sequence = Event.State.CANCELLED, 3

    calendar, entry = read(off, method=Method.CANCEL, organiser=US)

    assert (str(calendar["method"]), str(entry["status"]), int(entry["sequence"])) == (
        "CANCEL",
        "CANCELLED",
        3,
    )


def test_calendar_file_without_an_organiser_has_no_method() -> None:
    calendar, _entry = read(event(), method=Method.PUBLISH)

    assert "method" not in calendar


def test_calendar_file_of_a_private_place_has_no_point() -> None:
    private = event()
    private.publicity = Event.Publicity.GOING

    _calendar, entry = read(private, location="Leeds")

    assert "geo" not in entry
    assert str(entry["location"]) == "Leeds"


def test_calendar_file_lines_stay_within_75_octets() -> None:
    long = event()
    long.title = "لقاء عند محطة الحافلات " * 5

    raw = calendar_file(long, url=URL, location="")

    assert [line for line in raw.split(b"\r\n") if len(line) > 75] == []
    assert str(read(long)[1]["summary"]) == long.title


# --- whatever people type ----------------------------------------------------------------------

_TYPED = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


def _names(content: bytes) -> list[str]:
    """The name of each line, folding undone (RFC 5545 section 3.1)."""
    assert not content.replace(b"\r\n", b"").count(b"\n")
    whole = content.replace(b"\r\n ", b"").decode().removesuffix("\r\n")
    return [line.split(":")[0].split(";")[0] for line in whole.split("\r\n")]


@given(_TYPED, _TYPED, _TYPED, _TYPED)
def test_words_add_no_line_to_a_calendar(
    title: str, description: str, place: str, organisation: str
) -> None:
    plain, typed = event(), event()
    typed.title = clean_line(title) or "x"
    typed.description = clean_text(description) or "x"
    options: dict[str, Any] = {"url": URL, "method": Method.PUBLISH}

    found = calendar_file(
        typed,
        location=clean_line(place) or "x",
        organiser=Organiser(clean_line(organisation), "hello@example.org"),
        **options,
    )

    wanted = calendar_file(plain, location="Leeds", organiser=US, **options)
    assert _names(found) == _names(wanted)
    entry = Calendar.from_ical(found).walk("VEVENT")[0]
    assert str(entry["summary"]) == typed.title
    assert str(entry["organizer"]).endswith("hello@example.org")
