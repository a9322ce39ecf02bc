"""What the pages of the editor share: how a campaign stands, its languages, its public page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from groundswell.campaigns.models import Campaign
from groundswell.campaigns.operations import Plan
from groundswell.kernel import formats
from groundswell.office import frame
from groundswell.web.requests import HouseRequest

STATE_WORDS: dict[str, Promise] = {
    Campaign.State.DRAFT: gettext_lazy("Draft: only the team sees it"),
    Campaign.State.LIVE: gettext_lazy("Open to the public"),
    Campaign.State.CLOSED: gettext_lazy("Closed: its page shows what came of it"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One language of an editor. ``missing`` counts what falls back to the first language."""

    code: str
    name: str
    href: str
    is_current: bool
    is_first: bool
    missing: int = 0


def standing(campaign: Campaign, **changes: Any) -> Plan:
    """The campaign's plan as it stands, with some changes."""
    names = [field.name for field in dataclasses.fields(Plan)]
    return Plan(**{**{name: getattr(campaign, name) for name in names}, **changes})


def tabs(
    campaign: Campaign, current: str, *, name: str, missing: dict[str, int], **parts: str
) -> list[Tab]:
    """One tab for each language of the campaign; ``name`` is the page they lead to."""
    return [
        Tab(
            code=code,
            name=formats.endonym(code),
            href=reverse(name, kwargs={"slug": campaign.slug, "code": code, **parts}),
            is_current=code == current,
            is_first=code == campaign.fallback_language,
            missing=missing.get(code, 0),
        )
        for code in campaign.languages
    ]


def public_href(campaign: Campaign, code: str, name: str = "campaign") -> str:
    """The campaign's public page in one language; organisers see it while it is a draft."""
    with translation.override(code):
        return reverse(name, args=[campaign.slug])


def page(
    request: HouseRequest,
    campaign: Campaign,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of the editor."""
    shown = {
        "preview_href": public_href(campaign, campaign.fallback_language),
        "editor_href": reverse("office:campaign", args=[campaign.slug]),
        **context,
    }
    return frame.page(
        request,
        f"office/campaign/{template}.html",
        shown,
        campaign=campaign,
        current="campaign",
        status=status,
    )
