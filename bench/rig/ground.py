"""What every benchmark needs: a fresh installation, medians, and the line of JSON."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
# Of this process: two benchmarks may run side by side.
DATABASES = (f"groundswell_bench_{os.getpid()}", f"groundswell_bench_{os.getpid()}_keys")


def options(description: str) -> argparse.ArgumentParser:
    """A parser with the ``--db`` option."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    return parser


def chosen_db(description: str) -> str:
    """The ``--db`` option of a benchmark that has no other."""
    return str(options(description).parse_args().db)


@contextmanager
def fresh_installation(db: str, *, only: Mapping[str, str] | None = None) -> Iterator[Path]:
    """An empty, migrated installation of its own; removed afterwards. ``only``: the last migration
    of each of these rooms, for an installation of long ago.

    Sets the environment, so nothing of Django may be imported before.
    """
    folder = Path(tempfile.mkdtemp(prefix="groundswell-bench-"))
    os.environ.update(
        GROUNDSWELL_MODE="test",
        GROUNDSWELL_DATA_DIR=str(folder),
        GROUNDSWELL_PROXIES="1",  # the generator says where each sign-up comes from
        DJANGO_SETTINGS_MODULE="groundswell.config.settings",
    )
    if db == "postgres":
        _recreate_postgres()
        os.environ["DATABASE_URL"] = f"{POSTGRES}/{DATABASES[0]}"
        os.environ["GROUNDSWELL_KEYS_URL"] = f"{POSTGRES}/{DATABASES[1]}"
    else:
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("GROUNDSWELL_KEYS_URL", None)
    try:
        import django
        from django.core.management import call_command

        django.setup()
        for room, last in (only or {}).items():
            call_command("migrate", room, last, database="default", verbosity=0)
        for alias in ("keys",) if only else ("default", "keys"):
            call_command("migrate", database=alias, verbosity=0)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if db == "postgres":
            _drop_postgres()


def _recreate_postgres() -> None:
    import psycopg

    _drop_postgres()
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        for name in DATABASES:
            admin.execute(f'CREATE DATABASE "{name}"')


def _drop_postgres() -> None:
    import psycopg

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        for name in DATABASES:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def tell(
    *,
    bench: str,
    db: str,
    value: float,
    unit: str,
    better: str,
    goal: float,
    limit: float,
    runs: int,
    **more: object,
) -> None:
    """Print the closing line of a figure. ``limit`` is what the machine can do at best."""
    met = value >= goal if better == "higher" else value <= goal
    ratio = value / limit if better == "higher" else limit / value if value else 1.0
    line = {
        "bench": bench,
        "db": db,
        "value": round(value, 3),
        "unit": unit,
        "better": better,
        "goal": goal,
        "met": met,
        "limit": round(limit, 3),
        "ratio": round(ratio, 3),
        "runs": runs,
        **more,
    }
    print(json.dumps(line), flush=True)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
