"""A new column of a big table is added in place, not by copying the table.

Django copies the whole table for every column that may not be empty, and nobody can write
meanwhile: a minute for a million people. SQLite itself adds such a column at once where its default
is a constant (https://sqlite.org/lang_altertable.html, section 4), as the migrations of this house
demand (tests/house/test_migrations.py).
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import schema
from django.db.models.expressions import Value

_Django: Any = schema.DatabaseSchemaEditor  # as in base.py: its types leave things out


class DatabaseSchemaEditor(_Django):  # type: ignore[misc]  # for the same reason
    """Adds a column with a constant default of the database by ``ALTER TABLE ADD COLUMN``."""

    def add_field(self, model: Any, field: Any) -> None:
        if _is_free(field):
            BaseDatabaseSchemaEditor.add_field(self, model, field)
        else:
            super().add_field(model, field)


def _is_free(field: Any) -> bool:
    is_plain = not (field.primary_key or field.unique or field.many_to_many or field.remote_field)
    return is_plain and field.has_db_default() and isinstance(field._db_default_expression, Value)
