"""Answers to the installation's own questions (``models.Field``)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people.facts_of_profiles import AnswersChanged
from groundswell.people.models import Field, FieldValue, Person
from groundswell.people.operations.whom import person_of_team
from groundswell.people.sight import DEPTHS
from groundswell.people.sockets import Depth
from groundswell.site import vault

TEXT_MOST = 200
NUMBER_MOST = 1e15  # every whole number below it is exact in a float


class NotAnAnswer(Refusal):
    """What was typed is no answer to this field; ``field`` names it."""

    sentence = _("This does not fit the question.")


class NotYoursToAnswer(Refusal):
    sentence = _("Your role does not let you change this answer.")


@dataclass(frozen=True, slots=True)
class Parsed:
    """An answer in the columns of its kind; several for a field of many choices."""

    texts: tuple[str, ...] = ()
    number: float | None = None
    on: date | None = None

    @property
    def is_empty(self) -> bool:
        return not self.texts and self.number is None and self.on is None


def parsed(field: Field, told: str | Sequence[str]) -> Parsed:
    """What was typed as an answer to a field; "" is no answer. Raises NotAnAnswer.

    A number may have a decimal comma; a day is written as in ISO 8601.
    """
    several = [told] if isinstance(told, str) else list(told)
    words = [clean_line(each) for each in several if clean_line(each)]
    if not words:
        return Parsed()
    match field.kind:
        case Field.Kind.NUMBER:
            return Parsed(number=_number(field, words[0]))
        case Field.Kind.DATE:
            return Parsed(on=_day(field, words[0]))
        case Field.Kind.YES:
            if words[0] not in {"yes", "no"}:
                raise NotAnAnswer(_("Choose yes or no."), field=field.key)
            return Parsed(texts=(words[0],))
        case Field.Kind.ONE | Field.Kind.MANY:
            return Parsed(texts=_choices(field, words))
    if len(words[0]) > TEXT_MOST:
        raise NotAnAnswer(_("Make this shorter: at most 200 characters."), field=field.key)
    return Parsed(texts=(words[0],))


def _number(field: Field, word: str) -> float:
    try:
        number = float(word.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > NUMBER_MOST:
        raise NotAnAnswer(_("Write a number, for example 12 or 2.5."), field=field.key)
    return number


def _day(field: Field, word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as wrong:
        sentence = _("Choose a day that exists, for example 2026-12-05.")
        raise NotAnAnswer(sentence, field=field.key) from wrong


def _choices(field: Field, words: Iterable[str]) -> tuple[str, ...]:
    known = {each["key"] for each in field.choices}
    chosen = tuple(dict.fromkeys(words))
    if not set(chosen) <= known or (field.kind == Field.Kind.ONE and len(chosen) > 1):
        raise NotAnAnswer(_("Choose one of the answers shown."), field=field.key)
    return chosen


@transaction.atomic
def answer(*, person_id: int, told: Mapping[str, str | Sequence[str]], by: Actor) -> int:
    """Put answers by the keys of their fields in place of those we have; "" takes one away.

    Fields that are not named stay. Returns how many changed. Raises looking.NotYours,
    NotYoursToAnswer, NotAnAnswer; then nothing is written.
    """
    person = person_of_team(person_id, by, at_least=Depth.NAME)
    fields = {field.key: field for field in Field.objects.filter(key__in=told, is_closed=False)}
    changed = 0
    for key, words in told.items():
        field = fields.get(key)
        if field is None:
            raise NotYoursToAnswer
        try:
            person_of_team(person_id, by, at_least=DEPTHS[Right(field.writes)])
        except Refusal as refusal:
            raise NotYoursToAnswer from refusal
        changed += _put(field, person, parsed(field, words))
    if changed:
        ledger_ops.record(AnswersChanged(person_id=person.id, count=changed), by=by)
    return changed


def _put(field: Field, person: Person, found: Parsed) -> bool:
    """Whether the answer is another one than before."""
    held = list(FieldValue.objects.filter(field=field, person=person))
    if _as_parsed(field, held) == found:
        return False
    FieldValue.objects.filter(field=field, person=person).delete()
    rows = values_of(field, person, found)
    FieldValue.objects.bulk_create(rows)
    return True


def _as_parsed(field: Field, held: list[FieldValue]) -> Parsed:
    if not held:
        return Parsed()
    if field.is_private:
        return parsed(field, [vault.open_(row, "value_sealed") for row in held])
    return Parsed(
        texts=tuple(sorted(row.text for row in held if row.text)),
        number=held[0].number,
        on=held[0].on,
    )


def values_of(field: Field, person: Person, found: Parsed) -> list[FieldValue]:
    """The rows of an answer, not written yet; each choice of a field of many is one."""
    if found.is_empty:
        return []
    now = clock.now()
    plain: list[dict[str, Any]] = [{"text": text} for text in sorted(found.texts)] or [{}]
    rows = []
    for number, columns in enumerate(plain):
        row = FieldValue(id=new_id(), field=field, person=person, at=now, **columns)
        row.number, row.on = found.number, found.on
        if field.is_private:
            told = row.text or (row.on.isoformat() if row.on else f"{row.number}")
            row.value_sealed = vault.seal(row, "value_sealed", told, key_id=person.key_id)
            # Nothing readable is left; the number tells one choice from the next.
            row.text, row.number, row.on = (str(number) if number else ""), None, None
        rows.append(row)
    return rows
