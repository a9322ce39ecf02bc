"""The source of the house, read once: files, syntax trees, floors."""

from __future__ import annotations

import ast
import configparser
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "groundswell"
DOORS = ("public", "my", "office", "api", "webhooks", "cli")
HALL_AND_ABOVE = {*DOORS, "web", "config"}
_LEFT_OUT = {"__pycache__", ".venv", ".git", "node_modules", ".ruff_cache", ".mypy_cache", "data"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project that is, or would be, committed."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout.split("\0")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive has no git
        listed = [
            str(path.relative_to(ROOT))
            for path in ROOT.rglob("*")
            if not _LEFT_OUT & set(path.relative_to(ROOT).parts)
        ]
    return tuple(sorted(path for name in listed if name and (path := ROOT / name).is_file()))


def python(*folders: str) -> tuple[Path, ...]:
    """The Python files below ``folders`` of the project, vendored code left out."""
    return tuple(
        path
        for path in tracked()
        if path.suffix == ".py"
        and "vendor" not in path.parts
        and path.relative_to(ROOT).parts[0] in folders
    )


def templates() -> tuple[Path, ...]:
    return tuple(
        path for path in tracked() if "templates" in path.parts and PACKAGE in path.parents
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """How a finding names a file."""
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    """The room or door that a file of the package stands in; "" for the package's own files."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


@cache
def floors() -> dict[str, int]:
    """Each room's floor, 0 at the bottom, as ``.importlinter`` says."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:floors"]["layers"].split("\n")
    found = {}
    for height, line in enumerate(reversed([line for line in lines if line.strip()])):
        for one in line.split("|"):
            found[one.strip(" ()")] = height
    return found


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of an attribute chain, calls and indexes left out; "" where it is anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return ""
