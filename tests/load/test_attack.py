"""S6, R13, S12, S15, S16, S17, bounded: hostile input of every kind, and each guard in turn away.

The world of the authorisation matrix stands in an installation of its own, in a process of its own.
``./dev bench attack`` tries over 100,000 inputs; here are some thousand of every kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.attack import corpus, structure

ROOT = Path(__file__).parents[2]
KINDS = {"address", "body", "csv", "field", "header", "ics", "id", "inbound", "letter", "mass",
         "query", "race", "token", "upload"}  # fmt: skip
GUARDS = {"escaping", "sight", "purpose", "signature", "next", "columns", "formulas", "calendar",
          "header", "words", "machine", "recoding", "once"}  # fmt: skip


def attack(*options: str) -> tuple[int, list[dict[str, Any]], str]:
    """A run in processes of its own: exit code, lines of JSON, and what it says."""
    db = "postgres" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    run = subprocess.run(
        [sys.executable, "-m", "bench.attack", "--db", db, *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()], run.stderr


@pytest.mark.slow
@pytest.mark.real_clock
def test_nothing_comes_through_and_nothing_breaks() -> None:
    code, (line,), told = attack("--size", "0.01")

    assert (line["through"], line["errors"], code) == (0, 0, 0), told
    assert set(line["by_kind"]) == KINDS
    assert min(line["by_kind"].values()) >= 10


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.sqlite_only  # guards stand before every database: once is enough
def test_control_every_guard_that_is_taken_away_is_missed() -> None:
    code, lines, told = attack("--size", "0.01", "--control", "every")

    assert {line["control"]: line["through"] > 0 for line in lines} == dict.fromkeys(GUARDS, True)
    assert code == 0, told


# --- the tools ---------------------------------------------------------------------------------


def test_the_corpus_holds_thousands_of_different_texts_of_every_kind() -> None:
    texts = [one.text for one in corpus.everything()]

    assert len(set(texts)) == len(texts) >= 3_000
    assert {one.kind for one in corpus.everything()} == {
        "page", "sql", "header", "direction", "formula", "path", "overlong", "evaluated", "shell",
        "data",
    }  # fmt: skip


KNOWN = {("p", ""), ("p", "title"), ("a", ""), ("a", "href"), ("b", ""), ("script", "")}


@pytest.mark.parametrize(
    "page",
    [
        "<p>&lt;zqx&gt;</p>",
        '<p title="&quot; onclick=&quot;zqx()">x</p>',
        '<a href="/en/?q=zqx&amp;javascript:zqx()">x</a>',
        '<script>{"name": "zqx"}</script>',
        "<p lang=en>zqx</p>",
    ],
)
def test_words_that_stay_words_are_no_fault(page: str) -> None:
    assert structure.faults(page, KNOWN) == []


@pytest.mark.parametrize(
    "page",
    [
        "<p><zqx></p>",
        "<p onclick=zqx()>x</p>",
        "<p id=zqx>x</p>",
        "<a href=' java\nscript:zqx()'>x</a>",
        "<a href='//zqx.example'>x</a>",
        "<script>zqx()</script>",
        "<p></b>zqx</p>",
        "<p>zqx49zqx</p>",
        "<!-- zqx --><p>x</p>",
        "<b>zqx",
    ],
)
def test_words_that_became_something_else_are_a_fault(page: str) -> None:
    assert structure.faults(page, KNOWN) != []
