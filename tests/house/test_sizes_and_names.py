"""9, 10 and 14: small files and functions, honest names, exceptions with reasons, no traces of a
machine."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.house import source

FILE_MOST = 400
TEST_FILE_MOST = 600  # tests say everything out loud
FUNCTION_MOST = 60
FORBIDDEN_NAMES = {
    "utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers",
    "service", "services", "handlers", "lib",
}  # fmt: skip
NAMED_BY_DJANGO = ["groundswell/site/sqlite/base.py"]  # it looks for a backend's wrapper there
FOLDERS = ("groundswell", "tests", "bench", "tools")


# --- sizes and names ---------------------------------------------------------------------------


def too_long(path: Path, text: str) -> Iterator[str]:
    """Files over 400 lines and functions over 60, decorators and docstring counted."""
    lines = len(text.splitlines())
    if lines > (TEST_FILE_MOST if path.parts[0] == "tests" else FILE_MOST):
        yield f"{path}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_MOST:
                yield f"{path}:{node.lineno} {node.name}: {length} lines"


def test_no_file_and_no_function_is_too_long() -> None:
    found = [
        line
        for path in source.python(*FOLDERS)
        if "migrations" not in path.parts
        for line in too_long(Path(source.name(path)), path.read_text(encoding="utf-8"))
    ]

    assert found == [], "\n".join(found)


def test_what_is_too_long_is_found() -> None:
    long_file = "x = 1\n" * (FILE_MOST + 1)
    long_function = "def f():\n" + "    x = 1\n" * FUNCTION_MOST

    assert list(too_long(Path("a.py"), long_file)) == ["a.py: 401 lines"]
    assert list(too_long(Path("a.py"), long_function)) == ["a.py:1 f: 61 lines"]


def bad_names(paths: Iterable[Path]) -> list[str]:
    """Files and folders whose name says nothing; templates that others extend may be a base."""
    return [
        str(path)
        for path in paths
        if path.suffix in {".py", ".js", ".css"} and FORBIDDEN_NAMES & {path.stem, *path.parts[:-1]}
    ]


def test_every_file_has_a_name_that_says_what_is_in_it() -> None:
    paths = [path.relative_to(source.ROOT) for path in source.tracked()]

    found = bad_names(path for path in paths if "vendor" not in path.parts)

    assert found == NAMED_BY_DJANGO


def test_a_name_that_says_nothing_is_found() -> None:
    bad = Path("groundswell/events/utils.py"), Path("groundswell/core/seats.py")

    assert bad_names([*bad, Path("groundswell/events/seats.py")]) == [str(path) for path in bad]


# --- exceptions carry their reason -------------------------------------------------------------

# Every kind of exception that the house knows, and why there may be one.
EXCEPTIONS = {
    "noqa: B018": "reading a setting makes Django load them all",
    "noqa: BLE001": "the loops of worker and supervisor must outlive what they run",
    "noqa: DTZ001": "a wall time is naive on purpose",
    "noqa: DTZ007": "a wall time is naive on purpose",
    "noqa: F401": "Django or pytest finds the name here",
    "noqa: F403": "the settings are taken over whole",
    "noqa: N802": "a library prescribes the name",
    "noqa: N803": "a library prescribes the name",
    "noqa: N999": "a command is called by a word of Python",
    "noqa: PLW0108": "a test wants the call to be late",
    "noqa: S308": "escaped or cleaned just above",
    "noqa: S603": "a process of our own file, with nothing from outside in its call",
    "noqa: S608": "a benchmark builds a statement from its own numbers",
    "noqa: SIM115": "the file stays open on purpose",
    "noqa: TID251": "the one place where the banned name belongs",
    "type: ignore[arg-type]": "the stubs are narrower than Django",
    "type: ignore[assignment]": "the stubs are narrower than Django",
    "type: ignore[attr-defined]": "an attribute that the framework or a socket adds",
    "type: ignore[import-untyped]": "a library without types",
    "type: ignore[no-any-return]": "a library without types",
    "type: ignore[index]": "a test knows that it matched",
    "type: ignore[misc]": "metaclasses that meet in a test",
    "type: ignore[override]": "the stubs are narrower than Django",
    "type: ignore[union-attr]": "a test or a guard knows that it is there",
    "pragma: no cover": "runs in a process of its own",
}
_MARK = re.compile(r"(noqa|type: ignore|pragma: no cover)(?::?\s*([A-Z]+[0-9]+)|\[([a-z-]+)\])?")
# Imports inside a function begin their reason with one of these.
LATE = {
    "apps": "the apps must be loaded first",
    "cost": "only this function needs something slow to load",
    "cycle": "the other side of an agreed circle within one room",
    "order": "something must happen before it is imported",
    "tool": "only there where developers work",
}
_LATE = re.compile(rf"#\s*({'|'.join(LATE)}):\s*\S+")


def unexplained(text: str) -> Iterator[tuple[int, str]]:
    """Exceptions of an unknown kind, or without words behind them."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        for mark in _MARK.finditer(token.string):
            what, code, kind = mark.groups()
            name = f"{what}: {code}" if code else f"{what}[{kind}]" if kind else what
            if name not in EXCEPTIONS:
                yield token.start[0], f"{name} is on no list"
            elif not re.search(r"[A-Za-z]{2,}", token.string[mark.end() :]):
                yield token.start[0], f"{name} gives no reason"


