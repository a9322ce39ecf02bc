"""Forgetting messages about an event whose people were cut off (events.operations.forgetting)."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from groundswell.ledger.worker import Again
from groundswell.outreach.models import Message

AT_ONCE = 500


@task()
def forget_messages(event_id: int, is_host: bool) -> Again | None:
    """500 rows a step: those to people who signed up, or at last everything about the event."""
    if _delete(event_id, is_host=is_host) < AT_ONCE:
        return None
    return Again({"args": [event_id, is_host], "kwargs": {}})


@transaction.atomic
def _delete(event_id: int, *, is_host: bool) -> int:
    about = Message.objects.filter(event_id=event_id)
    if not is_host:
        about = about.filter(rsvp_id__isnull=False)
    ids = list(about.values_list("id", flat=True)[:AT_ONCE])
    Message.objects.filter(id__in=ids).delete()
    return len(ids)
