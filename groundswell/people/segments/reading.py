"""Rows of a segment as data: what is stored, checked before it is kept or asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.actor import VISITOR, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.people.segments.criterion import Criterion
from groundswell.people.sockets import criteria

ROWS_MOST = 25
NOBODY = VISITOR  # whoever asks only for words that do not depend on who asks
EVERYONE = "people.everyone"
SAMPLE = "people.sample"
NAMED = "people.segment"


class Verb(StrEnum):
    """What a row does with the people so far."""

    START = "start"
    KEEP = "keep"
    ADD = "add"
    LEAVE = "leave"


class Whom(StrEnum):
    """With whom a segment starts; at its end, whoever may not be reached so is left out."""

    EMAIL = "email"
    TEXT = "text"
    LOOK = "look"  # nothing can be sent to them


class StartsOnce(Refusal):
    sentence = _("A segment begins with one row that says with whom to start.")


class TooManyRows(Refusal):
    sentence = _("A segment has at most 25 rows. Save some as a segment, and use that here.")


class NoSuchCriterion(Refusal):
    sentence = _("One of the rows asks something that is not asked here any more. Remove it.")


class OnlyKept(Refusal):
    sentence = _("A sample can only be kept: choose “Keep only”.")


class NotLikeThis(Refusal):
    sentence = _("This row cannot be turned round.")


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence: ``verb`` and whom it is about. ``given`` is as the criterion's parameters
    keep it."""

    verb: Verb
    criterion: str
    given: Mapping[str, Any] = field(default_factory=dict)
    is_not: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the column of a version."""
        told: dict[str, Any] = {"verb": str(self.verb), "criterion": self.criterion}
        if self.given:
            told["with"] = dict(self.given)
        if self.is_not:
            told["not"] = True
        return told


class BadRow(Refusal):
    """Something is wrong with one row; ``number`` counts from 0, ``field`` is its parameter."""

    def __init__(self, number: int, wrong: Refusal) -> None:
        super().__init__(str(wrong), field=wrong.field)
        self.number = number


def criterion_of(name: str) -> Criterion | None:
    """What the rooms offer under this name."""
    return next((one for one in offered() if one.name == name), None)


def offered() -> list[Criterion]:
    """Every criterion of every room, in the order of the builder's list."""
    found = [one for _room, many in criteria for one in many]
    return sorted(found, key=lambda one: one.family)


def start(whom: Whom) -> Row:
    """The first row."""
    return Row(Verb.START, EVERYONE, {"whom": str(whom)})


def read(told: Any, *, by: Actor) -> list[Row]:
    """Rows from their JSON, each checked for whoever asks. Raises BadRow, StartsOnce,
    TooManyRows."""
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise StartsOnce
    if len(told) > ROWS_MOST:
        raise TooManyRows
    rows = []
    for number, one in enumerate(told):
        try:
            rows.append(read_row(one, by=by))
        except Refusal as wrong:
            raise BadRow(number, wrong) from wrong
    if not rows or [row.verb for row in rows].count(Verb.START) != 1 or rows[0].verb != Verb.START:
        raise StartsOnce
    return rows


def read_row(told: Mapping[str, Any], *, by: Actor) -> Row:
    """One row from its JSON. Raises Refusal with the parameter as its field."""
    found, verb, is_not = beginning(told, by=by)
    typed = told.get("with") or {}
    if not isinstance(typed, dict):
        raise NoSuchCriterion
    given = {one.name: one.read(typed.get(one.name, ""), by) for one in found.parameters}
    kept = {key: value for key, value in given.items() if value != ""}
    return Row(verb, found.name, kept, is_not)


def beginning(told: Mapping[str, Any], *, by: Actor) -> tuple[Criterion, Verb, bool]:
    """All of a row but what its parameters are given: the criterion, the verb, whether it is
    turned round. Raises NoSuchCriterion, StartsOnce, NotLikeThis, OnlyKept."""
    found = criterion_of(str(told.get("criterion", "")))
    try:
        verb = Verb(str(told.get("verb", "")))
    except ValueError as unknown:
        raise NoSuchCriterion from unknown
    if found is None or not by.may_somewhere(found.needs):
        raise NoSuchCriterion
    if (verb == Verb.START) != (found.name == EVERYONE):
        raise StartsOnce
    is_not = bool(told.get("not"))
    if is_not and not found.can_be_not:
        raise NotLikeThis
    if found.name == SAMPLE and verb != Verb.KEEP:
        raise OnlyKept
    return found, verb, is_not


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """For the column of a version."""
    return [row.as_json() for row in rows]


def whom_of(rows: list[Row]) -> Whom:
    """With whom these rows start."""
    return Whom(rows[0].given["whom"])


def segments_in(told: Iterable[Mapping[str, Any]]) -> set[int]:
    """The ids of the segments that stored rows are made of."""
    found = (row.get("with", {}).get("segment") for row in told if row.get("criterion") == NAMED)
    return {int(segment_id) for segment_id in found if str(segment_id).isdigit()}
