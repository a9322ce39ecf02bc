"""Make the outlines that our maps are drawn from: land, and the borders between countries.

A developer runs this; the output in ``groundswell/web/maps/outlines`` is committed::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/build_outlines.py package/        # needs shapely

Natural Earth (public domain) by way of the npm package world-atlas. That file is stitched for
globes, so a ring may jump from +180 to -180: drawn flat it leaves bars across Russia, Fiji and
Antarctica. Here every ring is unrolled, closed over the pole where it goes round one, and cut at
the 180th meridian. Each level is then cut into cells, so that a map of Wales reads four cells and
not the world. Cells overlap by a hair, or seams would show. Format: see ``maps/outlines.py``.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from shapely import make_valid, segmentize
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Polygon, box
from shapely.geometry.polygon import orient
from shapely.ops import linemerge, unary_union

OUT = Path(__file__).resolve().parent.parent / "groundswell" / "web" / "maps" / "outlines"
OVERLAP = 0.03


@dataclass(frozen=True)
class Level:
    """Degrees of a ``cell``, ``unit`` parts of a degree, ``tolerance``, least island in degrees."""

    name: str
    source: str
    cell: int
    unit: int
    tolerance: float
    least_area: float


LEVELS = (
    Level("world", "countries-110m.json", 360, 20, 0.2, 0.5),
    Level("region", "countries-50m.json", 10, 100, 0.03, 0.004),
    Level("country", "countries-10m.json", 5, 400, 0.01, 0.0006),
)

Coordinates = list[tuple[float, float]]


def decoded(topology: dict) -> list[Coordinates]:
    """The arcs in degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(line)
    return arcs


def ring(arcs: list[Coordinates], indices: list[int]) -> Coordinates:
    joined: Coordinates = []
    for index in indices:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        joined += line[1:] if joined else line
    return joined


def unrolled(line: Coordinates) -> Coordinates:
    """The same line without jumps: it may leave the range of -180 to 180."""
    turn, out = 0.0, [line[0]]
    for (x0, _), (x1, y1) in pairwise(line):
        if x1 - x0 > 180:
            turn -= 360
        elif x1 - x0 < -180:
            turn += 360
        out.append((x1 + turn, y1))
    return out


def flat(rings: list[Coordinates]):
    """A polygon of a globe as polygons of a flat map."""
    outer = unrolled(rings[0])
    if abs(outer[-1][0] - outer[0][0]) > 180:  # round a pole: close it along the map's edge
        pole = -90.0 if sum(y for _, y in outer) < 0 else 90.0
        outer += [(outer[-1][0], pole), (outer[0][0], pole)]
    shape = Polygon(outer)
    for inner in rings[1:]:
        hole = Polygon(unrolled(inner))
        shape = make_valid(shape).difference(make_valid(hole))
    shape = make_valid(shape)
    world = box(-180, -90, 180, 90)
    return unary_union([translate(shape, 360 * turn).intersection(world) for turn in (-1, 0, 1)])


def land_of(topology: dict, arcs: list[Coordinates]):
    shapes = []
    for geometry in topology["objects"]["land"]["geometries"]:
        groups = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        for group in groups:
            rings = [ring(arcs, indices) for indices in group]
            rings = [line for line in rings if len(line) >= 4]
            if rings:
                shapes.append(flat(rings))
    return unary_union(shapes)


def borders_of(topology: dict, arcs: list[Coordinates]) -> list[LineString]:
    """Arcs that two countries share: each is drawn once, as a line."""
    uses: Counter[int] = Counter()

    def walk(node: list) -> None:
        for item in node:
            if isinstance(item, list):
                walk(item)
            else:
                uses[item if item >= 0 else ~item] += 1

    for geometry in topology["objects"]["countries"]["geometries"]:
        walk(geometry.get("arcs", []))
    lines = [LineString(arcs[index]) for index, count in uses.items() if count >= 2]
    lines = [
        line for line in lines if all(abs(b[0] - a[0]) < 180 for a, b in pairwise(line.coords))
    ]
    merged = linemerge(lines)
    return list(merged.geoms) if hasattr(merged, "geoms") else [merged]


def polygons(shape) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, MultiPolygon) or hasattr(shape, "geoms"):
        return [part for piece in shape.geoms for part in polygons(piece)]
    return []


def lines(shape) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    return [part for piece in getattr(shape, "geoms", []) for part in lines(piece)]


def packed(coordinates: Coordinates, west: float, south: float, unit: int, least: int) -> bytes:
    """Length, first point and steps, as little-endian 16-bit integers of the cell's grid."""
    points: list[tuple[int, int]] = []
    for x, y in coordinates:
        point = (round((x - west) * unit), round((y - south) * unit))
        if not points or point != points[-1]:
            points.append(point)
    if len(points) < least:
        return b""
    numbers, before = [len(points)], (0, 0)
    for x, y in points:
        numbers += [x - before[0], y - before[1]]
        before = (x, y)
    return struct.pack(f"<{len(numbers)}h", *numbers)


def cell_of(land, borders, level: Level, west: int, south: int) -> bytes:
    """Rings, an end mark, then borders; exteriors anti-clockwise so that overlaps stay filled."""
    margin = OVERLAP if level.cell < 360 else 0
    frame = box(
        west - margin,
        south - margin,
        west + level.cell + margin,
        south + min(level.cell, 180) + margin,
    )
    out = b""
    for polygon in polygons(land.intersection(frame)):
        if level.cell < 360:
            polygon = segmentize(polygon, 2.0)  # straight edges of a cell bend in a conic map
        polygon = orient(polygon)
        for line in [polygon.exterior, *polygon.interiors]:
            out += packed(list(line.coords)[:-1], west, south, level.unit, 3)
    out += struct.pack("<h", 0)
    for border in borders:
        if border.intersects(frame):
            for line in lines(border.intersection(frame)):
                out += packed(list(line.coords), west, south, level.unit, 2)
    return out


def build(folder: Path, level: Level) -> None:
    topology = json.loads((folder / level.source).read_text())
    arcs = decoded(topology)
    land = make_valid(land_of(topology, arcs).simplify(level.tolerance))
    land = unary_union([part for part in polygons(land) if part.area >= level.least_area])
    borders = [line.simplify(level.tolerance) for line in borders_of(topology, arcs)]
    index, blobs, at = {}, [], 0
    for south in range(-90, 90, min(level.cell, 180)):
        for west in range(-180, 180, level.cell):
            content = cell_of(land, borders, level, west, south)
            if len(content) > 2:
                blob = zlib.compress(content, 9)
                index[f"{west},{south}"] = [at, len(blob)]
                blobs.append(blob)
                at += len(blob)
    head = json.dumps(
        {"cell": level.cell, "unit": level.unit, "cells": index}, separators=(",", ":")
    ).encode()
    OUT.mkdir(parents=True, exist_ok=True)
    target = OUT / f"{level.name}.outline"
    target.write_bytes(struct.pack("<I", len(head)) + head + b"".join(blobs))
    print(f"{target.name}: {len(index)} cells, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    for each in LEVELS:
        build(Path(sys.argv[1]), each)
