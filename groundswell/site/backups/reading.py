"""Restoring a backup into an empty database, in one transaction, checked against its checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import rows
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.site.backups import sealed_file, tables, writing
from groundswell.site.operations import RESTORING

AT_ONCE = 1000


class NotEmpty(Refusal):
    sentence = _("There is something in this database already. Restore into an empty one.")


class OtherVersion(Refusal):
    sentence = _(
        "This backup was made by another version. Install that version, restore, then upgrade."
    )


class NotABackup(Refusal):
    sentence = _("This is no backup of that kind, or it was cut off or changed.")


@dataclass(slots=True)
class Told:
    """What a backup says about itself: its head, and each table's rows and checksum."""

    head: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    is_whole: bool = False

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.head["made_at"])

    def missing(self, kind: str) -> list[str]:
        """Tables that should be in such a backup and are not."""
        wanted = {model._meta.label_lower for model in tables.models_of(kind)}
        return sorted(wanted - self.tables.keys())


class _Loader:
    """Takes a backup line by line; writes rows, a thousand at a time."""

    def __init__(self, kind: str, using: str, heard: Callable[[int], None]) -> None:
        self.kind, self.using, self.heard = kind, using, heard
        self.told = Told()
        self.rows = 0
        self._models = {model._meta.label_lower: model for model in tables.models_of(kind)}
        self._model: type[Model] | None = None
        self._waiting: list[list[Any]] = []

    def line(self, raw: bytes) -> None:
        told = json.loads(raw)
        if isinstance(told, list):
            self._row(told, raw)
        elif "groundswell" in told:
            self._begin(told)
        elif "table" in told:
            self._open(told)
        elif told["end"] == "all":
            self.told.is_whole = told["tables"] == len(self.told.tables)
        else:
            self._close(told)

    def _begin(self, told: dict[str, Any]) -> None:
        self.told.head = told
        if told["groundswell"] != writing.FORMAT or told["kind"] != self.kind:
            raise NotABackup
        if told["migrations"] != writing.migrations_of(self.using):
            raise OtherVersion

    def _open(self, told: dict[str, Any]) -> None:
        model = self._models.get(told["table"])
        fields = tables.columns_of(model) if model else []
        if model is None or [each.attname for each in fields] != told["columns"]:
            raise OtherVersion
        self._model, self._digest, self._count = model, hashlib.sha256(), 0
        self._readers = [tables.cell_of(each).read for each in fields]
        self._key = fields.index(model._meta.pk)
        made_anew = tables.made_anew_of(model)
        self._fields = [*fields, *made_anew]
        self._makers = list(made_anew.values())
        model._base_manager.using(self.using).all()._raw_delete(self.using)

    def _row(self, cells: list[Any], raw: bytes) -> None:
        self._digest.update(raw + b"\n")
        self._count += 1
        values = [
            None if cell is None else read(cell)
            for read, cell in zip(self._readers, cells, strict=True)
        ]
        values += [make(int(values[self._key] or 0)) for make in self._makers]
        self._waiting.append(values)
        if len(self._waiting) == AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        assert self._model is not None
        rows.load(self._model, self._fields, self._waiting, using=self.using)
        self.heard(len(self._waiting))
        self.rows += len(self._waiting)
        self._waiting = []

    def _close(self, told: dict[str, Any]) -> None:
        self._flush()
        if (self._count, self._digest.hexdigest()) != (told["rows"], told["sha256"]):
            raise NotABackup
        self.told.tables[told["end"]] = (told["rows"], told["sha256"])


def restore(
    path: Path, *, kind: str, using: str, identity: str, heard: Callable[[int], None]
) -> Told:
    """Load a backup into an empty, migrated database; all of it or nothing.

    Raises NotEmpty, OtherVersion, NotABackup, and what sealed_file.read raises.
    """
    if not is_empty(kind, using):
        raise NotEmpty
    loader = _Loader(kind, using, heard)
    with transaction.atomic(using=using):
        sealed_file.read(path, loader.line, identity)
        if not loader.told.is_whole:
            raise NotABackup
        rows.set_sequences(tables.models_of(kind), using=using)
        if kind == "main":  # what is left out is made anew next, also after a power cut
            ledger_ops.keep_place(RESTORING, {"rows": loader.rows})
    return loader.told


_SIGNS_OF_LIFE = {"accounts.account", "people.person", "ledger.entry", tables.KEYS_TABLE}


def is_empty(kind: str, using: str) -> bool:
    """Whether nobody has used this database yet."""
    return not any(
        model._base_manager.using(using).exists()
        for model in tables.models_of(kind)
        if model._meta.label_lower in _SIGNS_OF_LIFE
    )


def checksums(kind: str, using: str) -> dict[str, tuple[int, str]]:
    """Rows and checksum of every table as they are in a database now."""
    found = {}
    for model in tables.models_of(kind):
        digest, count = hashlib.sha256(), 0
        for row in tables.rows_of(model, using):
            digest.update(row)
            count += 1
        found[model._meta.label_lower] = (count, digest.hexdigest())
    return found
