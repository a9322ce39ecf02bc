"""What is held already about the known people of a part, in a query for each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from groundswell.people.models import (
    Consent,
    Contact,
    FieldValue,
    Note,
    PostalAddress,
    Tagging,
)
from groundswell.people.operations.imports.drafts import Draft
from groundswell.site import vault


class Stands(NamedTuple):
    """A current line of the consent ledger."""

    id: int
    channel: str
    purpose: str
    about_id: int
    is_given: bool


class Held:
    """By person: addresses with their problems, tags, answers, notes, consents."""

    def __init__(self, drafts: Collection[Draft]) -> None:
        known = [draft for draft in drafts if not draft.is_new]
        ids = [draft.who.id for draft in known]
        self.contacts: dict[int, dict[tuple[str, bytes], tuple[int, str]]] = defaultdict(dict)
        self.consents: dict[int, list[Stands]] = defaultdict(list)
        self.tags: dict[int, set[int]] = defaultdict(set)
        self.answers: dict[tuple[int, int], list[FieldValue]] = defaultdict(list)
        self.notes: dict[int, set[str]] = defaultdict(set)
        self.with_address: set[int] = set()
        if not ids:
            return
        columns = ("person_id", "kind", "blind", "id", "problem")
        contacts = Contact.objects.filter(person_id__in=ids)
        for person_id, kind, blind, contact_id, problem in contacts.values_list(*columns):
            self.contacts[person_id][kind, bytes(blind)] = (contact_id, problem)
        lines = Consent.objects.filter(person_id__in=ids, is_current=True)
        for person_id, *rest in lines.values_list("person_id", *Stands._fields):
            self.consents[person_id].append(Stands(*rest))
        if any(draft.tags for draft in known):
            pairs = Tagging.objects.filter(person_id__in=ids).values_list("person_id", "tag_id")
            for person_id, tag_id in pairs:
                self.tags[person_id].add(tag_id)
        if any(draft.address for draft in known):
            found = PostalAddress.objects.filter(person_id__in=ids, kind=PostalAddress.Kind.HOME)
            self.with_address = set(found.values_list("person_id", flat=True))
        if any(draft.answers for draft in known):
            for value in FieldValue.objects.filter(person_id__in=ids):
                self.answers[value.person_id, value.field_id].append(value)
        if any(draft.notes for draft in known):
            self._read_notes([draft.who.id for draft in known if draft.notes])

    def _read_notes(self, ids: list[int]) -> None:
        notes = list(Note.objects.filter(person_id__in=ids))
        vault.load_keys_of(notes, "body_sealed")
        for note in notes:
            self.notes[note.person_id].add(vault.open_(note, "body_sealed"))
