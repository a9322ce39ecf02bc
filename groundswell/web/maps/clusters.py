"""Points that lie too close for a finger or an eye become one bubble with a number."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

# Bubbles may overlap by this share of their joint radii before they are merged.
_NEARNESS = 0.82
_MOST_PASSES = 8


@dataclass(slots=True)
class Cluster:
    """``count`` points around (``x``, ``y``) in units of the drawing; ``radius`` in the same."""

    count: int
    x: float
    y: float
    radius: float
    south: float
    west: float
    north: float
    east: float
    keys: list[Hashable] = field(default_factory=list)


def radius(count: int, unit: float) -> float:
    """A dot for one; for more, room for a number of 13 pixels, growing with the logarithm.

    ``unit``: units of the drawing in one pixel of the screen.
    """
    if count == 1:
        return 6.5 * unit
    return min(10.2 + 4.2 * math.log10(count), 24.0) * unit


def text_size(unit: float) -> float:
    """13 pixels, so that a column a little narrower than planned still shows 12."""
    return 13.0 * unit


def gather(
    points: Iterable[tuple[float, float, float, float, Hashable]], unit: float
) -> list[Cluster]:
    """Bubbles, largest first, from (x, y, latitude, longitude, key). Counts sum to the points.

    A grid of 26 pixels first, so the cost is one look-up for each point; then neighbours that
    would overlap are merged, the larger taking the smaller, until none are left.
    """
    size = 26.0 * unit
    cells: dict[tuple[int, int], list[tuple[float, float, float, float, Hashable]]] = defaultdict(
        list
    )
    for point in points:
        cells[int(point[0] // size), int(point[1] // size)].append(point)
    found = [_of(members, unit) for members in cells.values()]
    for _pass in range(_MOST_PASSES):
        before = len(found)
        found = _merged(found, unit)
        if len(found) == before:
            break
    return sorted(found, key=lambda cluster: (-cluster.count, cluster.y, cluster.x))


def _of(members: list[tuple[float, float, float, float, Hashable]], unit: float) -> Cluster:
    xs, ys, lats, lons, keys = zip(*members, strict=True)
    count = len(members)
    return Cluster(
        count=count,
        x=sum(xs) / count,
        y=sum(ys) / count,
        radius=radius(count, unit),
        south=min(lats),
        west=min(lons),
        north=max(lats),
        east=max(lons),
        keys=list(keys),
    )


def _merged(found: list[Cluster], unit: float) -> list[Cluster]:
    """One pass: each bubble joins the largest one that it overlaps."""
    wide = 62.0 * unit  # two bubbles further apart than this never touch
    kept: list[Cluster] = []
    grid: dict[tuple[int, int], list[Cluster]] = defaultdict(list)
    for small in sorted(found, key=lambda cluster: (-cluster.count, cluster.y, cluster.x)):
        column, row = int(small.x // wide), int(small.y // wide)
        host = next(
            (
                large
                for dx in (0, -1, 1)
                for dy in (0, -1, 1)
                for large in grid.get((column + dx, row + dy), ())
                if math.hypot(large.x - small.x, large.y - small.y)
                < (large.radius + small.radius) * _NEARNESS
            ),
            None,
        )
        if host is None:
            kept.append(small)
            grid[column, row].append(small)
        else:
            _join(host, small, unit)
    return kept


def _join(host: Cluster, small: Cluster, unit: float) -> None:
    total = host.count + small.count
    host.x += (small.x - host.x) * small.count / total
    host.y += (small.y - host.y) * small.count / total
    host.south, host.north = min(host.south, small.south), max(host.north, small.north)
    host.west, host.east = min(host.west, small.west), max(host.east, small.east)
    host.keys += small.keys
    host.count = total
    host.radius = radius(total, unit)
