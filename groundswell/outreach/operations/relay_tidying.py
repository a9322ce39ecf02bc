"""Forgetting conversations: words after 90 days, mails after 14, all 30 days after the event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks import task

from groundswell.kernel import clock
from groundswell.ledger.worker import Again
from groundswell.outreach.models import Conversation, Inbound, Line, PassedOn

WORDS_KEPT = timedelta(days=90)  # after they were written
MAILS_KEPT = timedelta(days=14)  # after they came; their bytes go with the verdict
KEPT = timedelta(days=30)  # after the event's end
REPORTED_KEPT = timedelta(days=90)  # what was reported waits longer for the office
AT_ONCE = 500


def lines_due(now: datetime) -> QuerySet[Line]:
    """Words that were written long ago."""
    return Line.objects.filter(written_at__lt=now - WORDS_KEPT)


def mails_due(now: datetime) -> QuerySet[Inbound]:
    """Mails that came to an alias."""
    return Inbound.objects.filter(received_at__lt=now - MAILS_KEPT)


def passed_on_due(now: datetime) -> QuerySet[PassedOn]:
    """Mails to stand-ins of exports, long passed on."""
    return PassedOn.objects.filter(came_at__lt=now - MAILS_KEPT)


def conversations_due(now: datetime) -> QuerySet[Conversation]:
    """They say who was at an event, so they go when its sign-ups are cut off from their people."""
    is_over = Q(event__ends_at__lt=now - KEPT) & ~Q(state=Conversation.State.PAUSED)
    return Conversation.objects.filter(is_over | Q(event__ends_at__lt=now - REPORTED_KEPT))


@task()
def tidy_relay() -> Again | None:
    """Every hour (config/wiring.py), 500 rows of each table at a time."""
    now = clock.now()
    gone = [
        _delete_some(lines_due(now)),
        _delete_some(mails_due(now)),
        _delete_some(conversations_due(now)),
        _delete_some(passed_on_due(now)),
    ]
    return Again({"args": [], "kwargs": {}}) if AT_ONCE in gone else None


@transaction.atomic
def _delete_some(rows: Any) -> int:
    ids = list(rows.values_list("id", flat=True)[:AT_ONCE])
    rows.model.objects.filter(id__in=ids).delete()
    return len(ids)
