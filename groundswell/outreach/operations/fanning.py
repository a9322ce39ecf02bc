"""Writing one message for everybody of an event, by a job that moves a cursor.

A step writes at most 500 messages and moves the cursor in the same commit (ledger.worker), so a
worker that dies in between repeats nothing and leaves nobody out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django_tasks import task

from groundswell.events.models import Event, Rsvp
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.outreach import kinds
from groundswell.outreach.models import Message, ReminderPlan
from groundswell.outreach.operations import outbox

AT_ONCE = 500


def start(
    kind_name: str,
    *,
    event_id: int,
    entry_id: int,
    known_at: datetime,
    args: Mapping[str, Any] | None = None,
) -> None:
    """Enqueue the job that writes a message to everybody of an event, in the caller's commit.

    Who signed up after ``known_at`` knew already and gets none.
    """
    ledger_ops.enqueue(
        tell_everybody.module_path,
        {
            "args": [kind_name, event_id, entry_id, known_at.isoformat(), dict(args or {})],
            "kwargs": {},
        },
    )


@task()
def tell_everybody(
    kind_name: str,
    event_id: int,
    entry_id: int,
    known_at: str,
    args: dict[str, Any],
    after: int = 0,
) -> Again | None:
    """One step of telling everybody of an event something that has happened."""
    event = Event.objects.filter(id=event_id).first()
    if event is None:
        return None
    people = _list_of(event_id, kind_name, datetime.fromisoformat(known_at), after)
    last = _write_some(
        people,
        lambda rsvp: outbox.to_supporter(
            kind_name,
            rsvp,
            key=entry_id,
            expires_at=event.ends_at,
            entry_id=entry_id,
            args=args,
        ),
    )
    if last is None:
        return None
    return Again({"args": [kind_name, event_id, entry_id, known_at, args, last], "kwargs": {}})


@task()
def remind(plan_id: int, starts: int, after: int = 0) -> Again | None:
    """One step of a reminder; ends at once when the event has moved or is off."""
    plan = ReminderPlan.objects.select_related("event", "event__host").filter(id=plan_id).first()
    if plan is None or not _still_holds(plan, starts):
        return None
    args = {"starts": starts}
    if plan.kind == "host_report":
        outbox.write(
            [
                outbox.to_host(
                    plan.kind, plan.event, key=starts, expires_at=plan.expires_at, args=args
                )
            ]
        )
        return None
    people = _list_of(plan.event_id, plan.kind, plan.due_at, after)
    if kinds.KINDS[plan.kind].can_be_declined:
        people = people.filter(wants_reminder=True)
    last = _write_some(
        people,
        lambda rsvp: outbox.to_supporter(
            plan.kind, rsvp, key=starts, expires_at=plan.expires_at, args=args
        ),
    )
    return None if last is None else Again({"args": [plan_id, starts, last], "kwargs": {}})


def _still_holds(plan: ReminderPlan, starts: int) -> bool:
    return (
        plan.event.state in kinds.RUNNING
        and plan.event.starts_at == plan.starts_at
        and int(plan.starts_at.timestamp()) == starts
    )


def _list_of(event_id: int, kind_name: str, known_at: datetime, after: int) -> QuerySet[Rsvp]:
    """Who is on the list in a state that this kind is for, and signed up by then."""
    return Rsvp.objects.filter(
        event_id=event_id,
        state__in=kinds.KINDS[kind_name].rsvp_states,
        person__isnull=False,
        created_at__lte=known_at,
        id__gt=after,
    ).order_by("id")


def _write_some(people: QuerySet[Rsvp], message: Callable[[Rsvp], Message]) -> int | None:
    """Write up to 500 messages; the id to go on after, or None when that was everybody."""
    rows = list(people.defer("name_sealed", "phone_sealed", "utm")[:AT_ONCE])
    outbox.write(message(rsvp) for rsvp in rows)
    return rows[-1].id if len(rows) == AT_ONCE else None
