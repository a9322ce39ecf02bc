"""A demonstration: who sits in its four seats, and its pristine copy.

The copy is kept once the demonstration is built, and laid back within a moment.

SQLite's online backup copies pages under a proper lock, so other processes may go on reading
and writing (https://sqlite.org/backup.html). Data keys stay: the copy only ever needs old ones.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from groundswell.kernel import clock
from groundswell.site import queries

ORGANISER = "priya@demo.invalid"
DATA_MANAGER = "tomasz@demo.invalid"
HOST = "dolores@demo.invalid"
SUPPORTER = "amina@demo.invalid"


class NoPristineCopy(LookupError):
    """There is no copy for today: the demonstration must be built first."""


def _path() -> Path:
    return Path(settings.GROUNDSWELL_DATA_DIR) / f"pristine-{clock.now():%Y-%m-%d}.sqlite3"


def exists() -> bool:
    """Whether a copy of today is there; yesterday's has the wrong dates."""
    return connection.vendor == "sqlite" and _path().exists()


def keep() -> None:
    """Keep the database as it is now, and drop the copies of other days."""
    for old in Path(settings.GROUNDSWELL_DATA_DIR).glob("pristine-*.sqlite3*"):
        old.unlink()
    connection.ensure_connection()
    unfinished = _path().with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.connection.backup(copy)
    unfinished.rename(_path())


def lay_back() -> None:
    """Put the pristine copy in place of everything that happened since. Raises NoPristineCopy."""
    if not exists():
        raise NoPristineCopy(str(_path()))
    connection.ensure_connection()
    with closing(sqlite3.connect(_path())) as copy:
        copy.backup(connection.connection)
    queries.forget_name()
