"""Bars, steps of a ladder, and one bar in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.kernel import formats
from groundswell.web.charts import curves

# What is done, begun, not begun: the last is grey, since it is no alarm.
_TONES = ("k1", "k2", "k5", "k4", "k3")


@dataclass(frozen=True)
class Row:
    """One bar before it is drawn."""

    label: str
    value: int
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar: its width in percent, its number and a share in words."""

    label: str
    value: str
    width: str
    note: str


@dataclass(frozen=True)
class Bars:
    """What ``web/charts/bars.html`` and ``steps.html`` render."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar: start and width in thousandths."""

    label: str
    value: str
    start: str
    width: str
    tone: str


@dataclass(frozen=True)
class Stack:
    """What ``web/charts/stack.html`` renders; ``sentence`` reads all parts aloud."""

    title: str
    sentence: str
    parts: tuple[Part, ...]


def _width(value: float, whole: float) -> str:
    return curves.text(max(0.0, min(1.0, value / whole)) * 100 if whole > 0 else 0.0)


def draw(rows: Sequence[Row], *, title: str) -> Bars:
    """Bars measured against the longest of them."""
    longest = max((row.value for row in rows), default=0)
    made = (
        Bar(row.label, formats.number(row.value), _width(row.value, longest), row.note)
        for row in rows
    )
    return Bars(title=title, bars=tuple(made))


def steps(rows: Sequence[Row], *, title: str) -> Bars:
    """Each bar measured against the step above it; ``note`` is the share as a percentage.

    A step larger than the one above is drawn full: people may enter a ladder anywhere.
    """
    made: list[Bar] = []
    for index, row in enumerate(rows):
        above = rows[index - 1].value if index else row.value
        note = formats.percent(row.value, above) if index else ""
        made.append(
            Bar(row.label, formats.number(row.value), _width(row.value, above), row.note or note)
        )
    return Bars(title=title, bars=tuple(made))


def stack(rows: Sequence[Row], *, title: str) -> Stack:
    """One bar in up to five parts, each with its own tone and its number in words."""
    whole = sum(row.value for row in rows)
    parts, start = [], 0.0
    for index, row in enumerate(rows):
        width = row.value / whole * 1000 if whole else 0.0
        gap = 3.0 if index < len(rows) - 1 and width > 6 else 0.0
        parts.append(
            Part(
                row.label,
                formats.number(row.value),
                curves.text(start),
                curves.text(width - gap),
                _TONES[index % 5],
            )
        )
        start += width
    sentence = formats.listing([f"{row.label} {formats.number(row.value)}" for row in rows])
    return Stack(title=title, sentence=sentence, parts=tuple(parts))
