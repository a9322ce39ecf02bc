"""What cells mean in this installation: answers to its fields, accounts of its team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.text import fold
from groundswell.people.imports import values
from groundswell.people.imports.choices import Choices
from groundswell.people.imports.cleaning import Clean, Problem
from groundswell.people.imports.columns import FIELD
from groundswell.people.models import Field

_TEXT_MOST = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a field, in the column of its kind; a private one is still in the clear."""

    field: Field
    text: str = ""
    number: float | None = None
    on: date | None = None

    @property
    def told(self) -> str:
        """The one text that a private field seals."""
        if self.number is not None:
            return f"{self.number:.15g}"
        return self.on.isoformat() if self.on else self.text


class Resolver:
    """Reads cells by this installation's fields and accounts, each looked up once."""

    def __init__(self, columns: Iterable[str], choices: Choices) -> None:
        keys = {to.removeprefix(FIELD) for to in columns if to.startswith(FIELD)}
        self.fields = {field.key: field for field in Field.objects.filter(key__in=keys)}
        self.choices = choices
        self.accounts: dict[str, int | None] = {}

    def answers(self, clean: Clean) -> list[Answer]:
        """The answers of a row; a cell that is none becomes a problem of the row."""
        found: list[Answer] = []
        for key, (place, cell) in clean.answers.items():
            field = self.fields.get(key)
            if field is None:
                continue
            made = self._answer(field, cell)
            if made is None:
                clean.problems.append(Problem(_WRONG.get(field.kind, "not_a_choice"), place))
            else:
                found += made
        return found

    def _answer(self, field: Field, cell: str) -> list[Answer] | None:
        match field.kind:
            case Field.Kind.NUMBER:
                number = _number(cell)
                return None if number is None else [Answer(field, number=number)]
            case Field.Kind.DATE:
                day = values.day(cell, month_first=self.choices.month_first)
                return None if day is None else [Answer(field, on=day)]
            case Field.Kind.YES:
                is_yes = values.yes_or_no(cell)
                return None if is_yes is None else [Answer(field, "yes" if is_yes else "no")]
            case Field.Kind.ONE:
                key = _choice(field, cell)
                return [Answer(field, key)] if key else None
            case Field.Kind.MANY:
                keys = [_choice(field, part) for part in _parts(cell)]
                return None if "" in keys or not keys else [Answer(field, k) for k in keys]
        return [Answer(field, cell[:_TEXT_MOST])]

    def point_person(self, clean: Clean) -> int | None:
        """The account that a row names; none becomes a problem of the row."""
        email = clean.point_person
        if not email:
            return None
        if email not in self.accounts:
            account = accounts_queries.account_by_email(email)
            self.accounts[email] = account.id if account else None
        if self.accounts[email] is None:
            clean.problems.append(Problem("no_account", -1))
        return self.accounts[email]


_WRONG: dict[Any, str] = {
    Field.Kind.NUMBER: "not_a_number",
    Field.Kind.DATE: "not_a_day",
    Field.Kind.YES: "not_yes_or_no",
}


def _number(cell: str) -> float | None:
    try:
        number = float(cell.replace(" ", "").replace(",", "." if cell.count(",") == 1 else ""))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _parts(cell: str) -> list[str]:
    for mark in ("|", ";"):
        cell = cell.replace(mark, ",")
    return list(dict.fromkeys(part.strip() for part in cell.split(",") if part.strip()))


def _choice(field: Field, cell: str) -> str:
    """The key of the choice that a cell names by its key or by its label in any language."""
    wanted = fold(cell)
    for choice in field.choices:
        labels = choice["labels"].values()
        if wanted == fold(choice["key"]) or any(wanted == fold(label) for label in labels):
            return str(choice["key"])
    return ""
