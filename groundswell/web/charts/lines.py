"""A line of numbers over days: drawn twice (wide and phone), with notes and a table."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.kernel import formats
from groundswell.web.charts import curves

_LETTER = 7.4  # mean width of a letter at 13 pixels, semi-bold


@dataclass(frozen=True)
class Note:
    """Words pinned to a day: "Launch email"."""

    day: dt.date
    words: str


@dataclass(frozen=True)
class Mark:
    """Text at a place of the drawing; ``anchor`` is SVG's text-anchor."""

    x: str
    y: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Pinned:
    """A note: its dot, its words in one of two lanes, and where its line begins."""

    x: str
    y: str
    words: str
    words_x: str
    words_y: str
    top: str


@dataclass(frozen=True)
class View:
    """One drawing of the chart at one size."""

    kind: str
    width: int
    height: int
    start: str
    end: str
    floor: str
    rules: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    line: str
    area: str
    before: str
    notes: tuple[Pinned, ...]
    last: Mark
    last_label: Mark


@dataclass(frozen=True)
class Row:
    """A row of the table under the chart."""

    day: str
    value: str
    before: str


@dataclass(frozen=True)
class LineChart:
    """What ``web/charts/lines.html`` renders."""

    key: str
    title: str
    sentence: str
    measure: str
    before_label: str
    views: tuple[View, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Shape:
    kind: str
    width: int
    height: int
    start: float
    most_ticks: int

    top: float = 46.0

    @property
    def end(self) -> float:
        return self.width - 12.0

    @property
    def floor(self) -> float:
        return self.height - 26.0


_SHAPES = (_Shape("wide", 620, 310, 48.0, 6), _Shape("phone", 310, 240, 44.0, 3))


def nice_top(largest: float) -> int:
    """The least round number at or above it whose quarters are whole and easy to read."""
    if largest <= 4:
        return 4
    power = 10 ** math.floor(math.log10(largest / 4))
    for factor in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10):
        step = factor * power
        if step == int(step) and step * 4 >= largest:
            return int(step * 4)
    return int(40 * power)


def draw(
    days: Sequence[dt.date],
    counts: Sequence[int],
    *,
    title: str,
    sentence: str,
    measure: str,
    notes: Sequence[Note] = (),
    before: Sequence[int] = (),
    before_label: str = "",
) -> LineChart:
    """``counts`` per day; ``before`` is our own past over as many days, drawn dashed.

    ``sentence`` says what the chart shows and ``measure`` what a number counts ("Sign-ups").
    Raises ``ValueError`` without a day, or when a series has another length.
    """
    if not days or len(days) != len(counts) or (before and len(before) != len(days)):
        raise ValueError("a line chart needs one number for each of its days")
    top = nice_top(max([*counts, *before]))
    return LineChart(
        key="chart-" + hashlib.sha256(title.encode()).hexdigest()[:8],
        title=title,
        sentence=sentence,
        measure=measure,
        before_label=before_label if before else "",
        views=tuple(_view(shape, days, counts, before, notes, top) for shape in _SHAPES),
        rows=tuple(
            Row(
                formats.day(day),
                formats.number(count),
                formats.number(before[index]) if before else "",
            )
            for index, (day, count) in enumerate(zip(days, counts, strict=True))
        ),
    )


def _view(
    shape: _Shape,
    days: Sequence[dt.date],
    counts: Sequence[int],
    before: Sequence[int],
    notes: Sequence[Note],
    top: int,
) -> View:
    step = (shape.end - shape.start) / max(1, len(days) - 1)

    def line(numbers: Sequence[int]) -> list[curves.Point]:
        drop = (shape.floor - shape.top) / top
        return [
            (shape.start + i * step, shape.floor - number * drop)
            for i, number in enumerate(numbers)
        ]

    now = line(counts)
    ground = [(now[-1][0], shape.floor), (now[0][0], shape.floor)]
    return View(
        kind=shape.kind,
        width=shape.width,
        height=shape.height,
        start=curves.text(shape.start),
        end=curves.text(shape.end),
        floor=curves.text(shape.floor),
        rules=tuple(_rule(shape, top, quarter) for quarter in range(5)),
        ticks=tuple(_ticks(shape, days, step)),
        line=curves.points(now),
        area=curves.points([*now, *ground]),
        before=curves.points(line(before)) if before else "",
        notes=tuple(_notes(shape, days, now, notes)),
        last=Mark(curves.text(now[-1][0]), curves.text(now[-1][1]), ""),
        last_label=_last_label(shape, now[-1], counts[-1]),
    )


def _rule(shape: _Shape, top: int, quarter: int) -> Mark:
    y = shape.floor - (shape.floor - shape.top) * quarter / 4
    return Mark(
        curves.text(shape.start - 8), curves.text(y), formats.number(top * quarter // 4), "end"
    )


def _ticks(shape: _Shape, days: Sequence[dt.date], step: float) -> list[Mark]:
    every = max(1, math.ceil(len(days) / shape.most_ticks))
    marks = []
    for index in range(0, len(days), every):
        x = shape.start + index * step
        anchor = "start" if index == 0 else "end" if x > shape.end - 24 else "middle"
        marks.append(
            Mark(
                curves.text(x),
                curves.text(shape.height - 6),
                formats.short_date(days[index]),
                anchor,
            )
        )
    return marks


def _notes(
    shape: _Shape, days: Sequence[dt.date], now: list[curves.Point], notes: Sequence[Note]
) -> list[Pinned]:
    """Words in two lanes above the line. Where neither has room, the dot stands alone."""
    places = {day: now[index] for index, day in enumerate(days)}
    taken = [0.0, 0.0]
    pinned = []
    for note in sorted((note for note in notes if note.day in places), key=lambda note: note.day):
        x, y = places[note.day]
        length = len(note.words) * _LETTER
        start = max(0.0, min(x - 2, shape.width - length))
        lane = next((lane for lane, end in enumerate(taken) if start >= end), None)
        if lane is not None:
            taken[lane] = start + length + _LETTER
        pinned.append(
            Pinned(
                x=curves.text(x),
                y=curves.text(y),
                words=note.words if lane is not None else "",
                words_x=curves.text(start),
                words_y=str(14 + 16 * (lane or 0)),
                top=str(18 + 16 * (lane or 0)),
            )
        )
    return pinned


def _last_label(shape: _Shape, place: curves.Point, count: int) -> Mark:
    """The newest number, above its dot, or below where it would leave the drawing."""
    x, y = place
    label_y = y - 12 if y > shape.top else y + 20
    return Mark(curves.text(x), curves.text(label_y), formats.number(count), "end")
