"""Write docs/facts.md: every fact of the house, what it says and how long it is kept.

    python tools/facts_page.py

A test of tests/house compares the page with the code.
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundswell.kernel.facts import Fact

ROOT = Path(__file__).resolve().parents[1]

HEAD = """# Facts

What the ledger records, room by room: ids, small codes and counts, never a name or an address.
A fact is written in the same commit as what it tells; `config/wiring.py` says who hears it.
Made by `tools/facts_page.py` from the code.
"""


def text(facts: Iterable[type[Fact]]) -> str:
    """The page, in the order given."""
    lines, room = [HEAD], ""
    for cls in facts:
        if cls.kind().split(".")[0] != room:
            room = cls.kind().split(".")[0]
            lines += [f"## {room}", ""]
        names = ", ".join(f"`{field.name}`" for field in dataclasses.fields(cls)) or "nothing else"
        lines += [f"### {cls.__name__}", ""]
        lines += [f"{cls.sentence} Holds {names}. Kept {cls.keep_days} days.", ""]
    return "\n".join(lines)


def all_facts() -> list[type[Fact]]:
    """Every fact of every room, by kind. Needs Django to be set up."""
    from groundswell.kernel.facts import Fact

    found = []
    for path in sorted((ROOT / "groundswell").glob("*/facts.py")):
        if path.parent.name == "kernel":
            continue
        module = importlib.import_module(f"groundswell.{path.parent.name}.facts")
        found += [
            thing
            for thing in vars(module).values()
            if isinstance(thing, type)
            and issubclass(thing, Fact)
            and thing.__module__ == module.__name__
        ]
    return sorted(found, key=lambda cls: cls.kind())


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("GROUNDSWELL_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.config.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("GROUNDSWELL_DATA_DIR", folder)
        import django

        django.setup()
        (ROOT / "docs" / "facts.md").write_text(text(all_facts()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
