"""A table where the tests' jobs leave their traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection


@pytest.fixture
def effects(transactional_db: None) -> Iterator[Callable[[], list[int]]]:
    """Every number that a job has noted and committed, in order, doubles included."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_effect (number integer NOT NULL)")

    def noted() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM test_effect ORDER BY number")
            return [row[0] for row in cursor.fetchall()]

    yield noted
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_effect")
