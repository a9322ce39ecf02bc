"""The first page, and the pages about this site: privacy, accessibility, help."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.public import holdings, totals
from groundswell.public.frame import page_language
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

_MOST = 50


@dataclass(frozen=True, slots=True)
class Card:
    """One campaign on the first page."""

    campaign: Campaign
    title: str
    lead: str
    href: str
    is_over: bool
    events: int


def _card(campaign: Campaign) -> Card:
    words = campaign_queries.words(campaign, page_language())
    amount = totals.numbers(campaign)["events_listed"].amount
    return Card(
        campaign=campaign,
        title=words.title,
        lead=words.lead,
        href=reverse("campaign", args=[campaign.slug]),
        is_over=campaign_queries.is_over(campaign),
        events=amount.value if amount else 0,
    )


@guards.anyone()
def home(request: HouseRequest) -> HttpResponse:
    """The campaigns, those to come first; on an empty installation, the first step."""
    found = campaign_queries.visible_campaigns(request.actor).prefetch_related("texts")
    cards = [_card(campaign) for campaign in found[:_MOST]]
    context = {
        "running": [card for card in cards if not card.is_over],
        "over": [card for card in reversed(cards) if card.is_over],
        "is_new": site_queries.installation() is None,
    }
    return render(request, "public/home.html", context)


@guards.anyone()
def privacy(request: HouseRequest) -> HttpResponse:
    """What is held about people, for how long, and how to have it out or gone."""
    context = {"holdings": holdings.ALL, "installation": site_queries.installation()}
    return render(request, "public/privacy.html", context)


@guards.anyone()
def accessibility(request: HouseRequest) -> HttpResponse:
    """What works, what is checked, and whom to tell about a barrier."""
    context = {"installation": site_queries.installation()}
    return render(request, "public/accessibility.html", context)


@guards.anyone()
def help_page(request: HouseRequest) -> HttpResponse:
    """The questions people ask most, and a way to reach somebody."""
    return render(request, "public/help.html", {"installation": site_queries.installation()})


urlpatterns = [
    path("", home, name="home"),
    path("privacy", privacy, name="privacy"),
    path("accessibility", accessibility, name="accessibility"),
    path("help", help_page, name="help"),
]
