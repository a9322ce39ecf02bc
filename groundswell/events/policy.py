"""Who may do what to events and sign-ups. Pure predicates; operations enforce them."""

from __future__ import annotations

from groundswell.events.models import Event, Rsvp
from groundswell.kernel.actor import Actor, ActorKind


def can_host_manage(actor: Actor, event: Event) -> bool:
    """The host by the link of this very event, or the office."""
    if actor.is_office:
        return True
    return (
        actor.kind == ActorKind.PERSON
        and actor.event_id == event.id
        and actor.id is not None
        and actor.id == event.host_id
    )


def can_review(actor: Actor) -> bool:
    return actor.is_office


def can_change_rsvp(actor: Actor, rsvp: Rsvp) -> bool:
    """The person who signed up, by their own link for this event, or the office."""
    if actor.is_office:
        return True
    return (
        actor.kind == ActorKind.PERSON
        and actor.id is not None
        and actor.id == rsvp.person_id
        and actor.event_id == rsvp.event_id
    )


def can_see_people_coming(actor: Actor, event: Event) -> bool:
    """First names and initials only; addresses are never shown to hosts."""
    return can_host_manage(actor, event)


def is_open_page(event: Event) -> bool:
    """Whether the event's own link shows it to everybody."""
    return event.state in {
        Event.State.WAITING,
        Event.State.ASKED,
        Event.State.LISTED,
        Event.State.UNPROVEN,
        Event.State.CANCELLED,
    }


def takes_rsvps(event: Event) -> bool:
    """Whether people can sign up: from the moment it is live at its own link."""
    return event.state in {
        Event.State.UNPROVEN,
        Event.State.WAITING,
        Event.State.ASKED,
        Event.State.LISTED,
    }
