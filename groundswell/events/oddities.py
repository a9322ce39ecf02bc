"""What looks odd about an event to somebody who reviews it. Pure: nothing is refused here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from groundswell.events.models import Event
from groundswell.events.times import WALL
from groundswell.places import zones

_SHORT, _LONG = timedelta(minutes=20), timedelta(hours=8)
_NIGHT_ENDS, _NIGHT_BEGINS = 6, 22  # hours of the wall clock
_FAR_OFF_HOURS = 4.0  # political zones stray from the sun by less (Xinjiang: about 3)


class Oddity(StrEnum):
    """One thing that a reviewer should look at twice."""

    OTHER_DAY = "other_day"  # not on the campaign's action day
    AT_NIGHT = "at_night"
    VERY_SHORT = "very_short"
    VERY_LONG = "very_long"
    CLOCK_SKIPS = "clock_skips"  # the clocks there skip or double the start
    RULES_MOVED = "rules_moved"  # the zone's rules changed since the event was published
    ZONE_FAR_OFF = "zone_far_off"  # the zone does not fit the place
    HAS_BEGUN = "has_begun"


def find(event: Event, *, action_on: date, now: datetime) -> list[Oddity]:
    """What is odd, in the order in which a reviewer should read it."""
    starts = datetime.strptime(event.starts_wall, WALL)  # noqa: DTZ007 - a wall time is naive
    meant = zones.to_utc(starts, event.zone)
    lasts = event.ends_at - event.starts_at
    offset = meant.wall - meant.instant.replace(tzinfo=None)
    checks = {
        Oddity.HAS_BEGUN: event.starts_at <= now,
        Oddity.OTHER_DAY: starts.date() != action_on,
        Oddity.AT_NIGHT: not _NIGHT_ENDS <= starts.hour < _NIGHT_BEGINS,
        Oddity.VERY_SHORT: lasts < _SHORT,
        Oddity.VERY_LONG: lasts > _LONG,
        Oddity.CLOCK_SKIPS: meant.fit != zones.Fit.EXACT,
        Oddity.RULES_MOVED: meant.instant != event.starts_at and meant.fit == zones.Fit.EXACT,
        Oddity.ZONE_FAR_OFF: _is_far_off(event, offset),
    }
    return [oddity for oddity, is_so in checks.items() if is_so]


def _is_far_off(event: Event, offset: timedelta) -> bool:
    """Whether the zone's clock and the sun at the place are more than four hours apart.

    The sun moves 15 degrees an hour; an online event has no place of its own.
    """
    if event.publicity == Event.Publicity.ONLINE:
        return False
    apart = abs(offset / timedelta(hours=1) - event.longitude / 15) % 24
    return min(apart, 24 - apart) > _FAR_OFF_HOURS
