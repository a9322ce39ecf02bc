"""Areas that somebody drew or pasted: read, refused with a reason, measured, named."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groundswell.kernel.refusal import Refusal
from groundswell.people.segments import cells
from groundswell.places import areas, gazetteer, geometry

SQUARE = [(53.0, -2.0), (53.0, -1.0), (54.0, -1.0), (54.0, -2.0)]
FIJI = "-16,177; -16,-179; -19,-179; -19,177"


@pytest.mark.parametrize(
    "text",
    [
        "53,-2; 53,-1; 54,-1; 54,-2",
        "53, -2\n53, -1\n54, -1\n54, -2",
        "53, -2 53, -1 54, -1 54, -2",  # lines that became one line
        "٥٣،-٢؛ ٥٣،-١؛ ٥٤،-١؛ ٥٤،-٢",
        "53.001,\u22122; 53,-1; 54,-1.004; 54,-2; 53,-2",
        '{"type": "Polygon", "coordinates": [[[-2, 53], [-1, 53], [-1, 54], [-2, 54], [-2, 53]]]}',
        '{"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates":'
        " [[[[-2, 53, 9], [-1, 53, 9], [-1, 54, 9], [-2, 54, 9], [-2, 53, 9]]]]}}",
    ],
)
def test_corners_are_read_as_people_write_them(text: str) -> None:
    assert areas.read(text) == SQUARE


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", areas.DrawAnArea),
        ("Leeds", areas.DrawAnArea),
        ("53,-2; 53,-1", areas.DrawAnArea),
        ("53,-2; 53,-2.001; 53.001,-2", areas.DrawAnArea),
        ("0,0; 0,1; 0,2", areas.DrawAnArea),
        ("53 -2; 53 -1; 54 -1", areas.DrawAnArea),
        ("1,12,3; 4,5; 6,7", areas.DrawAnArea),
        ("0,0; 1,1; 1,0; 0,1", areas.SidesCross),
        ("0,0; 0,2; 0,1; 1,1", areas.SidesCross),
        ("0,0; 0,2; 1,1; 0,1; 1,0", areas.SidesCross),
        ("91,0; 1,1; 2,2", geometry.NotOnTheEarth),
        ("0,181; 1,1; 2,2", geometry.NotOnTheEarth),
        ("80,0; 80,120; 80,-120", areas.TooWide),
        ("0,-100; 0,0; 0,100; 9,100; 9,0; 9,-100", areas.TooWide),
        ("0,0;" * 1001, areas.TooManyCorners),
        ("{", areas.NotOneArea),
        ("{" * 5000, areas.NotOneArea),
        ('{"type": "Point", "coordinates": [1, 2]}', areas.NotOneArea),
        ('{"type": "Polygon", "coordinates": [[["a", 2], [3, 4], [5, 6]]]}', areas.NotOneArea),
        ('{"type": "Polygon", "coordinates": [[[0,0],[9,0],[9,9]], [[1,1],[2,1],[2,2]]]}',
         areas.NotOneArea),
        ('{"type": "Polygon", "coordinates": [[[1e999, 0], [3, 4], [5, 6]]]}',
         geometry.NotOnTheEarth),
        ('{"type": "Polygon", "coordinates": [[[NaN, 0], [3, 4], [5, 6]]]}',
         geometry.NotOnTheEarth),
        ('{"type": "FeatureCollection", "features": []}', areas.NotOneArea),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_with_its_reason(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        areas.read(text)


@given(st.one_of(st.text(), st.text("0123456789.,;- \n", max_size=60)))
@example("1," * 4000)
@example(" " * 4000 + "x")
def test_anything_typed_is_an_area_or_a_refusal(text: str) -> None:
    with suppress(Refusal):
        assert len(areas.read(text)) >= 3


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["type", "coordinates", "geometry", "features"]), inner, max_size=3
    ),
    max_leaves=12,
)  # fmt: skip


@given(_json)
def test_anything_pasted_is_an_area_or_a_refusal(told: Any) -> None:
    with suppress(Refusal):
        assert areas.read(json.dumps({"type": "Polygon", "coordinates": told}))


def ring(corners: int) -> str:
    """A round area with so many corners, ten degrees wide, around 50° N 10° E."""
    turns = [step / corners * math.tau for step in range(corners)]
    return ";".join(f"{50 + 5 * math.sin(t):.4f},{10 + 5 * math.cos(t):.4f}" for t in turns)


def test_a_long_border_is_thinned_out_and_stays_what_it_was() -> None:
    long, short = areas.read(ring(900)), areas.read(ring(60))

    assert (len(long), len(short)) == (areas.CORNERS_MOST, 60)
    assert areas.square_km(long) == pytest.approx(areas.square_km(short), rel=0.01)


def test_the_size_is_that_on_a_globe() -> None:
    # A square of one degree at 53.5° N: 111.2 km by 66.1 km.
    assert areas.square_km(SQUARE) == pytest.approx(111.195 * 66.14, rel=0.001)
    assert areas.square_km(areas.read(FIJI)) == pytest.approx(333.6 * 424.6, rel=0.002)


def test_an_area_over_the_antimeridian_holds_both_sides() -> None:
    fiji = areas.read(FIJI)
    found = cells.cells_inside(fiji)

    assert areas.holds(fiji, -17, 179.9)
    assert areas.holds(fiji, -17, -179.9)
    assert not areas.holds(fiji, -17, 0)
    assert found[-170] == [(1770, 1799), (-1800, -1791)]
    assert gazetteer.country(areas.middle_town(tuple(fiji)).country) is not None
    assert areas.middle_town(tuple(fiji)).country == "FJ"


@given(
    st.lists(st.floats(0.5, 8), min_size=3, max_size=9),
    st.floats(-60, 60),
    st.floats(-180, 180),
)
def test_cells_of_an_area_are_those_whose_middle_it_holds(
    reaches: list[float], lat: float, lon: float
) -> None:
    """A star around a point is never crossed by itself."""
    turns = [step / len(reaches) * math.tau for step in range(len(reaches))]
    corners = [
        (lat + reach * math.sin(turn), geometry.wrapped(lon + reach * math.cos(turn)))
        for reach, turn in zip(reaches, turns, strict=True)
    ]
    found = {
        (row, column)
        for row, spans in cells.cells_inside(corners).items()
        for first, last in spans
        for column in range(first, last + 1)
    }
    for row in range(math.floor((lat - 9) * 10), math.floor((lat + 9) * 10), 7):
        for step in range(-95, 95, 7):
            column = (math.floor(lon * 10) + step + 1800) % 3600 - 1800
            middle = ((row + 0.5) / 10, (column + 0.5) / 10)
            assert ((row, column) in found) == areas.holds(corners, *middle), middle


def test_an_area_is_called_after_its_largest_town_or_the_nearest_one() -> None:
    around_leeds = areas.read("53.7,-1.8; 53.9,-1.8; 53.9,-1.3; 53.7,-1.3")
    at_sea = areas.read("55.0,3.0; 55.2,3.0; 55.1,3.3")

    assert areas.middle_town(tuple(around_leeds)).name == "Leeds"
    assert areas.middle_town(tuple(at_sea)).name
