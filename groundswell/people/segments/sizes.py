"""How many rows a condition chooses, so that the shortest list is made first."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from groundswell.people.segments.criterion import Rows

_KEPT_SECONDS, _KEPT_MOST = 60.0, 2000

# By fingerprint, and believed until when: how many rows and whether that is all of them, or how
# many are expected.
_counted: dict[bytes, tuple[int, bool, float]] = {}
_expected: dict[bytes, tuple[int, float]] = {}


def counted(rows: Rows, most: int) -> int:
    """How many rows, counted to one more than ``most``; remembered for a minute."""
    asked = rows.found.order_by().values(rows.link)
    try:
        key = fingerprint(asked)
    except EmptyResultSet:
        return 0
    size, is_all, until = _counted.get(key, (0, False, 0.0))
    if until > time.monotonic() and (is_all or size > most):
        return size
    size = asked[: most + 1].count()
    if len(_counted) >= _KEPT_MOST:
        _counted.clear()
    _counted[key] = (size, size <= most, time.monotonic() + _KEPT_SECONDS)
    return size


def effort(rows: Rows) -> int:
    """What it takes to count these, beside others, so that one begins with the cheapest.

    PostgreSQL knows how common values are and tells in a millisecond how many rows it expects;
    SQLite knows nothing, and there it is the number of tables that are joined.
    """
    if connection.vendor != "postgresql":
        return len(rows.found.query.alias_map) or 1
    asked = rows.found.order_by().values(rows.link)
    try:
        key = fingerprint(asked)
    except EmptyResultSet:
        return 0
    expected, until = _expected.get(key, (0, 0.0))
    if until < time.monotonic():
        expected = int(json.loads(asked.explain(format="json"))[0]["Plan"]["Plan Rows"])
        if len(_expected) >= _KEPT_MOST:
            _expected.clear()
        _expected[key] = (expected, time.monotonic() + _KEPT_SECONDS)
    return expected


def fingerprint(asked: QuerySet[Any, Any]) -> bytes:
    """The same for the same question by the same reader, whoever words it."""
    sql, values = asked.query.sql_with_params()
    return hashlib.sha256(repr((sql, values)).encode()).digest()


def forget() -> None:
    """Count anew next time (for tests and benchmarks)."""
    _counted.clear()
    _expected.clear()
