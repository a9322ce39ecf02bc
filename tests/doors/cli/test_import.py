"""``groundswell import``: the dry run, the import, the rows to correct, and taking it back."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from groundswell.kernel.actor import SYSTEM
from groundswell.people.models import Import, ImportPart, Person
from groundswell.people.operations.imports import checking, running, uploading
from tests.people.imports.making import a_csv, choices

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spring.csv"
    path.write_bytes(
        a_csv(("email", "given"), ["ann@example.org", "Ann"], ["=1+1", "Bo"], ["", "Cleo"])
    )
    return path


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import", str(file), consent_source="list", dry_run=True)
    told = capsys.readouterr().out
    assert "1 new person, 0 rows about people we know and 2 rows left out." in told
    assert "Nothing was written (--dry-run)." in told
    assert Person.objects.count() == 0
    assert ImportPart.objects.count() == 0


def test_taken_in_with_the_rows_to_correct_and_taken_back(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    errors = tmp_path / "errors.csv"
    call_command("import", str(file), consent_source="paper", errors=errors, tag=["spring"])
    assert Person.objects.count() == 1
    with errors.open(encoding="utf-8-sig", newline="") as read:
        rows = list(csv.reader(read))
    assert [row[:2] for row in rows] == [["email", "given"], ["'=1+1", "Bo"], ["", "Cleo"]]

    call_command("import", str(file), undo=True)
    assert "Taken back: 1 people are gone again." in capsys.readouterr().out
    assert Person.objects.count() == 0


def test_the_same_command_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    data = a_csv(("email",), *[[f"p{number}@example.org"] for number in range(700)])
    path.write_bytes(data)
    with path.open("rb") as read:
        found = uploading.upload(name="many.csv", file=read, by=SYSTEM)
    decided = choices(found)
    checking.decide(import_id=found.id, columns=found.columns, choices=decided, by=SYSTEM)
    running.start(import_id=found.id, in_worker=False, by=SYSTEM)
    running.Run(found.id).step()
    assert Person.objects.count() == 500

    call_command("import", str(path))
    assert Person.objects.count() == 700
    assert Import.objects.get().counts["new"] == 700


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Say where their consent comes from."),
        ({"consent_source": "list", "column": ["shoe=tags"]}, "There is no column 'shoe'"),
        ({"consent_source": "list", "column": ["given=hat"]}, "'hat' is no place for a column."),
        ({"consent_source": "list", "campaign": "none"}, "Choose what they agreed to hear about."),
        ({"undo": True}, "An import can be taken back for seven days"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    file: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(words)):
        call_command("import", str(file), **options)
    assert Person.objects.count() == 0
    assert ImportPart.objects.count() == 0
