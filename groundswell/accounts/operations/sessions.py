"""Signed in and out: what is noted, and how devices are ended."""

from __future__ import annotations

from django.db import transaction

from groundswell.accounts import policy
from groundswell.accounts.facts import SessionEnded, SignedIn, SignedOutEverywhere
from groundswell.accounts.models import Account, Session
from groundswell.accounts.operations.accounts import OnlyYourOwn, new_stamp
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.ledger import operations as ledger_ops


@transaction.atomic
def note_signed_in(*, account_id: int, method: str, by: Actor) -> None:
    """Record that an account signed in, by ``code``, ``link``, ``app``, ``passkey``…"""
    Account.objects.filter(id=account_id).update(last_seen_on=clock.now().date())
    ledger_ops.record(SignedIn(account_id=account_id, method=method), by=by)


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


def sweep_sessions() -> int:
    """Delete sessions whose time is over; returns how many."""
    return Session.objects.filter(expires_at__lte=clock.now()).delete()[0]
