"""Draw Natural Earth's land as a bitmap, for tools/build_gazetteer.py."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageDraw

CELLS_PER_DEGREE = 20  # cells of 0.05 degrees, 5.6 km at the equator


def draw_land(atlas: dict[str, Any]) -> bytes:
    """One bit per cell, rows from the north: 1 where any land is, coast lines included."""
    width, height = 360 * CELLS_PER_DEGREE, 180 * CELLS_PER_DEGREE
    picture = Image.new("1", (width, height), 0)
    pen = ImageDraw.Draw(picture)
    arcs = unpacked_arcs(atlas)
    for shape in atlas["objects"]["land"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            for number, indices in enumerate(polygon):
                draw_ring(pen, unrolled(ring(arcs, indices)), fill=int(number == 0))
    # Natural Earth draws a one-metre island at 0, 0 to catch broken coordinates; so do we.
    middle = (width // 2, height // 2)
    pen.rectangle((middle[0] - 2, middle[1] - 2, middle[0] + 2, middle[1] + 2), fill=0)
    return picture.tobytes()


def unpacked_arcs(atlas: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """TopoJSON's arcs as degrees (topojson-specification 2.1.3: delta-encoded, quantised)."""
    (scale_x, scale_y), (move_x, move_y) = (
        atlas["transform"]["scale"],
        atlas["transform"]["translate"],
    )
    unpacked = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        unpacked.append(points)
    return unpacked


def ring(arcs: list[list[tuple[float, float]]], indices: list[int]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def unrolled(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The ring without jumps at the antimeridian; one around a pole is closed over the pole."""
    flat = [points[0]]
    for lon, lat in points[1:]:
        turn = round((flat[-1][0] - lon) / 360) * 360
        flat.append((lon + turn, lat))
    if abs(flat[-1][0] - flat[0][0]) > 180:
        pole = -90.0 if sum(lat for _lon, lat in flat) < 0 else 90.0
        flat += [(flat[-1][0], pole), (flat[0][0], pole)]
    return flat


def draw_ring(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], fill: int) -> None:
    for shift in (-360, 0, 360):
        cells = [
            ((lon + shift + 180) * CELLS_PER_DEGREE, (90 - lat) * CELLS_PER_DEGREE)
            for lon, lat in points
        ]
        pen.polygon(cells, fill=fill, outline=1)
