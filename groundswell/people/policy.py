"""Who may act on what is held about a person. Pure predicates; operations enforce them."""

from __future__ import annotations

from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right


def is_oneself(actor: Actor, person_id: int) -> bool:
    """The person behind a link that opens everything about them.

    A link that is narrowed to one event, as those of hosts and sign-ups are, is not enough.
    """
    return actor.kind == ActorKind.PERSON and actor.id == person_id and actor.event_id is None


def can_act_for(actor: Actor, person_id: int) -> bool:
    """The person, or an owner whom they asked."""
    return is_oneself(actor, person_id) or actor.is_owner


def can_block(actor: Actor) -> bool:
    """Block and unblock an address: the coordinating team."""
    return actor.may(Right.MODERATE)
