"""When the reminders of an event are due. Pure: walls and zones in, instants out.

Everything is in the event's zone: the day before at 11:00, the day itself at 08:00, one hour
after the end, and for the host the next morning at 10:00.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from groundswell.places import zones

DAY_BEFORE = time(11)
THE_DAY = time(8)
AFTER_THE_END = timedelta(hours=1)
REPORT = time(10)
ASKED_FOR = timedelta(days=3)  # "Did you make it?" makes no sense later
REPORT_ASKED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder: which kind, from when, and from when on not any more (both UTC)."""

    kind: str
    due_at: datetime
    expires_at: datetime


def due(starts_at: datetime, ends_at: datetime, zone: str) -> list[Due]:
    """The reminders of an event between two aware instants, in order of time.

    A reminder that would come at or after its own expiry is left out: no morning mail for an
    event at six. The day-before one gives way to the one on the day. Raises places.UnknownZone.
    """
    day = zones.local_parts(starts_at, zone).on
    morning = _at(day, THE_DAY, zone)
    last_day = zones.local_parts(ends_at, zone).on
    found = [
        Due("reminder_day_before", _the_day_before(day, zone), min(starts_at, morning)),
        Due("reminder_day", morning, starts_at),
        Due("did_you_make_it", ends_at + AFTER_THE_END, ends_at + ASKED_FOR),
        Due("host_report", _the_day_after(last_day, zone), ends_at + REPORT_ASKED_FOR),
    ]
    return [
        Due(each.kind, each.due_at.astimezone(UTC), each.expires_at.astimezone(UTC))
        for each in found
        if each.due_at < each.expires_at
    ]


def _at(day: date, clock_time: time, zone: str) -> datetime:
    return zones.to_utc(datetime.combine(day, clock_time), zone).instant


def _the_day_before(day: date, zone: str) -> datetime:
    """11:00 on the last day before ``day`` that the zone has (Apia skipped 30 December 2011)."""
    before = zones.to_utc(datetime.combine(day - timedelta(days=1), DAY_BEFORE), zone)
    if before.wall.date() >= day:
        return _at(day - timedelta(days=2), DAY_BEFORE, zone)
    return before.instant


def _the_day_after(day: date, zone: str) -> datetime:
    """10:00 on the next day; where that day is skipped, the first moment after it."""
    return _at(day + timedelta(days=1), REPORT, zone)
