"""Looks for words in every place where this installation could keep them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connections

from groundswell.kernel.columns import SealedColumn
from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault


def places_of(words: Collection[str], numbers: Collection[int] = ()) -> set[str]:
    """Where any of them stands: ``table.column``, sealed columns opened, files, the cache."""
    wanted = [word.lower() for word in words]
    found = {place for place, text in _texts() if any(word in text for word in wanted)}
    found |= {place for place, number in _numbers() if number in set(numbers)}
    return found


def rows() -> Iterator[tuple[str, Any]]:
    """Every value of every table of both databases, raw."""
    for alias in connections:
        connection = connections[alias]
        for table in connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                names = [column[0] for column in cursor.description]
                for row in cursor.fetchall():
                    for name, value in zip(names, row, strict=True):
                        yield f"{table}.{name}", value


def _numbers() -> Iterator[tuple[str, int]]:
    for place, value in rows():
        if isinstance(value, int):
            yield place, value


def _texts() -> Iterator[tuple[str, str]]:
    for place, value in rows():
        if isinstance(value, bytes | memoryview):
            yield place, bytes(value).decode(errors="ignore").lower()
        elif value is not None:
            yield place, str(value).lower()
    yield from _opened()
    for path in _files():
        yield path.name, path.read_bytes().decode(errors="ignore").lower()
    yield "cache", str(getattr(cache, "_cache", "")).lower()


def _opened() -> Iterator[tuple[str, str]]:
    """What this process can still open of every sealed column."""
    for model in apps.get_models():
        columns = [f.name for f in model._meta.concrete_fields if isinstance(f, SealedColumn)]
        for row in model._default_manager.all() if columns else ():
            for name in columns:
                try:
                    yield f"{model._meta.db_table}.{name} opened", vault.open_(row, name).lower()
                except CannotOpen:
                    continue


def _files() -> Iterator[Path]:
    """The data folder without the databases, whose rows were read above, and without what ships
    with the code."""
    for path in Path(settings.GROUNDSWELL_DATA_DIR).rglob("*"):
        is_database = ".sqlite3" in path.name
        if path.is_file() and not is_database and "cache" not in path.parts:
            yield path
