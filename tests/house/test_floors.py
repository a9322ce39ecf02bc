"""1 and 2: imports and foreign keys go down only, neighbours stay apart, rooms know no HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

from tests.house import source

# --- imports -----------------------------------------------------------------------------------


def _lint(folder: Path, config: str) -> tuple[int, str]:
    (folder / "floors.ini").write_text(config)
    done = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; sys.path.insert(0, '.');"
            "from importlinter.cli import lint_imports_command as run; run()",
            "--config", "floors.ini", "--no-cache",
        ],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_imports_go_down_only(tmp_path: Path) -> None:
    (tmp_path / "groundswell").symlink_to(source.PACKAGE)
    status, told = _lint(tmp_path, (source.ROOT / ".importlinter").read_text())

    assert status == 0, told


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("events/x.py", "from sample import outreach"),  # up
        ("events/x.py", "def late():\n    from sample.outreach import y"),  # up, hidden
        ("public/x.py", "from sample import office"),  # from door to door
        ("utils/__init__.py", ""),  # a room without a floor
    ],
)
def test_an_import_that_goes_up_is_found(tmp_path: Path, file: str, line: str) -> None:
    here = {"config", "web", "metrics", "outreach", "campaigns", "people", "site", "ledger"}
    here |= {"kernel", "events", "public", "my", "office", "cli", "accounts", "places", "webhooks"}
    for room in here:
        (tmp_path / "sample" / room).mkdir(parents=True)
        (tmp_path / "sample" / room / "__init__.py").touch()
    (tmp_path / "sample" / "__init__.py").touch()
    (tmp_path / "sample" / "outreach" / "y.py").touch()
    config = (source.ROOT / ".importlinter").read_text().replace("groundswell", "sample")
    assert _lint(tmp_path, config)[0] == 0

    bad = tmp_path / "sample" / file
    bad.parent.mkdir(exist_ok=True)
    bad.write_text(line)

    assert _lint(tmp_path, config)[0] == 1


def test_every_package_has_a_floor() -> None:
    packages = {path.parent.name for path in source.PACKAGE.glob("*/__init__.py")}

    assert packages - set(source.floors()) == set()


# --- relations ---------------------------------------------------------------------------------


def _goes_wrong(of: str, to: str) -> bool:
    """Whether a relation from room ``of`` to room ``to`` points up or sideways."""
    floors = source.floors()
    if of == to or of not in floors:
        return False  # within the room, or a library's own table
    if to not in floors:
        return False  # a library stands below every room
    return floors[to] >= floors[of]


def _room_of(model: type[models.Model] | str) -> str:
    return model.split(".")[0] if isinstance(model, str) else model._meta.app_label


def wrong_relations(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Foreign keys and other relations that point up or to a neighbour; strings count too."""
    for model in found:
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            of, to = _room_of(model), _room_of(field.related_model)
            if _goes_wrong(of, to):
                yield f"{model._meta.label}.{field.name} points from {of} to {to}"


def wrong_dependencies(graph: dict[tuple[str, str], Any]) -> Iterator[str]:
    """Migrations that wait for a migration of a higher or a neighbouring room."""
    for (of, name), migration in graph.items():
        for to, other in [*migration.dependencies, *getattr(migration, "run_before", [])]:
            if _goes_wrong(of, to):
                yield f"{of}.{name} waits for {to}.{other}"


def test_every_relation_points_down() -> None:
    assert list(wrong_relations(apps.get_models())) == []


def test_every_migration_waits_for_lower_rooms_only() -> None:
    assert list(wrong_dependencies(MigrationLoader(None).disk_migrations)) == []


@isolate_apps("groundswell.people", "groundswell.events", "groundswell.places")
def test_a_relation_that_points_up_or_sideways_is_found() -> None:
    class Gathering(models.Model):
        class Meta:
            app_label = "events"

    class Card(models.Model):
        last_event = models.ForeignKey("events.Gathering", models.CASCADE)

        class Meta:
            app_label = "people"

    assert list(wrong_relations([Gathering, Card])) == [
        "people.Card.last_event points from people to events"
    ]
    assert [_goes_wrong(*pair) for pair in [("accounts", "places"), ("events", "people")]] == [
        True,
        False,
    ]


def test_a_migration_that_waits_for_a_higher_room_is_found() -> None:
    class Migration:
        dependencies = [("events", "0001_first_tables"), ("site", "0001_first_tables")]

    assert list(wrong_dependencies({("people", "0009_more"): Migration})) == [
        "people.0009_more waits for events.0001_first_tables"
    ]


# --- no HTTP indoors ---------------------------------------------------------------------------


def _ruff(file: str, text: str) -> str:
    done = subprocess.run(
        [
            sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251",
            "--output-format", "concise", "--stdin-filename", file, "-",
        ],
        cwd=source.ROOT, input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


HTTP = (
    "from django.http import HttpResponse\n"
    "from django.shortcuts import render\n"
    "from django import forms\n"
    "from django.views import View\n"
)
SIGNALS_AND_CLOCKS = (
    "from django.dispatch import receiver\n"
    "from django.db.models import signals\n"
    "from django.utils import timezone\n"
    "import datetime\n"
    "x = timezone.now(), datetime.datetime.now(), datetime.date.today()\n"
)


def test_no_room_knows_http_and_nobody_uses_signals() -> None:
    rooms = source.python("groundswell")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251",
         "--output-format", "concise", *map(str, rooms)],
        cwd=source.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout == "All checks passed!\n"


@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        ("groundswell/events/operations/x.py", HTTP, 4),
        ("groundswell/office/x.py", HTTP, 0),
        ("groundswell/events/operations/x.py", SIGNALS_AND_CLOCKS, 5),
    ],
)
def test_banned_names_are_found(file: str, text: str, count: int) -> None:
    assert _ruff(file, text).count("TID251") == count
