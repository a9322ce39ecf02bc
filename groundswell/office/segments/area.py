"""The map that an area is drawn on: the field with its corners as text, and windows of the map.

The server draws land, borders and towns; ``static/js/area.js`` sets corners on it. Without
JavaScript the corners are typed, and the map shows them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.office import frame
from groundswell.people.segments import cells
from groundswell.people.segments.parameters import PlaceUnknown
from groundswell.places import areas, geometry
from groundswell.places import queries as places_queries
from groundswell.web import guards
from groundswell.web.maps import board
from groundswell.web.maps.board import Board
from groundswell.web.requests import HouseRequest

SIZE = (400, 340)  # readable on a phone as it stands; a script asks for what fits its window
TOWN_SPAN = 1.6
SIDE_MOST = 4000
WORLD = (20.0, 0.0, board.MOST_SPAN)
USUAL = {"lat": "20", "lon": "0", "span": "130", "width": "400", "height": "340", "place": ""}


class AreaMap(forms.Textarea):
    """Corners of an area as text, under a map that shows them."""

    template_name = "office/segments/area_map.html"

    def __init__(self, by: Actor) -> None:
        super().__init__({"dir": "ltr", "spellcheck": "false", "rows": 4})
        self.by = by

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        corners = _corners(value)
        window = board.around(corners, *SIZE) if corners else _at_home(self.by)
        points = window.line(corners)
        return {
            **context,
            "board": window,
            "labels": board.labels(window, frame.language()),
            "points": points,
            "spots": [spot.split(",") for spot in points.split()],
            "map_href": reverse("office:segment_map"),
            "corners_most": areas.CORNERS_MOST,
            "corner_count": len(corners),
        }


def _corners(value: Any) -> areas.Corners:
    """The corners of what was typed, to draw them; none while it is not an area."""
    try:
        return areas.unwound(areas.read(clean_line(str(value or ""))))
    except Refusal:
        return []


def _at_home(by: Actor) -> Board:
    """Where people live, so that nobody has to look for their own country first."""
    homes = cells.some_homes(by)
    if not homes:
        return board.draw(*WORLD, *SIZE)
    (south, north), (west, east) = (
        _most([lat for lat, _ in homes]),
        _most([lon for _, lon in homes]),
    )
    return board.around([(south, west), (north, east)], *SIZE)


def _most(values: Sequence[float]) -> tuple[float, float]:
    """Between which of them the middle four fifths lie: one person abroad moves no map."""
    ordered = sorted(values)
    tenth = len(ordered) // 10
    return ordered[tenth], ordered[-1 - tenth]


@guards.office(Right.SEGMENT)
def area_map(request: HouseRequest) -> HttpResponse:
    """A window of the map as data. It holds nobody."""
    try:
        found = _window(request)
    except Refusal as refusal:
        return JsonResponse({"wrong": str(refusal)}, status=422)
    told = {
        "lat": found.lat, "lon": found.lon, "span": found.span, "across": found.across,
        "along": found.along, "width": found.width, "height": found.height,
        "land": found.land, "borders": found.borders,
        "towns": [asdict(one) for one in board.labels(found, frame.language())],
    }  # fmt: skip
    return JsonResponse(told)


def _window(request: HouseRequest) -> Board:
    """The window that the address asks for; the world where it asks for none."""
    given = {**USUAL, **request.GET.dict()}
    width, height = (_number(given[key], SIDE_MOST) for key in ("width", "height"))
    place = clean_line(given["place"])[:120]
    if place:
        return board.draw(*_town(place), TOWN_SPAN, round(width), round(height))
    lat, lon, span = (_number(given[key], 540) for key in ("lat", "lon", "span"))
    return board.draw(round(lat, 4), round(lon, 4), round(span, 3), round(width), round(height))


def _number(text: str, most: float) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not abs(found) <= most:
        raise geometry.NotOnTheEarth
    return found


def _town(text: str) -> tuple[float, float]:
    point = geometry.parse_point(text)
    if point is not None:
        return point.lat, point.lon
    found = places_queries.find(text)
    if found.exact:
        return found.exact[0].lat, found.exact[0].lon
    if found.postcode is not None:
        return found.postcode.lat, found.postcode.lon
    raise PlaceUnknown(_("We do not know this place. Write a larger town nearby."))


urlpatterns = [path("segments/map/", area_map, name="segment_map")]
