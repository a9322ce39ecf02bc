"""Areas on the earth that somebody drew: corners read from text, checked, measured and named.

An area is a list of (latitude, longitude) in degrees, in either direction round, not closed. Its
sides are straight on a map of degrees, and take the shorter way round the earth. Pure functions
but for :func:`middle_town`, which asks the gazetteer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.places import gazetteer, geometry
from groundswell.places.gazetteer import Town

CORNERS_MOST = 60
TYPED_MOST = 1000  # corners of a pasted border, which are thinned out to CORNERS_MOST
DECIMALS = 2  # about a kilometre

Corners = list[tuple[float, float]]


class DrawAnArea(Refusal):
    sentence = _(
        "An area needs at least three corners, each as latitude and longitude: 53.7,-1.8; "
        "53.9,-1.8; 53.8,-1.3"
    )


class SidesCross(Refusal):
    sentence = _("Two sides of this area cross. Move or take back a corner, so that none do.")


class TooManyCorners(Refusal):
    sentence = _("This border has too many corners. Draw it with at most 60.")


class TooWide(Refusal):
    sentence = _("An area may reach half way round the earth at most, and around no pole.")


class NotOneArea(Refusal):
    sentence = _(
        "This GeoJSON is not one area. Paste a Polygon without holes, or a Feature that holds one."
    )


_NUMBER = r"([+-]?\d{1,3}(?:\.\d{1,18})?)"
_PAIR = re.compile(rf"{_NUMBER},{_NUMBER}")
_COMMA, _BETWEEN = re.compile(r" ?, ?"), re.compile(r"[;\s]+")
_SIGNS = str.maketrans({"\u2212": "-", "\u060c": ",", "\u061b": ";", "\u066b": "."})


def read(text: str) -> Corners:
    """The corners in ``text``: "lat, lon" pairs in lines or after semicolons, or GeoJSON (RFC
    7946, longitude first). Rounded to hundredths; a long border is thinned out to 60 corners.

    Raises DrawAnArea, NotOneArea, TooManyCorners, SidesCross, TooWide, geometry.NotOnTheEarth.
    """
    pairs = _of_geojson(text) if text.lstrip().startswith("{") else _of_pairs(text)
    if len(pairs) > TYPED_MOST:
        raise TooManyCorners
    rounded = [
        (round(lat, DECIMALS) + 0.0, round(lon, DECIMALS) + 0.0)
        for lat, lon in (_checked(*pair) for pair in pairs)
    ]
    corners = _thinned([
        one for one, before in zip(rounded, [rounded[-1:], *rounded], strict=False) if one != before
    ])  # fmt: skip
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()  # closed, as GeoJSON has it
    if len(set(corners)) < 3:
        raise DrawAnArea
    check(corners)
    return corners


def _checked(lat: float, lon: float) -> tuple[float, float]:
    point = geometry.check_point(lat, lon)
    return point.lat, point.lon


def _of_pairs(text: str) -> Corners:
    plain = _COMMA.sub(",", text.translate(_SIGNS))
    found = [_PAIR.fullmatch(part) for part in _BETWEEN.split(plain) if part]
    if not all(found):
        raise DrawAnArea
    return [(float(one[1]), float(one[2])) for one in found if one]


def _of_geojson(text: str) -> Corners:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise NotOneArea from broken
    ring = _ring(told)
    pairs: Corners = []
    for position in ring:
        match position:
            case [int() | float() as lon, int() | float() as lat, *_height]:
                # A whole number may be longer than any float.
                pairs.append((float(min(max(lat, -999), 999)), float(min(max(lon, -999), 999))))
            case _:
                raise NotOneArea
    return pairs


def _ring(told: Any) -> list[Any]:
    """The outer ring of the one polygon that this GeoJSON holds."""
    match told:
        case {"type": "FeatureCollection", "features": [one]}:
            return _ring(one)
        case {"type": "Feature", "geometry": dict() as held}:
            return _ring(held)
        case {"type": "Polygon", "coordinates": [[*ring]]}:
            return ring
        case {"type": "MultiPolygon", "coordinates": [[[*ring]]]}:
            return ring
    raise NotOneArea


def _thinned(corners: Corners) -> Corners:
    """At most CORNERS_MOST of them: again and again without the one that changes the area least
    (Visvalingam and Whyatt 1993)."""
    kept = list(corners)
    changes = [_change(kept, at) for at in range(len(kept))]
    while len(kept) > CORNERS_MOST:
        least = changes.index(min(changes))
        del kept[least], changes[least]
        for at in (least - 1, least % len(kept)):
            changes[at] = _change(kept, at)
    return kept


def _change(corners: Corners, at: int) -> float:
    """Twice what an area loses or gains without one of its corners."""
    return abs(_turn(corners[at - 1], corners[at], corners[(at + 1) % len(corners)]))


def check(corners: Sequence[tuple[float, float]]) -> None:
    """Raises SidesCross, TooWide, and DrawAnArea for one without an inside."""
    flat = unwound(corners)
    lons = [lon for _lat, lon in flat]
    if abs(flat[0][1] - flat[-1][1]) > 180 or max(lons) - min(lons) > 180:
        raise TooWide
    if not any(_turn(flat[0], flat[1], corner) for corner in flat):
        raise DrawAnArea  # all on one line
    sides = list(zip(flat, [*flat[1:], flat[0]], strict=True))
    for (at, one), (other_at, other) in combinations(enumerate(sides), 2):
        is_next = other_at - at in {1, len(sides) - 1}
        if _folds_back(one, other) if is_next else _touch(one, other):
            raise SidesCross
    if square_km(corners) < 1:
        raise DrawAnArea


Side = tuple[tuple[float, float], tuple[float, float]]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Twice the area of a triangle in square degrees, positive one way round; rounded, because
    corners in hundredths of a degree on one line leave nothing but the error of the sums."""
    return round((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]), 9)


