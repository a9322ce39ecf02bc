"""P5: the 50 nearest of 50,000 events (goal: median 1.5 ms, p95 5 ms).

Beside it, the same rows in a bare index of the database's own kind, asked for one box of fixed
size, without sorting and without Python: what this machine can do at best.
"""

from __future__ import annotations

import math
import random
import time

from bench.rig import ground

EVENTS, CITIES, QUESTIONS, RUNS = 50_000, 400, 300, 5


def main() -> None:
    db = ground.chosen_db(__doc__ or "")
    with ground.fresh_installation(db):
        _measure(db)


def _measure(db: str) -> None:
    from django.db import connection

    from groundswell.events.queries import nearness

    campaign_id, places = _scatter()
    draw = random.Random(5)
    asked = [draw.choice(places) for _ in range(QUESTIONS)]
    times: list[float] = []
    bare: list[float] = []
    for run in range(RUNS + 1):
        for latitude, longitude in asked:
            started = time.perf_counter()
            found = nearness.nearest_ids(campaign_id, latitude, longitude, limit=50)
            took = (time.perf_counter() - started) * 1000
            assert len(found) == 50
            started = time.perf_counter()
            _bare(connection, latitude, longitude)
            if run:  # the first round warms up
                times.append(took)
                bare.append((time.perf_counter() - started) * 1000)
        ground.say(f"run {run}/{RUNS}: median {ground.median(times or [0]):.2f} ms")
    limit = ground.median(bare)
    figures = (("p5", ground.median(times), 1.5), ("p5_p95", ground.percentile(times, 0.95), 5.0))
    for name, value, goal in figures:
        ground.tell(
            bench=name,
            db=db,
            value=value,
            unit="ms",
            better="lower",
            goal=goal,
            limit=limit,
            runs=RUNS,
            events=EVENTS,
            questions=QUESTIONS,
        )


def _bare(connection: object, latitude: float, longitude: float) -> None:
    near = (latitude - 0.05, latitude + 0.05, longitude - 0.05, longitude + 0.05)
    with connection.cursor() as cursor:  # type: ignore[attr-defined]  # a Django connection
        if connection.vendor == "sqlite":  # type: ignore[attr-defined]  # as above
            statement = (
                "SELECT id FROM events_nearness WHERE north >= %s AND south <= %s "
                "AND east >= %s AND west <= %s LIMIT 50"
            )
            cursor.execute(statement, near)
        else:
            statement = (
                "SELECT id FROM events_event WHERE state = 'listed' AND "
                "point(longitude, latitude) <@ box(point(%s, %s), point(%s, %s)) LIMIT 50"
            )
            cursor.execute(statement, (near[2], near[0], near[3], near[1]))
        cursor.fetchall()


def _scatter() -> tuple[int, list[tuple[float, float]]]:
    """50,000 listed events around 400 cities, large cities with many (zipf), one campaign."""
    from datetime import UTC, datetime, timedelta

    from django.db import connection

    from groundswell.campaigns import operations as campaign_ops
    from groundswell.events.models import Event
    from groundswell.kernel import clock
    from groundswell.kernel.actor import SYSTEM

    now = clock.now()
    plan = campaign_ops.Plan(
        organisation="Bench",
        action_on=(now + timedelta(days=14)).date(),
        starts_on=now.date(),
        ends_on=(now + timedelta(days=30)).date(),
    )
    campaign = campaign_ops.start_campaign(plan=plan, title="Bench", by=SYSTEM)
    draw = random.Random(1)
    cities = [
        (math.degrees(math.asin(draw.uniform(-0.7, 0.9))), draw.uniform(-180, 180))
        for _ in range(CITIES)
    ]
    weights = [1 / rank for rank in range(1, CITIES + 1)]
    starts = datetime.combine(plan.action_on, datetime.min.time(), UTC) + timedelta(hours=11)
    rows, places = [], []
    for index, city in enumerate(draw.choices(cities, weights, k=EVENTS)):
        latitude = max(-89.9, min(89.9, city[0] + draw.gauss(0, 0.15)))
        longitude = max(-180.0, min(180.0, city[1] + draw.gauss(0, 0.15)))
        places.append((latitude, longitude))
        rows.append(
            Event(
                slug=f"b{index}",
                campaign=campaign,
                state=Event.State.LISTED,
                kind="meeting",
                title="Meeting",
                language="en",
                starts_at=starts,
                ends_at=starts + timedelta(hours=1),
                starts_wall=starts.strftime("%Y-%m-%dT%H:%M"),
                ends_wall=starts.strftime("%Y-%m-%dT%H:%M"),
                zone="UTC",
                town="Town",
                latitude=latitude,
                longitude=longitude,
                created_at=now,
            )
        )
    Event.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return campaign.id, places


if __name__ == "__main__":
    main()
