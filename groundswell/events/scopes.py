"""Events as things that a role can be held over (``accounts.sockets``), and what contains them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from groundswell.events.models import Event
from groundswell.kernel import scopes
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.ids import read_id
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind
from groundswell.places import scopes as place_scopes


def chain_of(event: Event) -> tuple[Scope, ...]:
    """The event, its campaign, its country and that country's regions."""
    return (
        scopes.of(ScopeKind.EVENT, event.id),
        scopes.of(ScopeKind.CAMPAIGN, event.campaign_id),
        *place_scopes.scopes_of_country(event.country),
    )


def may(actor: Actor, right: Right, event: Event) -> bool:
    """Does the actor carry ``right`` over this event? Whoever carries it everywhere costs no
    question to the database."""
    return actor.may(right) or (bool(actor.held) and actor.may(right, *chain_of(event)))


def carried(actor: Actor, right: Right, *, to_event: str = "") -> Q:
    """The events over which the actor carries ``right``, as a condition.

    ``to_event`` is the way to the event from the rows that are asked, such as ``rsvps__event__``.
    """
    held = actor.scopes_of(right)
    if actor.kind == ActorKind.SYSTEM or EVERYWHERE in held:
        return Q()
    campaigns = [int(one.id) for one in held if one.kind == ScopeKind.CAMPAIGN]
    events = [int(one.id) for one in held if one.kind == ScopeKind.EVENT]
    return (
        Q(**{f"{to_event}campaign_id__in": campaigns})
        | Q(**{f"{to_event}id__in": events})
        | Q(**{f"{to_event}country__in": place_scopes.countries_in(held)})
    )


class EventBook:
    """Events by their number. There are too many to choose from in a form: a role over one is
    given on the event's own page."""

    def chain(self, scope_id: str) -> tuple[Scope, ...] | None:
        number = read_id(scope_id)
        event = Event.objects.filter(id=number).first() if number is not None else None
        return chain_of(event) if event else None

    def names(self, ids: Iterable[str], language: str) -> dict[str, str]:
        numbers = [number for id_ in ids if (number := read_id(id_)) is not None]
        found = Event.objects.filter(id__in=numbers).values_list("id", "title")
        return {str(event_id): title for event_id, title in found}

    def choices(self, language: str, inside: frozenset[Scope] | None) -> list[tuple[str, str]]:
        return []
