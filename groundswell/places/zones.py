"""Wall clocks and instants: what a time on a poster means in UTC, and back.

A place's time is what its clocks show. The wall time and the IANA zone are the truth of an event;
its UTC instant is derived from them and derived again when a government changes the rules.
Source of the rules: IANA time zone database, by ``zoneinfo``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal


class UnknownZone(Refusal):
    sentence = _("We do not know this time zone. Choose one from the list, such as Europe/London.")


class Fit(StrEnum):
    """How a wall time fits its zone."""

    EXACT = "exact"
    GAP = "gap"  # the clocks jump over it: moved to the first instant after the jump
    OVERLAP = "overlap"  # the clocks show it twice: the first one, unless asked otherwise


FIT_SENTENCES: dict[Fit, Promise] = {
    Fit.GAP: _(
        "On that day the clocks skip this time, so we moved it to {time}. Change it if another "
        "time is better."
    ),
    Fit.OVERLAP: _(
        "On that day the clocks show this time twice. We took the first one; choose another time "
        "if people could mistake it."
    ),
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A wall time and the instant it means."""

    instant: datetime  # aware, UTC
    wall: datetime  # naive: what clocks there show at that instant
    zone: str
    fit: Fit


@dataclass(frozen=True, slots=True)
class LocalParts:
    """An instant as people in a zone see it."""

    on: date
    at: time
    offset: timedelta
    abbreviation: str


@dataclass(frozen=True, slots=True)
class Rederived:
    """What the present zone rules make of a stored wall time."""

    resolved: Resolved
    was: datetime  # the stored instant, aware, UTC

    @property
    def has_moved(self) -> bool:
        return self.resolved.instant != self.was


@cache
def _names() -> frozenset[str]:
    return frozenset(
        name
        for name in available_timezones()
        if not name.startswith(("posix/", "right/")) and name not in ("Factory", "localtime")
    )


def is_known(name: str) -> bool:
    """True for a zone name of the IANA database, spelt exactly."""
    return name in _names()


def names() -> list[str]:
    """The zones that somebody may choose from: places, in alphabetical order, without offsets."""
    return sorted(name for name in _names() if "/" in name and not name.startswith("Etc/"))


def zone(name: str) -> ZoneInfo:
    """The zone, or UnknownZone."""
    if not is_known(name):
        raise UnknownZone
    return ZoneInfo(name)


def to_utc(wall: datetime, name: str, *, second: bool = False) -> Resolved:
    """The instant at which clocks in the zone ``name`` show ``wall``.

    ``wall`` is naive. A time that clocks skip moves to the first instant after the jump; one that
    they show twice means the first time, or the other one with ``second``. Raises UnknownZone,
    and ValueError for an aware ``wall`` or one at the very edge of the calendar.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    there = zone(name)
    wall = wall.replace(fold=0)
    try:
        early = wall.replace(tzinfo=there).astimezone(UTC)
        late = wall.replace(tzinfo=there, fold=1).astimezone(UTC)
        if early.astimezone(there).replace(tzinfo=None, fold=0) != wall:
            # In a gap the offset before the jump gives the later instant.
            instant = _jump(there, late, early)
            shown = instant.astimezone(there).replace(tzinfo=None, fold=0)
            return Resolved(instant, shown, name, Fit.GAP)
    except OverflowError:
        raise ValueError("this date is outside the calendar") from None
    if early != late:
        return Resolved(late if second else early, wall, name, Fit.OVERLAP)
    return Resolved(early, wall, name, Fit.EXACT)


def _jump(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two instants."""
    old = before.astimezone(there).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, there).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def local_parts(instant: datetime, name: str) -> LocalParts:
    """Date, time, offset and abbreviation of an aware instant in a zone. Raises UnknownZone."""
    there = instant.astimezone(zone(name))
    return LocalParts(
        there.date(),
        there.time(),
        there.utcoffset() or timedelta(),
        there.tzname() or name,
    )


def same_wall_clock(zone_a: str, zone_b: str, at: datetime) -> bool:
    """True when clocks in both zones show the same at that instant. Raises UnknownZone."""
    return at.astimezone(zone(zone_a)).utcoffset() == at.astimezone(zone(zone_b)).utcoffset()


def rederive(wall: datetime, name: str, was: datetime, *, second: bool = False) -> Rederived:
    """What a stored wall time means under the rules installed now.

    ``was`` is the UTC instant derived when it was published; ``has_moved`` tells whether it must
    be stored anew and people told. The same arguments as :func:`to_utc`.
    """
    return Rederived(to_utc(wall, name, second=second), was.astimezone(UTC))
