"""Columns of big tables are added without copying the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from groundswell.kernel import clock
from groundswell.people.models import Tag
from groundswell.site.sqlite import schema

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]


@pytest.fixture
def table() -> Iterator[type[models.Model]]:
    """A table with one row."""
    with isolate_apps("groundswell.site"):

        class Thing(models.Model):
            name = models.CharField(max_length=10)

            class Meta:
                app_label = "site"

    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    Thing.objects.create(name="one")
    yield Thing
    with connection.schema_editor() as editor:
        editor.delete_model(Thing)


def added(table: Any, field: models.Field[Any, Any]) -> str:
    """What adding a column to the table sent to the database."""
    field.set_attributes_from_name("extra")
    field.model = table
    with CaptureQueriesContext(connection) as sent, connection.schema_editor() as editor:
        editor.add_field(table, field)
    return "\n".join(each["sql"] for each in sent)


def extra() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extra FROM site_thing")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.PositiveSmallIntegerField(default=0, db_default=0), 0),
        (models.BooleanField(default=False, db_default=False), 0),
        (models.CharField(max_length=4, default="", db_default=""), ""),
        (models.CharField(max_length=9, default="it's", db_default="it's"), "it's"),
        (models.IntegerField(null=True), None),
    ],
)
def test_a_constant_default_copies_no_table(
    table: type[models.Model], field: models.Field[Any, Any], value: Any
) -> None:
    sent = added(table, field)

    assert "CREATE TABLE" not in sent
    assert "ADD COLUMN" in sent
    assert extra() == [value]


def test_control_without_this_every_such_column_copies_the_table(
    table: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_is_free", lambda field: False)

    assert "CREATE TABLE" in added(table, models.IntegerField(default=0, db_default=0))


def test_what_sqlite_cannot_add_is_still_copied(table: type[models.Model]) -> None:
    assert "CREATE TABLE" in added(table, models.IntegerField(default=7))
    assert extra() == [7]


def looks(work: Any) -> int:
    """How often a migration that does this looks through all tables for broken keys."""
    with CaptureQueriesContext(connection) as sent, connection.schema_editor() as editor:
        work(editor)
    return sum("foreign_key_check" in each["sql"] for each in sent)


def test_a_migration_that_writes_no_row_looks_through_no_table(table: type[models.Model]) -> None:
    field = models.IntegerField(default=0, db_default=0)
    field.set_attributes_from_name("extra")
    field.model = table

    def add(editor: Any) -> None:
        editor.add_field(table, field)

    def note_itself(editor: Any) -> None:
        editor.execute("INSERT INTO site_thing VALUES (7, 'a', 0)")

    def write_rows(editor: Any) -> None:
        editor.execute("UPDATE site_thing SET extra = 1")  # two of them

    assert [looks(add), looks(note_itself), looks(write_rows)] == [0, 0, 1]


def test_an_id_is_the_row_id_itself() -> None:
    """No second tree for ids beside a table whose ids are made before the insert."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_autoindex_people_%'")
        indexes = {name for (name,) in cursor.fetchall()}
        cursor.execute("EXPLAIN QUERY PLAN SELECT * FROM people_person WHERE id = 7")
        plan = cursor.fetchone()[-1]

    assert "INTEGER PRIMARY KEY" in plan
    assert "sqlite_autoindex_people_searchname_1" not in indexes


def test_an_id_beyond_32_bits_comes_back_whole() -> None:
    kept = Tag.objects.create(id=2**62 + 5, name="x", folded="x", created_at=clock.now())

    assert Tag.objects.get(name="x").id == kept.id == 2**62 + 5
