"""A drill: a backup restored into an empty place, compared, opened, and thrown away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from groundswell.cli import restoring
from groundswell.kernel.columns import SealedColumn
from groundswell.kernel.sealing import CannotOpen, new_key
from groundswell.metrics.checkup.finding import Finding
from groundswell.site import vault
from groundswell.site.backups import reading, scratch

FIELDS_MOST = 2000  # of each sealed column; the rows themselves are all compared


def hold(given: restoring.Files, heard: restoring.Heard) -> Iterator[Finding]:
    """Every finding of a drill, good or bad. Raises Refusals and CannotRestore."""
    with _empty_place() as folder, scratch.databases_in(folder / "main", folder / "keys"):
        main, keys = restoring.load(given, heard)
        for kind, told in (("main", main), ("keys", keys)):
            if told is not None:
                yield from _compared(kind, told)
        yield from _opened()
        restoring.mend(heard)
        yield Finding(True, "Search names and blind indexes were made anew from the sealed values.")


@contextmanager
def _empty_place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=settings.GROUNDSWELL_DATA_DIR))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _compared(kind: str, told: reading.Told) -> Iterator[Finding]:
    """Rows and checksums as the backup says, against those that are in the database now."""
    missing = told.missing(kind)
    if missing:
        yield Finding(False, f"These tables are not in the backup: {', '.join(missing)}.")
    using = "default" if kind == "main" else "keys"
    found = reading.checksums(kind, using)
    # The place of the restore itself is a row of the bookmarks, written after they were loaded.
    found["ledger.bookmark"] = told.tables.get("ledger.bookmark", (0, ""))
    differing = [label for label, sums in told.tables.items() if found[label] != sums]
    if differing:
        yield Finding(False, f"These tables differ from the backup: {', '.join(differing)}.")
    rows = sum(count for count, _digest in told.tables.values())
    if not missing and not differing:
        yield Finding(
            True,
            f"{len(told.tables)} tables with {rows:,} rows of the {kind} backup of "
            f"{told.made_at:%d %B %Y, %H:%M} UTC are all there, row by row the same.",
        )


def sealed_columns() -> Iterator[tuple[type[Model], str]]:
    """Every sealed column of the house."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedColumn):
                yield model, field.name


def _opened() -> Iterator[Finding]:
    opened, gone, shut = _count_opened()
    yield Finding(
        not shut and (opened > 0 or not gone),
        f"{opened:,} sealed fields open with the restored keys, {shut} do not"
        + (f"; {gone:,} belong to people who were erased since." if gone else "."),
    )
    with _another_master_key():
        without = _count_opened()[0]
    yield Finding(without == 0, f"Without the master key {without} of them open.")


def _count_opened() -> tuple[int, int, int]:
    """How many sealed fields opened, belong to a key that is gone, or did not open."""
    opened = gone = shut = 0
    for model, column in sealed_columns():
        rows: list[Any] = list(model._base_manager.exclude(**{column: b""})[:FIELDS_MOST])
        for row in rows:
            try:
                vault.open_(row, column)
            except vault.KeyIsGone:
                gone += 1
            except CannotOpen:
                shut += 1
            else:
                opened += 1
    return opened, gone, shut


@contextmanager
def _another_master_key() -> Iterator[None]:
    """As somebody who has everything but the key."""
    kept = settings.GROUNDSWELL_MASTER_KEY, settings.GROUNDSWELL_OTHER_MASTER_KEY
    settings.GROUNDSWELL_MASTER_KEY, settings.GROUNDSWELL_OTHER_MASTER_KEY = new_key(), None
    vault.forget()
    try:
        yield
    finally:
        settings.GROUNDSWELL_MASTER_KEY, settings.GROUNDSWELL_OTHER_MASTER_KEY = kept
        vault.forget()
