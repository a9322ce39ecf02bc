"""Cells near a place and inside of an area: the same as looking at each of them."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from groundswell.people.segments import cells as where
from groundswell.people.segments.cells import CELLS, Cells
from groundswell.places import geometry

lats, lons = st.floats(-75, 75), st.floats(-180, 180)


def listed(cells: Cells) -> set[tuple[int, int]]:
    return {
        (row, column)
        for row, spans in cells.items()
        for west, east in spans
        for column in range(west, east + 1)
    }


@given(lats, lons, st.integers(1, 150))
def test_cells_near_are_those_whose_middle_is_near(lat: float, lon: float, km: int) -> None:
    found = listed(where.cells_near(lat, lon, km))

    wide = math.ceil(km / 111 / math.cos(math.radians(min(89.0, abs(lat) + km / 111))) * CELLS) + 2
    tall = math.ceil(km / 111 * CELLS) + 2
    row0, column0 = math.floor(lat * CELLS), math.floor(lon * CELLS)
    for row in range(row0 - tall, row0 + tall + 1, 3):
        for step in range(-wide, wide + 1, 3):
            column = (column0 + step + 180 * CELLS) % (360 * CELLS) - 180 * CELLS
            middle = (row + 0.5) / CELLS, (column + 0.5) / CELLS
            away = geometry.distance_km(lat, lon, *middle)
            if abs(away - km) > 1e-6:
                assert ((row, column) in found) == (away < km), (row, column, away)


def test_a_circle_over_the_antimeridian_is_two_runs() -> None:
    cells = where.cells_near(-17.7, 179.9, 60)

    assert {len(spans) for spans in cells.values()} == {1, 2} or all(
        len(spans) == 2 for spans in cells.values()
    )
    assert all(-1800 <= column < 1800 for _row, column in listed(cells))


def test_cells_of_a_square_are_its_own() -> None:
    found = listed(where.cells_inside([(53.0, -2.0), (53.0, -1.5), (53.4, -1.5), (53.4, -2.0)]))

    assert found == {(row, column) for row in range(530, 534) for column in range(-20, -15)}


def test_an_area_with_a_dent_leaves_the_dent_out() -> None:
    corners = [
        (0.0, 0.0),
        (0.0, 3.0),
        (2.0, 3.0),
        (2.0, 2.0),
        (1.0, 2.0),
        (1.0, 1.0),
        (2.0, 1.0),
        (2.0, 0.0),
    ]
    found = listed(where.cells_inside(corners))

    assert (15, 5) in found
    assert (15, 25) in found
    assert (15, 15) not in found
    assert len(found) == 10 * 30 + 10 * 20
