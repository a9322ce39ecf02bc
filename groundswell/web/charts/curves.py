"""Smooth lines through points, as SVG path data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


def text(value: float) -> str:
    """A coordinate with at most one decimal and no needless zero."""
    return f"{value:.1f}".removesuffix(".0")


def points(line: Sequence[Point]) -> str:
    """For the ``points`` attribute of a polyline or polygon."""
    return " ".join(f"{text(x)},{text(y)}" for x, y in line)


def smooth(line: Sequence[Point]) -> str:
    """A path through all points that never swings above or below its neighbours.

    Monotone cubic interpolation (Fritsch and Carlson 1980, with the harmonic mean of the slopes),
    so a peak in the numbers is a peak in the picture and nothing else is.
    """
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(line)]
    tangents = [slopes[0], *map(_tangent, slopes, slopes[1:]), slopes[-1]]
    parts = [f"M{text(line[0][0])} {text(line[0][1])}"]
    for index, (x1, y1) in enumerate(line[1:]):
        x0, y0 = line[index]
        third = (x1 - x0) / 3
        parts.append(
            f"C{text(x0 + third)} {text(y0 + tangents[index] * third)} "
            f"{text(x1 - third)} {text(y1 - tangents[index + 1] * third)} {text(x1)} {text(y1)}"
        )
    return "".join(parts)


def _tangent(before: float, after: float) -> float:
    return 2 * before * after / (before + after) if before * after > 0 else 0.0


def under(line: Sequence[Point], floor: float) -> str:
    """The surface between a smooth line and a floor."""
    return f"{smooth(line)}L{text(line[-1][0])} {text(floor)}L{text(line[0][0])} {text(floor)}Z"


def bucketed(numbers: Sequence[float], at_most: int) -> list[float]:
    """The same course in at most that many points, each the mean of equally many days."""
    if len(numbers) <= at_most:
        return [float(number) for number in numbers]
    size = -(-len(numbers) // at_most)
    groups = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    return [sum(group) / len(group) for group in groups]


def trailing_mean(numbers: Sequence[float], days: int) -> list[float]:
    """For each day the mean of it and the days before it, up to that many."""
    means = []
    for end in range(1, len(numbers) + 1):
        window = numbers[max(0, end - days) : end]
        means.append(sum(window) / len(window))
    return means


def softened(numbers: Sequence[float]) -> list[float]:
    """Each day with a quarter of both its neighbours: the sum stays, single spikes do not stab."""
    padded = [numbers[0], *numbers, numbers[-1]]
    return [
        (before + 2 * here + after) / 4
        for before, here, after in zip(padded, padded[1:], padded[2:], strict=False)
    ]
