"""P1: sign-ups over real HTTP with everything safe on (goal: 300/s SQLite, 250/s PostgreSQL).

One public form post = person upserted, consent, sign-up, seats, fact, confirmation queued: one
commit. Served by ``groundswell serve`` with its shipped settings, loaded by a process of its own
(its CPU is printed). Beside it, the same rows written by bare SQL, one commit each, without
sealing, HTTP or Django: what this machine's database can do at best.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

from bench.rig import ground, load
from bench.rig.campaign import events, stamps
from bench.rig.serving import order_load, served

RUNS, EVENTS, COUNT, SECONDS = 3, 20, 6000, 20.0


def main() -> None:
    db = ground.chosen_db(__doc__ or "")
    with ground.fresh_installation(db) as folder:
        paths = [path for _event_id, path in events(EVENTS)]
        with served() as (port, _pid):
            rates, slow, busy = _measure(port, paths, stamps(paths))
        limit = _limit(db, folder)
    goal = 300.0 if db == "sqlite" else 250.0
    common: dict[str, Any] = {"bench_cpu_seconds": round(busy, 1), "processes": 2}
    ground.tell(
        bench="p1", db=db, value=ground.median(rates), unit="rsvp/s", better="higher",
        goal=goal, limit=limit, runs=RUNS, **common,
    )  # fmt: skip
    for name, connections, goal_ms in (("p1_p99", 16, 250.0), ("p1_p99_200", 200, 2000.0)):
        value = ground.percentile(slow[connections], 0.99)
        ground.tell(
            bench=name, db=db, value=value, unit="ms", better="lower", goal=goal_ms,
            limit=1000 / limit * connections, runs=RUNS, connections=connections,
        )  # fmt: skip


def _measure(
    port: int, paths: list[str], signed: dict[str, str]
) -> tuple[list[float], dict[int, list[float]], float]:
    """Rates at 16 connections, latencies at 16 and at 200, CPU seconds of the generator."""
    rates: list[float] = []
    slow: dict[int, list[float]] = {16: [], 200: []}
    busy = 0.0
    order_load(load.Order(port, paths, 300, 8, prefix="warm", stamps=signed))
    for run in range(RUNS):
        for connections, count in ((16, COUNT), (200, 2000)):
            order = load.Order(
                port,
                paths,
                count,
                connections,
                SECONDS,
                stamps=signed,
                prefix=f"run{run}c{connections}x",
            )
            result = order_load(order)
            done = result["statuses"].get("302", 0)
            if set(result["statuses"]) != {"302"} or result["broken"]:
                raise SystemExit(f"not every sign-up was answered: {result['statuses']}")
            slow[connections] += result["milliseconds"]
            busy += result["cpu_seconds"]
            if connections == 16:
                rates.append(done / result["seconds"])
            ground.say(f"{connections} connections: {done / result['seconds']:.0f} sign-ups/s")
    return rates, slow, busy


def _limit(db: str, folder: Path) -> float:
    """Commits per second of the same rows by bare SQL on one connection, sizes alike."""
    from django.db import connection, transaction

    blob, wide = secrets.token_bytes(90), secrets.token_bytes(60)
    with connection.cursor() as cursor:
        big = "BYTEA" if db == "postgres" else "BLOB"
        for number in range(6):
            cursor.execute(
                f"CREATE TABLE bare{number} (id BIGINT PRIMARY KEY, a {big}, b {big}, c BIGINT)"
            )
            cursor.execute(f"CREATE INDEX bare{number}_c ON bare{number} (c)")
        cursor.execute("CREATE TABLE bare_seats (id BIGINT PRIMARY KEY, taken BIGINT)")
        cursor.execute("INSERT INTO bare_seats VALUES (1, 0)")
        started, done = time.perf_counter(), 0
        while time.perf_counter() - started < 4:
            with transaction.atomic():
                for number in range(6):
                    cursor.execute(
                        f"INSERT INTO bare{number} VALUES (%s, %s, %s, %s)",
                        [done, blob, wide, secrets.randbits(60)],
                    )
                cursor.execute("UPDATE bare_seats SET taken = taken + 1 WHERE id = 1")
            done += 1
        return done / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
