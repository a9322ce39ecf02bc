"""SQLite's writers stand in one queue: who writes holds it, and nobody holds it longer."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper as Djangos

from groundswell.config.databases import SQLITE_OPTIONS
from groundswell.site.sqlite.base import DatabaseWrapper as Ours

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
HOLDING = """
import sys, time
from tests.site.test_writers_queue import opened
from groundswell.site.sqlite.base import DatabaseWrapper
with opened(sys.argv[1], DatabaseWrapper) as connection:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    print("holds", flush=True)
    time.sleep(60)
"""


@contextmanager
def opened(path: str, wrapper: Any) -> Iterator[Any]:
    """A connection of its own to the database file."""
    told = {
        "NAME": path, "ENGINE": "groundswell.site.sqlite", "OPTIONS": dict(SQLITE_OPTIONS),
        "TIME_ZONE": None, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "",
    }  # fmt: skip
    connection = wrapper(told, "queueing")
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "some.sqlite3")


def is_held(file: str) -> bool:
    """Whether somebody stands at the head of the queue."""
    descriptor = os.open(f"{file}-queue", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def begin(connection: Any) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


@pytest.mark.parametrize(("wrapper", "queues"), [(Ours, True), (Djangos, False)])
def test_transaction_holds_the_queue(file: str, wrapper: Any, queues: bool) -> None:
    with opened(file, wrapper) as connection:
        before = is_held(file)
        begin(connection)
        within = is_held(file)

    assert (before, within, is_held(file)) == (False, queues, False)


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_every_end_leaves_the_queue(file: str, end: str) -> None:
    with opened(file, Ours) as connection:
        begin(connection)
        getattr(connection, end)()

        assert not is_held(file)


def test_refused_begin_leaves_the_queue(file: str) -> None:
    with opened(file, Ours) as connection, opened(file, Djangos) as other:
        other.cursor().execute("CREATE TABLE t (a INTEGER)")
        begin(other)  # holds SQLite's lock without standing in the queue
        connection.ensure_connection()
        connection.connection.execute("PRAGMA busy_timeout=1")

        with pytest.raises(Exception, match="locked"):
            begin(connection)

        assert not is_held(file)


def test_killed_process_leaves_the_queue(file: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, file], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder.stdout:
        holder.stdout.readline()
        held = is_held(file)
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=10)

    assert (held, is_held(file)) == (True, False)


def test_house_runs_on_it() -> None:
    assert [isinstance(connections[alias], Ours) for alias in connections] == [True, True]
