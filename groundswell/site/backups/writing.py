"""Making a backup: one consistent look at a database while people go on using it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend
from psycopg import IsolationLevel

from groundswell import __version__
from groundswell.kernel import clock
from groundswell.site.backups import tables

FORMAT = 1
SNAPSHOT = "snapshot"
Heard = Callable[[str, int], None]


def _silent(table: str, rows: int) -> None:
    """Nobody listens."""


@contextmanager
def snapshot_of(alias: str) -> Iterator[str]:
    """A connection that sees one moment of a database, whatever others write meanwhile.

    On SQLite a read transaction of the log, which no writer waits for; on PostgreSQL REPEATABLE
    READ.
    """
    told: dict[str, Any] = dict(connections[alias].settings_dict)
    if connections[alias].vendor == "sqlite":
        # Django's own backend: ours would take a place in the queue of writers.
        told["ENGINE"] = "django.db.backends.sqlite3"
        told["OPTIONS"] = {**told["OPTIONS"], "transaction_mode": "DEFERRED"}
    else:
        told["OPTIONS"] = {**told["OPTIONS"], "isolation_level": IsolationLevel.REPEATABLE_READ}
    connections[SNAPSHOT] = load_backend(told["ENGINE"]).DatabaseWrapper(told, SNAPSHOT)
    try:
        with transaction.atomic(using=SNAPSHOT):
            yield SNAPSHOT
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT]


def migrations_of(using: str) -> list[list[str]]:
    """What the schema of a database is made of."""
    applied = MigrationRecorder(connections[using]).applied_migrations()
    return sorted([app, name] for app, name in applied)


def lines(kind: str, using: str, heard: Heard = _silent) -> Iterator[bytes]:
    """The backup of a database, line by line: head, each table with its checksum, end."""
    models = tables.models_of(kind)
    yield tables.line(
        {
            "groundswell": FORMAT,
            "kind": kind,
            "version": __version__,
            "made_at": clock.now().isoformat(),
            "migrations": migrations_of(using),
            "tables": [model._meta.label_lower for model in models],
        }
    )
    total = 0
    for model in models:
        label, count, digest = model._meta.label_lower, 0, hashlib.sha256()
        columns = [field.attname for field in tables.columns_of(model)]
        yield tables.line({"table": label, "columns": columns})
        for row in tables.rows_of(model, using):
            digest.update(row)
            count += 1
            yield row
            if count % 2000 == 0:
                heard(label, 2000)
        heard(label, count % 2000)
        total += count
        yield tables.line({"end": label, "rows": count, "sha256": digest.hexdigest()})
    yield tables.line({"end": "all", "tables": len(models), "rows": total})
