"""What a number is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Unit(StrEnum):
    """What a number counts."""

    EVENTS = "events"
    PEOPLE = "people"
    SIGN_UPS = "sign_ups"
    HOSTS = "hosts"
    COUNTRIES = "countries"
    SHARE = "share"  # of ``Amount.whole``


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of one campaign that all its numbers are worked out from."""

    events_wanted: int = 0
    people_wanted: int = 0
    events_listed: int = 0
    events_to_review: int = 0
    events_over: int = 0
    events_reported: int = 0
    seats_taken: int = 0
    parties_waiting: int = 0
    hosts: int = 0
    hosts_with_kit: int = 0
    countries: int = 0
    counted_low: int = 0
    counted_best: int = 0
    counted_high: int = 0
    sign_ups: int = 0
    first_timers: int = 0
    going: int = 0
    proven: int = 0
    confirmed: int = 0
    checked_in: int = 0
    came: int = 0  # at events that are over
    expected: int = 0  # people who were going to events that are over


@dataclass(frozen=True, slots=True)
class Amount:
    """How much. A share has a ``whole``; a count of heads may have a low and a high."""

    value: int
    whole: int | None = None
    low: int | None = None
    high: int | None = None

    @property
    def share(self) -> float:
        """``value`` of ``whole``, 0 to 1."""
        return self.value / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Number:
    """One number. ``of`` gives ``None`` while there is nothing to work it out from.

    ``is_public``: anybody may see it, if it passes the floor of ten where it counts people.
    """

    key: str
    name: str | Promise
    definition: str | Promise
    unit: Unit
    of: Callable[[Totals], Amount | None]
    is_public: bool = False


def share(part: int, whole: int) -> Amount | None:
    """A share, or nothing of nothing."""
    return Amount(part, whole) if whole else None
