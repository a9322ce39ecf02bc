"""An installation that is built once and kept for the next run, since building it takes minutes.

It lies in the machine's folder for temporary files (or a database of PostgreSQL) under a name made
of what it was built from: another migration or another recipe builds another one.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rig import ground

ROOT = Path(__file__).parents[2]


@contextmanager
def installation(db: str, recipe: Path, build: Callable[[], None]) -> Iterator[bool]:
    """An installation filled by ``build``, from this run or an earlier one; True: it was built now.

    Sets the environment, so nothing of Django may be imported before.
    """
    name = f"groundswell_bench_{recipe.stem}_{_made_of(recipe)}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(exist_ok=True)
    os.environ.update(
        GROUNDSWELL_MODE="test",
        GROUNDSWELL_DATA_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="groundswell.config.settings",
    )
    done = folder / f"built-{db}"
    for key in ("DATABASE_URL", "GROUNDSWELL_KEYS_URL"):
        os.environ.pop(key, None)
    if db == "postgres":
        if not done.exists():
            _create(name, f"{name}_keys")
        os.environ["DATABASE_URL"] = f"{ground.POSTGRES}/{name}"
        os.environ["GROUNDSWELL_KEYS_URL"] = f"{ground.POSTGRES}/{name}_keys"

    import django
    from django.core.management import call_command

    django.setup()
    if is_new := not done.exists():
        for alias in ("default", "keys"):
            call_command("migrate", database=alias, verbosity=0)
        build()
        done.touch()
    yield is_new


def _made_of(recipe: Path) -> str:
    """By what the files say, not by how they are laid out."""
    files = [recipe, *sorted(ROOT.glob("groundswell/*/migrations/*.py"))]
    said = "".join(ast.dump(ast.parse(path.read_text(encoding="utf-8"))) for path in files)
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def _create(*names: str) -> None:
    import psycopg

    with psycopg.connect(f"{ground.POSTGRES}/postgres", autocommit=True) as admin:
        for name in names:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{name}"')
