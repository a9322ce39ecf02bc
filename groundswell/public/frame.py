"""What every public page of a campaign carries: its words, colours, logo, languages, address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign, Picture
from groundswell.public import brand
from groundswell.web import languages

# Where people came from: carried through the pages in hidden fields, by no cookie.
SOURCE_FIELDS = (
    "source", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "ref",
)  # fmt: skip
_SOURCE_MOST = 100


def page_language() -> str:
    """The language of this page."""
    return get_language() or settings.LANGUAGE_CODE


def campaign_frame(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The context that the public bases and all pages of one campaign read."""
    words = campaign_queries.words(campaign, page_language())
    picture = campaign_queries.picture(campaign, Picture.Kind.PICTURE, page_language())
    logo = campaign_queries.picture(campaign, Picture.Kind.LOGO, page_language())
    share = picture or logo
    return {
        "campaign": campaign,
        "words": words,
        "languages": languages.choices(request, _codes(campaign)),
        "canonical_url": settings.GROUNDSWELL_ORIGIN + request.path,
        "brand_css": brand.address(campaign),
        "logo_url": brand.picture_address(campaign, logo) if logo else "",
        "picture": picture,
        "picture_url": brand.picture_address(campaign, picture) if picture else "",
        "share_picture_url": (
            settings.GROUNDSWELL_ORIGIN + brand.picture_address(campaign, share) if share else ""
        ),
        "campaign_url": reverse("campaign", args=[campaign.slug]),
        "map_url": reverse("campaign_map", args=[campaign.slug]),
        "host_url": with_source(request, reverse("host_start", args=[campaign.slug])),
        "is_over": campaign_queries.is_over(campaign),
    }


def _codes(campaign: Campaign) -> list[str] | None:
    """The campaign's languages, and the one that this page is in, so the menu names it."""
    return [*campaign.languages, page_language()] if campaign.languages else None


def source_of(request: HttpRequest) -> dict[str, str]:
    """Source code and UTM of the address or the form, cut to size; only what was given."""
    given = request.POST if request.method == "POST" else request.GET
    found = {name: given.get(name, "")[:_SOURCE_MOST] for name in SOURCE_FIELDS}
    return {name: value for name, value in found.items() if value}


def with_source(request: HttpRequest, path: str) -> str:
    """An address of ours that carries on where the visitor came from."""
    came_by = source_of(request) if request.method == "GET" else {}
    return f"{path}?{urlencode(came_by)}" if came_by else path
