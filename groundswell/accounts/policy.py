"""Who may do what to accounts."""

from __future__ import annotations

from groundswell.accounts.models import Grant
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right


def can_manage_accounts(actor: Actor) -> bool:
    """Close accounts, give and end any role: owners, and the command line."""
    return actor.is_owner


def can_grant(actor: Actor) -> bool:
    """Give a part of one's own rights to somebody."""
    return actor.may_somewhere(Right.GRANT)


def gave(actor: Actor, grant: Grant) -> bool:
    """Did this actor give this role, or does it come from a role that is theirs?"""
    if actor.kind != ActorKind.ACCOUNT or actor.id is None:
        return False
    is_from_theirs = grant.parent is not None and grant.parent.account_id == actor.id
    return is_from_theirs and can_grant(actor)


def can_change_own(actor: Actor, account_id: int) -> bool:
    """Name, second step and devices are changed by their owner only, not even by owners of the
    installation: who could add a passkey to another account could become that person."""
    return actor.kind == ActorKind.ACCOUNT and actor.id == account_id


def can_end_sessions(actor: Actor, account_id: int) -> bool:
    """Devices may be signed out by the person, and by owners when one was lost."""
    return can_change_own(actor, account_id) or actor.is_owner


def can_lock_everything(actor: Actor) -> bool:
    """The panic lock of the installation: organisers and owners, and the command line."""
    return actor.may(Right.EDIT_CAMPAIGN)


def can_unlock(actor: Actor) -> bool:
    """Open a lock again: owners, and the command line."""
    return actor.is_owner
