"""Who may see and decide about messages. Pure predicates; operations enforce them."""

from __future__ import annotations

from groundswell.kernel.actor import Actor


def can_see_outbox(actor: Actor) -> bool:
    """Counts and codes of messages: the coordinating team."""
    return actor.is_office


def can_decide_on_messages(actor: Actor) -> bool:
    """Send an uncertain message again, or let it be."""
    return actor.is_office
