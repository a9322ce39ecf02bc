"""8: every setting is explained, and nothing reads the environment behind its back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from groundswell.config import environment
from tests.house import source

PAGE = source.ROOT / "docs" / "operate" / "settings.md"
EXAMPLE = source.ROOT / ".env.example"
# Read elsewhere, because there are no settings yet or the name belongs to somebody else.
READ_ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE": "Django's own",
    "CREDENTIALS_DIRECTORY": "systemd's own (config/master_key.py)",
    "PORT": "the usual name of a platform (cli)",
    "TZ": "the machine's own, asked once by groundswell init",
}
_NAME = re.compile(r"^\|\s*`([A-Z][A-Z0-9_]+)`", re.MULTILINE)
_LINE = re.compile(r"^#?\s?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def names_read() -> set[str]:
    """Names given to the readers of config/environment.py, from the code."""
    found = set()
    readers = {name for name in vars(environment) if not name.startswith("_")}
    for path in source.python("groundswell"):
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = source.dotted(node.func)
            is_reader = called.startswith("env.") and called.removeprefix("env.") in readers
            first = node.args[0]
            if (is_reader or called == "_database") and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


def asked_directly(tree: ast.Module) -> Iterator[str]:
    """Names that code asks ``os.environ`` for itself."""
    for node in ast.walk(tree):
        key = None
        if isinstance(node, ast.Subscript) and source.dotted(node.value) == "os.environ":
            key = node.slice
        elif isinstance(node, ast.Call) and source.dotted(node.func) in {
            "os.environ.get", "os.getenv", "os.environ.pop",
        }:  # fmt: skip
            key = node.args[0]
        if isinstance(key, ast.Constant):
            yield str(key.value)


def test_what_the_code_reads_is_what_the_readers_saw() -> None:
    assert set(environment.read_names) - names_read() == set()


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    explained = set(_NAME.findall(PAGE.read_text(encoding="utf-8")))

    assert names_read() - explained == set()
    assert explained - names_read() - set(READ_ELSEWHERE) == set()


def test_every_setting_stands_in_the_example() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = {name.removesuffix("_FILE") for name in _LINE.findall(text)}

    assert names_read() - shown == {"GROUNDSWELL_NEW_KEY"}
    assert shown - names_read() - set(READ_ELSEWHERE) == set()


def test_nothing_reads_the_environment_past_the_readers() -> None:
    found = [
        f"{source.name(path)} asks for {name}"
        for path in source.python("groundswell")
        if path != Path(environment.__file__)
        for name in asked_directly(source.tree(path))
        if name not in READ_ELSEWHERE
    ]

    assert found == [], "\n".join(found)


def test_a_name_read_past_the_readers_is_found() -> None:
    bad = "x = os.environ['SECRET']\ny = os.environ.get('OTHER')\nz = os.getenv('THIRD')"

    assert list(asked_directly(ast.parse(bad))) == ["SECRET", "OTHER", "THIRD"]


def test_an_unexplained_setting_is_found() -> None:
    assert _NAME.findall("| `DATABASE_URL` | where |\n| other |") == ["DATABASE_URL"]
    assert _LINE.findall("# DATABASE_URL=x\nPORT=1\n# words = not this") == ["DATABASE_URL", "PORT"]
