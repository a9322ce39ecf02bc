"""Which pairs wait for somebody, what both hold side by side, and which merges were made."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_countries import countries

from groundswell.kernel import formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.text import fold
from groundswell.people import likenesses, queries, sight
from groundswell.people.models import (
    Contact,
    FieldValue,
    Lookalike,
    Merge,
    Person,
    PostalAddress,
    Tagging,
)
from groundswell.people.sockets import Depth
from groundswell.site import vault


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both records say. ``is_same``: they say the same; None: one says nothing."""

    what: str
    one: str
    other: str
    is_same: bool | None


def waiting(by: Actor) -> QuerySet[Lookalike]:
    """Open pairs of which the actor sees both people whole, the likeliest first."""
    seen = sight.visible_to(by, at_least=Depth.ALL).values("id")
    open_ = Lookalike.objects.filter(state=Lookalike.State.OPEN, one__in=seen, other__in=seen)
    return open_.select_related("one", "other").order_by("-chance", "id")


def next_after(pairs: QuerySet[Lookalike], pair: Lookalike) -> Lookalike | None:
    """The pair that follows this one in the queue."""
    further = Q(chance__lt=pair.chance) | Q(chance=pair.chance, id__gt=pair.id)
    return pairs.filter(further).first()


def merges(by: Actor) -> QuerySet[Merge]:
    """Merges of people whom the actor sees whole, the newest first."""
    seen = sight.visible_to(by, at_least=Depth.ALL).values("id")
    return Merge.objects.filter(kept__in=seen).select_related("kept").order_by("-at", "-id")


def beside(pair: Lookalike) -> list[Line]:
    """Both records, line by line. E-mails and numbers stay covered: whether they are the same
    is what counts here, and they are opened on the person's own page."""
    people = (pair.one, pair.other)
    names = [queries.name_of(person).full for person in people]
    covered = [_contacts(person) for person in people]
    homes = [_home(person) for person in people]
    told = [
        (_("Name"), *names),
        (_("E-mail"), covered[0][Contact.Kind.EMAIL], covered[1][Contact.Kind.EMAIL]),
        (_("Phone"), covered[0][Contact.Kind.PHONE], covered[1][Contact.Kind.PHONE]),
        (_("Born"), *(_born(person) for person in people)),
        (_("Street"), homes[0][0], homes[1][0]),
        (_("Town"), homes[0][1], homes[1][1]),
        (_("Country"), *(str(countries.name(person.country)) for person in people)),
        (_("Language"), *(formats.endonym(person.language) for person in people)),
        (_("Tags"), *(_tags(person) for person in people)),
        (
            _("With us since"),
            *(formats.day_and_year(person.created_at.date()) for person in people),
        ),
        (_("Last active"), *(formats.day_and_year(person.last_active_on) for person in people)),
        (_("Signed up"), *(queries.bucket(person.going_count) for person in people)),
    ]
    return [
        Line(what, one, other, fold(one) == fold(other) if one and other else None)
        for what, one, other in told
        if one or other
    ]


def _contacts(person: Person) -> dict[str, str]:
    found: dict[str, list[str]] = {Contact.Kind.EMAIL: [], Contact.Kind.PHONE: []}
    for contact in person.contacts.order_by("id"):
        found[contact.kind].append(cover(queries.address_of(contact)))
    return {kind: ", ".join(values) for kind, values in found.items()}


def cover(value: str) -> str:
    """``a…n@example.org``, ``…3456``: enough to compare two, too little to write to one."""
    local, at, domain = value.rpartition("@")
    if not at:
        return f"…{value[-4:]}"
    return f"{local[:1]}…{local[-1:] if len(local) > 3 else ''}@{domain}"


def _home(person: Person) -> tuple[str, str]:
    homes = PostalAddress.objects.filter(person=person, kind=PostalAddress.Kind.HOME)
    home = homes.order_by("id").first()
    if home is None:
        return "", ""
    sealed = vault.open_(home, "street_sealed")
    told = json.loads(sealed) if sealed else {}
    parts = [*told.get("lines", []), told.get("postcode", "")]
    return ", ".join(part for part in parts if part), home.town


def _born(person: Person) -> str:
    value = FieldValue.objects.filter(
        person=person, field__key__in=likenesses.BORN, on__isnull=False
    ).first()
    return formats.day_and_year(value.on) if value is not None and value.on else ""


def _tags(person: Person) -> str:
    tags = Tagging.objects.filter(person=person).order_by("tag__folded")
    return ", ".join(tags.values_list("tag__name", flat=True))
