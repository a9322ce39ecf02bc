"""What a form changes about the person behind it: tags, custom fields, number, postcode.

As a step of other operations, in their transaction, once nobody but the owner of the address can
have typed it, or where there was nothing yet that it could change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.text import clean_line, fold
from groundswell.people import contacts
from groundswell.people.forms import answers as answering
from groundswell.people.forms.answers import Answer
from groundswell.people.forms.content import Content
from groundswell.people.models import (
    Field,
    FieldValue,
    FormEntry,
    Person,
    PostalAddress,
    Tag,
    Tagging,
)
from groundswell.people.operations import persons as person_ops
from groundswell.site import vault


def apply(entry: FormEntry, content: Content, typed: Mapping[str, Any], by: Actor) -> None:
    """Everything that the form says about its person."""
    person = entry.person
    put_tags(person, answering.tags(content, typed["answers"]))
    for question in content.questions:
        if question.writes and question.key in typed["answers"]:
            put_answer(person, question.writes, typed["answers"][question.key])
    if typed["phone"]:
        with suppress(contacts.NotAPhone):  # numbering plans may have changed meanwhile
            person_ops.attach_phone(person=person, phone=typed["phone"], by=by)
    if typed["postcode"]:
        _put_postcode(person, typed["postcode"], content.country)
    FormEntry.objects.filter(id=entry.id).update(is_applied=True)
    entry.is_applied = True


def put_tags(person: Person, names: Iterable[str]) -> None:
    """Put tags on somebody; unknown ones are made. Twice is once."""
    for name in names:
        clean = clean_line(name)[:80]
        folded = fold(clean)[:80]
        if not folded:
            continue
        now = clock.now()
        Tag.objects.bulk_create(
            [Tag(id=new_id(), name=clean, folded=folded, created_at=now)], ignore_conflicts=True
        )
        tag = Tag.objects.get(folded=folded)
        Tagging.objects.bulk_create(
            [Tagging(id=new_id(), tag=tag, person=person, at=now)], ignore_conflicts=True
        )


def put_answer(person: Person, key: str, answer: Answer) -> None:
    """The answer to a custom field, in place of an older one; a field that is closed takes none."""
    field = Field.objects.filter(key=key, is_closed=False).first()
    if field is None:
        return
    FieldValue.objects.filter(field=field, person=person).delete()
    for number, one in enumerate(answer if isinstance(answer, list) else [answer]):
        row = FieldValue(id=new_id(), field=field, person=person, at=clock.now())
        if field.is_private:
            row.value_sealed = vault.seal(row, "value_sealed", one, key_id=person.key_id)
            row.text = str(number) if number else ""  # tells one choice from the next
        elif field.kind == Field.Kind.NUMBER:
            row.number = float(one)
        elif field.kind == Field.Kind.DATE:
            row.on = date.fromisoformat(one)
        else:
            row.text = one[:200]
        row.save(force_insert=True)


def _put_postcode(person: Person, postcode: str, country: str) -> None:
    """Kept where we have no address yet; an address that is there knows better."""
    if PostalAddress.objects.filter(person=person, kind=PostalAddress.Kind.HOME).exists():
        return
    row = PostalAddress(id=new_id(), person=person, country=country, created_at=clock.now())
    told = json.dumps({"lines": [], "postcode": postcode}, ensure_ascii=False)
    row.street_sealed = vault.seal(row, "street_sealed", told, key_id=person.key_id)
    row.save(force_insert=True)
