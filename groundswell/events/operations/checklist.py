"""The host's checklist: what is done, and whether the kit was opened."""

from __future__ import annotations

from django.db import transaction

from groundswell.events.models import Event, Tick
from groundswell.events.operations.hosting import managed
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor


@transaction.atomic
def tick(*, event_id: int, key: str, done: bool, by: Actor) -> None:
    """Tick or untick a line of the checklist. Opening the kit is a line like any other."""
    event = managed(event_id, by)
    if done:
        Tick.objects.bulk_create(
            [Tick(event=event, key=key[:40], done_at=clock.now())], ignore_conflicts=True
        )
    else:
        Tick.objects.filter(event=event, key=key).delete()


@transaction.atomic
def open_kit(*, event_id: int, by: Actor) -> None:
    """Note that the host has opened the kit; the office sees who has not."""
    managed(event_id, by)
    Event.objects.filter(id=event_id, kit_opened_at=None).update(kit_opened_at=clock.now())
