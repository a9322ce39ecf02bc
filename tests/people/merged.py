"""Everything that stands in the tables, to compare before and after; people with much to tell."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.columns import SealedColumn
from groundswell.kernel.ids import new_id
from groundswell.people.models import (
    Contact,
    Field,
    FieldValue,
    Note,
    Person,
    PostalAddress,
    Relation,
    SourceCode,
    Tag,
    Tagging,
    Touch,
)
from groundswell.people.operations import persons, reach
from groundswell.people.operations.persons import Typed
from groundswell.site import vault

# What follows from the rest, or tells the story itself.
_LEFT_OUT = {"people.merge", "people.likenesskey", "site.datakey", "site.anchor"}
_ROOMS = ("accounts", "campaigns", "events", "outreach", "people", "places")


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, sealed values opened."""
    told = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if model._meta.app_label not in _ROOMS or label in _LEFT_OUT:
            continue
        told[label] = [_row(row) for row in model._base_manager.order_by("pk")]
    # Made anew from the names, so under new ids.
    words = [{**row, "id": 0} for row in told["people.searchword"]]
    told["people.searchword"] = sorted(words, key=lambda row: (row["name_id"], row["folded"]))
    return told


def _row(row: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.name == "is_compared":
            continue
        if isinstance(column, SealedColumn):
            sealed = bytes(value or b"")
            values[column.attname] = vault.open_(row, column.attname)
            values[f"{column.attname} under"] = sealed[:16].hex()  # the key
        else:
            values[column.attname] = bytes(value) if isinstance(value, memoryview) else value
    return values


def somebody(email: str, *, given: str = "Amina", family: str = "Khan", **more: Any) -> Person:
    """A person with an address, and with what is asked for: proven, phone, street, town, born."""
    found = persons.recognise(typed=Typed(given=given, family=family, email=email))
    person = found.person
    if more.get("is_proven"):
        persons.prove_email(contact_id=found.contact.id, by=SYSTEM)
    if more.get("phone"):
        persons.attach_phone(person=person, phone=more["phone"], by=SYSTEM)
    if more.get("street"):
        address = PostalAddress(
            id=new_id(), person=person, town=more.get("town", ""), created_at=clock.now()
        )
        told = json.dumps({"lines": [more["street"]], "postcode": more.get("postcode", "")})
        address.street_sealed = vault.seal(address, "street_sealed", told, key_id=person.key_id)
        address.save(force_insert=True)
    reach.follow([person.id])
    return Person.objects.get(id=person.id)


def profile(person: Person, *, tags: list[str], note: str, answer: str, friend: Person) -> None:
    """Tags, a note, an answer, a tie and a touch."""
    now = clock.now()
    for word in tags:
        tag, _made = Tag.objects.get_or_create(
            folded=word, defaults={"name": word, "created_at": now}
        )
        Tagging.objects.create(tag=tag, person=person, at=now)
    row = Note(id=new_id(), person=person, sees="see_all", at=now)
    row.body_sealed = vault.seal(row, "body_sealed", note, key_id=person.key_id)
    row.save(force_insert=True)
    field, _made = Field.objects.get_or_create(
        key="branch",
        defaults={
            "labels": {"en": "Branch"}, "kind": "text", "sees": "see_all", "writes": "see_all",
            "created_at": now, "is_private": True,
        },
    )  # fmt: skip
    value = FieldValue(id=new_id(), field=field, person=person, at=now)
    value.value_sealed = vault.seal(value, "value_sealed", answer, key_id=person.key_id)
    value.save(force_insert=True)
    Relation.objects.create(person=person, other=friend, kind="friend", at=now)
    code, _made = SourceCode.objects.get_or_create(code=answer, defaults={"created_at": now})
    Touch.objects.create(person=person, source=code, what="form", at=now)
    Person.objects.filter(id=person.id).update(first_source=code, last_source=code)


def emails_of(person_id: int) -> set[str]:
    """The clear addresses of a person."""
    held = Contact.objects.filter(person_id=person_id, kind="email")
    return {vault.open_(contact, "value_sealed") for contact in held}
