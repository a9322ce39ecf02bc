"""Writing a row with a statement that is built once.

``Model.save`` works its INSERT out anew each time, which costs five times what the database needs
to run it. Where a surge arrives (a sign-up writes seven rows in one commit) that is a quarter of
all the work, and it happens while others wait for the write lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from django.core.management.color import no_style
from django.db import connections, router
from django.db.models import Field, Model


@cache
def _statement(model: type[Model], alias: str) -> str:
    quote = connections[alias].ops.quote_name
    columns = [quote(str(field.column)) for field in model._meta.local_concrete_fields]
    return _insert_into(quote(model._meta.db_table), columns)


def _insert_into(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def insert(*rows: Model) -> None:
    """Insert a few rows that have their ids already, as ``save(force_insert=True)`` would.

    For models without parents, signals or columns that the database fills in: all of ours. Raises
    IntegrityError.
    """
    for alias, some in groupby(rows, lambda row: router.db_for_write(type(row), instance=row)):
        _insert_into_one(alias, list(some))


def _insert_into_one(alias: str, rows: Sequence[Model]) -> None:
    connection = connections[alias]
    statements = [_statement(type(row), alias) for row in rows]
    values = [
        [
            field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
            for field in row._meta.local_concrete_fields
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # in one message: each answer takes a while
            cursor.execute("; ".join(statements), [value for some in values for value in some])
        else:
            for statement, some in zip(statements, values, strict=True):
                cursor.execute(statement, some)
    for row in rows:
        row._state.adding = False
        row._state.db = alias


def load(
    model: type[Model],
    fields: Sequence[Field[Any, Any]],
    values: Iterable[Sequence[Any]],
    *,
    using: str,
) -> None:
    """Insert many rows as they are, past every rule of the model: for a restore alone."""
    connection = connections[using]
    quote = connection.ops.quote_name
    statement = _insert_into(
        quote(model._meta.db_table), [quote(str(field.column)) for field in fields]
    )
    prepared = [
        [
            field.get_db_prep_save(value, connection=connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in values
    ]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


class Batch:
    """Rows of one model that go in together: 500 of one kind cost a tenth of ``bulk_create``.

    ``columns`` are given for each row, in their order; ``same`` are the same for all. Every other
    column has its default. Ids are made before, as everywhere. Raises IntegrityError.
    """

    def __init__(self, model: type[Model], *columns: str, **same: Any) -> None:
        alias = router.db_for_write(model)
        self._connection, self.model = connections[alias], model
        by_name = {field.attname: field for field in model._meta.local_concrete_fields}
        self._given = [by_name.pop(name) for name in columns]
        self._changed = [
            (place, field)
            for place, field in enumerate(self._given)
            if field.get_internal_type() in _PREPARED
        ]
        rest = {
            field: same[name] if name in same else field.get_default()
            for name, field in by_name.items()
        }
        self._rest = tuple(
            field.get_db_prep_save(value, connection=self._connection)
            for field, value in rest.items()
        )
        quote = self._connection.ops.quote_name
        names = [quote(str(field.column)) for field in (*self._given, *rest)]
        self._statement = _insert_into(quote(model._meta.db_table), names)
        self._copying = f"COPY {quote(model._meta.db_table)} ({', '.join(names)}) FROM STDIN"
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """One row, by the columns that are given."""
        self.rows.append(values)

    def insert(self) -> None:
        """Write the rows, in the caller's transaction."""
        if not self.rows:
            return
        told = [row + self._rest for row in self._prepared()]
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                # A third of what single statements cost, on both sides.
                with self._connection.wrap_database_errors, cursor.copy(self._copying) as copy:
                    for row in told:
                        copy.write_row(row)
            else:
                cursor.executemany(self._statement, told)

    def _prepared(self) -> list[tuple[Any, ...]]:
        """The rows, with values of some kinds as the database wants them: each moment and day
        once, for a whole batch shares few."""
        if not self._changed:
            return self.rows
        columns = list(zip(*self.rows, strict=True))
        for place, field in self._changed:
            if field.get_internal_type() == "JSONField":  # its values cannot stand in a set
                columns[place] = tuple(map(self._ready(field), columns[place]))
            else:
                ready = {value: self._ready(field)(value) for value in set(columns[place])}
                columns[place] = tuple(map(ready.__getitem__, columns[place]))
        return list(zip(*columns, strict=True))

    def _ready(self, field: Field[Any, Any]) -> Callable[[Any], Any]:
        return lambda value: field.get_db_prep_save(value, connection=self._connection)


# Kinds of columns whose values a database wants in another form than Python's own.
_PREPARED = {"JSONField", "DateTimeField", "DateField", "BooleanField"}


def rewrite(model: type[Model], column: str, values: Mapping[Any, Any]) -> None:
    """Set one column of many rows by their primary keys, with one statement prepared once.

    Changes rows that are there and never makes one. ``bulk_update`` writes the same as one CASE
    with a branch for each row, which costs ten times as much.
    """
    alias = router.db_for_write(model)
    connection = connections[alias]
    quote, field, key = connection.ops.quote_name, model._meta.get_field(column), model._meta.pk
    pairs = [
        (
            field.get_db_prep_save(value, connection=connection),  # type: ignore[union-attr]  # a column
            key.get_db_prep_save(row, connection=connection),
        )
        for row, value in values.items()
    ]
    if pairs:
        table, names = quote(model._meta.db_table), (quote(column), quote(str(key.column)))
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {names[0]} = %s WHERE {names[1]} = %s", pairs)


_AT_ONCE = 5_000  # values in one question; SQLite takes 32,766


def among(
    model: type[Model], column: str, values: Collection[Any], *columns: str
) -> list[tuple[Any, ...]]:
    """``columns`` of the rows whose ``column`` holds one of these values, as the database tells
    them: for ids, texts and bytes, in which databases agree.

    ``filter(column__in=values)`` looks at each value three times before it asks, which costs more
    than the answer where a part of an import asks for a thousand addresses.
    """
    connection = connections[router.db_for_read(model)]
    quote, meta = connection.ops.quote_name, model._meta
    by, *wanted = (
        quote(str(meta.get_field(name).column))  # type: ignore[union-attr]  # a column
        for name in (column, *columns)
    )
    asked = f"SELECT {', '.join(wanted)} FROM {quote(meta.db_table)} WHERE {by}"
    told, found = list(values), []
    with connection.cursor() as cursor:
        for first in range(0, len(told), _AT_ONCE):
            some = told[first : first + _AT_ONCE]
            if connection.vendor == "postgresql":
                cursor.execute(f"{asked} = ANY(%s)", [some])
            else:
                cursor.execute(f"{asked} IN ({', '.join(['%s'] * len(some))})", some)
            found += cursor.fetchall()
    return found


def set_sequences(models: Iterable[type[Model]], *, using: str) -> None:
    """Let the database's own counters go on behind the rows that were loaded (PostgreSQL)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
