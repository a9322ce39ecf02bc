"""A map: points in, one SVG for wide screens and one for phones out.

Both share the same land, so the second costs little: the phone's window is a part of the first,
enlarged, with its own bubbles, because a number must be at least 12 pixels high on either.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.web.charts.curves import text
from groundswell.web.maps import clusters, ground, projection
from groundswell.web.maps.bounds import WORLD, Bounds, near

_HIT = 15.0  # radius in pixels of what a finger may touch
# A phone shows this share of a wide drawing: half a country, a third of the world.
_PHONE_SHARE, _PHONE_SHARE_OF_WORLD = 0.5, 0.36
_NATURAL_WIDTH, _MOST_HEIGHT = 640, 608
_PHONE_WIDTH, _PHONE_HEIGHT = 360.0, 325.0

# x, y, latitude, longitude, key
Placed = list[tuple[float, float, float, float, Hashable]]


class Point(NamedTuple):
    """A place in degrees; ``key`` names what stands there and comes back in ``Bubble.keys``."""

    lat: float
    lon: float
    key: Hashable = ""


@dataclass(frozen=True)
class Bubble:
    """What a link of the map stands for. ``bounds`` is a window that shows its members apart."""

    count: int
    lat: float
    lon: float
    keys: tuple[Hashable, ...]
    bounds: Bounds


@dataclass(frozen=True)
class Move:
    """A link that zooms or pans: where to, in words, with its icon."""

    words: str
    icon: str
    href: str


@dataclass(frozen=True)
class View:
    """One SVG: the part of the drawing that it shows, and its bubbles as markup."""

    kind: str
    box: str
    bubbles: SafeString
    you: str
    pin_scale: str
    shown: int


@dataclass(frozen=True)
class Drawing:
    """What ``web/components/map.html`` renders."""

    land: SafeString
    borders: SafeString
    views: tuple[View, ...]
    moves: tuple[Move, ...]
    sentence: str
    is_tall: bool
    is_world: bool
    is_broad: bool
    is_corner_free: bool
    total: int
    width: int
    height: int


def _plain_label(bubble: Bubble) -> str:
    return ngettext("{number} event", "{number} events", bubble.count).format(
        number=formats.number(bubble.count)
    )


def draw(
    points: Sequence[tuple[float, float, Hashable]],
    *,
    href: Callable[[Bubble], str],
    label: Callable[[Bubble], str] = _plain_label,
    bounds: Bounds | None = None,
    you: tuple[float, float] | None = None,
    size: tuple[int, int] | None = None,
    moves: Callable[[Bounds], str] | None = None,
    sentence: str = "",
) -> Drawing:
    """Draw (latitude, longitude, key) points in a window; the whole earth without one.

    ``href`` and ``label`` give each bubble its address and its words (say the nearest town).
    ``you`` gets a pin, and the phone's part of the map lies around it. ``size`` is in pixels of a
    wide screen. ``moves``, given the address of a window, adds the links to zoom and pan.
    """
    window = WORLD if bounds is None or bounds.is_world else bounds
    width, height = size or _natural_size(window)
    flat, land, borders = ground.of(window, float(width), float(height))
    placed = _placed(points, flat, window)
    views = [
        _view("wide", (0.0, 0.0, float(width), float(height)), 1.0, placed, flat, you, href, label),
        _phone_view(placed, flat, you, href, label),
    ]
    return Drawing(
        land=land,
        borders=borders,
        views=tuple(views),
        moves=tuple(_moves(window, _start(placed, you), moves)) if moves else (),
        sentence=sentence or _sentence(len(points)),
        is_tall=height > width,
        is_world=window.is_world,
        is_broad=width > _NATURAL_WIDTH,
        is_corner_free=_is_corner_free(placed, width, height),
        total=len(points),
        width=width,
        height=height,
    )


def _start(placed: Placed, you: tuple[float, float] | None) -> tuple[float, float]:
    """Where somebody wants to look first: where they are, else at the middle one of the points."""
    if you:
        return you
    if not placed:
        return 20.0, 0.0
    middle = sorted(placed)[len(placed) // 2]
    return middle[2], middle[3]


def _is_corner_free(placed: Placed, width: float, height: float) -> bool:
    """Whether a caption in the bottom left corner of a tall map would cover no point."""
    if height <= width:
        return False
    return not any(x < width * 0.4 and height * 0.6 < y < height * 0.92 for x, y, *_rest in placed)


def _sentence(total: int) -> str:
    return ngettext(
        "Map of {number} event. The dot is a link.",
        "Map of {number} events. Each dot is a link.",
        total,
    ).format(number=formats.number(total))


def _natural_size(window: Bounds) -> tuple[int, int]:
    """Half a wide page for the world; a tall country is as high as a screen allows."""
    aspect = projection.natural_height(window, 1.0)
    width = (
        _NATURAL_WIDTH
        if aspect < 1
        else min(_NATURAL_WIDTH, max(360, round(_MOST_HEIGHT / aspect)))
    )
    return width, round(min(max(width * aspect, 300), _MOST_HEIGHT))


def _placed(
    points: Sequence[tuple[float, float, Hashable]], flat: projection.Projection, window: Bounds
) -> Placed:
    """Points that lie in the drawing, with their place in it. On the world map all of them do."""
    project, scale, shift_x, shift_y = flat.flat, flat.scale, flat.shift_x, flat.shift_y
    width, height = flat.width, flat.height
    found: Placed = []
    if window.is_world:
        for lat, lon, key in points:
            x, y = project(lat, lon)
            y = min(max(y * scale + shift_y, 8.0), height - 8.0)
            found.append((min(max(x * scale + shift_x, 8.0), width - 8.0), y, lat, lon, key))
        return found
    wide = window.grown(2.0, 2.0)
    for lat, given, key in points:
        lon = window.unwound(given)
        if wide.south <= lat <= wide.north and wide.west <= lon <= wide.east:
            x, y = project(lat, lon)
            x, y = x * scale + shift_x, y * scale + shift_y
            if 0 <= x <= width and 0 <= y <= height:
                found.append((x, y, lat, lon, key))
    return found


def _phone_view(
    placed: Placed,
    flat: projection.Projection,
    you: tuple[float, float] | None,
    href: Callable[[Bubble], str],
    label: Callable[[Bubble], str],
) -> View:
    """The part around the visitor, or the part with most points, large enough to read."""
    share = _PHONE_SHARE_OF_WORLD if flat.bounds.is_world else _PHONE_SHARE
    width = min(flat.width, max(flat.width * share, 240.0))
    height = min(width * _PHONE_HEIGHT / _PHONE_WIDTH, flat.height)
    x, y = flat(*you) if you else _busiest(placed, flat, width, height)
    left = min(max(x - width / 2, 0.0), flat.width - width)
    top = min(max(y - height / 2, 0.0), flat.height - height)
    inside = [
        spot
        for spot in placed
        if left <= spot[0] <= left + width and top <= spot[1] <= top + height
    ]
    return _view(
        "phone", (left, top, width, height), width / _PHONE_WIDTH, inside, flat, you, href, label
    )


def _busiest(
    placed: Placed, flat: projection.Projection, width: float, height: float
) -> tuple[float, float]:
    """The middle of the window, of sixteen by sixteen, that holds most points."""
    if not placed:
        return flat.width / 2, flat.height / 2
    counts: dict[tuple[int, int], int] = {}
    for x, y, *_rest in placed:
        cell = (int(x * 16 / flat.width), int(y * 16 / flat.height))
        counts[cell] = counts.get(cell, 0) + 1
    reach_x, reach_y = width * 8 / flat.width, height * 8 / flat.height

    def held(cell: tuple[int, int]) -> int:
        return sum(
            n
            for (x, y), n in counts.items()
            if abs(x - cell[0]) <= reach_x and abs(y - cell[1]) <= reach_y
        )

    best = max(sorted(counts), key=held)
    middle_x, middle_y = (best[0] + 0.5) * flat.width / 16, (best[1] + 0.5) * flat.height / 16
    near_x = [
        x
        for x, y, *_rest in placed
        if abs(x - middle_x) < width / 2 and abs(y - middle_y) < height / 2
    ]
    near_y = [
        y
        for x, y, *_rest in placed
        if abs(x - middle_x) < width / 2 and abs(y - middle_y) < height / 2
    ]
    return sum(near_x) / len(near_x), sum(near_y) / len(near_y)


def _view(
    kind: str,
    box: tuple[float, float, float, float],
    unit: float,
    placed: Placed,
    flat: projection.Projection,
    you: tuple[float, float] | None,
    href: Callable[[Bubble], str],
    label: Callable[[Bubble], str],
) -> View:
    pin = flat(*you) if you else None
    return View(
        kind=kind,
        box=" ".join(text(value) for value in box),
        bubbles=_bubbles(clusters.gather(placed, unit), unit, href, label),
        you=f"{text(pin[0])} {text(pin[1])}" if pin else "",
        pin_scale=f"{unit:.2f}",
        shown=len(placed),
    )


def _bubbles(
    found: list[clusters.Cluster],
    unit: float,
    href: Callable[[Bubble], str],
    label: Callable[[Bubble], str],
) -> SafeString:
    """Links with a title, a circle for the eye, a larger one for the finger, and the number."""
    drawn = []
    for cluster in found:
        bubble = _bubble(cluster)
        x, y, r = text(cluster.x), text(cluster.y), text(cluster.radius)
        hit = (
            f'<circle class="hit" cx="{x}" cy="{y}" r="{text(_HIT * unit)}"/>'
            if cluster.radius < _HIT * unit
            else ""
        )
        number = ""
        if cluster.count > 1:
            size = clusters.text_size(unit)
            middle = text(cluster.y + size * 0.36)
            number = f'<text x="{x}" y="{middle}" font-size="{text(size)}">{cluster.count}</text>'
        kind = ' class="one"' if cluster.count == 1 else ""
        drawn.append(
            f'<a href="{escape(href(bubble))}"{kind}><title>{escape(label(bubble))}</title>'
            f'{hit}<circle cx="{x}" cy="{y}" r="{r}"/>{number}</a>'
        )
    return mark_safe("".join(drawn))  # noqa: S308  what callers give is escaped above


def _bubble(cluster: clusters.Cluster) -> Bubble:
    height, width = cluster.north - cluster.south, cluster.east - cluster.west
    window = Bounds(cluster.south, cluster.west, cluster.north, cluster.east)
    # Points on one spot cannot be shown apart: the window stops at a town's size.
    window = window.grown(
        max(1.5, 0.3 / width if width else 1.5), max(1.5, 0.3 / height if height else 1.5)
    )
    if not width or not height:
        lat, lon = window.middle
        half_lat, half_lon = max(height * 0.75, 0.15), max(width * 0.75, 0.15)
        window = Bounds(lat - half_lat, lon - half_lon, lat + half_lat, lon + half_lon)
    return Bubble(
        count=cluster.count,
        lat=(cluster.south + cluster.north) / 2,
        lon=(cluster.west + cluster.east) / 2,
        keys=tuple(cluster.keys),
        bounds=window,
    )


def _moves(
    window: Bounds, start: tuple[float, float], address: Callable[[Bounds], str]
) -> list[Move]:
    """Zoom in and out; pan where there is anywhere to go. The world opens at ``start``."""
    if window.is_world:
        return [Move(_("Zoom in"), "zoom-in", address(near(*start, 2500)))]
    ways = [
        (_("Zoom in"), "zoom-in", window.zoomed(0.5)),
        (_("Zoom out"), "zoom-out", window.zoomed(2.0)),
        (_("Go north"), "arrow-up", window.moved(0.5, 0.0)),
        (_("Go south"), "arrow-down", window.moved(-0.5, 0.0)),
        (_("Go west"), "arrow-left", window.moved(0.0, -0.5)),
        (_("Go east"), "arrow-right", window.moved(0.0, 0.5)),
    ]
    return [Move(words, icon, address(bounds)) for words, icon, bounds in ways]