def hidden_imports(text: str) -> Iterator[tuple[int, str]]:
    """Imports inside functions whose block does not begin with a reason of the list."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        for block in ("body", "orelse", "finalbody"):
            before_is_import = False
            for line in getattr(node, block, []) if _is_inside(node) else []:
                is_import = isinstance(line, ast.Import | ast.ImportFrom)
                if is_import and not before_is_import:
                    above = lines[line.lineno - 2] if line.lineno > 1 else ""
                    if not _LATE.search(lines[line.lineno - 1]) and not _LATE.search(above):
                        yield line.lineno, "an import inside a function gives no reason"
                before_is_import = is_import


_INSIDE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.With, ast.Try, ast.For, ast.While)


def _is_inside(node: ast.AST) -> bool:
    return isinstance(node, _INSIDE) or (isinstance(node, ast.If) and not _is_type_checking(node))


def _is_type_checking(node: ast.If) -> bool:
    return source.dotted(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def test_every_exception_has_a_reason() -> None:
    found = [
        f"{source.name(path)}:{line} {what}"
        for path in source.python(*FOLDERS)
        for line, what in unexplained(path.read_text(encoding="utf-8"))
    ]

    assert found == [], "\n".join(found)


def test_every_late_import_of_the_product_has_a_reason() -> None:
    found = [
        f"{source.name(path)}:{line} {what}"
        for path in source.python("groundswell")
        for line, what in hidden_imports(path.read_text(encoding="utf-8"))
    ]

    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("x = 1  # " + "noqa", "noqa is on no list"),
        ("x = 1  # " + "noqa: E999  # because", "noqa: E999 is on no list"),
        ("x = 1  # " + "type: ignore", "type: ignore is on no list"),
        ("x = 1  # " + "type: ignore[misc]", "type: ignore[misc] gives no reason"),
        ("x = 1  # " + "pragma: no cover", "pragma: no cover gives no reason"),
    ],
)
def test_an_exception_without_a_reason_is_found(text: str, finding: str) -> None:
    assert list(unexplained(text)) == [(1, finding)]
    assert list(unexplained("x = 1  # " + "type: ignore[misc]  # two families")) == []


def test_an_import_inside_a_function_is_found() -> None:
    bare = "def f():\n    import os\n    import re\n"
    told = "def f():\n    import os  # cost: slow\n    import re\n"

    assert list(hidden_imports(bare)) == [(2, "an import inside a function gives no reason")]
    assert list(hidden_imports(told)) == []


# --- no traces of a machine --------------------------------------------------------------------

_TRACES = {
    "a path of a machine": re.compile(
        r"(?<![\w.~:/<>}-])/(?:" + "home|Users|root|work" + r")/[\w.-]+(?:/|\b)"
    ),
    "the address of a package index": re.compile(
        r"(?:--(?:extra-)?index-url|registry\." + r"npmjs|pypi\.org/" + r"simple|artifactory)"
    ),
    "a private key": re.compile("-----BEGIN [A-Z ]*" + "PRIVATE KEY-----"),
    "an address inside a private network": re.compile(
        r"(?<![\d.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?![\d.])"
    ),
}
# Where it is told which networks are inside, and tried.
_NAME_NETWORKS = {
    "groundswell/kernel/outgoing/addresses.py",
    "tests/kernel/test_outgoing_addresses.py",
}
_TEXT = {
    ".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".cfg", ".ini", ".lock", ".yml", ".yaml",
    ".sh", ".svg", ".po", ".json", ".example", "",
}  # fmt: skip


def traces(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in _TRACES.items():
            if pattern.search(line):
                yield number, what


def test_no_file_tells_on_which_machine_it_was_made() -> None:
    found = []
    for path in source.tracked():
        if path.suffix not in _TEXT or "vendor" in path.parts or path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = source.name(path)
        found += [
            f"{name}:{line} {what}"
            for line, what in traces(text)
            if name not in _NAME_NETWORKS or "network" not in what
        ]

    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("DATA = '/" + "home/amina/data'", "a path of a machine"),
        ("pip install --index" + "-url https://x", "the address of a package index"),
        ("-----BEGIN " + "PRIVATE KEY-----", "a private key"),
        ("HOST = '10." + "0.0.12'", "an address inside a private network"),
    ],
)
def test_a_trace_of_a_machine_is_found(line: str, what: str) -> None:
    assert list(traces(line)) == [(1, what)]
