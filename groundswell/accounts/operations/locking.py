"""The panic lock: everybody out at once, of one account or of the whole installation.

While the installation is locked nobody but its owners signs in, no page answers, nothing is sent
but mail about accounts, and no work is done; nothing is lost either. Organisers and owners may
lock, owners unlock: two of them, where there are two, or the command line on the server.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits, policy
from groundswell.accounts.facts import (
    AccountLocked,
    AccountUnlocked,
    EverythingLocked,
    EverythingUnlocked,
    UnlockBegun,
)
from groundswell.accounts.models import Account, Grant, Link, PendingCode, Session, is_live
from groundswell.accounts.operations.accounts import new_stamp
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind, Role
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.site import queries, vault
from groundswell.site.models import Lock
from groundswell.site.queries import EVERYTHING

ONE_LOCK_PER = timedelta(hours=24)
SECOND_OWNER_WITHIN = timedelta(hours=24)


class MayNotLock(Refusal):
    sentence = _("Only organisers and owners can lock everything. You can lock your own account.")


class MayNotUnlock(Refusal):
    sentence = _("Only an owner can unlock. Ask one of them.")


class LockedOnceToday(Refusal):
    sentence = _(
        "You locked everything less than 24 hours ago. Ask another organiser, or an owner at the "
        "server: groundswell lock"
    )


class OnlyOwnersNow(Refusal):
    sentence = _("Everything is locked. Until an owner unlocks it, only owners sign in.")


class AccountIsLocked(Refusal):
    sentence = _("Your account is locked. Ask an owner to unlock it.")


def _house_lock() -> Lock:
    """The installation's row, held until the caller's transaction ends."""
    row, _new = Lock.objects.select_for_update().get_or_create(account_id=EVERYTHING)
    return row


def owner_ids() -> set[int]:
    """Open accounts that hold the role of an owner now."""
    held = Grant.objects.filter(is_live(clock.now()), role=Role.OWNER, account__is_active=True)
    return set(held.values_list("account_id", flat=True))


# --- the installation ----------------------------------------------------------------------------


def lock_everything(*, by: Actor) -> None:
    """End every session and sign-in link, stop every page, send and export, until owners unlock.

    Each person may do this once in 24 hours, so that nobody keeps a movement locked alone. Twice
    is harmless. Raises MayNotLock, LockedOnceToday.
    """
    if not policy.can_lock_everything(by):
        raise MayNotLock
    if queries.is_locked():
        return
    is_person = by.kind == ActorKind.ACCOUNT
    if is_person and not limits.take("lock", str(by.id), most=1, per=ONE_LOCK_PER):
        raise LockedOnceToday
    with transaction.atomic():
        row = _house_lock()
        if row.locked_at is not None:
            return
        row.locked_at, row.locked_by_id = clock.now(), by.id if is_person else None
        row.unlock_by_id = row.unlock_at = None
        row.save()
        Session.objects.all().delete()
        PendingCode.objects.all().delete()
        _end_sign_in_links(None)
        ledger_ops.record(EverythingLocked(), by=by)
    vault.forget()


def unlock_everything(*, by: Actor) -> bool:
    """Open again. Where there are two owners or more, two of them say so within 24 hours.

    Returns whether it is open now. Raises MayNotUnlock.
    """
    if not policy.can_unlock(by):
        raise MayNotUnlock
    with transaction.atomic():
        row = _house_lock()
        if row.locked_at is None:
            return True
        if by.kind == ActorKind.ACCOUNT and not _is_second(row, by):
            row.unlock_by_id, row.unlock_at = by.id, clock.now()
            row.save()
            ledger_ops.record(UnlockBegun(), by=by)
            return False
        row.locked_at = row.locked_by_id = row.unlock_by_id = row.unlock_at = None
        row.save()
        ledger_ops.record(EverythingUnlocked(), by=by)
    return True


def _is_second(row: Lock, by: Actor) -> bool:
    """Whether nobody else is needed: another owner said so before, or there is no other."""
    owners = owner_ids()
    if owners == {by.id}:
        return True
    is_fresh = row.unlock_at is not None and row.unlock_at > clock.now() - SECOND_OWNER_WITHIN
    return is_fresh and row.unlock_by_id != by.id and row.unlock_by_id in owners


# --- one account ---------------------------------------------------------------------------------


@transaction.atomic
def lock_account(*, account_id: int, by: Actor) -> None:
    """End every session and sign-in link of an account; it cannot sign in until an owner unlocks.

    Twice is harmless. Raises MayNotLock.
    """
    if not policy.can_end_sessions(by, account_id):
        raise MayNotLock
    _house_lock()  # one lock at a time, and none between a session and its check
    values = {"locked_at": clock.now(), "locked_by_id": by.id}
    _row, is_new = Lock.objects.get_or_create(account_id=account_id, defaults=values)
    Account.objects.filter(id=account_id).update(stamp=new_stamp())
    Session.objects.filter(account_id=account_id).delete()
    email = Account.objects.filter(id=account_id).values_list("email", flat=True)
    PendingCode.objects.filter(email__in=email).delete()
    _end_sign_in_links(account_id)
    if is_new:
        ledger_ops.record(AccountLocked(account_id=account_id), by=by)


@transaction.atomic
def unlock_account(*, account_id: int, by: Actor) -> None:
    """Let an account sign in again. Raises MayNotUnlock. Twice is harmless."""
    if not policy.can_unlock(by):
        raise MayNotUnlock
    if Lock.objects.filter(account_id=account_id).exclude(account_id=EVERYTHING).delete()[0]:
        ledger_ops.record(AccountUnlocked(account_id=account_id), by=by)


def _end_sign_in_links(account_id: int | None) -> None:
    alive = Link.objects.filter(purpose=Link.Purpose.SIGN_IN, expires_at__gt=clock.now())
    if account_id is not None:
        alive = alive.filter(object_id=account_id)
    alive.update(expires_at=clock.now())


# --- signing in ----------------------------------------------------------------------------------


def check_may_sign_in(account_id: int) -> None:
    """Raises OnlyOwnersNow or AccountIsLocked. In the caller's transaction, after its session was
    written: either the lock saw that session and ended it, or this sees the lock."""
    _house_lock()
    held = Lock.objects.filter(account_id__in=[EVERYTHING, account_id], locked_at__isnull=False)
    locked = set(held.values_list("account_id", flat=True))
    if account_id in locked:
        raise AccountIsLocked
    if EVERYTHING in locked and account_id not in owner_ids():
        raise OnlyOwnersNow
