"""What another program is told: things that stand on a public page, and never a person.

The words are made when a post leaves, so a repeat tells how things are then, and what stopped
being public since it happened is not told any more.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.campaigns import facts as campaign_facts
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events import facts as event_facts
from groundswell.events.models import Event
from groundswell.kernel import links
from groundswell.kernel.facts import Fact
from groundswell.outreach.models import HookPost
from groundswell.site import queries as site_queries

TRY_OUT = "test"
# What an owner chooses from, in this order.
KINDS: dict[str, Promise] = {
    "event.listed": _("An event is put on the map"),
    "event.changed": _("An event on the map changes"),
    "event.cancelled": _("An event that was on the map is cancelled"),
    "campaign.opened": _("A campaign opens to the public"),
    "campaign.closed": _("A campaign closes"),
}
OF_FACTS: dict[type[Fact], str] = {
    event_facts.EventListed: "event.listed",
    event_facts.EventChanged: "event.changed",
    event_facts.EventCancelled: "event.cancelled",
    campaign_facts.CampaignPublished: "campaign.opened",
    campaign_facts.CampaignClosed: "campaign.closed",
}


def is_switched_on() -> bool:
    """Whether this installation tells other programs anything at all (a setting)."""
    return settings.GROUNDSWELL_OTHER_PROGRAMS


def may_leave() -> bool:
    """Whether a post may leave the house: not of a demonstration, nor of a test."""
    return settings.GROUNDSWELL_MODE == "live" or settings.GROUNDSWELL_OUTGOING_LOOPBACK


def body(post: HookPost) -> bytes | None:
    """The JSON of a post as it would leave now; None when there is nothing public to tell."""
    about = _about(post)
    if about is None:
        return None
    told = {"type": post.kind, "timestamp": _instant(post.happened_at), "data": about}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _about(post: HookPost) -> dict[str, Any] | None:
    if post.kind == TRY_OUT:
        return {"installation": settings.GROUNDSWELL_ORIGIN}
    discreet = site_queries.discreet_countries()
    if post.event_id is not None:
        event = Event.objects.filter(id=post.event_id).select_related("campaign", "seats").first()
        return _event(event, discreet) if event is not None else None
    campaign = campaign_queries.campaign_by_id(post.campaign_id or 0)
    return _campaign(campaign, discreet) if campaign is not None else None


def _event(event: Event, discreet: Collection[str]) -> dict[str, Any] | None:
    """An event on the map; of one that left it, only that it did.

    Nothing of an event that never was there, or in a country where nothing is named. The place
    is the town, also where the venue is public; an online event has none.
    """
    is_hidden = event.listed_at is None or event.campaign.state == Campaign.State.DRAFT
    if is_hidden or event.country in discreet:
        return None
    told: dict[str, Any] = {
        "slug": event.slug,
        "url": links.url("event", slug=event.slug, language=_first_language(event.campaign)),
        "state": _STATES.get(event.state, "off_the_map"),
    }
    if event.state != Event.State.LISTED:  # its words may have changed since somebody looked
        return told
    is_online = event.publicity == Event.Publicity.ONLINE
    return {
        **told,
        "campaign": event.campaign.slug,
        "title": event.title,
        "language": event.language,
        "is_online": is_online,
        "town": "" if is_online else event.town,
        "country": "" if is_online else event.country,
        "starts_at": _instant(event.starts_at),
        "ends_at": _instant(event.ends_at),
        "zone": event.zone,
        "seats": "full" if _is_full(event) else "free",
    }


_STATES: dict[str, str] = {
    Event.State.LISTED: "on_the_map",
    Event.State.CANCELLED: "cancelled",
}


def _is_full(event: Event) -> bool:
    capacity = event.seats.capacity
    return capacity is not None and event.seats.taken >= capacity


def _campaign(campaign: Campaign, discreet: Collection[str]) -> dict[str, Any] | None:
    names_one = any(country in discreet for country in campaign.countries)
    if campaign.state == Campaign.State.DRAFT or names_one:
        return None
    language = _first_language(campaign)
    return {
        "slug": campaign.slug,
        "url": links.url("campaign", slug=campaign.slug, language=language),
        "state": "closed" if campaign.state == Campaign.State.CLOSED else "open",
        "title": campaign_queries.words(campaign, language).title,
        "language": language,
        "organisation": campaign.organisation,
        "countries": list(campaign.countries),
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
    }


def _first_language(campaign: Campaign) -> str:
    offered = {code for code, _name in settings.LANGUAGES}
    wanted = campaign.fallback_language.split("-")[0]
    return wanted if wanted in offered else settings.LANGUAGE_CODE


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
