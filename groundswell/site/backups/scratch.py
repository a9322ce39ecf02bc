"""An empty place for a drill: two SQLite files of their own, in front of the real databases.

A backup is the same on both kinds of database, so this needs no right to make databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from groundswell.site import vault

_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    "PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY;"
)


def place(alias: str, file: Path) -> dict[str, Any]:
    """The settings of an SQLite file in place of a database."""
    return {
        **connections.settings[alias],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "HOST": "", "PORT": "", "USER": "", "PASSWORD": "",
        "OPTIONS": {"init_command": _PRAGMAS, "timeout": 20, "transaction_mode": "IMMEDIATE"},
    }  # fmt: skip


@contextmanager
def databases_in(main: Path, keys: Path) -> Iterator[None]:
    """Inside the block this process knows only these two files, migrated and empty."""
    really = {alias: connections.settings[alias] for alias in ("default", "keys")}
    connections.close_all()
    try:
        for alias, file in (("default", main), ("keys", keys)):
            _point(alias, place(alias, file))
            call_command("migrate", database=alias, verbosity=0, interactive=False)
        vault.forget()
        yield
    finally:
        connections.close_all()
        for alias, told in really.items():
            _point(alias, told)
        vault.forget()


def _point(alias: str, told: dict[str, Any]) -> None:
    connections.settings[alias] = told
    with suppress(AttributeError):  # nobody asked this connection for anything yet
        del connections[alias]
