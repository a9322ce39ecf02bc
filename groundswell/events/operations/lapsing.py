"""Seats that nobody proved within half an hour go to whoever waits."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from groundswell.events import facts, seats
from groundswell.events.models import Rsvp
from groundswell.events.operations.rsvps import fact_of, leave, promote
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import operations as ledger_ops


def lapse_holds() -> int:
    """Give back unproven seats whose half hour is over, event by event. Returns how many."""
    overdue = Rsvp.objects.filter(
        hold_until__lt=clock.now(), state=Rsvp.State.GOING, is_proven=False
    )
    return sum(_lapse(event_id) for event_id in set(overdue.values_list("event_id", flat=True)))


@transaction.atomic
def _lapse(event_id: int) -> int:
    seats.lock(event_id)
    lapsed = list(
        Rsvp.objects.select_for_update().filter(
            event_id=event_id,
            hold_until__lt=clock.now(),
            state=Rsvp.State.GOING,
            is_proven=False,
        )
    )
    for rsvp in lapsed:
        leave(rsvp, Rsvp.State.LAPSED)
    ledger_ops.record_many([fact_of(facts.RsvpLapsed, rsvp) for rsvp in lapsed], by=SYSTEM)
    promote(event_id)
    return len(lapsed)


@task()
def lapse_unproven_seats() -> None:
    """Every minute (config/wiring.py)."""
    lapse_holds()
