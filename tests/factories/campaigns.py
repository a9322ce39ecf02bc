"""Campaigns for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign
from groundswell.kernel.actor import SYSTEM

ACTION_DAY = date(2026, 3, 21)  # a Saturday after the suite's still clock (4 March 2026)

KIT: dict[str, Any] = {
    "moments": [
        {
            "key": "meet",
            "minute": 0,
            "title": {"en": "Meet", "ar": "اللقاء"},
            "text": {"en": "Hi."},
        },
        {"key": "talk", "minute": 30, "title": {"en": "Talk"}, "text": {"en": "One minute each."}},
    ],
    "tasks": [
        {
            "key": "invite",
            "due_days": -7,
            "title": {"en": "Invite five people"},
            "why": {"en": "."},
        },
        {
            "key": "report",
            "due_days": 1,
            "title": {"en": "Tell us how it went"},
            "why": {"en": "."},
        },
    ],
    "types": [
        {
            "key": "meeting",
            "icon": "users",
            "minutes": 60,
            "name": {"en": "Meeting"},
            "line": {"en": "An hour at a bus stop."},
        }
    ],
    "words": [{"key": "post", "title": {"en": "A post"}, "text": {"en": "Come along."}}],
}


def live_campaign(title: str = "Bring back our buses", **plan: Any) -> Campaign:
    """A published campaign around ACTION_DAY, with a kit of one event type."""
    given: dict[str, Any] = {
        "organisation": "Bus Users Together",
        "action_on": ACTION_DAY,
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 3, 31),
        "languages": ["en", "ar"],
        "goal_events": 40,
        **plan,
    }
    campaign = campaign_ops.start_campaign(plan=campaign_ops.Plan(**given), title=title, by=SYSTEM)
    campaign_ops.publish_kit(campaign=campaign, content=KIT, by=SYSTEM)
    campaign_ops.publish_campaign(campaign=campaign, by=SYSTEM)
    campaign.refresh_from_db()
    return campaign
