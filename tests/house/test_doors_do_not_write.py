"""3: doors read, make one operation call and show the result. They never write themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house import source

WRITES = {
    "save", "asave", "create", "acreate", "delete", "adelete", "bulk_create", "abulk_create",
    "bulk_update", "abulk_update", "get_or_create", "aget_or_create", "update_or_create",
    "aupdate_or_create", "raw", "execute", "executemany", "executescript", "cursor",
    "select_for_update", "record", "record_many",
}  # fmt: skip
QUERYSET_STEPS = {"objects", "filter", "exclude", "all", "order_by", "annotate", "_base_manager"}
OPENS_A_TRANSACTION = {"transaction.atomic", "atomic"}
# A replay commits many operations together; it is its own operations that write.
MAY_ASK_THE_DATABASE = {
    "groundswell/cli/replay/running.py": {"atomic"},
}


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of every call that writes, or that could."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            chain = source.dotted(node.func).split(".")
            if chain[-1] in WRITES:
                yield node.lineno, chain[-1]
            elif chain[-1] in {"update", "aupdate"} and QUERYSET_STEPS & set(chain):
                yield node.lineno, "update"
        if isinstance(node, ast.Attribute | ast.Name) and (
            source.dotted(node) in OPENS_A_TRANSACTION
        ):
            yield node.lineno, "atomic"


def test_no_door_writes() -> None:
    found = []
    for path in source.python("groundswell"):
        if source.room(path) not in {*source.DOORS, "web"}:
            continue
        allowed = MAY_ASK_THE_DATABASE.get(source.name(path), set())
        for line, name in writes(source.tree(path)):
            if name not in allowed:
                found.append(f"{source.name(path)}:{line} calls {name}")

    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("event.save()", "save"),
        ("Event.objects.create(title='x')", "create"),
        ("Event.objects.filter(id=1).delete()", "delete"),
        ("Event.objects.filter(id=1).update(title='x')", "update"),
        ("Rsvp.objects.bulk_create(rows)", "bulk_create"),
        ("Rsvp.objects.get_or_create(id=1)", "get_or_create"),
        ("Event.objects.raw('delete from x')", "raw"),
        ("with transaction.atomic():\n    pass", "atomic"),
    ],
)
def test_a_door_that_writes_is_found(line: str, name: str) -> None:
    assert {found for _line, found in writes(ast.parse(line))} == {name}


def test_changing_a_dictionary_is_no_write() -> None:
    assert list(writes(ast.parse("field.widget.attrs.update({'dir': 'ltr'})"))) == []
