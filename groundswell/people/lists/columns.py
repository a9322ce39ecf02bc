"""The columns of a table of people: typed, each filled for a whole page in one or two queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.accounts import queries as account_queries
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.people import fields, queries, sight, zones
from groundswell.people.models import Field, FieldValue, Person, SourceCode, Tagging
from groundswell.people.operations import reach
from groundswell.people.sight import DEPTHS
from groundswell.people.sockets import Depth

Cells = Mapping[int, Any]  # by person id; who is missing has an empty cell

MOST = 12  # columns of one table
FIRST = ("country", "tags", "reach", "active")  # of a view that nobody has changed


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: "text", "tags", "day", "number" or "yes", which says how a cell is shown."""

    key: str
    label: str | Promise
    kind: str
    fill: Callable[[Sequence[Person], Actor], Cells]
    sort: str = ""  # the sort of ``wishes.SORTS`` that it stands for, without its sign


def _country(people: Sequence[Person], by: Actor) -> Cells:
    return {p.id: countries.name(p.country) for p in people if p.country}


def _language(people: Sequence[Person], by: Actor) -> Cells:
    return {
        p.id: ", ".join(formats.endonym(code) for code in (p.language, *p.other_languages))
        for p in people
    }


def _zone(people: Sequence[Person], by: Actor) -> Cells:
    return {p.id: zones.of(p).name.replace("_", " ") for p in people}


def _town(people: Sequence[Person], by: Actor) -> Cells:
    return dict(queries.towns_of(people))


def _tags(people: Sequence[Person], by: Actor) -> Cells:
    found: dict[int, list[str]] = {}
    rows = Tagging.objects.filter(person__in=people).order_by("tag__folded")
    for person_id, name in rows.values_list("person_id", "tag__name"):
        found.setdefault(person_id, []).append(name)
    return found


def _reach(people: Sequence[Person], by: Actor) -> Cells:
    words = {
        reach.EMAIL: _("E-mail"),
        reach.TEXT: _("Text message"),
        reach.EMAIL | reach.TEXT: _("E-mail and text"),
    }
    return {p.id: words[p.reach] for p in people if p.reach}


def _since(people: Sequence[Person], by: Actor) -> Cells:
    return {p.id: p.created_at.date() for p in people}


def _active(people: Sequence[Person], by: Actor) -> Cells:
    return {p.id: p.last_active_on for p in people}


def _point(people: Sequence[Person], by: Actor) -> Cells:
    points: dict[int, int | None] = {p.id: p.point_person_id for p in people}
    wanted = {account_id for account_id in points.values() if account_id}
    names = account_queries.names_of(wanted) if wanted else {}
    return {person_id: names.get(each or 0, "") for person_id, each in points.items()}


def _first_source(people: Sequence[Person], by: Actor) -> Cells:
    rows = SourceCode.objects.filter(first_of__in=people).distinct()
    names = {row.id: row.name or row.code for row in rows}
    return {p.id: names.get(p.first_source_id or 0, "") for p in people}


FIXED: tuple[Column, ...] = (
    Column("country", gettext_lazy("Country"), "text", _country),
    Column("town", gettext_lazy("Town"), "text", _town),
    Column("languages", gettext_lazy("Languages"), "text", _language),
    Column("zone", gettext_lazy("Time zone"), "text", _zone),
    Column("tags", gettext_lazy("Tags"), "tags", _tags),
    Column("reach", gettext_lazy("May be reached by"), "text", _reach),
    Column("point", gettext_lazy("Looked after by"), "text", _point),
    Column("source", gettext_lazy("First came by"), "text", _first_source),
    Column("since", gettext_lazy("With us since"), "day", _since, sort="since"),
    Column("active", gettext_lazy("Last active"), "day", _active, sort="active"),
)
_KINDS = {Field.Kind.NUMBER: "number", Field.Kind.DATE: "day", Field.Kind.MANY: "tags"}


def offered(by: Actor) -> list[Column]:
    """Every column that ``by`` may choose: the fixed ones, and the answers that they may read
    of at least somebody. Private answers are read on a person's own page only."""
    deepest = max((part.depth for part in sight.sights_of(by)), default=Depth.FIRST_NAME)
    asked = Field.objects.filter(is_private=False).order_by("position", "id")
    return [
        *FIXED,
        *(_of_field(field) for field in asked if DEPTHS[Right(field.sees)] <= deepest),
    ]


def chosen(keys: Sequence[str], by: Actor) -> list[Column]:
    """The columns of these keys in their order; what is gone, or not for ``by``, is left out."""
    known = {column.key: column for column in offered(by)}
    return [known[key] for key in dict.fromkeys(keys) if key in known][:MOST]


def _of_field(field: Field) -> Column:
    def fill(people: Sequence[Person], by: Actor) -> Cells:
        needed, depths = DEPTHS[Right(field.sees)], sight.depths(by, people)
        seen = [p.id for p in people if depths.get(p.id, Depth.FIRST_NAME) >= needed]
        rows = FieldValue.objects.filter(field=field, person_id__in=seen)
        found: dict[int, Any] = {}
        for row in rows.select_related("field").order_by("text"):
            if field.kind == Field.Kind.MANY:
                found.setdefault(row.person_id, []).append(fields.shown(row))
            else:
                found[row.person_id] = _typed(field, row)
        return found

    kind = _KINDS.get(Field.Kind(field.kind), "text")
    return Column(f"field:{field.key}", fields.label(field), kind, fill)


def _typed(field: Field, row: FieldValue) -> str | float | date | None:
    if field.kind == Field.Kind.DATE:
        return row.on
    return fields.shown(row)
