"""The swell: the signature of a campaign, drawn from its own sign-ups per day.

Two inks: the day (marigold) and the week (coral) printed over it; the paper is the third. A
campaign without sign-ups is a flat sea, and a handful of them does not fill the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.web.charts import curves

WIDTH, HEIGHT = 1200, 190
_MOST_POINTS = 66
# A day below this many sign-ups is not drawn as a peak.
_LEAST_PEAK = 12
_DAY_LEVEL, _WEEK_LEVEL, _SHORE_LEVEL = 142.0, 160.0, 184.0
_DAY_RISE, _WEEK_RISE, _SHORE_RISE = 130.0, 84.0, 34.0


@dataclass(frozen=True)
class Swell:
    """Three surfaces of a picture of 1200 by 190 units, from back to front."""

    day: str
    week: str
    shore: str
    is_flat: bool
    width: int = WIDTH
    height: int = HEIGHT


def draw(daily: Sequence[int]) -> Swell:
    """``daily``: sign-ups per day, oldest first, days without any as 0."""
    numbers = curves.bucketed(list(daily) or [0, 0], _MOST_POINTS)
    if len(numbers) == 1:
        numbers = [0.0, *numbers]
    weekly = curves.trailing_mean(numbers, 7)
    days = curves.softened(numbers)
    peak = max(_LEAST_PEAK, *days)
    weekly_peak = max(_LEAST_PEAK, *weekly)
    total = sum(numbers)
    so_far, shares = 0.0, []
    for amount in numbers:
        so_far += amount
        shares.append(so_far / total if total else 0.0)
    reach = min(1.0, total / 100)
    return Swell(
        day=_surface([_DAY_LEVEL - _DAY_RISE * amount / peak for amount in days]),
        week=_surface([_WEEK_LEVEL - _WEEK_RISE * amount / weekly_peak for amount in weekly]),
        shore=_surface([_SHORE_LEVEL - _SHORE_RISE * reach * share for share in shares]),
        is_flat=not total,
    )


def _surface(levels: list[float]) -> str:
    step = WIDTH / (len(levels) - 1)
    return curves.under([(index * step, level) for index, level in enumerate(levels)], HEIGHT)
