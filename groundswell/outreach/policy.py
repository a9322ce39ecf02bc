"""Who may see and decide about messages. Pure predicates; operations enforce them."""

from __future__ import annotations

from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right
from groundswell.outreach.models import Conversation


def can_see_outbox(actor: Actor) -> bool:
    """Counts and codes of messages: the coordinating team."""
    return can_decide_on_messages(actor)


def can_decide_on_messages(actor: Actor) -> bool:
    """Send an uncertain message again, or let it be."""
    return actor.may(Right.MODERATE)


def side_of(actor: Actor, conversation: Conversation) -> Conversation.Side | None:
    """Which of the two an actor is, by the signed link of this very event; None: neither."""
    is_here = actor.kind == ActorKind.PERSON and actor.event_id == conversation.event_id
    if not is_here or actor.id is None:
        return None
    if actor.id == conversation.holder_id:
        return Conversation.Side.HOLDER
    return Conversation.Side.PERSON if actor.id == conversation.person_id else None


def can_decide_on_reports(actor: Actor) -> bool:
    """Read a reported conversation, let it go on or end it, pass on what was held."""
    return actor.may(Right.MODERATE)


def can_connect_programs(actor: Actor) -> bool:
    """Say which other programs hear what is public here: owners."""
    return actor.is_owner
