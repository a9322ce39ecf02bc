"""A first look over the whole file: its action day, its usual start, its counts."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from groundswell.cli.replay import clocks, values
from groundswell.cli.replay.columns import Columns
from groundswell.cli.replay.files import CannotReplay, Table
from groundswell.cli.replay.gatherings import Usual

_NOON = time(12)
_SATURDAY = 5
# The last reports come ten days after the day, and the page then tells what came of it.
PAST_DAYS = 14
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-_. ]?([01]\d)[-_. ]?([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first look found."""

    usual: Usual
    order: values.DateOrder
    row_count: int
    day_from: str  # "asked", "dates", "name", "header", "none"


def survey(
    table: Table, columns: Columns, *, today: date, action_on: date | None, limit: int | None
) -> Survey:
    """Look over at most ``limit`` rows. Raises CannotReplay for a file without rows and for an
    action day that is not past."""
    order = values.order_of(
        cells[columns.at["date"]]
        for _row, cells in some_rows(table, limit)
        if "date" in columns.at and columns.at["date"] < len(cells)
    )
    dates: Counter[date] = Counter()
    starts: Counter[time] = Counter()
    count = 0
    for _row, cells in some_rows(table, limit):
        fields, count = columns.read(cells), count + 1
        day = order.read(fields["date"]) if fields["date"] else None
        if day is not None:
            dates[day] += 1
        span = clocks.read(fields["time"]) if fields["time"] else None
        if span is not None and not span.how:
            starts[span.starts] += 1
    if not count:
        raise CannotReplay(
            f"{table.path.name} has a header and no rows. Add one row for each event."
        )
    last = today - timedelta(days=PAST_DAYS)
    chosen, came_from = _action_day(table, dates, last, action_on)
    usual_start = starts.most_common(1)[0][0] if starts else _NOON
    return Survey(
        Usual(chosen, usual_start, last, bool(starts), _weekday(dates)),
        order,
        count,
        came_from,
    )


def some_rows(table: Table, limit: int | None) -> Iterator[tuple[int, list[str]]]:
    """The first ``limit`` rows, or all of them."""
    return itertools.islice(table.rows(), limit)


def _weekday(dates: Counter[date]) -> int | None:
    """The weekday of most dated rows; None unless more than half of them fall on it."""
    weekdays: Counter[int] = Counter()
    for day, number in dates.items():
        weekdays[day.weekday()] += number
    if not weekdays:
        return None
    weekday, number = weekdays.most_common(1)[0]
    return weekday if number * 2 > weekdays.total() else None


def _action_day(
    table: Table, dates: Counter[date], last: date, asked: date | None
) -> tuple[date, str]:
    """The day: asked for, the most frequent one, one in the file's name or header, or a recent
    Saturday."""
    if asked is not None:
        if asked > last:
            raise CannotReplay(
                f"The action day must lie at least {PAST_DAYS} days back: a replay tells what "
                f"happened. The latest possible one is {last}."
            )
        return asked, "asked"
    past = Counter({day: number for day, number in dates.items() if day <= last})
    if past:
        return past.most_common(1)[0][0], "dates"
    for text, came_from in ((table.path.name, "name"), (" ".join(table.header), "header")):
        for found in _DATE_IN_NAME.finditer(text):
            day = values.DateOrder().read("-".join(found.groups()))
            if day is not None and day <= last:
                return day, came_from
    return last - timedelta(days=(last.weekday() - _SATURDAY) % 7), "none"
