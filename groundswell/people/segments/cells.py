"""Homes by cells of a tenth of a degree: those near a place, those inside of a drawn area.

That is as fine as a home is known in the clear; whoever's middle of the cell lies within, fits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Q

from groundswell.kernel.actor import Actor
from groundswell.people import sight
from groundswell.people.models import Person, PostalAddress
from groundswell.people.segments.criterion import Rows
from groundswell.people.sockets import Depth
from groundswell.places import areas, geometry

CELLS = 10  # in a degree
_SOME = 200
Spans = list[tuple[int, int]]  # columns from … to
Cells = dict[int, Spans]  # by row


def cells_near(lat: float, lon: float, km: float) -> Cells:
    """The cells whose middle lies within a distance: by row, runs of columns from … to.

    On each parallel the circle is one run, whose half width follows from the cosine rule of the
    sphere; across the antimeridian it becomes two.
    """
    angle = km / geometry.EARTH_RADIUS_KM
    reach = math.degrees(angle)
    found: Cells = {}
    first, last = math.floor((lat - reach) * CELLS), math.floor((lat + reach) * CELLS)
    for row in range(max(first, -90 * CELLS), min(last, 90 * CELLS - 1) + 1):
        spans = _spans(lon, _half_width(lat, (row + 0.5) / CELLS, angle))
        if spans:
            found[row] = spans
    return found


def _half_width(lat: float, there: float, angle: float) -> float | None:
    """How many degrees of longitude a circle reaches on a parallel; None: it does not."""
    phi, theta = math.radians(lat), math.radians(there)
    top = math.cos(angle) - math.sin(phi) * math.sin(theta)
    cosine = top / (math.cos(phi) * math.cos(theta) or 1e-12)
    if cosine > 1:
        return None
    return 180.0 if cosine <= -1 else math.degrees(math.acos(cosine))


def _spans(lon: float, half: float | None) -> Spans:
    if half is None:
        return []
    return _around(math.ceil((lon - half) * CELLS - 0.5), math.floor((lon + half) * CELLS - 0.5))


def _around(first: int, last: int) -> Spans:
    """Columns from … to, which may go on past the antimeridian, as those that there are."""
    west, east, around = -180 * CELLS, 180 * CELLS - 1, 360 * CELLS
    if first > last:
        return []
    if last - first + 1 >= around:
        return [(west, east)]
    turn = (first - west) // around * around
    first, last = first - turn, last - turn
    return [(first, last)] if last <= east else [(first, east), (west, last - around)]


def cells_inside(corners: Sequence[tuple[float, float]]) -> Cells:
    """The cells whose middle lies inside of an area, by the even-odd rule."""
    flat = areas.unwound(corners)
    south = math.floor(min(lat for lat, _lon in flat) * CELLS)
    north = math.floor(max(lat for lat, _lon in flat) * CELLS)
    found: Cells = {}
    for row in range(south, north + 1):
        crossings = areas.crossings(flat, (row + 0.5) / CELLS)
        for west, east in zip(crossings[::2], crossings[1::2], strict=True):
            spans = _around(math.ceil(west * CELLS - 0.5), math.floor(east * CELLS - 0.5))
            if spans:
                found.setdefault(row, []).extend(spans)
    return found


class Inside(Func):
    """Whether a cell is one of many: a tree of comparisons, so each home takes a few of them.

    The same as conditions of Django's took ten times as long to put together as to ask.
    """

    output_field = BooleanField()
    arity = 2

    def __init__(self, *columns: Any, cells: Cells, **extra: Any) -> None:
        super().__init__(*columns, **extra)
        self.cells = cells

    def as_sql(self, compiler: Any, connection: Any, *unused: Any, **extra: Any) -> Any:
        """Nothing but column names and whole numbers, which were computed here."""
        (lat, lat_values), (lon, lon_values) = (
            compiler.compile(one) for one in self.get_source_expressions()
        )
        assert not lat_values
        assert not lon_values
        return _tree(lat, lon, _bands(self.cells)), []


def _bands(cells: Cells) -> list[tuple[int, int, Spans]]:
    """Neighbouring rows with the same columns as one: first row, last row, columns."""
    found: list[tuple[int, int, Spans]] = []
    for row in sorted(cells):
        if found and found[-1][1] == row - 1 and found[-1][2] == cells[row]:
            found[-1] = (found[-1][0], row, cells[row])
        else:
            found.append((row, row, cells[row]))
    return found


def _tree(lat: str, lon: str, bands: list[tuple[int, int, Spans]]) -> str:
    if not bands:
        return "(1 = 0)"
    if len(bands) == 1:
        first, last, spans = bands[0]
        columns = " OR ".join(f"{lon} BETWEEN {int(west)} AND {int(east)}" for west, east in spans)
        return f"({lat} BETWEEN {int(first)} AND {int(last)} AND ({columns}))"
    half = len(bands) // 2
    low, high = _tree(lat, lon, bands[:half]), _tree(lat, lon, bands[half:])
    middle = int(bands[half][0])
    return f"(({lat} < {middle} AND {low}) OR ({lat} >= {middle} AND {high}))"


def at_home(cells: Cells) -> Rows:
    """The homes in some cells: inside of the box around them by the index, then one by one."""
    spans = [span for many in cells.values() for span in many]
    homes = PostalAddress.objects.filter(kind=PostalAddress.Kind.HOME)
    if not spans:
        return Rows(homes.none())
    boxed = homes.filter(
        cell_lat__gte=min(cells),
        cell_lat__lte=max(cells),
        cell_lon__gte=min(west for west, _east in spans),
        cell_lon__lte=max(east for _west, east in spans),
    )
    return Rows(boxed.filter(Inside(F("cell_lat"), F("cell_lon"), cells=cells)))


def some_homes(by: Actor) -> list[tuple[float, float]]:
    """Where some of the latest people live whose homes the actor may ask about: latitude and
    longitude of the middle of their cells, to show a map of about the right part of the earth."""
    seen = sight.seen(by, at_least=Depth.CONTACT)
    homes = PostalAddress.objects.filter(kind=PostalAddress.Kind.HOME, cell_lat__isnull=False)
    if seen != Q():
        homes = homes.filter(person__in=Person.objects.filter(seen))
    cells = homes.order_by("-id").values_list("cell_lat", "cell_lon")[:_SOME]
    return [
        ((row + 0.5) / CELLS, (column + 0.5) / CELLS)
        for row, column in cells
        if row is not None and column is not None
    ]
