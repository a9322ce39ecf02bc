"""Who may change what this installation knows about places."""

from __future__ import annotations

from groundswell.kernel.actor import Actor


def can_change_regions(actor: Actor) -> bool:
    return actor.is_owner


def can_load_postcodes(actor: Actor) -> bool:
    return actor.is_owner
