"""11: migrations are complete, named for what they do, and stand on their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.house import source

_NUMBERED = re.compile(r"\d{4}_[a-z][a-z0-9_]+")
_BY_DJANGO = re.compile(
    r"\d{4}_(initial|auto_.*|squashed_.*|merge_.*|(?:alter|remove|rename|delete)_\w+|\w+_and_more)"
)


def files() -> list[Path]:
    return [
        path
        for path in source.python("groundswell")
        if path.parent.name == "migrations" and path.stem != "__init__"
    ]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    told = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=told, stderr=told)

    assert told.getvalue().strip() == "No changes detected"


def poorly_named(names: Iterable[str]) -> list[str]:
    return [name for name in names if not _NUMBERED.fullmatch(name) or _BY_DJANGO.fullmatch(name)]


def test_every_migration_is_named_for_what_it_does() -> None:
    assert len(files()) > 5
    assert poorly_named(path.stem for path in files()) == []


def test_a_name_that_django_made_up_is_found() -> None:
    made_up = ["0001_initial", "0002_auto_20260304_1000", "0003_event_x_and_more", "first"]

    assert poorly_named([*made_up, "0002_kit_drafts"]) == made_up


def app_imports(tree: ast.Module) -> Iterator[int]:
    """Lines where a migration imports code of ours, which will have changed when it runs."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        if any(name.startswith(("groundswell", ".")) for name in names):
            yield node.lineno


def test_no_migration_imports_code_of_ours() -> None:
    found = [f"{source.name(path)}:{n}" for path in files() for n in app_imports(source.tree(path))]

    assert found == [], "\n".join(found)


def test_an_import_of_ours_is_found() -> None:
    bad = "from groundswell.kernel.ids import new_id\nfrom . import models\nimport json\n"

    assert list(app_imports(ast.parse(bad))) == [1, 2]


# Steps that hold a lock while they read or rewrite a whole table of a million rows, and why one
# may stay: its table is empty or small whenever this runs.
_SMALL = {
    "site.Installation", "ledger.ScheduleMark", "metrics.FoldMark", "campaigns.Campaign",
    "accounts.Grant",
}  # fmt: skip
LONG_STEPS_ALLOWED: dict[str, str] = {
    "people.0007_profiles_and_sources": "empty columns, and indexes of rows that have one",
    "people.0009_segments": "of people who may be reached: a second for a million; others are new",
    "people.0013_lookalikes_and_merges": "one index of ids over all people: a second for a million",
    "people.0014_homes_by_region": "an index of the homes with a region: seconds for a million",
    "people.0015_search_words": "search names alone, which only a search by name waits for",
    "accounts.0004_links_to_forms": "a new choice of a purpose: no database does anything",
    "events.0004_quarantine_and_concerns": "new choices of a state: no database does anything",
    "ledger.0004_removed_digests_in_order": "of what was removed only: 1.2 of 1.4 million in 1.6 s",
}


def long_steps(label: str, name: str, steps: Iterable[Operation]) -> Iterator[str]:
    """Steps on tables made by earlier migrations that would stop a busy installation."""
    made_here: set[str] = set()
    for step in steps:
        if isinstance(step, migrations.CreateModel):
            made_here.add(step.name_lower)
            continue
        table = str(getattr(step, "model_name", "")).lower()
        if table in made_here or f"{label}.{table}" in {small.lower() for small in _SMALL}:
            continue
        if isinstance(step, migrations.AlterField | migrations.AddConstraint | migrations.AddIndex):
            yield f"{label}.{name}: {step.describe()}"
        if isinstance(step, migrations.AddField):
            field = step.field
            is_free = field.null or field.db_default is not models.NOT_PROVIDED
            if not is_free or field.db_index or field.unique or field.remote_field is not None:
                yield f"{label}.{name}: {step.describe()}"


def test_no_migration_stops_a_busy_installation() -> None:
    found = [
        line
        for (label, name), migration in MigrationLoader(None).disk_migrations.items()
        if label in source.floors() and f"{label}.{name}" not in LONG_STEPS_ALLOWED
        for line in long_steps(label, name, migration.operations)
    ]

    assert found == [], "\n".join(found)


def test_a_step_that_locks_for_long_is_found() -> None:
    steps = [
        migrations.AlterField("Rsvp", "party", models.IntegerField()),
        migrations.AddField("Rsvp", "shoe_size", models.IntegerField(default=1)),
        migrations.AddField("Rsvp", "hat_size", models.IntegerField(null=True)),
        migrations.AddField("Rsvp", "coat", models.IntegerField(db_default=1)),
    ]

    assert list(long_steps("events", "0009_sizes", steps)) == [
        "events.0009_sizes: Alter field party on Rsvp",
        "events.0009_sizes: Add field shoe_size to Rsvp",
    ]
