"""Everything held about a person as data: the file they take with them, and ``disclose``.

No list of columns stands here. A column's privacy class decides: public, personal and sensitive
ones are told, sealed ones opened; a secret one never is, and an internal one is about our work.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from groundswell.kernel.columns import SealedColumn
from groundswell.kernel.privacy import PERSONAL, PUBLIC, SENSITIVE
from groundswell.people.models import Person
from groundswell.people.sockets import Rows, shelves
from groundswell.site import vault

TOLD_CLASSES = frozenset({PUBLIC, PERSONAL, SENSITIVE})


def export(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Table by table, every row about the person; empty tables are left out."""
    found = {"people.person": [as_data(Person.objects.get(id=person_id))]}
    for _name, shelf in shelves:
        for rows in shelf.rows(person_id):
            _add(found, rows)
    return found


def _add(found: dict[str, list[dict[str, Any]]], rows: Rows) -> None:
    for row in rows.found:
        told = {**as_data(row), **rows.beside(row)}
        found.setdefault(row._meta.label_lower, []).append(told)


# What each column says, in the six words of the promise (security.md P4). A column that is not
# here is a field of its own, so a new one makes the drill fail (tests/people/test_disclosing.py).
_FIELDS = {
    "people.person.language": "language",
    "people.person.reach": "consent",  # follows from it
    "people.person.country": "country",
    "people.person.created_at": "joined month",
    "people.person.last_active_on": "how often",
    "people.person.going_count": "how often",
    "people.person.attended_count": "how often",
    "people.person.has_hosted": "how often",
    "people.contact.kind": "e-mail",
    "people.contact.value": "e-mail",
    "people.contact.blind": "e-mail",
    "people.contact.person": "e-mail",
    "people.contact.proven_at": "e-mail",
    "people.contact.problem": "e-mail",
    "people.contact.created_at": "joined month",
}


def fields(held: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The different things that an export says; what is empty says nothing."""
    found = set()
    for table, rows in held.items():
        for row in rows:
            said = {f"{table}.{name}" for name, value in row.items() if value not in _NOTHING}
            found |= {_field(table, column) for column in said}
    return sorted(found)


_NOTHING: tuple[Any, ...] = ("", None, 0, False, [], {})


def _field(table: str, column: str) -> str:
    return "consent" if table == "people.consent" else _FIELDS.get(column, column)


def told_columns(model: type[Model]) -> list[str]:
    """The columns of a table that its owner may read."""
    classes = vars(model.Privacy)  # type: ignore[attr-defined]  # tests/house/test_columns
    return [
        field.name
        for field in model._meta.concrete_fields
        if classes.get(field.name) in TOLD_CLASSES
    ]


def as_data(row: Model) -> dict[str, Any]:
    """One row: column name without its ``_sealed`` to a value that JSON knows."""
    return {name.removesuffix("_sealed"): _value(row, name) for name in told_columns(type(row))}


def _value(row: Model, name: str) -> Any:
    field = row._meta.get_field(name)
    if isinstance(field, SealedColumn):
        return _opened(row, name)
    value = getattr(row, str(getattr(field, "attname", name)))
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _opened(row: Model, name: str) -> Any:
    """The clear text; an object where one was sealed, such as a name in its two parts."""
    text = vault.open_(row, name)
    if not text.startswith("{"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
