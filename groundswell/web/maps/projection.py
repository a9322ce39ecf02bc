"""From latitude and longitude to a flat drawing.

Equal Earth for the whole world (equal areas, so Africa is as large as it is); an equidistant conic
for countries and continents away from the equator; a local equirectangular for the rest. Screen
axes: x grows to the east, y to the south. All lengths are in radians of the sphere before ``fit``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from groundswell.web.maps.bounds import Bounds

# Šavrič, Patterson and Jenny 2018, "The Equal Earth map projection", equations 2 to 4.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2

Flat = Callable[[float, float], tuple[float, float]]


def equal_earth(lat: float, lon: float) -> tuple[float, float]:
    """Radians of the plane for degrees of the globe, central meridian 0."""
    theta = math.asin(_M * math.sin(math.radians(lat)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = _A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)
    x = math.radians(lon) * math.cos(theta) / (_M * slope)
    return x, -theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))


def from_equal_earth(x: float, y: float) -> tuple[float, float]:
    """Degrees of the globe for radians of the plane; Newton's method, as in the paper."""
    theta = -y / _A1
    for _step in range(12):
        t2 = theta * theta
        t6 = t2 * t2 * t2
        off = theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2)) + y
        change = off / (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2))
        theta -= change
        if abs(change) < 1e-12:
            break
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = _A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)
    lat = math.degrees(math.asin(max(-1.0, min(1.0, math.sin(theta) / _M))))
    return lat, math.degrees(x * _M * slope / math.cos(theta))


def conic(bounds: Bounds) -> Flat | None:
    """Equidistant conic with its true parallels at one and five sixths; None near the equator."""
    first = math.radians(bounds.south + bounds.height / 6)
    second = math.radians(bounds.north - bounds.height / 6)
    turn = (
        (math.cos(first) - math.cos(second)) / (second - first)
        if second > first
        else math.sin(first)
    )
    if abs(turn) < 0.2:
        return None
    apex = math.cos(first) / turn + first
    _lat, middle = bounds.middle
    rad, sin, cos = math.radians, math.sin, math.cos

    def flat(lat: float, lon: float) -> tuple[float, float]:
        away, angle = apex - rad(lat), turn * rad(lon - middle)
        return away * sin(angle), away * cos(angle)

    # South of the equator turn, apex and distances are negative, and north is up all the same.
    return flat


def plate(bounds: Bounds) -> Flat:
    """Equirectangular, true to scale along the middle parallel."""
    lat0, lon0 = bounds.middle
    squeeze = math.cos(math.radians(lat0))
    rad = math.radians

    def flat(lat: float, lon: float) -> tuple[float, float]:
        return rad(lon - lon0) * squeeze, -rad(lat)

    return flat


@dataclass(frozen=True)
class Projection:
    """A flat map scaled into ``width`` by ``height`` units; call it with latitude and longitude."""

    flat: Flat
    bounds: Bounds
    scale: float
    shift_x: float
    shift_y: float
    width: float
    height: float

    def __call__(self, lat: float, lon: float) -> tuple[float, float]:
        x, y = self.flat(lat, self.bounds.unwound(lon) if not self.bounds.is_world else lon)
        return x * self.scale + self.shift_x, y * self.scale + self.shift_y


def fit(bounds: Bounds, width: float, height: float) -> Projection:
    """The projection of a window, scaled so that all of it is in the drawing and centred."""
    if bounds.is_world:
        flat: Flat = equal_earth
    else:
        flat = (conic(bounds) if bounds.width > 4 or bounds.height > 4 else None) or plate(bounds)
    edge = [flat(lat, lon) for lat, lon in _rim(bounds)]
    low_x, high_x = min(x for x, _ in edge), max(x for x, _ in edge)
    low_y, high_y = min(y for _, y in edge), max(y for _, y in edge)
    scale = min(width / (high_x - low_x), height / (high_y - low_y))
    return Projection(
        flat=flat,
        bounds=bounds,
        scale=scale,
        shift_x=width / 2 - (low_x + high_x) / 2 * scale,
        shift_y=height / 2 - (low_y + high_y) / 2 * scale,
        width=width,
        height=height,
    )


def _rim(bounds: Bounds) -> list[tuple[float, float]]:
    """Points along the four sides: a side of the window may bulge in the drawing."""
    shares = [step / 12 for step in range(13)]
    lats = [bounds.south + bounds.height * share for share in shares]
    lons = [bounds.west + bounds.width * share for share in shares]
    rim = [(lat, bounds.west) for lat in lats] + [(lat, bounds.east) for lat in lats]
    return rim + [(bounds.south, lon) for lon in lons] + [(bounds.north, lon) for lon in lons]


def natural_height(bounds: Bounds, width: float) -> float:
    """The height at which a window fills a drawing of that width."""
    projection = fit(bounds, width, width * 100)
    tops = [projection(lat, lon)[1] for lat, lon in _rim(bounds)]
    return max(tops) - min(tops)
