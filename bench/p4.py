"""P4: take a million rows in and de-duplicate them by exact keys, from the file on disk to people
who can be found and written to (goal: 90 s PostgreSQL, 120 s SQLite, at most 1.5 GB).

Four rows of a hundred repeat somebody. Measured are the reading into sealed parts, the dry run
and the import; the figure is all three. Beside it the same rows by bare inserts, 500 in a commit,
without sealing, reading or Django: what this machine's database can do at best. ``--rows`` takes
fewer; goals and limit are for a million, so ``value`` is scaled to it. ``cpu`` and ``limit_cpu``
are the seconds that this process itself needed for both, which a busy machine changes less. A
workbook of 50,000 rows, about people who are known by then, is dry-run too (goal: 10 s).

The table of towns is made before: an installation makes it once, whatever it imports.
"""

from __future__ import annotations

import csv
import random
import resource
import secrets
import time
from pathlib import Path
from typing import Any

from bench.rig import ground

MILLION, SHEET_ROWS = 1_000_000, 50_000
GOAL_MB = 1536.0
_GIVEN = ("Ann", "Bo", "Cleo", "Dina", "Elif", "Farid", "Gwen", "Hana", "Ivo", "Jun", "Kim", "Lou")
_FAMILY = (
    "Ash",
    "Birch",
    "Cedar",
    "Elm",
    "Fir",
    "Hazel",
    "Khan",
    "Lee",
    "Silva",
    "Novak",
    "Haddad",
)
_TAGS = ("volunteer", "nurse", "climate, host", "", "", "")
HEAD = ("email", "first_name", "last_name", "phone", "country", "tags")


def main() -> None:
    parser = ground.options(__doc__ or "")
    parser.add_argument("--rows", type=int, default=MILLION)
    chosen = parser.parse_args()
    rows, scale = chosen.rows, MILLION / chosen.rows
    with ground.fresh_installation(chosen.db) as folder:
        _make_towns()
        began = time.process_time()
        seconds = _take_in(_file(folder, rows))
        cpu = (time.process_time() - began) * scale
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sheet = _sheet(folder)
        began, some = time.process_time(), min(rows, 100_000)
        limit = _limit(chosen.db, some) * MILLION
        limit_cpu = (time.process_time() - began) / some * MILLION
    common: dict[str, Any] = {"db": chosen.db, "better": "lower", "runs": 1, "rows": rows}
    ground.tell(
        bench="p4", value=sum(seconds.values()) * scale, unit="s", limit=limit,
        goal=120.0 if chosen.db == "sqlite" else 90.0, cpu=round(cpu, 1),
        limit_cpu=round(limit_cpu, 1),
        **{name: round(value, 1) for name, value in seconds.items()}, **common,
    )  # fmt: skip
    ground.tell(bench="p4_memory", value=memory, unit="MB", goal=GOAL_MB, limit=memory, **common)
    common["rows"] = SHEET_ROWS
    ground.tell(bench="p4_sheet", value=sheet, unit="s", goal=10.0, limit=sheet, **common)


def _rows(count: int) -> Any:
    """The same rows in each run; some of them about somebody of an earlier row."""
    chance = random.Random(4)
    for number in range(count):
        who = number if chance.random() > 0.04 else chance.randrange(max(1, number))
        given, family = _GIVEN[who % len(_GIVEN)], _FAMILY[who // 12 % len(_FAMILY)]
        phone = f"+4479{10_000_000 + who % 90_000_000:08d}" if who % 3 == 0 else ""
        yield (f"{given}.{who}@example.org", given, family, phone, "GB", _TAGS[who % 6])


def _file(folder: Path, count: int) -> Path:
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEAD])
        csv.writer(out).writerows(_rows(count))
    return path


def _make_towns() -> None:
    from groundswell.places import gazetteer

    began = time.perf_counter()
    gazetteer.country("GB")
    ground.say(f"the table of towns, once for an installation: {time.perf_counter() - began:.1f} s")


def _take_in(path: Path) -> dict[str, float]:
    from groundswell.kernel.actor import SYSTEM
    from groundswell.people.imports.choices import Choices
    from groundswell.people.models import Import, Person
    from groundswell.people.operations.imports import checking, running, uploading

    told: dict[str, float] = {}
    started = time.perf_counter()
    with path.open("rb") as file:
        found = uploading.upload(name=path.name, file=file, by=SYSTEM)
    told["reading"] = time.perf_counter() - started
    started = time.perf_counter()
    found = checking.decide(
        import_id=found.id, columns=found.columns, choices=Choices(consent="list"), by=SYSTEM
    )
    if found.state == Import.State.CHECKING:
        checking.Check(found).all(lambda rows: ground.say(f"dry run: {rows:,} rows"))
    told["dry_run"] = time.perf_counter() - started
    started = time.perf_counter()
    running.start(import_id=found.id, in_worker=False, by=SYSTEM)
    running.Run(found.id).all()
    told["import"] = time.perf_counter() - started
    found = Import.objects.get(id=found.id)
    if found.counts != found.expected or Person.objects.count() != found.counts["new"]:
        raise SystemExit(f"the dry run said {found.expected}, and it was {found.counts}")
    return told


def _sheet(folder: Path) -> float:
    """Seconds from a workbook to the sentence of its dry run."""
    import xlsxwriter

    from groundswell.kernel.actor import SYSTEM
    from groundswell.people.imports.choices import Choices
    from groundswell.people.operations.imports import checking, uploading

    path = folder / "people.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEAD, *_rows(SHEET_ROWS)]):
            sheet.write_row(number, 0, row)
    started = time.perf_counter()
    with path.open("rb") as file:
        found = uploading.upload(name=path.name, file=file, by=SYSTEM)
    found = checking.decide(
        import_id=found.id, columns=found.columns, choices=Choices(consent="list"), by=SYSTEM
    )
    checking.Check(found).all()
    return time.perf_counter() - started


def _limit(db: str, count: int) -> float:
    """Seconds for each row that bare SQL needs to write the same six rows of about these sizes."""
    from django.db import connection, transaction

    wide = secrets.token_bytes(80)
    kind = "BYTEA" if db == "postgres" else "BLOB"
    with connection.cursor() as cursor:
        for number in range(6):
            cursor.execute(f"CREATE TABLE bare{number} (id BIGINT PRIMARY KEY, a {kind}, b {kind})")
            cursor.execute(f"CREATE INDEX bare{number}_a ON bare{number} (a)")
        started = time.perf_counter()
        for first in range(0, count, 500):
            with transaction.atomic():
                for number in range(6):
                    cursor.executemany(
                        f"INSERT INTO bare{number} VALUES (%s, %s, %s)",
                        [(row, secrets.token_bytes(16), wide) for row in range(first, first + 500)],
                    )
        return (time.perf_counter() - started) / count


if __name__ == "__main__":
    main()
