"""Who may do what to accounts."""

from __future__ import annotations

from groundswell.kernel.actor import Actor, ActorKind


def can_manage_accounts(actor: Actor) -> bool:
    """Make and close accounts, give and end roles: owners, and the command line."""
    return actor.is_owner


def can_change_own(actor: Actor, account_id: int) -> bool:
    """Name, second step and devices are changed by their owner only, not even by owners of the
    installation: who could add a passkey to another account could become that person."""
    return actor.kind == ActorKind.ACCOUNT and actor.id == account_id


def can_end_sessions(actor: Actor, account_id: int) -> bool:
    """Devices may be signed out by the person, and by owners when one was lost."""
    return can_change_own(actor, account_id) or actor.is_owner
