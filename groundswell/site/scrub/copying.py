"""Writing a scrubbed copy into new SQLite files, from either kind of database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.models import Model
from django.db.utils import load_backend

from groundswell.kernel import clock, rows
from groundswell.site import vault
from groundswell.site.backups import scratch, writing
from groundswell.site.models import DataKey
from groundswell.site.scrub import handling
from groundswell.site.scrub.handling import Fresh

AT_ONCE = 1000
_COPY, _COPY_KEYS = "scrubbed", "scrubbed-keys"
Heard = Callable[[str, int], None]
# Rows that a room makes beside a copied one, such as the name that people are searched by.
Beside = Callable[[Model, Fresh], tuple[Model, ...]]


def scrub(file: Path, *, beside: Beside, heard: Heard) -> tuple[Path, Path]:
    """Write ``file``, its keys beside it, and the throwaway master key; returns the last two.

    Raises FileExistsError, handling.UnhandledColumn.
    """
    keys, master = file.with_name(f"{file.name}.keys"), file.with_name(f"{file.name}.key")
    for path in (file, keys, master):
        if path.exists():
            raise FileExistsError(str(path))
    makers = {model: _makers(model) for model in handling.models()}  # all of them, before a byte
    fresh = Fresh()
    with scratch.databases_in(file, keys):
        pass  # migrated, and closed
    with writing.snapshot_of("default") as source, _open(_COPY, file), transaction.atomic(_COPY):
        for model, of_model in makers.items():
            _copy(model, of_model, source, fresh, beside, heard)
    with _open(_COPY_KEYS, keys):
        _write_keys(fresh)
    handle = os.open(master, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as told:
        told.write(fresh.master.hex() + "\n")
    return keys, master


@contextmanager
def _open(alias: str, file: Path) -> Iterator[None]:
    told = scratch.place("default", file)
    connections[alias] = load_backend(told["ENGINE"]).DatabaseWrapper(told, alias)
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]


def _makers(model: type[Model]) -> list[tuple[Any, handling.Maker | None]]:
    return [(field, handling.maker_of(model, field)) for field in model._meta.concrete_fields]


def _copy(
    model: type[Model],
    makers: list[tuple[Any, handling.Maker | None]],
    source: str,
    fresh: Fresh,
    beside: Beside,
    heard: Heard,
) -> None:
    """One table, a thousand rows at a time."""
    fields = [field for field, _maker in makers]
    model._base_manager.using(_COPY).all()._raw_delete(_COPY)
    waiting: list[list[Any]] = []
    others: list[Model] = []

    def flush() -> None:
        rows.load(model, fields, waiting, using=_COPY)
        for other in others:
            columns = list(other._meta.concrete_fields)
            values = [getattr(other, column.attname) for column in columns]
            rows.load(type(other), columns, [values], using=_COPY)
        heard(model._meta.label_lower, len(waiting))
        waiting.clear()
        others.clear()

    for row in model._base_manager.using(source).order_by("pk").iterator(chunk_size=AT_ONCE):
        waiting.append(
            [maker(row, fresh) if maker else getattr(row, field.attname) for field, maker in makers]
        )
        others += beside(row, fresh)
        if len(waiting) == AT_ONCE:
            flush()
    flush()


def _write_keys(fresh: Fresh) -> None:
    """The new data keys, wrapped by the throwaway master key."""
    fresh.keys[vault.ROOT_KEY_ID] = fresh.root
    now = clock.now()
    made = [
        [key_id, vault.wrapped(key, master=fresh.master), now]
        for key_id, key in sorted(fresh.keys.items())
    ]
    with transaction.atomic(_COPY_KEYS):
        rows.load(DataKey, list(DataKey._meta.concrete_fields), made, using=_COPY_KEYS)
