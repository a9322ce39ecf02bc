"""The map to draw on: places and degrees are one multiplication apart, wherever the window lies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.web.maps import board


@given(
    st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 200), st.integers(0, 2000),
    st.integers(0, 2000),
)  # fmt: skip
def test_what_is_out_of_range_is_brought_into_it(
    lat: float, lon: float, span: float, width: int, height: int
) -> None:
    found = board.draw.__wrapped__(lat, lon, span, width, height)

    assert board.LEAST_SPAN <= found.span <= board.MOST_SPAN
    assert min(found.width, found.height) >= board.LEAST_SIDE
    assert max(found.width, found.height) <= board.MOST_SIDE
    assert -85 <= found.lat - found.span / 2 <= found.lat + found.span / 2 <= 85.001
    assert found.place(found.lat, found.lon) == (found.width / 2, found.height / 2)


def test_land_is_drawn_on_both_sides_of_the_antimeridian() -> None:
    fiji, world = board.draw(-17, 179.5, 8, 640, 420), board.draw(0, 180, 130, 640, 420)

    assert len(fiji.land) > 500
    assert len(world.land) > 5000
    assert fiji.place(-17, -179.5)[0] > fiji.place(-17, 179)[0]


def test_an_area_over_the_antimeridian_is_one_line() -> None:
    corners = [(-16.0, 177.0), (-16.0, 181.0), (-19.0, 181.0), (-19.0, 177.0)]
    found = board.around(corners, 400, 340)
    xs = [float(spot.split(",")[0]) for spot in found.line(corners).split()]

    assert all(0 < x < 400 for x in xs)
    assert found.line([]) == ""


def test_names_of_towns_do_not_cover_each_other_and_stay_inside() -> None:
    found = board.draw(53.8, -1.5, 3, 400, 340)
    names = {one.name for one in board.labels(found, "en")}
    arabic = {one.name for one in board.labels(found, "ar")}

    assert "Leeds" in names
    assert "ليدز" in arabic
    assert len(names) <= 14


@pytest.mark.parametrize(("high", "wide"), [(0.0, 0.0), (1.0, 30.0), (60.0, 1.0)])
def test_a_window_around_an_area_shows_all_of_it(high: float, wide: float) -> None:
    corners = [(10.0, 20.0), (10.0 + high, 20.0), (10.0, 20.0 + wide)]
    found = board.around(corners, 400, 340)

    for lat, lon in corners:
        x, y = found.place(lat, lon)
        assert 0 <= x <= found.width
        assert 0 <= y <= found.height
    assert math.isclose(found.across / found.along, math.cos(math.radians(found.lat)))
