"""Tasks for tests of real worker processes, found by name as every task is."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection
from django_tasks import task

from groundswell.ledger.worker import Again


def note(number: int) -> None:
    """Leave a trace in the table of the fixture ``effects``."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effect (number) VALUES (%s)", [number])


@task()
def nothing() -> None:
    """A job without an effect."""


@task()
def slow(seconds: float) -> None:
    """A job that takes its time."""
    time.sleep(seconds)


@task()
def write(number: int, seconds: float = 0.0) -> None:
    """Writes one row, dawdling before and after, so that a kill has moments to hit."""
    time.sleep(seconds)
    note(number)
    time.sleep(seconds)


@task()
def write_then_fall(number: int) -> None:
    note(number)
    raise LookupError("amina@example.org must not be written down")


@task()
def count_down(left: int) -> Any:
    """Writes one row per step; its job stays until nothing is left."""
    note(left)
    return Again({"args": [left - 1]}) if left > 1 else None
