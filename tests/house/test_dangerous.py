"""S23: what can open a hole is used only where a list says so, with its reason."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.house import source

NAMES = {
    "mark_safe", "SafeString", "csrf_exempt", "eval", "exec", "compile", "RawSQL",
    "xframe_options_exempt",
}  # fmt: skip
METHODS = {"raw", "extra", "executescript", "cursor"}
MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "subprocess",
    "xml.etree",
    "xml.dom",
    "lxml",
    "yaml",
    "urllib.request",
}

# File and what it uses, why it may, and (behind the last dash) what tests it.
ALLOWED = {
    ("groundswell/public/linked_data.py", "mark_safe"): "JSON with < escaped - public/test_event",
    ("groundswell/web/maps/drawing.py", "mark_safe"): "joins escaped parts - web/test_maps",
    ("groundswell/web/maps/ground.py", "mark_safe"): "digits of our own outlines - web/test_maps",
    ("groundswell/web/prose.py", "mark_safe"): "cleaned by nh3 - web/test_prose",
    (
        "groundswell/public/stop.py",
        "csrf_exempt",
    ): "RFC 8058: the link is the proof - public/test_stop",
    (
        "groundswell/webhooks/mail.py",
        "csrf_exempt",
    ): "another machine posts: the signature is the proof - contracts/test_inbound_posts",
    (
        "groundswell/public/form.py",
        "csrf_exempt",
    ): "other websites post; nobody signed in acts - doors/public/test_form",
    (
        "groundswell/webhooks/leads.py",
        "csrf_exempt",
    ): "as mail: the signature is the proof - contracts/test_lead_posts",
    ("groundswell/accounts/limits.py", "cursor"): "one conditional upsert - accounts/test_links",
    (
        "groundswell/events/seats.py",
        "cursor",
    ): "one statement per sign-up - events/test_seats_model",
    ("groundswell/events/queries/nearness.py", "cursor"): "R*Tree and GiST - events/test_nearness",
    (
        "groundswell/kernel/rows.py",
        "cursor",
    ): "one INSERT per model, values apart - kernel/test_rows",
    (
        "groundswell/people/imports/sheets.py",
        "subprocess",
    ): "workbooks are read in a process with limits - people/imports/test_files",
    ("groundswell/places/gazetteer/building.py", "executescript"): "a file of our own, built anew",
    (
        "groundswell/metrics/checkup/databases.py",
        "cursor",
    ): "asks PostgreSQL for its clock, its way here and our rights - metrics/test_checkup",
    (
        "groundswell/site/sqlite/pragmas.py",
        "cursor",
    ): "asks SQLite what is in force - house/test_checks",
}


def dangers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of everything of the lists above; type annotations do no harm."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = source.dotted(node.func).rpartition(".")[2]
            is_method = isinstance(node.func, ast.Attribute)
            is_pattern = is_method and name == "compile"
            if (name in NAMES and not is_pattern) or (is_method and name in METHODS):
                yield node.lineno, name
            if any(
                word.arg == "shell" and getattr(word.value, "value", None) is True
                for word in node.keywords
            ):
                yield node.lineno, "shell=True"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                name = source.dotted(decorator).rpartition(".")[2]
                if name in NAMES and not isinstance(decorator, ast.Call):
                    yield decorator.lineno, name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            for found in [module] if module else [alias.name for alias in node.names]:
                if any(found == bad or found.startswith(f"{bad}.") for bad in MODULES):
                    yield node.lineno, found


def test_every_danger_is_on_the_list_and_the_list_is_short() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for path in source.python("groundswell"):
        if "migrations" not in path.parts:
            found.update((source.name(path), what) for _line, what in dangers(source.tree(path)))

    assert set(found) - set(ALLOWED) == set()
    assert set(ALLOWED) - set(found) == set()
    assert len(ALLOWED) <= 16


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("x = mark_safe(name)", "mark_safe"),
        ("@csrf_exempt\ndef view(request): ...", "csrf_exempt"),
        ("Event.objects.raw(text)", "raw"),
        ("Event.objects.extra(where=[text])", "extra"),
        ("eval(text)", "eval"),
        ("import pickle", "pickle"),
        ("from xml.etree import ElementTree", "xml.etree"),
        ("run(text, shell=True)", "shell=True"),
    ],
)
def test_a_danger_is_found(line: str, what: str) -> None:
    assert {found for _line, found in dangers(ast.parse(line))} == {what}
