"""Forgetting who was where: an event that is over keeps its numbers and loses its people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django_tasks import task

from groundswell.events.models import Event, HostMessage, Rsvp
from groundswell.kernel import clock
from groundswell.ledger.worker import Again

SIGN_UPS_KEPT = timedelta(days=30)  # after the event's end
HOST_KEPT = timedelta(days=90)  # after the event's end
MESSAGES_KEPT = timedelta(days=90)  # after they were written
AT_ONCE = 500


@task()
def forget_after_events() -> Again | None:
    """Every hour (config/wiring.py), 500 rows of each table at a time. Invented people stay."""
    now = clock.now()
    sign_ups = Rsvp.objects.filter(
        event__ends_at__lt=now - SIGN_UPS_KEPT, event__is_synthetic=False, person__isnull=False
    )
    hosted = Event.objects.filter(
        ends_at__lt=now - HOST_KEPT, is_synthetic=False, host__isnull=False
    )
    messages = HostMessage.objects.filter(created_at__lt=now - MESSAGES_KEPT)
    counts = [_cut_sign_ups(sign_ups), _cut_hosts(hosted), _delete(messages)]
    return Again({"args": [], "kwargs": {}}) if AT_ONCE in counts else None


def _some(rows: Any) -> list[int]:
    return list(rows.values_list("id", flat=True)[:AT_ONCE])


@transaction.atomic
def _cut_sign_ups(rows: Any) -> int:
    ids = _some(rows)
    Rsvp.objects.filter(id__in=ids).update(
        person=None, name_sealed=b"", phone_sealed=b"", utm={}, source=""
    )
    return len(ids)


@transaction.atomic
def _cut_hosts(rows: Any) -> int:
    ids = _some(rows)
    Event.objects.filter(id__in=ids).update(host=None, venue_sealed=b"")
    return len(ids)


@transaction.atomic
def _delete(rows: Any) -> int:
    ids = _some(rows)
    HostMessage.objects.filter(id__in=ids).delete()
    return len(ids)
