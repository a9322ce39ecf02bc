"""When a government changes its clocks after an event was published.

What people agreed on is the wall time at the place, so that stays; the instants in UTC are
derived anew, and reminders move along. Nobody needs to be told: their clocks change too.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django_tasks import task

from groundswell.events import facts, times
from groundswell.events.models import Event
from groundswell.events.queries import hosting as host_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import operations as ledger_ops


@transaction.atomic
def rederive(*, event_id: int) -> bool:
    """Derive an event's instants from its walls again. True when the zone's rules moved them."""
    event = Event.objects.select_for_update().get(id=event_id)
    first, last = host_queries.walls(event)
    slot = times.of_walls(first, last, event.zone)
    if (slot.starts_at, slot.ends_at) == (event.starts_at, event.ends_at):
        return False
    Event.objects.filter(id=event.id).update(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        sequence=F("sequence") + 1,
        changed_at=clock.now(),
    )
    ledger_ops.record(
        facts.EventChanged(
            campaign_id=event.campaign_id,
            event_id=event.id,
            sequence=event.sequence + 1,
            has_moved=False,
        ),
        by=SYSTEM,
    )
    return True


@task()
def follow_zone_rules() -> None:
    """Once a day: every event still to come (config/wiring.py)."""
    coming = Event.objects.filter(starts_at__gt=clock.now()).order_by("id")
    for event_id in coming.values_list("id", flat=True).iterator(chunk_size=500):
        rederive(event_id=event_id)
