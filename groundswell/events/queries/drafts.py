"""What a host has answered so far in the wizard."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from groundswell.events.models import Event, HostDraft
from groundswell.site import vault


def draft_by_id(draft_id: int) -> HostDraft | None:
    """A draft with its campaign; None once its fourteen days are over."""
    return HostDraft.objects.select_related("campaign").filter(id=draft_id).first()


def drafts_due(now: datetime) -> QuerySet[HostDraft]:
    """Drafts that nobody has changed for two weeks at that moment."""
    return HostDraft.objects.filter(changed_at__lt=now - timedelta(days=14))


def answers(draft: HostDraft) -> dict[str, Any]:
    """The answers of every step so far, opened."""
    told = vault.open_(draft, "answers_sealed")
    return dict(json.loads(told)) if told else {}


def event_of(draft: HostDraft) -> Event | None:
    """The event that a published draft became."""
    if draft.event_id is None:
        return None
    return Event.objects.select_related("campaign").filter(id=draft.event_id).first()
