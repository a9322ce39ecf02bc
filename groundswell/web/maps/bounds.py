"""A window on the earth in degrees, and how it moves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_LEAST_SPAN = 0.2
_LEAST_FIT = 4.0  # degrees: some coast or border around a single town, so that it has a place


@dataclass(frozen=True)
class Bounds:
    """South, west, north, east in degrees. ``east`` may pass 180: a window across the date line."""

    south: float
    west: float
    north: float
    east: float

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    @property
    def width(self) -> float:
        return self.east - self.west

    @property
    def height(self) -> float:
        return self.north - self.south

    @property
    def is_world(self) -> bool:
        """Too wide for anything but a map of the whole earth."""
        return self.width >= 150

    def unwound(self, lon: float) -> float:
        """The longitude as this window counts it: 181 rather than -179 in the Pacific."""
        middle = (self.west + self.east) / 2
        return lon - 360 * math.floor((lon - middle + 180) / 360)

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= self.unwound(lon) <= self.east

    def zoomed(self, factor: float) -> Bounds:
        """Smaller than 1 comes nearer; the middle stays."""
        lat, lon = self.middle
        return _around(lat, lon, self.height * factor, self.width * factor)

    def moved(self, north: float, east: float) -> Bounds:
        """Moved by shares of its own size."""
        lat, lon = self.middle
        return _around(lat + north * self.height, lon + east * self.width, self.height, self.width)

    def grown(self, across: float, along: float) -> Bounds:
        """Stretched by factors in longitude and latitude round its middle; may leave the earth."""
        lat, lon = self.middle
        height, width = self.height * along, min(self.width * across, 360.0)
        return Bounds(lat - height / 2, lon - width / 2, lat + height / 2, lon + width / 2)

    def query(self) -> str:
        """For an address: ``51.2,-3.1,53.0,0.4``; two decimals are about a kilometre."""
        return ",".join(
            f"{value:.2f}".rstrip("0").rstrip(".")
            for value in (self.south, self.west, self.north, self.east)
        )


WORLD = Bounds(-56, -180, 80, 180)


def _around(lat: float, lon: float, height: float, width: float) -> Bounds:
    height = min(max(height, _LEAST_SPAN), WORLD.height)
    width = min(max(width, _LEAST_SPAN), 360.0)
    if width >= 150:
        return WORLD
    lat = min(max(lat, -85 + height / 2), 85 - height / 2)
    lon = (lon + 180) % 360 - 180
    return Bounds(lat - height / 2, lon - width / 2, lat + height / 2, lon + width / 2)


def read(text: str) -> Bounds | None:
    """The window that an address asks for, or None for anything that is not one."""
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not all(math.isfinite(value) for value in (south, west, north, east)):
        return None
    is_sound = -90 <= south < north <= 90 and -540 <= west < east <= 540 and east - west <= 360
    if not is_sound:
        return None
    found = Bounds(south, west, north, east)
    return WORLD if found.is_world else _around(*found.middle, found.height, found.width)


def near(lat: float, lon: float, kilometres: float) -> Bounds:
    """A window that shows at least that far in every direction."""
    height = 2 * kilometres / 111.2
    return _around(lat, lon, height, height / max(0.2, math.cos(math.radians(lat))))


def fitting(points: Iterable[tuple[float, float]], *, margin: float = 0.12) -> Bounds:
    """The least window with all (latitude, longitude) points and a margin; the world for none."""
    places = list(points)
    if not places:
        return WORLD
    lats = [lat for lat, _ in places]
    lons = sorted(lon % 360 for _, lon in places)
    # The widest empty stretch round the earth is what the window leaves out.
    gaps = [(after - before, after) for before, after in pairwise(lons)]
    gap, west = max([*gaps, (lons[0] + 360 - lons[-1], lons[0])])
    width, height = 360 - gap, max(lats) - min(lats)
    return _around(
        (max(lats) + min(lats)) / 2,
        west + width / 2,
        max(height, _LEAST_FIT) * (1 + 2 * margin),
        max(width, _LEAST_FIT * 1.5) * (1 + 2 * margin),
    )
