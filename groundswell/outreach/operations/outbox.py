"""Writing messages into the outbox. Everything else about them happens in ``delivery``."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks import task

from groundswell.events.models import Event, Rsvp
from groundswell.kernel import clock
from groundswell.ledger.worker import Again
from groundswell.outreach.kinds import KINDS
from groundswell.outreach.models import Message, ReminderPlan, ShownMail
from groundswell.outreach.weighing import PAUSED

KEEP_DONE = timedelta(days=90)
KEEP_SHOWN = timedelta(days=7)
SWEEP_AT_ONCE = 500
TURN = "turn"  # Message.error of a message that waits for an unproven address's next turn


def new_message(
    kind_name: str,
    *,
    key: str,
    language: str,
    expires_at: datetime,
    entry_id: int | None = None,
    args: Mapping[str, Any] | None = None,
    **refs: Any,
) -> Message:
    """A message that is not written yet. ``key`` names the occasion: one message for each.

    ``refs`` are the ids of the message's columns: ``person_id``, ``account_id``, ``event_id``…
    """
    kind = KINDS[kind_name]
    now = clock.now()
    return Message(
        kind=kind.name,
        priority=kind.priority,
        purpose=kind.purpose,
        dedupe_key=f"{kind.name}:{key}",
        provider_ref=secrets.token_hex(16),
        language=language,
        not_before=now,
        expires_at=expires_at,
        entry_id=entry_id,
        args=dict(args or {}),
        created_at=now,
        **refs,
    )


def to_supporter(
    kind_name: str,
    rsvp: Rsvp,
    *,
    key: object,
    expires_at: datetime,
    entry_id: int | None = None,
    args: Mapping[str, Any] | None = None,
) -> Message:
    """A message to the person of a sign-up; one for each ``key`` and sign-up."""
    return new_message(
        kind_name,
        key=f"{key}:{rsvp.id}",
        language=rsvp.language,
        expires_at=expires_at,
        entry_id=entry_id,
        args=args,
        person_id=rsvp.person_id,
        about_id=rsvp.event_id,
        event_id=rsvp.event_id,
        rsvp_id=rsvp.id,
    )


def to_host(
    kind_name: str,
    event: Event,
    *,
    key: object,
    expires_at: datetime,
    entry_id: int | None = None,
    args: Mapping[str, Any] | None = None,
) -> Message | None:
    """A message to the host of an event (loaded with its host); None when it has none any more."""
    if event.host is None:
        return None
    return new_message(
        kind_name,
        key=f"{key}:{event.id}",
        language=event.host.language,
        expires_at=expires_at,
        entry_id=entry_id,
        args=args,
        person_id=event.host_id,
        about_id=event.id,
        event_id=event.id,
    )


def write(messages: Iterable[Message | None]) -> None:
    """Write messages into the caller's transaction; one with a known dedupe key is dropped."""
    rows = [message for message in messages if message is not None]
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)


def release_waiting(*, person_id: int) -> int:
    """The person's address is proven: what waited for its next turn goes now. Returns how many."""
    waiting = Message.objects.filter(person_id=person_id, state=Message.State.READY, error=TURN)
    return waiting.update(not_before=clock.now())


def messages_due(now: datetime) -> QuerySet[Message]:
    """Messages that are old enough to be forgotten at that moment, and those never sent in time."""
    old = now - KEEP_DONE
    never = Q(state=Message.State.READY, expires_at__lt=old)
    return Message.objects.filter(never | Q(done_at__lt=old))


def shown_due(now: datetime) -> QuerySet[ShownMail]:
    """Mails of a demonstration that were shown for a week."""
    return ShownMail.objects.filter(shown_at__lt=now - KEEP_SHOWN)


def release_paused(*, event_id: int) -> int:
    """The organisers have looked: the host's messages go now. Returns how many."""
    waiting = Message.objects.filter(event_id=event_id, state=Message.State.READY, error=PAUSED)
    return waiting.update(not_before=clock.now(), error="")


@task()
def sweep() -> Again | None:
    """Every hour: forget what is older than its retention, 500 rows of each table at a time."""
    now = clock.now()
    gone = [
        _delete_some(messages_due(now)),
        _delete_some(shown_due(now)),
        _delete_some(ReminderPlan.objects.filter(fanned_at__lt=now - KEEP_DONE)),
    ]
    return Again({"args": [], "kwargs": {}}) if SWEEP_AT_ONCE in gone else None


@transaction.atomic
def _delete_some(rows: Any) -> int:
    ids = list(rows.values_list("id", flat=True)[:SWEEP_AT_ONCE])
    rows.model.objects.filter(id__in=ids).delete()
    return len(ids)