def _is_on(side: Side, point: tuple[float, float]) -> bool:
    (lat_a, lon_a), (lat_b, lon_b) = side
    return (
        _turn(*side, point) == 0
        and min(lat_a, lat_b) <= point[0] <= max(lat_a, lat_b)
        and min(lon_a, lon_b) <= point[1] <= max(lon_a, lon_b)
    )


def _touch(one: Side, other: Side) -> bool:
    """Two sides that are not neighbours cross, or a corner of one lies on the other."""
    first, second = _turn(*one, other[0]), _turn(*one, other[1])
    third, fourth = _turn(*other, one[0]), _turn(*other, one[1])
    if first * second < 0 and third * fourth < 0:
        return True
    return (
        any(_is_on(one, point) for point in other) or any(_is_on(other, point) for point in one)
    )  # fmt: skip


def _folds_back(one: Side, other: Side) -> bool:
    """Two neighbours share one corner; the far end of one on the other means a fold."""
    shared = set(one) & set(other)
    ends = [(other, point) for point in one] + [(one, point) for point in other]
    return any(_is_on(side, point) for side, point in ends if point not in shared)


def unwound(corners: Sequence[tuple[float, float]]) -> Corners:
    """The same corners with longitudes that go on past 180, so that no side jumps."""
    found: Corners = []
    for lat, lon in corners:
        before = found[-1][1] if found else lon
        found.append((lat, lon - 360 * round((lon - before) / 360)))
    return found


def square_km(corners: Sequence[tuple[float, float]]) -> float:
    """The size of an area: its picture on a cylinder of equal areas (Lambert 1772)."""
    flat, radians = unwound(corners), math.radians
    total = sum(
        radians(lon_b - lon_a) * (math.sin(radians(lat_a)) + math.sin(radians(lat_b)))
        for (lat_a, lon_a), (lat_b, lon_b) in zip(flat, [*flat[1:], flat[0]], strict=True)
    )
    return abs(total) / 2 * geometry.EARTH_RADIUS_KM**2


def holds(corners: Sequence[tuple[float, float]], lat: float, lon: float) -> bool:
    """Whether a point lies inside, by the even-odd rule."""
    flat = unwound(corners)
    middle = (min(one[1] for one in flat) + max(one[1] for one in flat)) / 2
    there = lon - 360 * round((lon - middle) / 360)
    return sum(crossing > there for crossing in crossings(flat, lat)) % 2 == 1


def crossings(flat: Sequence[tuple[float, float]], lat: float) -> list[float]:
    """Where the sides of an unwound area cross a parallel, from west to east."""
    return sorted(
        lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
        for (lat_a, lon_a), (lat_b, lon_b) in zip(flat, [*flat[1:], flat[0]], strict=True)
        if (lat_a > lat) != (lat_b > lat)
    )


@lru_cache(maxsize=256)
def middle_town(corners: tuple[tuple[float, float], ...]) -> Town:
    """The largest town inside of an area; where there is none, the one nearest to its middle."""
    flat = unwound(corners)
    lats, lons = [lat for lat, _lon in flat], [lon for _lat, lon in flat]
    box = (min(lats), min(lons), max(lats), max(lons))
    for town in gazetteer.largest_within(*box, limit=200):
        if holds(corners, town.lat, town.lon):
            return town
    middle = geometry.wrapped((box[1] + box[3]) / 2)
    return gazetteer.nearest_town((box[0] + box[2]) / 2, middle)[0]
