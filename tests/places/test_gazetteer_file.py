"""The gazetteer's own file: what is packed, how it is built, who may race for it."""

from __future__ import annotations

import importlib.resources
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.places import gazetteer, zones
from groundswell.places.gazetteer import building, names

FOLDER = Path(building.__file__).parent
PACKED = [FOLDER / name for name in ("towns.xz", "land.xz")]


def one(sql: str, *values: object) -> object:
    return building.connection().execute(sql, values).fetchone()[0]


def test_it_ships_packed_within_six_megabytes():
    assert sum(path.stat().st_size for path in PACKED) <= 6_000_000


def test_it_holds_the_towns_of_every_country():
    assert one("SELECT count(*) FROM town") == 176_317
    assert one("SELECT count(DISTINCT country) FROM area") == 248
    assert one("SELECT count(*) FROM area WHERE length(country) != 2") == 0


def test_every_zone_of_a_town_is_known():
    rows = building.connection().execute("SELECT name FROM zone")
    assert [name for (name,) in rows if not zones.is_known(name)] == []


def test_every_zone_of_the_world_has_a_place():
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    wanted = {line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")}
    rows = building.connection().execute("SELECT name FROM zone")
    assert wanted - {name for (name,) in rows} == set()


def test_every_point_of_a_town_is_on_the_map():
    outside = one("SELECT count(*) FROM town WHERE abs(lat) > 90 OR abs(lon) > 180")
    assert outside == 0


def test_names_are_still_folded_as_when_the_data_were_made():
    """The packed keys were made by the same function; a change to it needs new data."""
    folded = building.packed()["folded"]
    assert {name: sorted(names.keys(name)) for name in folded} == folded


def test_a_changed_folding_would_be_noticed(monkeypatch):
    """Control: the check above fails when the folding changes."""
    folded = building.packed()["folded"]
    monkeypatch.setattr(names, "_SWAPS", {})
    assert {name: sorted(names.keys(name)) for name in folded} != folded


def test_the_credits_say_what_the_licences_ask():
    said = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
    owed = ("GeoNames", "creativecommons.org/licenses/by/4.0", "CLDR", "Natural Earth")
    assert [word for word in owed if word not in said] == []
    assert gazetteer.CREDIT == "Places: GeoNames, CC BY 4.0"


def test_nobody_can_write_to_it():
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        building.connection().execute("DELETE FROM town")


@pytest.mark.slow
@pytest.mark.real_clock
def test_a_build_killed_on_the_way_is_never_read_and_made_again(tmp_path):
    path, old = tmp_path / "towns-new.sqlite", tmp_path / "towns-000000000000.sqlite"
    old.write_bytes(b"of an older version")
    script = (
        "import os, signal, pathlib\n"
        "from groundswell.places.gazetteer import building\n"
        "building._fill_names = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"building.ensure_built(pathlib.Path({str(path)!r}))\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -9
    assert (path.exists(), path.with_suffix(".unfinished").exists()) == (False, True)

    assert building.ensure_built(path) == path
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["towns-new.sqlite", "towns.lock"]
    made = path.stat().st_mtime_ns
    building.ensure_built(path)
    assert path.stat().st_mtime_ns == made
    with sqlite3.connect(path) as source:
        assert source.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert source.execute("SELECT count(*) FROM town").fetchone() == (176_317,)


def _build_in(path: Path, started: object, built: object) -> None:
    real = building._build

    def counted(target: Path) -> None:
        built.put(os.getpid())
        real(target)

    building._build = counted
    started.wait()
    building.ensure_built(path)


@pytest.mark.slow
@pytest.mark.real_clock
def test_processes_that_race_build_it_once(tmp_path):
    fork = multiprocessing.get_context("fork")
    started, built = fork.Barrier(3), fork.Queue()
    path = tmp_path / "towns-race.sqlite"
    racers = [fork.Process(target=_build_in, args=(path, started, built)) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(120)
    assert [racer.exitcode for racer in racers] == [0, 0, 0]
    builders = [built.get(timeout=5)]
    assert built.empty(), "only one of them built it"
    assert len(builders) == 1
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["towns-race.sqlite", "towns.lock"]
