"""What every page of the office carries: the campaign, the menu, who is signed in, where help is.

One campaign at a time, and the address says which: ``/office/c/<slug>/…``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events.queries import watching
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.web.requests import HouseRequest

CAMPAIGNS_MOST = 12  # in the switcher; the page of all campaigns has every one


class NoSuchButton(Refusal):
    """A form was sent without any of its buttons, or with one that it does not have."""

    sentence = gettext_lazy("Press one of the buttons on this page.")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu: the rail of a wide page, the bar under the thumb of a phone."""

    key: str
    label: str
    icon: str
    href: str
    count: int = 0
    is_current: bool = False
    is_wide_only: bool = False
    is_phone_only: bool = False
    starts_group: bool = False


def by(request: HouseRequest) -> Actor:
    """Who asks."""
    return request.actor


def language() -> str:
    """The language of this page."""
    return get_language() or "en"


def zone_of(request: HouseRequest) -> str:
    """The zone on the organiser's wall."""
    return request.user.zone if isinstance(request.user, Account) else "UTC"


def campaign_or_404(request: HouseRequest, slug: str) -> Campaign:
    """The campaign that the address names."""
    campaign = campaign_queries.campaign_by_slug(slug, by(request))
    if campaign is None:
        raise Http404
    return campaign


def page(
    request: HouseRequest,
    template: str,
    context: dict[str, Any],
    *,
    campaign: Campaign | None = None,
    current: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of the office with its menu. ``current``: the key of the menu's entry."""
    at = campaign or campaign_queries.nearest_campaign(by(request))
    frame = {
        "office_home": reverse("office:home"),
        "office_menu": _menu(request, at, current),
        "office_person": _person(request),
        "campaign": campaign,
        "reader_zone": zone_of(request),
        **_switcher(request, at, current),
    }
    return render(request, template, {**frame, **context}, status=status)


def _switcher(request: HouseRequest, campaign: Campaign | None, current: str) -> dict[str, Any]:
    """The campaigns to switch to; the page stays the same one where every campaign has it."""
    rows = list(campaign_queries.visible_campaigns(by(request)).order_by("-action_on")[:50])
    if campaign is not None and campaign not in rows:
        rows.append(campaign)
    titles = campaign_queries.titles(rows, language())
    target = {"events": "office:events", "numbers": "office:numbers", "campaign": "office:campaign"}
    name = target.get(current, "office:today")
    shown = [
        {"title": titles[row.id], "href": reverse(name, args=[row.slug])}
        for row in rows[:CAMPAIGNS_MOST]
    ]
    shown.append({"title": _("All campaigns"), "href": reverse("office:campaigns")})
    title = titles[campaign.id] if campaign else _("All campaigns")
    return {
        "office_campaign": {"title": title},
        "office_campaigns": shown if rows else [],
        "campaign_title": title,
    }


def _menu(request: HouseRequest, campaign: Campaign | None, current: str) -> list[Item]:
    entries: list[tuple[str, str, str, str]] = []
    waiting = 0
    if campaign is not None:
        at = [campaign.slug]
        waiting = watching.for_office(campaign, watching.Wish(need="approval")).count()
        entries = [
            ("today", _("Today"), "sun", reverse("office:today", args=at)),
            ("events", _("Events"), "calendar-days", reverse("office:events", args=at)),
            ("campaign", _("Campaign"), "megaphone", reverse("office:campaign", args=at)),
            ("numbers", _("Numbers"), "chart-column", reverse("office:numbers", args=at)),
        ]
    else:
        entries = [("today", _("Today"), "sun", reverse("office:home"))]
    items = [
        Item(key, label, icon, href, waiting if key == "events" else 0, key == current)
        for key, label, icon, href in entries
    ]
    return items + _house_items(request, current)


def _house_items(request: HouseRequest, current: str) -> list[Item]:
    """Pages about the installation: at the end of the rail; on a phone "More" leads to them."""
    items = []
    if by(request).is_owner:
        pages = (
            ("health", _("Health"), "life-buoy", reverse("office:health")),
            ("log", _("What happened"), "list-checks", reverse("office:log")),
        )
        items = [
            Item(
                key,
                label,
                icon,
                href,
                is_current=key == current,
                is_wide_only=True,
                starts_group=key == "health",
            )
            for key, label, icon, href in pages
        ]
    is_more = current in {"more", "campaigns"}
    more = reverse("office:more")
    items.append(Item("more", _("More"), "menu", more, is_current=is_more, starts_group=not items))
    return items


def _person(request: HouseRequest) -> dict[str, str] | None:
    if not isinstance(request.user, Account):
        return None
    return {
        "name": accounts_queries.name_of(request.user),
        "role": _("Owner") if by(request).is_owner else _("Organiser"),
        "href": reverse("my_account"),
    }
