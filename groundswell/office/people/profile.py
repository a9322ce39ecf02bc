"""What the page of one person shows of their profile, as deep as the reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.accounts import queries as account_queries
from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.office.people import agreed, came_by
from groundswell.people import fields, sight, zones
from groundswell.people import queries as people_queries
from groundswell.people.models import (
    Field,
    FieldValue,
    Note,
    Person,
    PostalAddress,
    Relation,
)
from groundswell.people.operations import details, reach
from groundswell.people.operations.notes import AUDIENCES
from groundswell.people.sight import DEPTHS
from groundswell.people.sockets import Depth
from groundswell.site import vault

RELATION_WORDS = {
    Relation.Kind.PARTNER: (gettext_lazy("Spouse or partner"), gettext_lazy("Spouse or partner")),
    Relation.Kind.PARENT: (gettext_lazy("Parent"), gettext_lazy("Child")),
    Relation.Kind.CHILD: (gettext_lazy("Child"), gettext_lazy("Parent")),
    Relation.Kind.SIBLING: (gettext_lazy("Brother or sister"), gettext_lazy("Brother or sister")),
    Relation.Kind.FRIEND: (gettext_lazy("Friend"), gettext_lazy("Friend")),
    Relation.Kind.COLLEAGUE: (gettext_lazy("Colleague"), gettext_lazy("Colleague")),
    Relation.Kind.NEIGHBOUR: (gettext_lazy("Neighbour"), gettext_lazy("Neighbour")),
}


ADDRESS_WORDS = {
    PostalAddress.Kind.HOME: gettext_lazy("Lives in"),
    PostalAddress.Kind.POST: gettext_lazy("Gets post in"),
    PostalAddress.Kind.WORK: gettext_lazy("Works in"),
}


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that the reader may read."""

    id: int
    body: str
    who: str
    at: datetime
    readers: str
    is_sensitive: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody they belong with; ``name`` is empty for whom the reader does not see."""

    id: int
    what: str
    name: str
    href: str


def shown(person: Person, by: Actor, depth: Depth, *, is_opened: bool) -> dict[str, Any]:
    """The context of the page; ``is_opened``: addresses were asked for, with a reason."""
    zone = zones.of(person)
    return {
        "person": person,
        "name": sight.shown_name(people_queries.name_of(person), depth),
        "since": formats.day_and_year(person.created_at.date()),
        "last_active": formats.day_and_year(person.last_active_on),
        "country": countries.name(person.country) if person.country else "",
        "languages": [formats.endonym(c) for c in (person.language, *person.other_languages)],
        "zone": zone.name.replace("_", " "),
        "zone_how": _zone_words(zone, person.country),
        "by_email": bool(person.reach & reach.EMAIL),
        "by_text": bool(person.reach & reach.TEXT),
        "agreed": agreed.lines_of(person.id),
        "homes": [_home(row, is_opened=is_opened) for row in person.addresses.order_by("id")],
        "tags": [row.tag for row in person.taggings.select_related("tag").order_by("tag__folded")],
        "answers": _answers(person, depth),
        "has_questions": Field.objects.filter(is_closed=False).exists(),
        "notes": _apart(_notes(person, by, depth)),
        "ties": _ties(person, by),
        "household": _household(person, by),
        "point": _point(person),
        "came_by": came_by.of_person(person),
        "recruiter": _other(person.recruiter, by),
        "can_change": depth >= Depth.CONTACT,
    }


def _zone_words(zone: zones.Zone, country: str) -> str:
    sure = zones.confidence(zone, country)
    match zone.how:
        case Person.ZoneFrom.SAID:
            return _("They said so.")
        case Person.ZoneFrom.ADDRESS:
            return _("From the town they live in.")
        case Person.ZoneFrom.COUNTRY if sure < 0.9:
            return _("A guess: their country has several time zones.")
        case Person.ZoneFrom.COUNTRY:
            return _("From their country.")
    return ""


def _home(row: PostalAddress, *, is_opened: bool) -> dict[str, Any]:
    """The town in the clear; the street only for who opened the addresses."""
    place = [row.town, row.region, str(countries.name(row.country)) if row.country else ""]
    street = details.street_of(row) if is_opened else {"lines": [], "postcode": ""}
    lines = street["lines"]
    return {
        "label": ADDRESS_WORDS[PostalAddress.Kind(row.kind)],
        "place": [part for part in place if part],
        "street": [*lines, *([street["postcode"]] if street["postcode"] else [])],
    }


def _answers(person: Person, depth: Depth) -> list[dict[str, Any]]:
    rows = FieldValue.objects.filter(person=person).select_related("field")
    told: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("field__position", "text"):
        if depth < DEPTHS[Right(row.field.sees)]:
            continue
        line = told.setdefault(row.field_id, {"label": fields.label(row.field), "words": []})
        line["words"].append(fields.shown(row))
    return list(told.values())


def _notes(person: Person, by: Actor, depth: Depth) -> list[Noted]:
    rows = [
        row
        for row in Note.objects.filter(person=person).order_by("-at", "-id")[:50]
        if depth >= DEPTHS[Right(row.sees)]
    ]
    writers = account_queries.names_of([row.by_id for row in rows if row.by_id is not None])
    return [
        Noted(
            id=row.id,
            body=vault.open_(row, "body_sealed"),
            who=_writer(row, writers),
            at=row.at,
            readers=str(AUDIENCES[Right(row.sees)]),
            is_sensitive=row.is_sensitive,
            can_remove=row.by_id == by.id or depth >= Depth.ALL,
        )
        for row in rows
    ]


def _apart(notes: list[Noted]) -> list[tuple[str, list[Noted]]]:
    """The sensitive ones under a heading of their own; no heading over nothing."""
    groups = [
        ("", [note for note in notes if not note.is_sensitive]),
        (_("Sensitive notes"), [note for note in notes if note.is_sensitive]),
    ]
    return [(heading, some) for heading, some in groups if some]


def _writer(note: Note, names: dict[int, str]) -> str:
    if note.by_id is None:
        return _("Groundswell")
    return names.get(note.by_id, "") or _("Somebody who has left the team")


def _ties(person: Person, by: Actor) -> list[Tie]:
    rows = list(
        Relation.objects.filter(Q(person=person) | Q(other=person))
        .select_related("person", "other")
        .order_by("id")
    )
    people = [row.other if row.person_id == person.id else row.person for row in rows]
    seen = _names(people, by)
    return [
        Tie(
            id=row.id,
            what=str(RELATION_WORDS[Relation.Kind(row.kind)][row.person_id != person.id]),
            name=seen.get(other.id, ""),
            href=reverse("office:person", args=[other.id]) if other.id in seen else "",
        )
        for row, other in zip(rows, people, strict=True)
    ]


def _names(people: list[Person], by: Actor) -> dict[int, str]:
    """Names of those whom the reader sees by name, in a few queries."""
    depths = sight.depths(by, people)
    seen = [p for p in people if depths.get(p.id, Depth.FIRST_NAME) >= Depth.NAME]
    return {key: name.full for key, name in people_queries.names_of(seen).items()}


def _household(person: Person, by: Actor) -> list[dict[str, str]]:
    same = Person.objects.filter(household__isnull=False, household=person.household_id)
    others = list(same.exclude(id=person.id)[:20])
    seen = _names(others, by)
    return [
        {
            "name": seen.get(other.id, ""),
            "href": reverse("office:person", args=[other.id]) if other.id in seen else "",
        }
        for other in others
    ]


def _other(person: Person | None, by: Actor) -> dict[str, str] | None:
    if person is None:
        return None
    name = _names([person], by).get(person.id, "")
    return {"name": name, "href": reverse("office:person", args=[person.id]) if name else ""}


def _point(person: Person) -> str:
    account_id = person.point_person_id
    return account_queries.names_of([account_id]).get(account_id, "") if account_id else ""
