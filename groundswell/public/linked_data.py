"""schema.org data about an event, for search engines (https://schema.org/Event).

A block of JSON-LD is data: browsers do not run it, so a policy without inline scripts lets it be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from groundswell.campaigns.queries import CampaignWords
from groundswell.events.models import Event
from groundswell.kernel import formats

_SCHEMA = "https://schema.org"
# What could end the element, or start another, inside JSON (as Django's json_script does).
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _block(content: dict[str, Any]) -> SafeString:
    told = json.dumps({"@context": _SCHEMA, **content}, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{told}</script>')  # noqa: S308 - escaped


def _status(event: Event) -> str:
    is_off = event.state == Event.State.CANCELLED
    return f"{_SCHEMA}/{'EventCancelled' if is_off else 'EventScheduled'}"


def _place(event: Event) -> dict[str, Any]:
    """The place as everybody may know it; an online event's link is for people who are going."""
    if event.publicity == Event.Publicity.ONLINE:
        return {"@type": "VirtualLocation", "url": _url(event)}
    address = {"@type": "PostalAddress", "addressLocality": event.town}
    if event.country:
        address["addressCountry"] = event.country
    place: dict[str, Any] = {
        "@type": "Place",
        "name": event.venue or event.town,
        "address": address,
    }
    if event.publicity == Event.Publicity.EVERYONE:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": event.latitude,
            "longitude": event.longitude,
        }
    return place


def _url(event: Event) -> str:
    return settings.GROUNDSWELL_ORIGIN + reverse("event", args=[event.slug])


def _content(event: Event, organisation: str) -> dict[str, Any]:
    is_online = event.publicity == Event.Publicity.ONLINE
    mode = "OnlineEventAttendanceMode" if is_online else "OfflineEventAttendanceMode"
    return {
        "@type": "Event",
        "name": event.title,
        "url": _url(event),
        "startDate": formats.local(event.starts_at, event.zone).isoformat(timespec="minutes"),
        "endDate": formats.local(event.ends_at, event.zone).isoformat(timespec="minutes"),
        "eventStatus": _status(event),
        "eventAttendanceMode": f"{_SCHEMA}/{mode}",
        "inLanguage": event.language,
        "isAccessibleForFree": True,
        "location": _place(event),
        "organizer": {"@type": "Organization", "name": organisation},
    }


def event(event: Event, words: CampaignWords, organisation: str) -> SafeString:
    """One event."""
    about = event.description or words.lead
    return _block({**_content(event, organisation), **({"description": about} if about else {})})


def events(found: Iterable[Event], organisation: str) -> SafeString:
    """The events of a list, in its order."""
    items = [
        {"@type": "ListItem", "position": place, "item": _content(event, organisation)}
        for place, event in enumerate(found, start=1)
    ]
    return _block({"@type": "ItemList", "itemListElement": items}) if items else mark_safe("")
