"""Who may do what to events and sign-ups. Pure predicates; operations enforce them."""

from __future__ import annotations

from groundswell.events import scopes
from groundswell.events.models import Event, Rsvp
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right

RUNNING = frozenset(
    {Event.State.UNPROVEN, Event.State.WAITING, Event.State.ASKED, Event.State.LISTED}
)


def can_host_manage(actor: Actor, event: Event) -> bool:
    """The host by the link of this very event, or whoever looks after events there."""
    if scopes.may(actor, Right.CHANGE_EVENTS, event):
        return True
    return (
        actor.kind == ActorKind.PERSON
        and actor.event_id == event.id
        and actor.id is not None
        and actor.id == event.host_id
    )


def can_review(actor: Actor, event: Event) -> bool:
    """Whoever checks events there; what they change themselves needs no second look either."""
    return scopes.may(actor, Right.REVIEW_EVENTS, event)


def can_see(actor: Actor, event: Event) -> bool:
    """The event's page in the office."""
    return scopes.may(actor, Right.SEE_EVENTS, event)


def can_sort_quarantine(actor: Actor) -> bool:
    """Let in, delete and take back what is held."""
    return actor.may(Right.MODERATE)


def can_settle_concerns(actor: Actor) -> bool:
    """Read what visitors report, pause a host's messages, let them go on."""
    return actor.may(Right.MODERATE)


def can_change_rsvp(actor: Actor, rsvp: Rsvp) -> bool:
    """The person who signed up, by their own link, or whoever looks after events there."""
    if actor.held or actor.kind == ActorKind.SYSTEM:
        return scopes.may(actor, Right.CHANGE_EVENTS, rsvp.event)
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
    return event.state in RUNNING
