"""An upgrade of an installation with a million people, while people sign up.

The tables are made as the first version made them and filled; then every later migration runs, as
``groundswell serve`` runs it. Meanwhile one thread writes to the tables of people and sign-ups and
another reads them, and the longest that either had to wait is the figure: goal 2 seconds.
``--control`` adds a step that rewrites a whole table under its lock, which must show.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.rig import ground

# The tables of the first version that landed.
FIRST = {
    "site": "0001", "ledger": "0003", "places": "0001", "accounts": "0001", "people": "0001",
    "campaigns": "0002", "events": "0002", "outreach": "0001", "metrics": "0001",
}  # fmt: skip
GOAL_SECONDS = 2.0
EVENTS = 10_000
PAUSE_SECONDS = 0.02
AT_REST_SECONDS = 2.0


def main() -> None:
    parser = ground.options(__doc__ or "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    with ground.fresh_installation(asked.db, only=FIRST):
        fill(asked.rows)
        waits = Waits()
        watchers = [waits.watched("write", _write(asked.rows)), waits.watched("read", _read)]
        for each in watchers:
            each.start()
        time.sleep(AT_REST_SECONDS)
        waits.begin()
        started = time.perf_counter()
        upgrade()
        if asked.control:
            _rewrite()
        took = time.perf_counter() - started
        waits.is_over = True
        for each in watchers:
            each.join()
        _tell(asked, took, waits)


def upgrade() -> None:
    """Every migration that is left, as an upgrade runs them."""
    from django.core.management import call_command

    call_command("migrate", database="default", verbosity=0)


def _rewrite() -> None:
    """What no migration may do: a column of a big table gets another type."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE events_rsvp ALTER COLUMN party TYPE bigint")
        else:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("CREATE TABLE again AS SELECT * FROM events_rsvp")
            cursor.execute("COMMIT")


# --- who waits -----------------------------------------------------------------------------------


@dataclass
class Waits:
    """How long each write and read took while the upgrade ran, in seconds."""

    is_over: bool = False
    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0
    at_rest: float = 0.0

    def begin(self) -> None:
        """Until now everything was at rest."""
        self.at_rest = max(max(found, default=0.0) for found in self.seconds.values())
        for found in self.seconds.values():
            found.clear()

    def watched(self, name: str, do: Callable[[int], None]) -> threading.Thread:
        """A thread that does the work again and again until the upgrade is over."""
        found = self.seconds.setdefault(name, [])

        def run() -> None:
            from django.db import connections

            number = 0
            while not self.is_over:
                started = time.perf_counter()
                try:
                    do(number)
                except Exception as error:  # counted: an upgrade must fail nobody
                    self.failed += 1
                    print(f"  {name}: {type(error).__name__}: {error}")
                found.append(time.perf_counter() - started)
                number += 1
                time.sleep(PAUSE_SECONDS)
            connections.close_all()

        return threading.Thread(target=run, name=name)


def _write(rows: int) -> Callable[[int], None]:
    """As the web processes write: in turn, where the database takes one writer at a time."""
    from django.db import connection, transaction

    def do(number: int) -> None:
        row = (number % rows + 1,)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE people_person SET language = 'fr' WHERE id = %s", row)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE events_rsvp SET source = 'x' WHERE id = %s", row)

    return do


def _read(number: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM people_person ORDER BY id LIMIT 20")
        cursor.execute("SELECT id FROM events_rsvp ORDER BY id LIMIT 20")
        cursor.fetchall()


# --- a million rows ------------------------------------------------------------------------------


def fill(rows: int) -> None:
    """People, their addresses and sign-ups, by the models as they were."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    applied = [
        node for node in executor.loader.applied_migrations if node in executor.loader.graph.nodes
    ]
    apps = executor.loader.project_state(applied).apps
    for label, count in (
        ("campaigns.Campaign", 1), ("people.Person", rows), ("people.Contact", rows),
        ("people.SearchName", rows), ("people.Consent", rows),
        ("events.Event", EVENTS), ("events.Rsvp", rows), ("ledger.Entry", rows // 10),
        ("outreach.Message", rows // 10),
    ):  # fmt: skip
        started = time.perf_counter()
        _insert(apps.get_model(label), count, rows)
        ground.say(f"{count:,} rows of {label} in {time.perf_counter() - started:.0f} s")


_NOW, _LATER = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, 2, tzinfo=UTC)
# What a check constraint wants.
_SPECIAL: dict[str, dict[str, Any]] = {
    "events.Event": {"ends_at": _LATER, "state": "listed"},
    "people.SearchName": {"folded": "amina khan"},
    "people.Consent": {"purpose": "campaign", "channel": "email", "is_given": True},
}


def _insert(model: Any, count: int, rows: int) -> None:
    """The same row again and again, but for its number and whom it is about."""
    from django.db import connection, transaction

    columns = model._meta.concrete_fields
    special = _SPECIAL.get(model._meta.label, {})
    made = [
        (column, column.get_db_prep_save(special.get(column.name, _value(column)), connection))
        for column in columns
    ]
    names = ", ".join(f'"{column.column}"' for column in columns)

    def line(number: int) -> list[Any]:
        return [_changing(column, number, rows, value) for column, value in made]

    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for number in range(1, count + 1):
                    copy.write_row(line(number))
            cursor.execute(f'ANALYZE "{table}"')
            return
        marks = ", ".join("%s" for _column in columns)
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
        cursor.executemany(insert, (line(number) for number in range(1, count + 1)))


def _changing(column: Any, number: int, rows: int, value: Any) -> Any:
    if column.primary_key and not column.remote_field:
        return number
    if column.remote_field:
        of = EVENTS if column.name == "event" else 1 if column.name == "campaign" else rows
        return number % of + 1
    if column.get_internal_type() == "BinaryField" and value:
        return number.to_bytes(column.max_length or 60)  # sealed values and indexes never repeat
    if not column.unique:
        return value
    return number if "Integer" in column.get_internal_type() else str(number)


def _value(column: Any) -> Any:
    if column.null:
        return None
    if column.has_default():
        return column.get_default()
    kind = column.get_internal_type()
    of_kind: dict[str, Any] = {
        "BinaryField": b"x" * 60,
        "JSONField": {},
        "DateTimeField": _NOW,
        "DateField": _NOW.date(),
        "BooleanField": False,
    }
    if kind in {"CharField", "TextField", "SlugField"}:
        return column.choices[0][0] if column.choices else ""
    return of_kind.get(kind, 1)


def _tell(asked: Any, took: float, waits: Waits) -> None:
    longest = {name: max(found, default=0.0) for name, found in waits.seconds.items()}
    ground.tell(
        bench="upgrade",
        db=asked.db,
        value=round(max(longest.values()), 3),
        unit="s",
        better="lower",
        goal=GOAL_SECONDS,
        limit=waits.at_rest,
        runs=1,
        rows=asked.rows,
        took_s=round(took, 1),
        failed=waits.failed,
        control=asked.control,
        **{f"longest_{name}_s": round(value, 3) for name, value in longest.items()},
        **{f"{name}s": len(found) for name, found in waits.seconds.items()},
    )


if __name__ == "__main__":
    main()
