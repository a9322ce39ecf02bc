"""The map of a campaign: on its page, and on a page of its own where it moves by links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from django.urls import reverse
from django.utils.translation import ngettext

from groundswell.campaigns.models import Campaign
from groundswell.events.queries.finding import Dot
from groundswell.kernel import formats
from groundswell.places import gazetteer, geometry
from groundswell.public import totals
from groundswell.public.frame import page_language
from groundswell.public.whereabouts import Where
from groundswell.web.maps import bounds, drawing
from groundswell.web.maps.bounds import Bounds

_NEAR_KM = 120  # far enough for a coast or a border: a map without either is a grey box
_EMPTY_KM = 250


def nearest_first(dots: Sequence[Dot], where: Where | None) -> list[tuple[Dot, float | None]]:
    """Each dot with its distance in kilometres, the nearest first; as they come without a place."""
    if where is None:
        return [(dot, None) for dot in dots]
    here = where.latitude, where.longitude
    far = [(geometry.distance_km(*here, dot.latitude, dot.longitude), dot) for dot in dots]
    return [(dot, km) for km, dot in sorted(far, key=itemgetter(0))]


def _address(campaign: Campaign, window: Bounds) -> str:
    return reverse("campaign_map", args=[campaign.slug]) + f"?view={window.query()}"


def _label(bubble: drawing.Bubble) -> str:
    """``12 events around Leeds``: around the town that most of them are in."""
    towns = Counter(str(key[0]) for key in bubble.keys if isinstance(key, tuple))
    town = towns.most_common(1)[0][0] if towns else ""
    if bubble.count == 1:
        words = ngettext("{number} event in {town}", "{number} events in {town}", 1)
    else:
        words = ngettext(
            "{number} event around {town}", "{number} events around {town}", bubble.count
        )
    return words.format(number=formats.number(bubble.count), town=town)


def _points(dots: Sequence[Dot]) -> list[tuple[float, float, tuple[str, str]]]:
    return [(dot.latitude, dot.longitude, (dot.town, dot.slug)) for dot in dots]


def _href(campaign: Campaign, bubble: drawing.Bubble) -> str:
    """One event's own page, or a window that shows the events apart."""
    if bubble.count == 1 and isinstance(bubble.keys[0], tuple):
        return reverse("event", args=[bubble.keys[0][1]])
    return _address(campaign, bubble.bounds)


def _whole(campaign: Campaign, dots: Sequence[Dot], where: Where | None) -> Bounds:
    """The window around all events; before the first one, around the visitor or the countries."""
    if dots:
        return bounds.fitting((dot.latitude, dot.longitude) for dot in dots)
    if where is not None:
        return bounds.near(where.latitude, where.longitude, _EMPTY_KM)
    found = [gazetteer.country(code) for code in campaign.countries]
    corners = [
        corner
        for each in found
        if each is not None
        for corner in ((each.box.south, each.box.west), (each.box.north, each.box.east))
    ]
    return bounds.fitting(corners)


def on_page(campaign: Campaign, where: Where | None, *, include_past: bool) -> drawing.Drawing:
    """All events of the campaign, with a pin where the visitor is."""

    def draw() -> drawing.Drawing:
        dots = totals.dots(campaign, include_past=include_past)
        return drawing.draw(
            _points(dots),
            href=lambda bubble: _href(campaign, bubble),
            label=_label,
            bounds=_whole(campaign, dots, where),
            you=(where.latitude, where.longitude) if where else None,
        )

    place = (round(where.latitude, 2), round(where.longitude, 2)) if where else None
    return totals.kept(("map", campaign.id, page_language(), include_past, place), draw)


def window_of(campaign: Campaign, view: str, where: Where | None, *, include_past: bool) -> Bounds:
    """The window that the address asks for, else around the visitor, else around all events."""
    asked = bounds.read(view) if len(view) <= 100 else None
    if asked is not None:
        return asked
    if where is not None:
        return bounds.near(where.latitude, where.longitude, _NEAR_KM)
    return _whole(campaign, totals.dots(campaign, include_past=include_past), None)


def in_window(
    campaign: Campaign, window: Bounds, where: Where | None, *, include_past: bool
) -> tuple[drawing.Drawing, list[Dot]]:
    """The map of one window with its links to move, and the events in it."""
    dots = totals.dots(campaign, include_past=include_past)
    inside = [dot for dot in dots if window.is_world or window.holds(dot.latitude, dot.longitude)]
    drawn = drawing.draw(
        _points(dots),
        href=lambda bubble: _href(campaign, bubble),
        label=_label,
        bounds=window,
        you=(where.latitude, where.longitude) if where else None,
        size=(960, 560),
        moves=lambda moved: _address(campaign, moved),
    )
    return drawn, inside
