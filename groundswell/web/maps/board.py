"""A map to draw on: a degree is as many units wide, and as many high, wherever one presses.

So a script finds the place of a press, or draws a corner, by one multiplication each way
(``static/js/area.js``); the server draws land, borders and the largest towns under it.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from groundswell.places import gazetteer
from groundswell.web.maps import ground, outlines, projection
from groundswell.web.maps.bounds import Bounds

LEAST_SPAN, MOST_SPAN = 0.4, 130.0  # degrees of latitude from edge to edge
LEAST_SIDE, MOST_SIDE = 240, 900  # units
_STEP = 20  # sides are rounded to it, so that few different maps are drawn
_TOWNS_MOST, _LETTER, _LINE = 14, 8.0, 20.0  # a letter's width and a line's height in units


@dataclass(frozen=True)
class Board:
    """A window around (``lat``, ``lon``) that is ``span`` degrees high, in units of the drawing.

    x = width / 2 + (longitude - lon) * across, y = height / 2 - (latitude - lat) * along.
    """

    lat: float
    lon: float
    span: float
    width: int
    height: int
    land: str = ""
    borders: str = ""

    @property
    def along(self) -> float:
        return self.height / self.span

    @property
    def across(self) -> float:
        return self.along * math.cos(math.radians(self.lat))

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point stands in the drawing; the turn round the earth nearest to its middle."""
        east = lon - self.lon
        east -= 360 * round(east / 360)
        x, y = self.width / 2 + east * self.across, self.height / 2 - (lat - self.lat) * self.along
        return round(x, 1), round(y, 1)

    def line(self, corners: list[tuple[float, float]]) -> str:
        """The ``points`` of an area's corners, whose longitudes may go on past 180."""
        if not corners:
            return ""
        turn = 360 * round((corners[0][1] - self.lon) / 360)
        places = [
            (
                self.width / 2 + (lon - turn - self.lon) * self.across,
                self.height / 2 - (lat - self.lat) * self.along,
            )
            for lat, lon in corners
        ]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


@dataclass(frozen=True)
class Label:
    """A town's name beside its dot."""

    x: float
    y: float
    name: str
    is_before: bool  # it stands on the left of the dot, as there is no room on the right


@functools.lru_cache(maxsize=64)
def draw(lat: float, lon: float, span: float, width: int, height: int) -> Board:
    """The board around a point; what is out of range is brought into it."""
    width, height = (
        min(max(round(side / _STEP) * _STEP, LEAST_SIDE), MOST_SIDE) for side in (width, height)
    )
    span = min(max(span, LEAST_SPAN), MOST_SPAN)
    lat = min(max(lat, span / 2 - 85), 85 - span / 2)
    lon = (lon + 180) % 360 - 180
    bare = Board(lat, lon, span, width, height)
    half = min(width / 2 / bare.across, 180.0)
    window = Bounds(lat - span / 2, lon - half, lat + span / 2, lon + half)
    scale = math.degrees(bare.along)  # units in a radian
    flat = projection.Projection(
        flat=projection.plate(window), bounds=window, scale=scale, shift_x=width / 2,
        shift_y=height / 2 + math.radians(lat) * scale, width=width, height=height,
    )  # fmt: skip
    level = outlines.level_for(window)
    cells = list(outlines.cells(level, window))
    if level == "world":
        cells = [(cell, turn) for cell, _none in cells for turn in (-360.0, 0.0, 360.0)]
    return Board(lat, lon, span, width, height, *ground.drawn(flat, cells))


def around(corners: list[tuple[float, float]], width: int, height: int) -> Board:
    """The board that shows an area (its longitudes may go on past 180) with room around it."""
    lats, lons = [lat for lat, _lon in corners], [lon for _lat, lon in corners]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    squeeze = math.cos(math.radians(lat))
    high = max(lats) - min(lats)
    wide = (max(lons) - min(lons)) * squeeze * height / width
    return draw(lat, lon, max(high, wide, LEAST_SPAN) * 1.5, width, height)


def labels(board: Board, language: str) -> list[Label]:
    """The largest towns of the window whose names do not cover each other."""
    half = board.width / 2 / board.across
    window = (
        board.lat - board.span / 2, board.lon - half, board.lat + board.span / 2, board.lon + half,
    )  # fmt: skip
    found: list[Label] = []
    taken: list[tuple[float, float, float, float]] = []
    for town in gazetteer.largest_within(*window, limit=_TOWNS_MOST * 6):
        x, y = board.place(town.lat, town.lon)
        name = gazetteer.name(town, language)
        wide = len(name) * _LETTER + 10
        is_before = x + wide > board.width
        box = (x - wide if is_before else x - 5, y - _LINE / 2, x + 5 if is_before else x + wide,
               y + _LINE / 2)  # fmt: skip
        is_inside = box[0] >= 0 and box[1] >= 0 and box[2] <= board.width and box[3] <= board.height
        if is_inside and not any(_cover(box, other) for other in taken):
            taken.append(box)
            found.append(Label(x, y, name, is_before))
        if len(found) == _TOWNS_MOST:
            break
    return found


def _cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
