"""Signed in and out: what is noted, and how devices are ended."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from groundswell.accounts import policy
from groundswell.accounts.facts import (
    SessionEnded,
    SignedIn,
    SignedInOnNewDevice,
    SignedOutEverywhere,
)
from groundswell.accounts.models import Account, Session
from groundswell.accounts.operations.accounts import OnlyYourOwn, new_stamp
from groundswell.accounts.operations.locking import check_may_sign_in
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.ledger import operations as ledger_ops


@transaction.atomic
def note_signed_in(
    *, account_id: int, method: str, by: Actor, is_known_device: bool = True
) -> None:
    """Record that an account signed in, by ``code``, ``link``, ``app``, ``passkey``…

    Its session is written before. A device that the account was never used on is told to its
    owner, but for the very first. Raises OnlyOwnersNow, AccountIsLocked (operations/locking.py).
    """
    check_may_sign_in(account_id)
    mine = Account.objects.filter(id=account_id)
    is_first = mine.filter(last_seen_on=None).exists()
    mine.update(last_seen_on=clock.now().date())
    ledger_ops.record(SignedIn(account_id=account_id, method=method), by=by)
    if not is_known_device and not is_first:
        ledger_ops.record(SignedInOnNewDevice(account_id=account_id), by=by)


@transaction.atomic
def end_session(*, account_id: int, session_id: int, by: Actor) -> None:
    """Sign one device out, from its next request on. Raises OnlyYourOwn. Twice is harmless."""
    if not policy.can_end_sessions(by, account_id):
        raise OnlyYourOwn
    if Session.objects.filter(id=session_id, account_id=account_id).delete()[0]:
        ledger_ops.record(SessionEnded(account_id=account_id), by=by)


@transaction.atomic
def sign_out_everywhere(*, account_id: int, by: Actor) -> int:
    """Sign every device out, this one too; returns how many there were. Raises OnlyYourOwn."""
    if not policy.can_end_sessions(by, account_id):
        raise OnlyYourOwn
    Account.objects.filter(id=account_id).update(stamp=new_stamp())
    ended = Session.objects.filter(account_id=account_id).delete()[0]
    ledger_ops.record(SignedOutEverywhere(account_id=account_id), by=by)
    return ended


def sessions_due(now: datetime) -> QuerySet[Session]:
    """Sessions whose time is over at that moment."""
    return Session.objects.filter(expires_at__lte=now)


def sweep_sessions() -> int:
    """Delete sessions whose time is over; returns how many."""
    return sessions_due(clock.now()).delete()[0]
