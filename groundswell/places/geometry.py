"""Points on the earth: distances in kilometres, boxes for an index, and points that hide a home.

Latitudes and longitudes are WGS 84 degrees, north and east positive. Pure functions.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
KM_PER_MILE = 1.609344

# Where road signs give miles; everywhere else distances are shown in kilometres.
_MILES = frozenset({
    "AG", "AI", "AS", "BS", "BZ", "DM", "FK", "GB", "GD", "GG", "GU", "IM", "JE", "KN", "KY",
    "LC", "LR", "MP", "MS", "SH", "TC", "UM", "US", "VC", "VG", "VI", "WS",
})  # fmt: skip

_NEAREST_M, _FARTHEST_M = 500, 1500
# Ten metres are kept free at both ends, so that rounding the result stays inside the promise.
_ROUNDING_M = 10
_SHORTEST_KEY = 16


class NotOnTheEarth(Refusal):
    sentence = _(
        "These coordinates are not on the map. Write the latitude (−90 to 90) first, then the "
        "longitude (−180 to 180)."
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees with west ≤ east: it never crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def check_point(lat: float, lon: float) -> Point:
    """The point, or NotOnTheEarth when a number is out of range, infinite or not a number."""
    if not (math.isfinite(lat) and math.isfinite(lon)) or abs(lat) > 90 or abs(lon) > 180:
        raise NotOnTheEarth
    return Point(lat, lon)


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in kilometres (haversine; within 0.5 % of the ellipsoid)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_lat = math.sin((phi_b - phi_a) / 2)
    half_lon = math.sin(math.radians(lon_b - lon_a) / 2)
    chord = half_lat * half_lat + math.cos(phi_a) * math.cos(phi_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def boxes_around(lat: float, lon: float, km: float) -> tuple[Box, ...]:
    """One box that holds every point within ``km``, or two where it crosses the antimeridian.

    Near a pole the box becomes the whole cap. The corners hold points farther than ``km``:
    check with :func:`distance_km`. Raises ValueError for a negative radius.
    """
    if km < 0:
        raise ValueError("a radius cannot be negative")
    reach = math.degrees(km / EARTH_RADIUS_KM) + 1e-9
    south, north = lat - reach, lat + reach
    if south <= -90 or north >= 90:
        return (Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0),)
    # The widest part of a circle lies nearer to the pole than its centre: asin, not a division.
    width = math.degrees(
        math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat))))
    )
    west, east = lon - width - 1e-9, lon + width + 1e-9
    if west < -180:
        return (Box(south, west + 360, north, 180.0), Box(south, -180.0, north, east))
    if east > 180:
        return (Box(south, west, north, 180.0), Box(south, -180.0, north, east - 360))
    return (Box(south, west, north, east),)


def moved(lat: float, lon: float, km: float, bearing: float) -> Point:
    """The point ``km`` away in the direction ``bearing`` (radians, clockwise from north)."""
    angle, phi = km / EARTH_RADIUS_KM, math.radians(lat)
    sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
    there = math.asin(max(-1.0, min(1.0, sine)))
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi),
        math.cos(angle) - math.sin(phi) * math.sin(there),
    )
    return Point(math.degrees(there), wrapped(lon + math.degrees(turn)))


def wrapped(lon: float) -> float:
    """A longitude brought into −180 … 180."""
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def displaced_point(lat: float, lon: float, key: bytes) -> Point:
    """A point 500 to 1,500 m away that stands for a home on public maps.

    Direction and distance come from ``key`` alone: a secret of at least 16 bytes that belongs
    to one event for good. The same key always moves a point the same way, so that asking often,
    or editing the venue, never lets anybody average the home out. Raises ValueError for a
    shorter key.
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError("the key of a displaced point needs at least 16 secret bytes")
    digest = hmac.new(key, b"groundswell.places displaced point 1", hashlib.sha256).digest()
    turn = int.from_bytes(digest[:8]) / 2**64
    share = int.from_bytes(digest[8:16]) / 2**64
    near, far = _NEAREST_M + _ROUNDING_M, _FARTHEST_M - _ROUNDING_M
    metres = math.sqrt(near * near + share * (far * far - near * near))  # even over the ring
    there = moved(lat, lon, metres / 1000, turn * 2 * math.pi)
    return Point(round(there.lat, 5), round(there.lon, 5))


_NUMBER = r"([+-]?\d{1,3}(?:[.]\d{1,12})?)\s*°?\s*"
_COORDINATES = re.compile(
    rf"^([NS]?)\s*{_NUMBER}([NS]?)\s*[,;\s]\s*([EW]?)\s*{_NUMBER}([EW]?)$",
    re.IGNORECASE,
)
_LONGEST_COORDINATES = 60


def parse_point(text: str) -> Point | None:
    """The point written in ``text`` as "53.8, -1.54" or "53.8 N 1.54 W"; None for anything else.

    Digits of every script are understood. Raises NotOnTheEarth for two numbers out of range.
    """
    if len(text) > _LONGEST_COORDINATES:
        return None
    found = _COORDINATES.match(text.replace("\u2212", "-").replace("\u060c", ",").strip())
    if found is None:
        return None
    before_lat, lat, after_lat, before_lon, lon, after_lon = found.groups()
    north = -1 if (before_lat or after_lat).upper() == "S" else 1
    east = -1 if (before_lon or after_lon).upper() == "W" else 1
    return check_point(north * float(lat), east * float(lon))


def uses_miles(country: str) -> bool:
    """True where road signs give miles (ISO 3166-1 alpha-2 code)."""
    return country.upper() in _MILES


def in_miles(km: float) -> float:
    """Kilometres as miles."""
    return km / KM_PER_MILE
