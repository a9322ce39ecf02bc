"""A campaign's colours as a style sheet, and its pictures; both may be cached for ever."""

from __future__ import annotations

import hashlib
import re

from django.http import Http404, HttpResponse
from django.urls import path, reverse

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign, Picture
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

DEFAULTS = ("#0E3A3B", "#FFB81C")
FOR_EVER = "public, max-age=31536000, immutable"
_HEX = re.compile(r"#[0-9A-F]{6}")
WHITE, BLACK = "#FFFFFF", "#000000"


def address(campaign: Campaign) -> str:
    """Where the campaign's colours are; "" when it keeps the colours of the house."""
    colours = (campaign.poster_colour, campaign.call_colour)
    if colours == DEFAULTS:
        return ""
    version = hashlib.sha256("".join(colours).encode()).hexdigest()[:8]
    return reverse("brand_css", args=[campaign.slug]) + f"?v={version}"


def picture_address(campaign: Campaign, picture: Picture) -> str:
    return reverse("picture", args=[campaign.slug, picture.digest])


def mixed(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0 to 1) of another; both as #RRGGBB."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (two - one) * share):02X}" for one, two in pairs)


def sheet(poster: str, call: str) -> str:
    """The custom properties for two colours. Raises ValueError for anything but #RRGGBB."""
    for colour in (poster, call):
        if not _HEX.fullmatch(colour):
            raise ValueError(f"not a colour: {colour!r}")
    rules = {
        "--brand-poster": poster,
        "--brand-accent": call,
        "--poster": poster,
        "--poster-2": mixed(poster, WHITE, 0.06),
        "--poster-3": mixed(poster, WHITE, 0.14),
        "--poster-line": mixed(poster, WHITE, 0.5),
        "--on-poster-2": mixed(poster, WHITE, 0.84),
        "--marigold": call,
        "--marigold-hover": mixed(call, WHITE, 0.2),
    }
    land = {
        "--land": mixed(poster, WHITE, 0.16),
        "--border": poster,
        "--sea-edge": poster,
        "--bubble": call,
        "--single": mixed(call, WHITE, 0.35),
    }
    return f":root:root:root{{{_lines(rules)}}}\n.hero .map{{{_lines(land)}}}\n"


def _lines(rules: dict[str, str]) -> str:
    return "".join(f"{name}:{value};" for name, value in rules.items())


@guards.anyone()
def brand(request: HouseRequest, slug: str) -> HttpResponse:
    """The colours of one campaign."""
    campaign = campaign_queries.campaign_by_slug(slug, request.actor)
    if campaign is None:
        raise Http404
    content = sheet(campaign.poster_colour, campaign.call_colour)
    return HttpResponse(content, content_type="text/css", headers={"Cache-Control": FOR_EVER})


@guards.anyone()
def picture(request: HouseRequest, slug: str, digest: str) -> HttpResponse:
    """A logo or picture, by the digest of its content."""
    campaign = campaign_queries.campaign_by_slug(slug, request.actor)
    content = campaign_queries.picture_content(campaign, digest) if campaign else None
    if content is None:
        raise Http404
    headers = {"Cache-Control": FOR_EVER, "Content-Disposition": 'inline; filename="picture.webp"'}
    response = HttpResponse(content, content_type="image/webp", headers=headers)
    # Whatever a browser took it for, opened on its own: no scripts, no forms, an origin of nobody.
    response.csp_changes = {"sandbox": []}  # type: ignore[attr-defined]  # web/security reads it
    return response


urlpatterns = [
    path("c/<slug:slug>/brand.css", brand, name="brand_css"),
    path("c/<slug:slug>/picture/<slug:digest>.webp", picture, name="picture"),
]
