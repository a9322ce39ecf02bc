"""Whom an actor sees, how deep, and why. What somebody may not see does not exist for them.

Every room that connects people with something plugs its part into ``sockets.sight``; an actor
sees the union, each person as deep as the deepest part that holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import EVERYWHERE
from groundswell.people import queries
from groundswell.people.models import Person
from groundswell.people.sockets import Depth, Sight, not_yet, sight
from groundswell.places import scopes as place_scopes

# Which right carries which depth, the deepest first.
DEPTHS: Mapping[Right, Depth] = {
    Right.SEE_ALL: Depth.ALL,
    Right.SEE_CONTACTS: Depth.CONTACT,
    Right.SEE_NAMES: Depth.NAME,
    Right.SEE_FIRST_NAMES: Depth.FIRST_NAME,
}

_EVERYBODY = _("Your role is for the whole installation.")
_THEIR_COUNTRY = _("They live in a country that you look after.")


def sights_of(actor: Actor) -> list[Sight]:
    """Every part of what the actor sees, room by room."""
    return [part for _room, look in sight for part in look(actor)]


def own_sights(actor: Actor) -> list[Sight]:
    """People by where they live: roles over everything, over a country, over a region."""
    if actor.kind == ActorKind.SYSTEM:
        return [Sight(Q(), Depth.ALL, _EVERYBODY)]
    found: list[Sight] = []
    for right, depth in DEPTHS.items():
        held = actor.scopes_of(right)
        if EVERYWHERE in held:
            return [*found, Sight(Q(), depth, _EVERYBODY)]
        countries = place_scopes.countries_in(held)
        if countries:
            found.append(Sight(Q(country__in=countries), depth, _THEIR_COUNTRY))
    return found


def visible_to(actor: Actor, *, at_least: Depth = Depth.FIRST_NAME) -> QuerySet[Person]:
    """The people that the actor sees at least this deep. Filter, sort and count only inside it:
    what a search over all people gave away once was whose name is in the list."""
    return Person.objects.filter(seen(actor, at_least=at_least))


def seen(actor: Actor, *, at_least: Depth = Depth.FIRST_NAME) -> Q:
    """:func:`visible_to` as a condition; an empty one for whoever sees everybody."""
    parts = [part.people for part in sights_of(actor) if part.depth >= at_least]
    if not parts:
        return Q(pk__in=[])
    if Q() in parts:
        return Q()
    whole = parts[0]
    for part in parts[1:]:
        whole |= part
    return whole


def listed(people: QuerySet[Person]) -> QuerySet[Person]:
    """Without those of whom we only have what a program may have typed."""
    return people.filter(in_lists())


def in_lists() -> Q:
    """The condition of :func:`listed`. Making it asks whether anything waits at all."""
    found = Q()
    for _room, waiting in not_yet:
        found &= ~waiting()
    return found


def depths(actor: Actor, people: Iterable[Person]) -> dict[int, Depth]:
    """How deep the actor sees each of these people, by id; who is not seen is left out.

    One question per part of the actor's sight, however many people.
    """
    open_ids = {person.id for person in people}
    found: dict[int, Depth] = {}
    for part in sorted(sights_of(actor), key=lambda each: -each.depth):
        if not open_ids:
            break
        within = Person.objects.filter(part.people, id__in=open_ids)
        for person_id in within.values_list("id", flat=True):
            found[person_id] = part.depth
        open_ids -= set(found)
    return found


def depth_of(actor: Actor, person: Person) -> Depth | None:
    """How deep the actor sees one person; None: not at all."""
    return depths(actor, [person]).get(person.id)


def why(actor: Actor, person: Person) -> list[str | Promise]:
    """The reasons for which the actor sees a person, the deepest first."""
    parts = sorted(sights_of(actor), key=lambda each: -each.depth)
    return [
        part.because for part in parts if Person.objects.filter(part.people, id=person.id).exists()
    ]


def name_for(actor: Actor, person: Person | None) -> str:
    """The person's name as the actor may read it; "" for nobody, or nobody they see."""
    depth = depth_of(actor, person) if person is not None else None
    if person is None or depth is None:
        return ""
    return shown_name(queries.name_of(person), depth)


def shown_name(name: queries.Name, depth: Depth) -> str:
    """The name as somebody with this depth reads it."""
    return name.full if depth >= Depth.NAME else name.for_hosts
