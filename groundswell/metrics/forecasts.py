"""Where a number goes at this pace. Pure functions: no clock, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WINDOW_DAYS = 14  # the pace is the mean of these days, so one launch mail does not rule it
LEAST_DAYS = 7
LEAST_COUNT = 5


@dataclass(frozen=True, slots=True)
class Forecast:
    """``expected`` by the end of ``by``, at ``per_day`` a day. ``short`` is what is missing."""

    expected: int
    by: date
    per_day: float
    short: int


def forecast(
    *, done: int, wanted: int, daily: Sequence[int], today: date, by: date
) -> Forecast | None:
    """The forecast of a goal, or ``None`` when there is nothing honest to say.

    ``daily`` counts each day up to today, oldest first, from the first day on which it could
    happen. Nothing is said without a goal, after ``by``, once the goal is reached, or with fewer
    than 7 days or 5 happenings to judge by.
    """
    if wanted <= 0 or done >= wanted or by <= today:
        return None
    window = list(daily)[-WINDOW_DAYS:]
    if len(window) < LEAST_DAYS or sum(window) < LEAST_COUNT:
        return None
    per_day = sum(window) / len(window)
    expected = done + int(per_day * (by - today).days)
    return Forecast(expected, by, per_day, max(0, wanted - expected))
