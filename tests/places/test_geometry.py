"""Distances, boxes, displaced points and typed coordinates."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.places import geometry
from groundswell.places.geometry import Box, NotOnTheEarth, Point

lats = st.floats(-90, 90)
lons = st.floats(-180, 180)
keys = st.binary(min_size=16, max_size=32)


def inside(boxes: tuple[Box, ...], lat: float, lon: float) -> bool:
    return any(box.holds(lat, lon) for box in boxes)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        ((51.5074, -0.1278), (48.8566, 2.3522), 344),  # London, Paris
        ((40.7128, -74.0060), (-33.8688, 151.2093), 15989),  # New York, Sydney
        ((-16.5, 179.9), (-16.5, -179.9), 21),  # over the antimeridian in Fiji
        ((90, 0), (90, 137), 0),  # one pole, two longitudes
        ((90, 0), (-90, 0), 20015),
    ],
)
def test_distance_of_known_pairs(a, b, km):
    assert round(geometry.distance_km(*a, *b)) == km


@given(lats, lons, lats, lons)
def test_distance_is_symmetric_and_bounded(lat_a, lon_a, lat_b, lon_b):
    there = geometry.distance_km(lat_a, lon_a, lat_b, lon_b)
    back = geometry.distance_km(lat_b, lon_b, lat_a, lon_a)
    assert math.isclose(there, back, abs_tol=1e-6)
    assert 0 <= there <= 20016


def test_one_box_far_from_the_edges():
    (box,) = geometry.boxes_around(53.8, -1.5, 30)
    assert (round(box.south, 2), round(box.north, 2)) == (53.53, 54.07)
    assert (round(box.west, 2), round(box.east, 2)) == (-1.96, -1.04)


def test_two_boxes_over_the_antimeridian():
    west, east = geometry.boxes_around(-16.5, 179.95, 30)
    assert (west.east, east.west) == (180.0, -180.0)
    assert west.holds(-16.5, 179.9)
    assert east.holds(-16.5, -179.9)


def test_the_whole_cap_at_a_pole():
    (box,) = geometry.boxes_around(89.9, 20, 100)
    assert (box.west, box.east, box.north) == (-180.0, 180.0, 90.0)


def test_a_negative_radius_is_a_mistake():
    with pytest.raises(ValueError, match="negative"):
        geometry.boxes_around(0, 0, -1)


@given(lats, lons, st.floats(0, 20100), st.floats(0, 2 * math.pi))
def test_boxes_hold_every_point_within_the_radius(lat, lon, km, bearing):
    point = geometry.moved(lat, lon, km * 0.999, bearing)
    if geometry.distance_km(lat, lon, point.lat, point.lon) <= km:
        assert inside(geometry.boxes_around(lat, lon, km), point.lat, point.lon)


@given(lats, lons, st.floats(0, 20100))
def test_boxes_are_one_or_two_and_in_range(lat, lon, km):
    boxes = geometry.boxes_around(lat, lon, km)
    assert len(boxes) in (1, 2)
    for box in boxes:
        assert -90 <= box.south <= box.north <= 90
        assert -180 <= box.west <= box.east <= 180


def test_a_naive_box_misses_points_that_ours_holds():
    """Control: the usual division by the cosine is too narrow far north."""
    lat, km = 80.0, 500.0
    naive_width = math.degrees(km / geometry.EARTH_RADIUS_KM) / math.cos(math.radians(lat))
    (box,) = geometry.boxes_around(lat, 0, km)
    missed = [
        point
        for point in (geometry.moved(lat, 0, km, math.radians(degrees)) for degrees in range(360))
        if abs(point.lon) > naive_width
    ]
    assert missed
    assert all(box.holds(point.lat, point.lon) for point in missed)


@given(lats, lons, keys)
def test_a_home_is_shown_500_to_1500_metres_away(lat, lon, key):
    shown = geometry.displaced_point(lat, lon, key)
    assert 0.5 <= geometry.distance_km(lat, lon, shown.lat, shown.lon) <= 1.5
    assert geometry.check_point(shown.lat, shown.lon) == shown


def test_the_displacement_is_never_drawn_again():
    key = b"k" * 32
    first = {geometry.displaced_point(53.8, -1.5, key) for _ in range(50)}
    assert len(first) == 1
    # The same event edited by a few metres moves by the same few metres: nothing to average.
    (here,) = first
    there = geometry.displaced_point(53.8002, -1.5, key)
    assert round(there.lat - here.lat, 4) == 0.0002


def test_displacements_of_many_events_spread_over_the_ring():
    points = [geometry.displaced_point(0, 0, number.to_bytes(16)) for number in range(2000)]
    quarters = [0, 0, 0, 0]
    for point in points:
        quarters[(point.lat > 0) * 2 + (point.lon > 0)] += 1
    assert min(quarters) > 430


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="16 secret bytes"):
        geometry.displaced_point(1, 2, b"short")


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("53.8, -1.54", Point(53.8, -1.54)),
        ("  53.8;-1.54 ", Point(53.8, -1.54)),
        ("53.8 -1.54", Point(53.8, -1.54)),
        ("53.8N, 1.54W", Point(53.8, -1.54)),
        ("S 33.9° E 18.4°", Point(-33.9, 18.4)),
        ("33.9° S, 18.4° E", Point(-33.9, 18.4)),
        ("−33.9, 18.4", Point(-33.9, 18.4)),
        ("٣٠٫٠, ٣١", None),  # an Arabic decimal sign is no full stop
        ("٣٠, ٣١", Point(30, 31)),
        ("30، 31", Point(30, 31)),
        ("Leeds", None),
        ("12", None),
        ("LS6 2AB", None),
        ("2001 1999 3", None),
        ("", None),
        ("1, 2" + " " * 5000, None),
        ("1\x00, 2", None),
    ],
)
def test_typed_coordinates(text, point):
    assert geometry.parse_point(text) == point


@pytest.mark.parametrize("text", ["91, 0", "-90.1, 0", "10, 181", "999, 999"])
def test_coordinates_off_the_earth_are_refused(text):
    with pytest.raises(NotOnTheEarth) as refused:
        geometry.parse_point(text)
    assert "latitude (−90 to 90) first" in str(refused.value)


@pytest.mark.parametrize(("lat", "lon"), [(math.nan, 0), (0, math.inf), (-90.01, 0), (0, 180.01)])
def test_numbers_that_are_no_place_are_refused(lat, lon):
    with pytest.raises(NotOnTheEarth):
        geometry.check_point(lat, lon)


def test_miles_where_road_signs_say_miles():
    assert [geometry.uses_miles(code) for code in ("GB", "us", "FR", "IE", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert round(geometry.in_miles(100), 1) == 62.1
