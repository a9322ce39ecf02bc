"""Migrations of a big database that copy no table and look through none.

Django copies the whole table for every column that may not be empty, and after each migration it
looks through all tables for broken foreign keys; nobody can write meanwhile, for more than a minute
with a million people. SQLite itself adds such a column at once where its default is a constant
(https://sqlite.org/lang_altertable.html, section 4), as the migrations of this house demand
(tests/house/test_migrations.py); and where no row was written, no key was broken.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import schema
from django.db.models.expressions import Value

_OF_THE_MIGRATION_ITSELF = 1  # its line in the table of migrations

_Django: Any = schema.DatabaseSchemaEditor  # as in base.py: its types leave things out


class DatabaseSchemaEditor(_Django):  # type: ignore[misc]  # for the same reason
    """Adds a column with a constant default of the database by ``ALTER TABLE ADD COLUMN``, and
    looks for broken keys only where rows were written."""

    def __enter__(self) -> Any:
        entered = super().__enter__()
        self._rows_before = self._rows_written()
        return entered

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._rows_written() - self._rows_before > _OF_THE_MIGRATION_ITSELF:
            super().__exit__(kind, error, trace)
            return
        BaseDatabaseSchemaEditor.__exit__(self, kind, error, trace)
        self.connection.enable_constraint_checking()

    def _rows_written(self) -> int:
        return int(self.connection.connection.total_changes)

    def add_field(self, model: Any, field: Any) -> None:
        if _is_free(field):
            BaseDatabaseSchemaEditor.add_field(self, model, field)
        else:
            super().add_field(model, field)


def _is_free(field: Any) -> bool:
    is_plain = not (field.primary_key or field.unique or field.many_to_many or field.remote_field)
    return is_plain and field.has_db_default() and isinstance(field._db_default_expression, Value)
