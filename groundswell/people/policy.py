"""Who may act on what is held about a person. Pure predicates; operations enforce them."""

from __future__ import annotations

from collections.abc import Collection

from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right
from groundswell.people.models import Segment
from groundswell.people.sockets import Depth


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


def can_take_in(actor: Actor) -> bool:
    """Build forms, keep sources, take in leads: data managers, organisers, owners."""
    return actor.may(Right.TAKE_IN)


def can_set_up(actor: Actor) -> bool:
    """Change what everybody is asked: owners and data managers of the whole installation."""
    return actor.may(Right.EXPORT)


def can_ask(actor: Actor) -> bool:
    """Ask questions about the people whom the actor sees, and save them as segments."""
    return actor.may_somewhere(Right.SEGMENT)


def can_change_segment(actor: Actor, segment: Segment) -> bool:
    """Whoever made it; a shared one also whoever may ask about everybody."""
    is_own = actor.kind == ActorKind.ACCOUNT and actor.id == segment.account_id
    return can_ask(actor) and (is_own or (segment.is_shared and actor.may(Right.SEGMENT)))


def can_import(actor: Actor) -> bool:
    """Take lists of people in: over the whole installation, for a row can be about anybody."""
    return actor.may(Right.IMPORT)


def can_join(depths: Collection[Depth | None]) -> bool:
    """Say whether two people are one, merge them or take a merge back: whoever sees both whole."""
    return all(depth is not None and depth >= Depth.ALL for depth in depths)
