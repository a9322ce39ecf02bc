"""What the room holds about a person beyond name, contact and consent (``shelves.PeopleShelf``)."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from groundswell.kernel import formats
from groundswell.people import aliases, fields, merging_profiles
from groundswell.people.models import (
    Consent,
    FieldValue,
    Household,
    Lookalike,
    Note,
    Person,
    PostalAddress,
    Relation,
    SourceCode,
    Tagging,
    Touch,
    ViewMember,
)
from groundswell.people.moving import Moves, Parting
from groundswell.people.operations import bulk, sources
from groundswell.people.sockets import Rows, Told
from groundswell.site import vault


class ProfileShelf:
    """Addresses, tags, answers to fields, notes, ties, and what somebody came by."""

    models: tuple[str, ...] = (
        "people.postaladdress",
        "people.tagging",
        "people.fieldvalue",
        "people.note",
        "people.relation",
        "people.touch",
        "people.viewmember",
        "people.lookalike",
    )

    def rows(self, person_id: int) -> list[Rows]:
        ties = Relation.objects.filter(Q(person_id=person_id) | Q(other_id=person_id))
        return [
            Rows(PostalAddress.objects.filter(person_id=person_id).order_by("id")),
            Rows(_of(Tagging, person_id).select_related("tag"), lambda row: {"tag": row.tag.name}),
            Rows(
                _of(FieldValue, person_id).select_related("field"),
                lambda row: {"field": row.field.key},
            ),
            Rows(_of(Note, person_id)),
            Rows(ties.order_by("id")),
            Rows(_of(ViewMember, person_id)),
            Rows(_of(Touch, person_id), _source),
            Rows(Lookalike.objects.filter(Q(one_id=person_id) | Q(other_id=person_id))),
        ]

    def tell(self, person_id: int) -> list[Told]:
        return [
            *_addresses(person_id),
            *_tags(person_id),
            *_answers(person_id),
            *_notes(person_id),
            *_ties(person_id),
            *_came_by(person_id),
        ]

    def keeps(self, person_ids: Collection[int]) -> set[int]:
        """Members: who asked for this organisation's news, or whom the team looks after by name.

        The others came for an event and are thinned after it (operations/thinning.py).
        """
        found = Person.objects.filter(id__in=person_ids)
        wants_news = Consent.objects.filter(
            person=OuterRef("pk"), purpose=Consent.Purpose.NEWS, is_current=True, is_given=True
        )
        members = found.filter(Q(point_person__isnull=False) | Exists(wants_news))
        noted = Note.objects.filter(person_id__in=person_ids).values_list("person_id", flat=True)
        return {*members.values_list("id", flat=True), *noted}

    def merge(self, moves: Moves) -> None:
        merging_profiles.merge(moves)

    def part(self, parting: Parting) -> None:
        merging_profiles.part(parting)

    def erase(self, person_id: int) -> None:
        came_by = set(_of(Touch, person_id).values_list("source_id", flat=True)) - {None}
        for model in (PostalAddress, Tagging, FieldValue, Note, Touch, ViewMember):
            _of(model, person_id).delete()
        Relation.objects.filter(Q(person_id=person_id) | Q(other_id=person_id)).delete()
        for each in aliases.ids_of(person_id):
            bulk.forget_in_acts(each)
        Person.objects.filter(id=person_id).update(first_source=None, last_source=None)
        sources.forget_unused(came_by)
        Touch.objects.filter(referrer_id=person_id).update(referrer=None)
        Person.objects.filter(recruiter_id=person_id).update(recruiter=None)
        person = Person.objects.filter(id=person_id).first()
        if person is not None and person.household_id is not None:
            others = Person.objects.filter(household_id=person.household_id).exclude(id=person_id)
            if others.count() < 2:  # one person alone is no household
                household_id = person.household_id
                Person.objects.filter(household_id=household_id).update(household=None)
                Household.objects.filter(id=household_id).delete()


def _of(model: Any, person_id: int) -> Any:
    return model.objects.filter(person_id=person_id).order_by("id")


def _source(row: Touch) -> dict[str, Any]:
    return {"source": "".join(_source_names(row))}


# --- in sentences ------------------------------------------------------------------------------


def _until() -> str:
    return _("Until 24 months after you last took part, or until you erase it.")


def _addresses(person_id: int) -> list[Told]:
    told = []
    for address in _of(PostalAddress, person_id):
        sealed = vault.open_(address, "street_sealed")
        street = json.loads(sealed) if sealed else {}
        parts = [*street.get("lines", []), street.get("postcode", ""), address.town]
        line = ", ".join(part for part in [*parts, address.region, address.country] if part)
        told.append(
            Told(
                what=_("Where you live, get post or work"),
                lines=(line,),
                since=address.created_at,
                why=_("To find what happens near you, or to send you post."),
                until=_until(),
            )
        )
    return told


def _tags(person_id: int) -> list[Told]:
    tags = list(_of(Tagging, person_id).select_related("tag"))
    lists = list(_of(ViewMember, person_id).select_related("view"))
    rows = [*tags, *lists]
    if not rows:
        return []
    return [
        Told(
            what=_("Words and lists that the team keeps you under"),
            lines=(*(row.tag.name for row in tags), *(row.view.name for row in lists)),
            since=min(row.at for row in rows),
            why=_("To find people for what they can or want to do."),
            until=_until(),
        )
    ]


def _answers(person_id: int) -> list[Told]:
    rows = list(_of(FieldValue, person_id).select_related("field"))
    if not rows:
        return []
    lines = [f"{fields.label(row.field)}: {fields.shown(row)}" for row in rows]
    return [
        Told(
            what=_("What you or the team answered to our own questions"),
            lines=tuple(lines),
            since=min(row.at for row in rows),
            why=_("This organisation asks it for its work."),
            until=_until(),
        )
    ]


def _notes(person_id: int) -> list[Told]:
    return [
        Told(
            what=_("A note of the team about you"),
            lines=(vault.open_(note, "body_sealed"),),
            since=note.at,
            why=_("So that nobody asks you the same twice."),
            until=_until(),
        )
        for note in _of(Note, person_id)
    ]


def _ties(person_id: int) -> list[Told]:
    """Without the other's name: it is theirs."""
    ties = list(Relation.objects.filter(Q(person_id=person_id) | Q(other_id=person_id)))
    person = Person.objects.filter(id=person_id)
    lines = []
    if person.filter(household__isnull=False).exists():
        lines.append(_("You live with somebody we know."))
    if person.filter(recruiter__isnull=False).exists():
        lines.append(_("Somebody we know brought you in."))
    if ties:
        lines.append(_("You are related to people we know: {count}").format(count=len(ties)))
    if not lines:
        return []
    return [
        Told(
            what=_("Whom you belong with"),
            lines=tuple(lines),
            why=_("So that a household gets one letter, and friends can come together."),
            until=_until(),
        )
    ]


def _came_by(person_id: int) -> list[Told]:
    touches = list(_of(Touch, person_id))
    if not touches:
        return []
    lines = [
        " · ".join([formats.day_and_year(touch.at.date()), *_source_names(touch)])
        for touch in touches
    ]
    return [
        Told(
            what=_("Which link, poster or person you came by"),
            lines=tuple(lines),
            since=touches[0].at,
            why=_("To know what works, and what a sign-up costs."),
            until=_until(),
        )
    ]


def _source_names(touch: Touch) -> list[str]:
    found = SourceCode.objects.filter(id=touch.source_id).first()
    return [found.name or found.code] if found else []
