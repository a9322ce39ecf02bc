"""What goes into a backup: tables, columns, and how a value is written as JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

OTHERS_TABLES = {"mfa"}  # second factors are allauth's rows
KEYS_TABLE = "site.datakey"
KEYS_TABLES = ("site.anchor", KEYS_TABLE)  # all that the keys database holds

# Made anew by ``restore`` from what is sealed, or over before anybody could restore it.
LEFT_OUT = {
    "people.searchname",
    "people.searchword",
    "people.nameblind",
    "people.likenesskey",
    "people.exportpart",
    "people.importpart",
    "accounts.session",
    "accounts.pendingcode",
    "accounts.usedcode",
    "accounts.limit",
}
# Columns that are made anew, and what stands there until then: unique, and telling nothing.
MADE_ANEW: dict[tuple[str, str], Callable[[int], Any]] = {
    ("people.contact", "blind"): lambda row: row.to_bytes(16),
    ("accounts.account", "email"): lambda row: f"restoring-{row}@blind.invalid",
}


class UnknownColumn(TypeError):
    """A kind of column that backups do not know yet: say below how it is written."""


def models_of(kind: str) -> list[type[Model]]:
    """Every table of the main database (``main``) or the keys database (``keys``), in order."""
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("groundswell.") or model._meta.app_label in OTHERS_TABLES
    }
    if kind == "keys":
        return [found[label] for label in KEYS_TABLES]
    return [found[label] for label in sorted(found.keys() - LEFT_OUT - set(KEYS_TABLES))]


def columns_of(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns of a table that a backup holds."""
    label = model._meta.label_lower
    return [field for field in model._meta.concrete_fields if (label, field.name) not in MADE_ANEW]


def made_anew_of(model: type[Model]) -> dict[Field[Any, Any], Callable[[int], Any]]:
    """The other columns, and what stands in them until they are made anew."""
    label = model._meta.label_lower
    return {
        field: MADE_ANEW[label, field.name]
        for field in model._meta.concrete_fields
        if (label, field.name) in MADE_ANEW
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """How values of one column are written, and read back."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_SAME = Cell(_same, _same)
_CELLS = {
    "BinaryField": Cell(
        lambda value: base64.b64encode(bytes(value)).decode("ascii"), base64.b64decode
    ),
    "DateTimeField": Cell(_instant, datetime.fromisoformat),
    "DateField": Cell(date.isoformat, date.fromisoformat),
    **dict.fromkeys(
        (
            "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "FloatField",
            "IntegerField", "JSONField", "PositiveIntegerField", "PositiveSmallIntegerField",
            "SlugField", "SmallIntegerField", "TextField",
        ),
        _SAME,
    ),
}  # fmt: skip


def cell_of(field: Field[Any, Any]) -> Cell:
    """How this column is written. Raises UnknownColumn."""
    kind: Any = field
    while kind.remote_field is not None:
        kind = kind.target_field
    try:
        return _CELLS[kind.get_internal_type()]
    except KeyError as unknown:
        raise UnknownColumn(f"{field} is a {kind.get_internal_type()}") from unknown


def rows_of(model: type[Model], using: str) -> Iterator[bytes]:
    """Every row of a table as one line, in the order of its primary key."""
    fields = columns_of(model)
    writers = [cell_of(field).write for field in fields]
    names = [field.attname for field in fields]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        cells = [
            None if value is None else write(value)
            for write, value in zip(writers, row, strict=True)
        ]
        yield line(cells)


def line(told: Any) -> bytes:
    """One line of a backup; the same value is written the same way by every database."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"
