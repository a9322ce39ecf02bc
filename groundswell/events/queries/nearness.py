"""The nearest listed events, by the index that each database has for it.

A ring is a box in degrees that surely holds everything within its radius. Rings grow until one
holds as many events as were asked for *within its radius*. Inside a ring the database sorts by
distance on a local plane and returns few more rows than asked; distances that people see are
exact, and the order is, up to 400 km. Farther away the plane bends, so more rows are fetched.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from groundswell.kernel import clock
from groundswell.places import geometry

PLANE_IS_FLAT_KM = 400
FIRST_RING_KM = 2.0
WHOLE_EARTH_KM = 21_000.0


class NearId(NamedTuple):
    """An event's id and its great-circle distance in kilometres."""

    event_id: int
    km: float


# The only values put into the statements are parameters; the two texts differ in the index.
_SQLITE = """
SELECT n.id, n.latitude, n.longitude
FROM events_nearness n{join}
WHERE n.south <= %s AND n.north >= %s AND n.west <= %s AND n.east >= %s
  AND n.campaign_id = %s AND n.ends_at > %s{extra}
ORDER BY (n.latitude - %s) * (n.latitude - %s) + (n.longitude - %s) * (n.longitude - %s) * %s
LIMIT %s
"""
_SQLITE_JOIN = " CROSS JOIN events_event e ON e.id = n.id"
_POSTGRES = """
SELECT e.id, e.latitude, e.longitude
FROM events_event e
WHERE e.state = 'listed' AND point(e.longitude, e.latitude) <@ box(point(%s, %s), point(%s, %s))
  AND e.campaign_id = %s AND e.ends_at > %s{extra}
ORDER BY (e.latitude - %s) * (e.latitude - %s) + (e.longitude - %s) * (e.longitude - %s) * %s
LIMIT %s
"""


def nearest_ids(
    campaign_id: int,
    latitude: float,
    longitude: float,
    *,
    limit: int,
    conditions: tuple[tuple[str, str | bool], ...] = (),
) -> list[NearId]:
    """Ids of the nearest events that are listed and not over, nearest first.

    ``conditions`` are pairs of a column comparison known to this code and its parameter, such as
    ``("e.is_step_free = %s", True)``; they never hold anything that was typed.
    """
    extra = "".join(f" AND {comparison}" for comparison, _value in conditions)
    values = [value for _comparison, value in conditions]
    is_sqlite = connection.vendor == "sqlite"
    statement = (_SQLITE if is_sqlite else _POSTGRES).format(
        extra=extra, join=_SQLITE_JOIN if extra else ""
    )
    now = clock.now()
    ring = FIRST_RING_KM
    while True:
        found = _ring(
            statement, is_sqlite, campaign_id, (latitude, longitude), ring, now, values, limit
        )
        if len(found) >= limit or ring >= WHOLE_EARTH_KM:
            return found
        ring = min(WHOLE_EARTH_KM, ring * _growth(len(found), limit))


def _growth(found: int, wanted: int) -> float:
    """How much wider the next ring is: twice the area that would do at this density."""
    if not found:
        return 5
    return min(5, max(1.5, math.sqrt(2 * wanted / found)))


def _ring(
    statement: str,
    is_sqlite: bool,
    campaign_id: int,
    here: tuple[float, float],
    km: float,
    now: datetime,
    values: list[str | bool],
    limit: int,
) -> list[NearId]:
    latitude, longitude = here
    squeeze = math.cos(math.radians(latitude)) ** 2
    moment: datetime | str | None = now
    if is_sqlite:
        moment = connection.ops.adapt_datetimefield_value(now)
    near: list[NearId] = []
    fetch = limit if km <= PLANE_IS_FLAT_KM else limit * 8
    for box in geometry.boxes_around(latitude, longitude, km):
        corners = (
            (box.north, box.south, box.east, box.west)
            if is_sqlite
            else (box.west, box.south, box.east, box.north)
        )
        # Beyond the antimeridian the plane is laid from the other side.
        middle = longitude + 360 * round(((box.west + box.east) / 2 - longitude) / 360)
        with connection.cursor() as cursor:
            cursor.execute(
                statement,
                [
                    *corners, campaign_id, moment, *values,
                    latitude, latitude, middle, middle, squeeze, fetch,
                ],
            )  # fmt: skip
            rows = cursor.fetchall()
        near += [
            NearId(event_id, geometry.distance_km(latitude, longitude, lat, lon))
            for event_id, lat, lon in rows
        ]
    is_last = km >= WHOLE_EARTH_KM
    near.sort(key=lambda each: each.km)
    return [each for each in near if is_last or each.km <= km][:limit]
