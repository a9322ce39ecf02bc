"""``groundswell segment``: what one installation writes, another takes in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from groundswell.kernel.actor import Role
from groundswell.people.models import Segment, Tag
from groundswell.people.operations import segments
from groundswell.people.operations.segments import Kept
from groundswell.people.segments import reading
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, START, World
from tests.running import signing_in

pytestmark = pytest.mark.django_db
EMAIL = "asha@example.org"
TAGGED = {"verb": "keep", "criterion": "people.tag", "with": {"tags": [0]}}


@pytest.fixture
def world(db: None) -> World:
    signing_in.make(EMAIL, Role.DATA_MANAGER)
    return segmenting.world()


@pytest.fixture
def file(world: World, tmp_path: Path) -> Path:
    """A segment made of another one, written by the command; here both are gone again."""
    inner = _saved(world, TAGGED, name="Inner")
    _saved(
        world,
        {"verb": "leave", "criterion": "people.segment", "with": {"segment": str(inner.id)}},
        name="Outer",
    )
    path = tmp_path / "outer.json"
    call_command("segment", "export", "Outer", str(path))
    Segment.objects.all().delete()
    return path


def _saved(world: World, *told: dict[str, Any], name: str, folder: str = "") -> Segment:
    rows = world.rows(START, *told, by=ORGANISER)
    return segments.begin(kept=Kept(name=name, folder=folder), rows=rows, by=ORGANISER)


def _take_in(file: Path, *options: str) -> None:
    call_command("segment", "import", str(file), f"--for={EMAIL}", *options)


def test_what_goes_out_comes_in_with_what_it_is_made_of(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _take_in(file, "--folder=Friends", "--name=Theirs")

    told = capsys.readouterr().out
    assert "Outer\n  1. Start with everybody, for looking only.\n  2. Leave out people" in told
    assert "Saved as “Theirs”." in told
    saved = {one.name: one for one in Segment.objects.all()}
    assert sorted(saved) == ["Inner", "Theirs"]
    assert {one.folder for one in saved.values()} == {"Friends"}
    assert {one.is_shared for one in saved.values()} == {True}
    assert reading.segments_in(saved["Theirs"].rows) == {saved["Inner"].id}


def test_without_a_file_it_is_printed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    _saved(world, name="Всё")
    call_command("segment", "export", "Всё")

    assert json.loads(capsys.readouterr().out)["name"] == "Всё"


def test_a_dry_run_says_what_it_asks_and_saves_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _take_in(file, "--dry-run")

    assert "Nothing was saved (--dry-run)." in capsys.readouterr().out
    assert Segment.objects.count() == 0


def test_what_is_not_here_is_named_and_left_out_only_on_request(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Tag.objects.all().delete()
    with pytest.raises(CommandError, match="Not everything that this segment asks for is here"):
        _take_in(file)
    told = capsys.readouterr().out
    assert "is not here (" in told
    assert "The row would be left out." in told
    assert Segment.objects.count() == 0

    _take_in(file, "--leave-out", "--private")
    assert {one.is_shared for one in Segment.objects.all()} == {False}


def test_folders_tell_apart_what_has_one_name(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _saved(world, name="Twice", folder="A")
    _saved(world, TAGGED, name="Twice", folder="B")
    with pytest.raises(CommandError, match=re.escape("--folder which 'Twice' you mean: 'A', 'B'")):
        call_command("segment", "export", "Twice")
    with pytest.raises(CommandError, match="No segment 'Twice' stands in the folder 'C'"):
        call_command("segment", "export", "Twice", "--folder=C")

    call_command("segment", "export", "Twice", "--folder=B")
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2


def test_an_unknown_name_lists_those_there_are(world: World) -> None:
    with pytest.raises(CommandError, match="There are: none"):
        call_command("segment", "export", "Ghost")
    _saved(world, name="Ours")
    with pytest.raises(CommandError, match="There are: 'Ours'"):
        call_command("segment", "export", "Ghost")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "This is not a segment of Groundswell."),
        (b"\xff\xfe\x00", "This is not a segment of Groundswell."),
        (b" " * 800_001, "This file is too long for a segment."),
    ],
)
def test_any_other_file_is_refused(world: World, tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=re.escape(words)) as refused:
        _take_in(path)
    assert refused.value.returncode == 2


def test_it_becomes_the_segment_of_somebody_who_may_ask(file: Path) -> None:
    with pytest.raises(CommandError, match="Nobody of the team has the address"):
        call_command("segment", "import", str(file), "--for=no@example.org")
    signing_in.make("texter@example.org", Role.TEXTER)
    with pytest.raises(CommandError, match="does not let you save questions about people"):
        call_command("segment", "import", str(file), "--for=texter@example.org")
    assert Segment.objects.count() == 0
