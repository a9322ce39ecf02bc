"""The land under a map: outlines as SVG path data, the same for every visitor of a campaign."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from groundswell.web.maps import outlines, projection
from groundswell.web.maps.bounds import Bounds

# Tenths of a pixel: what is nearer than this to the last point, or finer than the grid, adds bytes
# and no coast.
_LEAST_STEP = 15
_GRID = 5


@functools.lru_cache(maxsize=64)
def of(
    window: Bounds, width: float, height: float
) -> tuple[projection.Projection, SafeString, SafeString]:
    """The same for every visitor of a campaign: land and borders as path data."""
    flat = projection.fit(window, width, height)
    low_x, low_y, high_x, high_y = _extent(flat, window)
    seen = window.grown(
        max(1.0, width / (high_x - low_x)) * 1.15, max(1.0, height / (high_y - low_y)) * 1.15
    )
    return flat, *drawn(flat, outlines.cells(outlines.level_for(window), seen))


def drawn(
    flat: projection.Projection, cells: Iterable[tuple[outlines.Cell, float]]
) -> tuple[SafeString, SafeString]:
    """Land and borders of some cells, each with the degrees to add to its longitudes."""
    land: list[str] = []
    borders: list[str] = []
    for cell, turn in cells:
        land += [_path(line, flat, turn, closed=True) for line in cell.rings]
        borders += [_path(line, flat, turn, closed=False) for line in cell.borders]
    return mark_safe("".join(land)), mark_safe("".join(borders))  # noqa: S308  digits and letters of our own


def _extent(flat: projection.Projection, window: Bounds) -> tuple[float, float, float, float]:
    corners = [
        flat(lat, lon)
        for lat in (window.south, window.middle[0], window.north)
        for lon in (window.west, window.middle[1], window.east)
    ]
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _path(line: outlines.Line, flat: projection.Projection, turn: float, *, closed: bool) -> str:
    """Relative path data to half a pixel; empty when no part of it lies in the drawing."""
    spots: list[tuple[int, int]] = []
    project, scale, shift_x, shift_y = (
        flat.flat,
        flat.scale * 10 / _GRID,
        flat.shift_x * 10 / _GRID,
        flat.shift_y * 10 / _GRID,
    )
    for lat, lon in line:
        x, y = project(lat, lon + turn)
        spot = (_GRID * round(x * scale + shift_x), _GRID * round(y * scale + shift_y))
        if not spots or abs(spot[0] - spots[-1][0]) + abs(spot[1] - spots[-1][1]) >= _LEAST_STEP:
            spots.append(spot)
    if len(spots) < (3 if closed else 2) or _is_outside(spots, flat):
        return ""
    parts = [f"M{_tenth(spots[0][0])} {_tenth(spots[0][1])}l"]
    before = spots[0]
    steps = []
    for spot in spots[1:]:
        steps.append(f"{_tenth(spot[0] - before[0])} {_tenth(spot[1] - before[1])}")
        before = spot
    return parts[0] + " ".join(steps).replace(" -", "-") + ("z" if closed else "")


def _is_outside(spots: list[tuple[int, int]], flat: projection.Projection) -> bool:
    xs, ys = [x for x, _y in spots], [y for _x, y in spots]
    return max(xs) < 0 or max(ys) < 0 or min(xs) > flat.width * 10 or min(ys) > flat.height * 10


def _tenth(tenths: int) -> str:
    """Tenths as the shortest decimal: 12, -3.5, .4."""
    sign, whole = ("-" if tenths < 0 else ""), abs(tenths)
    if whole % 10 == 0:
        return f"{sign}{whole // 10}" if whole else "0"
    return f"{sign}{whole // 10 or ''}.{whole % 10}"
