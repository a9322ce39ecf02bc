"""Leases: taking messages, giving them back, and finding those of workers that died.

A lease is compared with the database's clock, because machines disagree about the time; what is
due is compared with the house's clock, because a replay moves it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from groundswell.kernel import clock
from groundswell.kernel.ids import new_id
from groundswell.outreach import senders
from groundswell.outreach.delivery import outcomes
from groundswell.outreach.kinds import Priority
from groundswell.outreach.models import Message
from groundswell.outreach.senders import Sender
from groundswell.outreach.senders.contract import TIMEOUT_SECONDS
from groundswell.site import queries as site_queries

CLAIM_AT_ONCE = 40
TIMEOUT = timedelta(seconds=TIMEOUT_SECONDS)
LEASE = 10 * TIMEOUT  # a worker that is stopped for less than this doubles nothing
REAP_AT_ONCE = 200
_AT_ONCE = timedelta(0)  # the lease was wait enough

State = Message.State


def claim(limit: int = CLAIM_AT_ONCE) -> list[Message]:
    """Lease up to ``limit`` due messages, the most urgent first."""
    if not _due(limit, locked=False):
        return []  # an idle round takes no lock
    token = new_id()
    with transaction.atomic():
        ids = _due(limit, locked=True)
        claimed = Message.objects.filter(id__in=ids, state=State.READY)
        claimed.update(state=State.CLAIMED, lease_token=token, lease_until=Now() + LEASE)
    mine = Message.objects.filter(id__in=ids, lease_token=token)
    return list(mine.order_by("-priority", "not_before", "id"))


def _due(limit: int, *, locked: bool) -> list[int]:
    """Ids of due messages: one index probe for each priority, whatever waits behind."""
    ids: list[int] = []
    is_locked = site_queries.is_locked()  # then mail about accounts only (kinds.py)
    for priority in [Priority.SIGN_IN] if is_locked else sorted(Priority, reverse=True):
        ready = Message.objects.filter(
            state=State.READY, priority=priority, not_before__lte=clock.now()
        ).order_by("not_before")
        if locked and connection.features.has_select_for_update_skip_locked:
            ready = ready.select_for_update(skip_locked=True)
        ids += ready.values_list("id", flat=True)[: limit - len(ids)]
        if len(ids) == limit:
            break
    return ids


def give_back(messages: list[Message]) -> None:
    """Return claimed messages that nothing was done about."""
    for token in {message.lease_token for message in messages}:
        Message.objects.filter(
            id__in=[message.id for message in messages], lease_token=token, state=State.CLAIMED
        ).update(state=State.READY, lease_token=None, lease_until=None)


def reap() -> int:
    """Deal with the messages of workers that died or were stopped too long. Returns how many.

    What was only claimed has not left the house: it is ready again. What was being handed over
    may have left: the sender is asked if it can be; else the kind of message decides.
    """
    late = list(
        Message.objects.filter(lease_until__lt=Now()).order_by("lease_until")[:REAP_AT_ONCE]
    )
    if not late:
        return 0
    claimed = [message.id for message in late if message.state == State.CLAIMED]
    Message.objects.filter(id__in=claimed, state=State.CLAIMED, lease_until__lt=Now()).update(
        state=State.READY, lease_token=None, lease_until=None
    )
    sender = senders.current()
    for message in late:
        if message.state == State.HANDING_OVER:
            _decide(message, sender)
    return len(late)


def _decide(message: Message, sender: Sender | None) -> None:
    """A crash in the gate: exactly what is known, and no more."""
    if sender is not None and sender.is_idempotent:
        outcomes.ready_again(message, "worker_lost", after=_AT_ONCE)
        return
    if sender is not None and sender.is_askable:
        known = sender.ask(message.provider_ref)
        if known is not None:
            outcomes.settle(message, senders.Outcome(known, "asked"))
        return  # asked again in a later round, until the other side knows
    outcomes.settle(message, senders.Outcome(senders.Result.PERHAPS, "worker_lost"), after=_AT_ONCE)
