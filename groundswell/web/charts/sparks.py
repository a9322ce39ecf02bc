"""A spark: the course of a number in the space of a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.web.charts import curves

WIDTH, HEIGHT = 96, 30


@dataclass(frozen=True)
class Spark:
    """A line of 96 by 30 units and the place of its last point."""

    points: str
    end_x: str
    end_y: str


def draw(numbers: Sequence[float]) -> Spark | None:
    """None when there are fewer than two numbers: one is no course."""
    if len(numbers) < 2:
        return None
    shown = curves.bucketed(numbers, 16)
    low, high = min(shown), max(shown)
    step = (WIDTH - 4) / (len(shown) - 1)
    scale = 24 / (high - low) if high > low else 0.0
    line = [(2 + index * step, 27 - (number - low) * scale) for index, number in enumerate(shown)]
    return Spark(curves.points(line), curves.text(line[-1][0]), curves.text(line[-1][1]))
