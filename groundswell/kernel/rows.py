"""Writing a row with a statement that is built once.

``Model.save`` works its INSERT out anew each time, which costs five times what the database needs
to run it. Where a surge arrives (a sign-up writes seven rows in one commit) that is a quarter of
all the work, and it happens while others wait for the write lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
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
    for row in rows:
        model = type(row)
        alias = router.db_for_write(model, instance=row)
        connection = connections[alias]
        values = [
            field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
            for field in model._meta.local_concrete_fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(_statement(model, alias), values)
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


def set_sequences(models: Iterable[type[Model]], *, using: str) -> None:
    """Let the database's own counters go on behind the rows that were loaded (PostgreSQL)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
