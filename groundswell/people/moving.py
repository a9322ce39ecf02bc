"""What a merge changes, row by row, so that it can be put back.

Every shelf passes its changes through :class:`Moves`, which writes down what stood there before.
Sealed values are written down as they are, unopened. The whole is plain data for JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CASCADE, Field, Model, QuerySet

from groundswell.kernel import sealing
from groundswell.site import vault
from groundswell.site.backups.tables import cell_of


@dataclass(slots=True)
class Moves:
    """The record of one merge while it is made. ``lines`` is what is kept of it."""

    kept_id: int
    gone_id: int
    lines: list[dict[str, Any]] = field(default_factory=list)

    def change(self, rows: QuerySet[Any], **now: Any) -> int:
        """Write these values into the rows and remember the former ones. Columns by their names;
        a relation by its object's id (``person_id``). Returns how many rows."""
        model = rows.model
        columns = {name: column_of(model, name) for name in now}
        told = {name: _written(columns[name], value) for name, value in now.items()}
        ids = []
        for row in rows.order_by("pk").values("pk", *now):
            ids.append(row["pk"])
            was = {name: _written(columns[name], row[name]) for name in now}
            self.lines.append(
                {"table": model._meta.label_lower, "id": row["pk"], "was": was, "now": told}
            )
        model._base_manager.filter(pk__in=ids).update(**now)
        return len(ids)

    def delete(self, rows: QuerySet[Any]) -> int:
        """Delete the rows, and before them whatever goes with them. Returns how many."""
        found = list(rows.order_by("pk"))
        for row in found:
            for child in _children(row):
                self.delete(child)
            was = {
                each.attname: _written(each, getattr(row, each.attname))
                for each in row._meta.concrete_fields
            }
            self.lines.append(
                {"table": row._meta.label_lower, "id": row.pk, "was": was, "now": None}
            )
        if found:
            rows.model._base_manager.filter(pk__in=[row.pk for row in found]).delete()
        return len(found)

    def note(self, name: str, **told: Any) -> None:
        """Something that a room puts back by itself (``Shelf.part``): ids, counts and codes."""
        self.lines.append({"note": name, **told})


def _children(row: Model) -> Iterator[QuerySet[Any]]:
    for relation in row._meta.related_objects:
        if relation.on_delete is CASCADE:
            model: Any = relation.related_model
            yield model._base_manager.filter(**{relation.field.name: row.pk})


@dataclass(frozen=True, slots=True)
class Parting:
    """A merge that is being undone: who stays, who comes back, since when they were one, which
    rows came back by themselves (table and id), and what the rooms noted. ``gone_keys``: the key
    of who comes back, and those of records that had become theirs before."""

    kept_id: int
    gone_id: int
    gone_key_id: int
    gone_keys: frozenset[int]
    since: datetime
    came_back: frozenset[tuple[str, int]]
    notes: tuple[dict[str, Any], ...]

    def ids(self, table: str) -> set[int]:
        """The rows of one table that belong to whoever comes back."""
        return {row for label, row in self.came_back if label == table}

    def reseal(self, rows: Iterable[Any], *columns: str) -> None:
        """Seal columns by the key of who comes back, wherever the other one's key did since."""
        for row in rows:
            changed = []
            for column in columns:
                sealed = bytes(getattr(row, column) or b"")
                if sealed and sealing.key_id_of(sealed) not in self.gone_keys:
                    text = vault.open_(row, column)
                    setattr(row, column, vault.seal(row, column, text, key_id=self.gone_key_id))
                    changed.append(column)
            if changed:
                row.save(update_fields=changed)


def put_back(lines: Iterable[dict[str, Any]]) -> frozenset[tuple[str, int]]:
    """Undo the lines of a merge, the last first.

    A value that was changed since stays as it is; a row that is gone since stays gone. Returns
    the rows that were touched.
    """
    touched = set()
    for one in reversed(list(lines)):
        if "note" in one:
            continue
        model: Any = apps.get_model(one["table"])
        if one["now"] is None:
            is_done = _make_again(model, one["was"])
        else:
            is_done = _turn_back(model, one)
        if is_done:
            touched.add((one["table"], one["id"]))
    return frozenset(touched)


def _make_again(model: Any, was: dict[str, Any]) -> bool:
    values = {}
    for each in model._meta.concrete_fields:
        if each.attname not in was:
            continue  # a column of a later version: its default
        values[each.attname] = _read(each, was[each.attname])
        if each.remote_field is not None and values[each.attname] is not None:
            target = each.remote_field.model._base_manager.filter(pk=values[each.attname])
            if not target.exists():
                if not each.null:
                    return False  # what it belonged to is gone since
                values[each.attname] = None
    if model._base_manager.filter(pk=values[model._meta.pk.attname]).exists():
        return False
    try:
        with transaction.atomic():
            model._base_manager.bulk_create([model(**values)])
    except IntegrityError:
        return False  # somebody else has it since: an address, a pair of people
    return True


def _turn_back(model: Any, one: dict[str, Any]) -> bool:
    row = model._base_manager.filter(pk=one["id"]).values(*one["was"]).first()
    if row is None:
        return False
    back = {}
    for name, was in one["was"].items():
        column = column_of(model, name)
        if _written(column, row[name]) == one["now"][name]:
            back[name] = _read(column, was)
    if back:
        model._base_manager.filter(pk=one["id"]).update(**back)
    return bool(back)


def column_of(model: type[Model], attname: str) -> Field[Any, Any]:
    """The column by the name that a row knows it by (``person_id``)."""
    for each in model._meta.concrete_fields:
        if each.attname == attname:
            return each
    raise LookupError(f"{model._meta.label} has no column {attname}")


def _written(column: Field[Any, Any], value: Any) -> Any:
    return None if value is None else cell_of(column).write(value)


def _read(column: Field[Any, Any], value: Any) -> Any:
    return None if value is None else cell_of(column).read(value)
