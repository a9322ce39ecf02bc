"""Questions about messages: how old the queue is, what a person must decide, what was shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from groundswell.kernel import clock
from groundswell.kernel.sealing import CannotOpen
from groundswell.ledger import queries as ledger_queries
from groundswell.outreach import senders
from groundswell.outreach.kinds import Priority
from groundswell.outreach.models import Inbound, Message, ReminderPlan, ShownMail
from groundswell.site import vault

State = Message.State


@dataclass(frozen=True, slots=True)
class QueueState:
    """What the health page and the doctor look at.

    ``oldest_due_at`` is since when the longest-waiting message could have gone; None when nothing
    waits. ``unknown`` and ``failed`` wait for a person. ``has_sender`` is False when a live
    installation has no mail server configured: its messages stay in the outbox.
    """

    ready: int
    claimed: int
    handing_over: int
    unknown: int
    failed: int
    oldest_due_at: datetime | None
    oldest_plan_due_at: datetime | None
    has_sender: bool

    @property
    def waits_seconds(self) -> float:
        """How long the longest-waiting message has been due; 0 when nothing waits."""
        if self.oldest_due_at is None:
            return 0.0
        return max(0.0, (clock.now() - self.oldest_due_at).total_seconds())


def queue_state() -> QueueState:
    """The state of the outbox, by its partial indexes."""
    leased = dict(
        Message.objects.filter(lease_until__isnull=False)
        .values_list("state")
        .annotate(count=Count("id"))
    )
    plans = ReminderPlan.objects.filter(fanned_at=None, due_at__lte=clock.now())
    return QueueState(
        ready=Message.objects.filter(state=State.READY).count(),
        claimed=leased.get(State.CLAIMED, 0),
        handing_over=leased.get(State.HANDING_OVER, 0),
        unknown=Message.objects.filter(state=State.UNKNOWN).count(),
        failed=Message.objects.filter(state=State.FAILED).count(),
        oldest_due_at=_oldest_due_at(),
        oldest_plan_due_at=plans.aggregate(oldest=Min("due_at"))["oldest"],
        has_sender=senders.current() is not None,
    )


def _oldest_due_at() -> datetime | None:
    """The first ``not_before`` of each priority that has come; each is one index probe."""
    due: list[datetime] = []
    for priority in Priority:
        ready = Message.objects.filter(
            state=State.READY, priority=priority, not_before__lte=clock.now()
        )
        due += ready.order_by("not_before").values_list("not_before", flat=True)[:1]
    return min(due, default=None)


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Messages that wait for a person's decision, by kind, state and reason."""

    kind: str
    state: str
    error: str
    count: int
    oldest_at: datetime


def held_groups() -> list[HeldGroup]:
    """UNKNOWN and FAILED messages, counted; the oldest first."""
    rows: list[HeldGroup] = []
    for state in (State.UNKNOWN, State.FAILED):
        groups = (
            Message.objects.filter(state=state)
            .values_list("kind", "state", "error")
            .annotate(count=Count("id"), oldest_at=Min("created_at"))
        )
        rows += [HeldGroup(*group) for group in groups]
    return sorted(rows, key=lambda group: group.oldest_at)


def held_messages(*, kind: str = "", state: str = "", error: str = "") -> QuerySet[Message]:
    """The messages behind a group, newest first; addresses and words are not among them."""
    states = [state] if state in {State.UNKNOWN, State.FAILED} else [State.UNKNOWN, State.FAILED]
    found = Message.objects.filter(state__in=states)
    if kind:
        found = found.filter(kind=kind)
    if error:
        found = found.filter(error=error)
    return found.order_by("-id")


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail on the outbox page of a demonstration."""

    id: int
    kind: str
    language: str
    shown_at: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str
    calendar: str
    headers: dict[str, str]


def shown_mails(limit: int = 100) -> list[Shown]:
    """The newest mails that stayed in the house, newest first."""
    rows = list(ShownMail.objects.order_by("-id")[:limit])
    vault.load_keys_of(rows, "mail_sealed")
    return [shown for row in rows if (shown := _opened(row)) is not None]


def shown_mail(shown_id: int) -> Shown | None:
    """One of them; None when it is gone."""
    row = ShownMail.objects.filter(id=shown_id).first()
    return _opened(row) if row else None


def _opened(row: ShownMail) -> Shown | None:
    try:
        told: dict[str, Any] = json.loads(vault.open_(row, "mail_sealed"))
    except CannotOpen:  # its person was erased
        return None
    return Shown(id=row.id, kind=row.kind, language=row.language, shown_at=row.shown_at, **told)


def next_plan_at() -> datetime | None:
    """When the next reminders fall due that nobody has begun to write; it may lie in the past."""
    soonest = ReminderPlan.objects.filter(fanned_at=None).order_by("due_at")
    return soonest.values_list("due_at", flat=True).first()


def listener_seen_at() -> datetime | None:
    """When the SMTP listener last said that it lives; None: never."""
    place = ledger_queries.place_of("relay.listener")
    return datetime.fromisoformat(place["at"]) if place else None


def mail_came_at() -> datetime | None:
    """When the newest mail to an alias came, of the last 14 days."""
    newest = Inbound.objects.order_by("-received_at").values_list("received_at", flat=True)
    return newest.first()
