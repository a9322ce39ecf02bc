"""What people answered to the questions of this installation (``models.Field``).

A private field is sealed, so nobody can choose people by it; any other only whoever may read the
answers, and only among the people over whom they may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor, Right
from groundswell.people import fields, sight
from groundswell.people.models import Field, FieldValue, Person
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import Choices, Day, Number, OneOf, Words

Kind = Field.Kind


def readable(by: Actor) -> list[Field]:
    """The fields whose answers the actor may read of somebody, in their order."""
    open_ones = Field.objects.filter(is_private=False).order_by("position", "key")
    return [one for one in open_ones if by.may_somewhere(Right(one.sees))]


def _of_kind(*kinds: str) -> Choices:
    def choices(by: Actor) -> Sequence[tuple[str, str]]:
        return [(one.key, fields.label(one)) for one in readable(by) if one.kind in kinds]

    return choices


def _answers(by: Actor) -> Sequence[tuple[str, str]]:
    """Every answer that can be chosen, of every field that has a few: ``branch:nurse``."""
    return list(_each_answer(by))


def _each_answer(by: Actor) -> Iterator[tuple[str, str]]:
    for one in readable(by):
        if one.kind == Kind.YES:
            yield f"{one.key}:yes", _("{field}: yes").format(field=fields.label(one))
            yield f"{one.key}:no", _("{field}: no").format(field=fields.label(one))
        elif one.kind in {Kind.ONE, Kind.MANY}:
            for choice in one.choices:
                answer = fields.choice_label(one, choice["key"])
                words = _("{field}: {answer}").format(field=fields.label(one), answer=answer)
                yield f"{one.key}:{choice['key']}", words


def _values(key: str, asking: Asking) -> QuerySet[FieldValue]:
    """The answers to one field that whoever asks may read."""
    field = next((one for one in readable(asking.by) if one.key == key), None)
    if field is None:
        return FieldValue.objects.none()
    found = FieldValue.objects.filter(field=field)
    depth = sight.DEPTHS.get(Right(field.sees))
    if depth is None:
        return found if asking.by.may(Right(field.sees)) else found.none()
    seen = sight.seen(asking.by, at_least=depth)
    return found.filter(person__in=Person.objects.filter(seen)) if seen != Q() else found


def _chosen(given: Given, asking: Asking) -> Rows:
    key, _colon, answer = given["answer"].partition(":")
    return Rows(_values(key, asking).filter(text=answer))


def _written(given: Given, asking: Asking) -> Rows:
    found = _values(given["field"], asking)
    return Rows(found.filter(text__istartswith=given["text"]))


def _between(read: Callable[[str], object], column: str) -> Callable[[Given, Asking], Rows]:
    def fits(given: Given, asking: Asking) -> Rows:
        found = _values(given["field"], asking).exclude(**{column: None})
        if "least" in given:
            found = found.filter(**{f"{column}__gte": read(given["least"])})
        if "most" in given:
            found = found.filter(**{f"{column}__lte": read(given["most"])})
        return Rows(found)

    return fits


def _words_of_a_span(given: Given, shown: Mapping[str, str], is_not: bool) -> str:
    if "least" in given and "most" in given:
        told = (
            _("have no answer to “{field}” from {least} to {most}")
            if is_not
            else _("answered “{field}” with {least} to {most}")
        )
    elif "least" in given:
        told = (
            _("have no answer to “{field}” from {least} on")
            if is_not
            else _("answered “{field}” with {least} or more")
        )
    elif "most" in given:
        told = (
            _("have no answer to “{field}” up to {most}")
            if is_not
            else _("answered “{field}” with {most} or less")
        )
    else:
        told = _("did not answer “{field}”") if is_not else _("answered “{field}”")
    return told.format(**shown)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="people.choice",
        family=Family.PERSON,
        title=gettext_lazy("chose an answer"),
        parameters=(OneOf(name="answer", label=gettext_lazy("Answer"), choices=_answers),),
        fits=_chosen,
        says=gettext_lazy("answered “{answer}”"),
        says_not=gettext_lazy("did not answer “{answer}”"),
    ),
    Criterion(
        name="people.answered",
        family=Family.PERSON,
        title=gettext_lazy("answered a question"),
        parameters=(OneOf(name="field", label=gettext_lazy("Question"), choices=_of_kind(*Kind)),),
        fits=lambda given, asking: Rows(_values(given["field"], asking)),
        says=gettext_lazy("answered “{field}”"),
        says_not=gettext_lazy("did not answer “{field}”"),
    ),
    Criterion(
        name="people.text",
        family=Family.PERSON,
        title=gettext_lazy("wrote an answer"),
        parameters=(
            OneOf(name="field", label=gettext_lazy("Question"), choices=_of_kind(Kind.TEXT)),
            Words(name="text", label=gettext_lazy("How the answer begins")),
        ),
        fits=_written,
        says=gettext_lazy("answered “{field}” with words that begin “{text}”"),
        says_not=gettext_lazy("did not answer “{field}” with words that begin “{text}”"),
    ),
    Criterion(
        name="people.number",
        family=Family.PERSON,
        title=gettext_lazy("answered with a number"),
        parameters=(
            OneOf(name="field", label=gettext_lazy("Question"), choices=_of_kind(Kind.NUMBER)),
            Number(
                name="least", label=gettext_lazy("At least"), least=-(10**9), most=10**9,
                is_optional=True,
            ),
            Number(
                name="most", label=gettext_lazy("At most"), least=-(10**9), most=10**9,
                is_optional=True,
            ),
        ),
        fits=_between(float, "number"),
        clause=_words_of_a_span,
    ),
    Criterion(
        name="people.date",
        family=Family.PERSON,
        title=gettext_lazy("answered with a day"),
        parameters=(
            OneOf(name="field", label=gettext_lazy("Question"), choices=_of_kind(Kind.DATE)),
            Day(name="least", label=gettext_lazy("First day"), is_optional=True),
            Day(name="most", label=gettext_lazy("Last day"), is_optional=True),
        ),
        fits=_between(date.fromisoformat, "on"),
        clause=_words_of_a_span,
    ),
)  # fmt: skip
