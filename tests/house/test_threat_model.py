"""Each row of the threat model names tests that exist; the suite runs them like all others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house import source

PAGE = "docs/threat-model.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def rows(text: str) -> list[list[str]]:
    """The rows of the table of threats, cell by cell."""
    lines = text.partition("| who | what they try |")[2].splitlines()[2:]
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


@cache
def _tests_of(path: Path) -> frozenset[str]:
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def untested(text: str) -> Iterator[str]:
    """Rows without a test, and tests that are not there."""
    for cells in rows(text):
        named = _TEST.findall(cells[-1])
        if len(cells) != 4 or not named:
            yield f"{cells[0]}: {cells[1]}: names no test"
        for file, name in named:
            path = source.ROOT / file
            if not path.exists() or (name and name not in _tests_of(path)):
                yield f"{cells[1]}: there is no {file}::{name}"


def test_every_threat_names_tests_that_exist() -> None:
    text = (source.ROOT / PAGE).read_text(encoding="utf-8")

    assert len(rows(text)) > 60
    assert list(untested(text)) == []


def test_a_threat_without_a_test_is_found() -> None:
    text = (
        "| who | what they try | what stands against it | test |\n|---|---|---|---|\n"
        "| A1 | this | that | soon |\n"
        "| A1 | more | that | `tests/house/test_threat_model.py::test_nothing_of_the_kind` |\n"
        "| A1 | most | that | `tests/house/source.py` |\n"
    )

    assert list(untested(text)) == [
        "A1: this: names no test",
        "more: there is no tests/house/test_threat_model.py::test_nothing_of_the_kind",
    ]
