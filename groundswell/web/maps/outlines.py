"""Land and borders, read lazily from small binary files (written by tools/build_outlines.py).

File: a little-endian length, a JSON head (degrees of a cell, units in a degree, and for each cell
"west,south" where its bytes lie), then the cells, each compressed by zlib. A cell is a row of
16-bit integers: for each ring of land its number of points, the first point and the steps from
point to point; a zero; the same for borders. Rings run anti-clockwise and cells overlap by a hair,
so filling by the non-zero rule leaves no seam.
"""

from __future__ import annotations

import array
import functools
import json
import math
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from groundswell.web.maps.bounds import Bounds

_FOLDER = Path(__file__).resolve().parent / "outlines"

Line = list[tuple[float, float]]


@dataclass(frozen=True)
class Cell:
    """Rings of land and lines of borders, as (latitude, longitude) in degrees."""

    rings: tuple[Line, ...]
    borders: tuple[Line, ...]


@dataclass(frozen=True)
class _Level:
    path: Path
    cell: int
    unit: int
    start: int
    places: dict[tuple[int, int], tuple[int, int]]


@functools.cache
def _level(name: str) -> _Level:
    path = _FOLDER / f"{name}.outline"
    with path.open("rb") as file:
        (length,) = struct.unpack("<I", file.read(4))
        head = json.loads(file.read(length))
    places = {}
    for key, (at, size) in head["cells"].items():
        west, south = key.split(",")
        places[int(west), int(south)] = (at, size)
    return _Level(path, head["cell"], head["unit"], 4 + length, places)


@functools.lru_cache(maxsize=256)
def _cell(name: str, west: int, south: int) -> Cell:
    level = _level(name)
    at, size = level.places[west, south]
    with level.path.open("rb") as file:
        file.seek(level.start + at)
        numbers = array.array("h")
        numbers.frombytes(zlib.decompress(file.read(size)))
    if sys.byteorder == "big":
        numbers.byteswap()
    rings: list[Line] = []
    borders: list[Line] = []
    into, position, end = rings, 0, len(numbers)
    while position < end:
        count = numbers[position]
        position += 1
        if not count:
            into = borders
            continue
        x = y = 0
        line: Line = []
        for _point in range(count):
            x += numbers[position]
            y += numbers[position + 1]
            position += 2
            line.append((south + y / level.unit, west + x / level.unit))
        into.append(line)
    return Cell(tuple(rings), tuple(borders))


def level_for(bounds: Bounds) -> str:
    """How much detail a window needs: a rough world, a region, or a country's coast."""
    if bounds.is_world:
        return "world"
    return "region" if max(bounds.width * 0.6, bounds.height) > 12 else "country"


def cells(name: str, bounds: Bounds) -> Iterator[tuple[Cell, float]]:
    """The cells that a window touches, each with the degrees to add to its longitudes."""
    level = _level(name)
    if name == "world":
        yield _cell("world", -180, -90), 0.0
        return
    step = level.cell
    first = math.floor(bounds.west / step) * step
    lowest = max(-90, math.floor(bounds.south / step) * step)
    for south in range(lowest, math.ceil(min(bounds.north, 90) / step) * step, step):
        for west in range(first, math.ceil(bounds.east / step) * step, step):
            home = (west + 180) % 360 - 180
            if (home, south) in level.places:
                yield _cell(name, home, south), float(west - home)
