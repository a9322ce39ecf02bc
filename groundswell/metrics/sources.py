"""What each source brought and what that cost: by the first source of people and by the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.events.models import Event, Rsvp
from groundswell.people import sight
from groundswell.people.models import Person, SourceCode, Spend

DEFINITIONS: Mapping[str, Promise] = {
    "people": _("People: everybody we know whose first, or last, source it was."),
    "came": _("Came: those of them who were at an event at least once."),
    "hosts": _("Hosts: those of them who have held an event, or hold one."),
    "cost": _(
        "Cost per one: what the source cost, divided by that number. Currencies are never added up."
    ),
}


@dataclass(frozen=True, slots=True)
class Brought:
    """How many a source brought, by one way of looking."""

    people: int = 0
    came: int = 0
    hosts: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source. ``spent``: the minor unit by currency."""

    source: SourceCode
    first: Brought
    last: Brought
    spent: Mapping[str, int] = field(default_factory=dict)


def by_source(sources: list[SourceCode]) -> list[SourceRow]:
    """The numbers of these sources, in three questions however many they are."""
    ids = [source.id for source in sources]
    first, last = _brought("first_source", ids), _brought("last_source", ids)
    spent: dict[int, dict[str, int]] = {}
    rows = Spend.objects.filter(source_id__in=ids).values_list("source_id", "currency")
    for source_id, currency, minor in rows.annotate(Sum("amount_minor")).order_by("currency"):
        spent.setdefault(source_id, {})[currency] = minor
    nobody = Brought()
    return [
        SourceRow(
            source,
            first.get(source.id, nobody),
            last.get(source.id, nobody),
            spent.get(source.id, {}),
        )
        for source in sources
    ]


def _brought(end: str, ids: list[int]) -> dict[int, Brought]:
    was_there = Exists(Rsvp.objects.filter(person=OuterRef("pk"), came=True))
    came = Q(attended_count__gt=0) | Q(was_there)
    running = Event.objects.filter(host=OuterRef("pk"), state=Event.State.LISTED)
    hosts = Q(has_hosted=True) | Q(Exists(running))
    people: Any = sight.listed(Person.objects.filter(**{f"{end}__in": ids}))
    counted = (
        people.order_by()
        .values(end)
        .annotate(
            people_count=Count("id"),
            came_count=Count("id", filter=came),
            hosts_count=Count("id", filter=hosts),
        )
    )
    found = counted.values_list(end, "people_count", "came_count", "hosts_count")
    return {source_id: Brought(*counts) for source_id, *counts in found}
