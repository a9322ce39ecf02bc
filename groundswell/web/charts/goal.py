"""The goal: a wave that fills from the start edge as events come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.web.charts import curves

WIDTH, HEIGHT = 400, 80


@dataclass(frozen=True)
class Goal:
    """A wave of 400 by 80 units, filled up to ``mark`` (units from the start)."""

    wave: str
    mark: str
    share: float
    done: int
    wanted: int
    width: int = WIDTH
    height: int = HEIGHT


def draw(*, done: int, wanted: int, daily: Sequence[int] = ()) -> Goal:
    """``daily``: how many came in each day, for the shape of the wave; without it, an even rise."""
    share = min(1.0, done / wanted) if wanted > 0 else 0.0
    so_far, heights = 0.0, [0.0]
    for amount in curves.bucketed(daily, 24) if sum(daily) else [1.0] * 6:
        so_far += amount
        heights.append(so_far)
    # The part that is still to come rises on, from the share that we have to the top.
    edge = WIDTH * max(share, 0.02)
    step = edge / (len(heights) - 1)
    line = [
        (index * step, 68 - 56 * share * height / so_far) for index, height in enumerate(heights)
    ]
    if share < 1:
        line += [((edge + WIDTH) / 2, 68 - 56 * (share + 1) / 2), (float(WIDTH), 8.0)]
    return Goal(
        wave=curves.under(line, HEIGHT),
        mark=curves.text(WIDTH * share),
        share=share,
        done=done,
        wanted=wanted,
    )
