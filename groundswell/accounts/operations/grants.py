"""The only place that writes grants (the model refuses everybody else)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import policy
from groundswell.accounts.facts import RoleEnded, RoleGranted
from groundswell.accounts.models import Account, Grant, grants_open
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, Role
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops


class OnlyOwnersDoThis(Refusal):
    sentence = _("Only owners of this installation can do this. Ask one of them.")


class LastOwnerStays(Refusal):
    sentence = _("An installation needs an owner. Make somebody else owner first.")


class AccountIsClosed(Refusal):
    sentence = _("This account is closed. Choose somebody else.")


def give(*, account_id: int, role: Role, by: Actor) -> None:
    """Write one grant into the caller's transaction; a role that is held already stays as it is."""
    grant = Grant(
        account_id=account_id,
        role=Role(role),
        created_by_id=by.id,
        created_at=clock.now(),
    )
    if Grant.objects.filter(account_id=account_id, role=grant.role, ends_at=None).exists():
        return
    with grants_open():
        Grant.objects.bulk_create([grant])
    ledger_ops.record(RoleGranted(account_id=account_id, role=grant.role), by=by)


@transaction.atomic
def grant_role(*, account_id: int, role: Role, by: Actor) -> None:
    """Give an account a role over the whole installation. Twice is harmless.

    Raises OnlyOwnersDoThis, AccountIsClosed.
    """
    if not policy.can_manage_accounts(by):
        raise OnlyOwnersDoThis
    account = Account.objects.select_for_update().get(id=account_id)  # one grant at a time
    if not account.is_active:
        raise AccountIsClosed
    give(account_id=account_id, role=role, by=by)


@transaction.atomic
def end_grant(*, account_id: int, role: Role, by: Actor) -> None:
    """End a role, from the next request on. Raises OnlyOwnersDoThis, LastOwnerStays."""
    if not policy.can_manage_accounts(by):
        raise OnlyOwnersDoThis
    _end(account_id, Role(role), by)


def end_grants(*, account_id: int, by: Actor) -> None:
    """End every role of an account, in the caller's transaction. Raises LastOwnerStays."""
    for role in Role:
        _end(account_id, role, by)


def _end(account_id: int, role: Role, by: Actor) -> None:
    # Every holder is locked, so two owners cannot each end the other.
    holders = Grant.objects.select_for_update().filter(role=role, ends_at=None).order_by("id")
    accounts = {grant.account_id for grant in holders}
    if account_id not in accounts:
        return
    if role == Role.OWNER and accounts == {account_id}:
        raise LastOwnerStays
    with grants_open():
        mine = Grant.objects.filter(account_id=account_id, role=role, ends_at=None)
        mine.update(ends_at=clock.now())
    ledger_ops.record(RoleEnded(account_id=account_id, role=role), by=by)
