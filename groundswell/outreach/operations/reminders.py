"""Planning reminders, and writing their messages when they are due."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django_tasks import task

from groundswell.events.models import Event
from groundswell.kernel import clock
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import kinds, reminder_times
from groundswell.outreach.models import ReminderPlan
from groundswell.outreach.operations import fanning

DUE_AT_ONCE = 100


@transaction.atomic
def plan(*, event: Event, known_at: datetime) -> None:
    """Write or rewrite the reminders of an event.

    ``known_at`` is when the time of the event became known: a reminder that was due by then is
    not planned, because whoever is coming has just been told. A plan that stands as it is stays,
    so a change of the place alone sends no second reminder.
    """
    times = []
    if event.state in kinds.RUNNING:
        times = reminder_times.due(event.starts_at, event.ends_at, event.zone)
    wanted = {(each.kind, event.starts_at, each.due_at, each.expires_at) for each in times}
    standing = {
        (row.kind, row.starts_at, row.due_at, row.expires_at): row.id
        for row in ReminderPlan.objects.select_for_update().filter(event=event)
    }
    gone = [row_id for times, row_id in standing.items() if times not in wanted]
    ReminderPlan.objects.filter(id__in=gone).delete()
    ReminderPlan.objects.bulk_create(
        ReminderPlan(
            event=event, kind=kind, starts_at=starts_at, due_at=due_at, expires_at=expires_at
        )
        for kind, starts_at, due_at, expires_at in sorted(wanted - standing.keys())
        if due_at > known_at
    )


def unplan(*, event_id: int) -> None:
    """The event is off: nobody is reminded of it."""
    ReminderPlan.objects.filter(event_id=event_id).delete()


@task()
def send_due_reminders() -> None:
    """Every minute: let the messages of each due plan be written by a job of its own."""
    while _start_some() == DUE_AT_ONCE:
        pass


@transaction.atomic
def _start_some() -> int:
    now = clock.now()
    rows = ReminderPlan.objects.filter(fanned_at=None, due_at__lte=now).order_by("due_at")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    due = list(rows[:DUE_AT_ONCE])
    ReminderPlan.objects.filter(id__in=[row.id for row in due]).update(fanned_at=now)
    for row in due:
        if row.expires_at > now:
            ledger_ops.enqueue(
                fanning.remind.module_path,
                {"args": [row.id, int(row.starts_at.timestamp())], "kwargs": {}},
            )
    return len(due)
