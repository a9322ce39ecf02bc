"""Reading what sources cost from a table that ad services give out, or that somebody keeps."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.people import money
from groundswell.people.operations import sources
from groundswell.people.operations.sources import Cost

MOST_LETTERS = 200_000
# What columns are called, ours first and then those of exports.
_NAMES = {
    "source": ("source", "code", "utm_source", "campaign", "campaign name", "campaign_name"),
    "from": ("from", "from_on", "date", "day", "reporting starts", "start"),
    "to": ("to", "to_on", "reporting ends", "end"),
    "amount": ("amount", "cost", "spend", "amount spent"),
    "currency": ("currency", "currency code", "account currency code"),
}


class NoTable(Refusal):
    sentence = _(
        "Write the names of the columns in the first row: source, from, to, amount, currency."
    )
    field = "table"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; the first row under the names is number 2, as in a sheet."""

    row: int
    refusal: Refusal


def read(text: str) -> tuple[list[Cost], list[Problem]]:
    """The costs, and the rows that nobody can take in. Raises NoTable."""
    rows = list(_table(text[:MOST_LETTERS]))
    if not rows:
        raise NoTable
    columns = _columns(rows[0])
    costs: list[Cost] = []
    problems: list[Problem] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            costs.append(_cost({name: _cell(cells, at) for name, at in columns.items()}))
        except Refusal as refusal:
            problems.append(Problem(number, refusal))
    return costs, problems


def _table(text: str) -> list[list[str]]:
    clean = text.removeprefix("\ufeff").replace("\x00", "").strip()
    head = clean.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(clean), delimiter=mark))
    except csv.Error as wrong:
        raise NoTable from wrong


def _columns(head: list[str]) -> dict[str, int]:
    named = [clean_line(cell).casefold() for cell in head]
    found: dict[str, int] = {}
    for name, known in _NAMES.items():
        at = next((named.index(one) for one in known if one in named), None)
        if at is not None:
            found[name] = at
    if not {"source", "from", "amount", "currency"} <= set(found):
        raise NoTable
    return found


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _cost(told: Mapping[str, str]) -> Cost:
    from_on = _day(told["from"])
    currency = money.currency_of(told["currency"])
    cost = Cost(
        code=told["source"],
        from_on=from_on,
        to_on=_day(told["to"]) if told.get("to", "").strip() else from_on,
        amount_minor=money.minor_of(told["amount"], currency),
        currency=currency,
    )
    sources.check(cost)
    return cost


class NotADay(Refusal):
    sentence = _("Write days as year-month-day, for example 2026-12-05.")
    field = "from_on"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(clean_line(text))
    except ValueError as wrong:
        raise NotADay from wrong
