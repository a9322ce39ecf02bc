"""When an event is: wall time and zone as people agreed on it, and the instants derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock, formats
from groundswell.kernel.refusal import Refusal
from groundswell.places import zones

WALL = "%Y-%m-%dT%H:%M"
LONGEST = timedelta(days=2)


class EndsBeforeItStarts(Refusal):
    sentence = _("The event ends before it starts. Choose a later end.")
    field = "ends"


class LastsTooLong(Refusal):
    sentence = _("An event lasts two days at most. Choose an earlier end.")
    field = "ends"


class IsInThePast(Refusal):
    sentence = _("This time has passed. Choose a later day or time.")
    field = "day"


class NoSuchDay(Refusal):
    sentence = _("This day is outside the calendar. Choose another one.")
    field = "day"


class OutsideTheCampaign(Refusal):
    sentence = _("Choose a day on or between {first} and {last}.")
    field = "day"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            str(self.sentence).format(
                first=formats.day_and_year(first), last=formats.day_and_year(last)
            )
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """Start and end as walls and as instants."""

    starts_wall: str
    ends_wall: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    fit: zones.Fit = zones.Fit.EXACT  # what the clocks did to the start: skipped or doubled


def slot(day: date, starts: time, ends: time, zone: str) -> Slot:
    """The slot on ``day``; an end at or before the start is on the next day ("22:00 to 01:00").

    Raises EndsBeforeItStarts for equal times, NoSuchDay at the edge of the calendar.
    """
    if starts == ends:
        raise EndsBeforeItStarts
    first = datetime.combine(day, starts)
    last = datetime.combine(day, ends)
    try:
        if last < first and ends < time(6):  # it runs past midnight
            last += timedelta(days=1)
        return of_walls(first, last, zone)
    except (OverflowError, ValueError) as edge:
        raise NoSuchDay from edge


def of_walls(first: datetime, last: datetime, zone: str) -> Slot:
    """The slot between two naive wall times. Raises EndsBeforeItStarts, LastsTooLong."""
    start, end = zones.to_utc(first, zone), zones.to_utc(last, zone)
    if end.instant <= start.instant:
        raise EndsBeforeItStarts
    if end.instant - start.instant > LONGEST:
        raise LastsTooLong
    return Slot(
        start.wall.strftime(WALL),
        end.wall.strftime(WALL),
        start.instant,
        end.instant,
        zone,
        start.fit,
    )


def check_window(chosen: Slot, first: date, last: date) -> None:
    """Refuse a slot that has passed or lies outside the campaign's days."""
    if chosen.ends_at <= clock.now():
        raise IsInThePast
    day = datetime.strptime(chosen.starts_wall, WALL).date()  # noqa: DTZ007 - a wall time is naive
    if not first <= day <= last:
        raise OutsideTheCampaign(first, last)
