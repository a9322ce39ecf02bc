"""Tags, answers, addresses and sources of the people of a part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from groundswell.kernel import clock
from groundswell.kernel.ids import new_id, new_ids
from groundswell.kernel.roles import Right
from groundswell.kernel.rows import Batch
from groundswell.kernel.text import fold
from groundswell.people.imports.choices import REPLACE, Choices
from groundswell.people.models import (
    Field,
    FieldValue,
    Import,
    PostalAddress,
    SourceCode,
    Tag,
    Tagging,
)
from groundswell.people.operations.imports import whereabouts
from groundswell.people.operations.imports.drafts import Draft
from groundswell.people.operations.imports.held import Held
from groundswell.people.operations.imports.resolving import Answer
from groundswell.site import vault

if TYPE_CHECKING:
    from groundswell.people.operations.imports.writing import Undo


class Profiles:
    """Writes what stands beside a person. Tags and source codes are made as files name them."""

    def __init__(self, found: Import, choices: Choices) -> None:
        self.import_, self.choices = found, choices
        self.tags: dict[str, int] = {}  # folded → id
        self.folded: dict[str, str] = {}
        self.sources: dict[str, int] = {}

    def write(
        self, drafts: Sequence[Draft], held: Held, sealers: Mapping[int, vault.Sealer], undo: Undo
    ) -> set[int]:
        """Write them; returns the known people about whom something changed."""
        now = clock.now()
        changed = self._taggings(drafts, held, undo, now)
        changed |= self._addresses(drafts, held, sealers, undo, now)
        changed |= self._answers(drafts, held, sealers, undo, now)
        return changed

    def sources_of(self, drafts: Iterable[Draft]) -> Mapping[str, int]:
        """The ids of the source codes that the drafts name."""
        missing = {draft.source for draft in drafts if draft.source} - self.sources.keys()
        if missing:
            now = clock.now()
            SourceCode.objects.bulk_create(
                [
                    SourceCode(code=code, channel=SourceCode.Channel.IMPORT, is_found=True,
                               created_at=now)
                    for code in sorted(missing)
                ],
                ignore_conflicts=True,
            )  # fmt: skip
            found = SourceCode.objects.filter(code__in=missing).values_list("code", "id")
            self.sources.update(found)
        return self.sources

    def _tag_ids(self, drafts: Iterable[Draft]) -> None:
        words = {tag for draft in drafts for tag in draft.tags} - self.folded.keys()
        self.folded.update({word: fold(word)[:80] for word in words})
        missing = {self.folded[word]: word for word in words} if words else {}
        missing = {folded: word for folded, word in missing.items() if folded not in self.tags}
        if missing:
            now = clock.now()
            Tag.objects.bulk_create(
                [Tag(name=word, folded=folded, created_at=now) for folded, word in missing.items()],
                ignore_conflicts=True,
            )
            found = Tag.objects.filter(folded__in=list(missing)).values_list("folded", "id")
            self.tags.update(found)

    def _taggings(self, drafts: Sequence[Draft], held: Held, undo: Undo, now: Any) -> set[int]:
        self._tag_ids(drafts)
        changed: set[int] = set()
        batch = Batch(Tagging, "id", "tag_id", "person_id", by_id=None, at=now)
        fresh = iter(new_ids(sum(len(draft.tags) for draft in drafts)))
        for draft in drafts:
            if not draft.tags:
                continue
            person_id = draft.who.id
            ids = {self.tags[self.folded[word]] for word in draft.tags}
            if not draft.is_new:
                ids -= held.tags[person_id]
            for tag_id in ids:
                tagging_id = next(fresh)
                batch.add(tagging_id, tag_id, person_id)
                if not draft.is_new:
                    undo.rows["tagging"].append(tagging_id)
                    changed.add(person_id)
        batch.insert()
        return changed

    def _addresses(
        self,
        drafts: Sequence[Draft],
        held: Held,
        sealers: Mapping[int, vault.Sealer],
        undo: Undo,
        now: Any,
    ) -> set[int]:
        """Where somebody lives, unless we know an address of theirs."""
        changed: set[int] = set()
        batch = Batch(
            PostalAddress, "id", "person_id", "street_sealed", "town", "region", "country",
            "cell_lat", "cell_lon", kind=PostalAddress.Kind.HOME.value, created_at=now,
        )  # fmt: skip
        for draft in drafts:
            person_id, address = draft.who.id, draft.address
            if address is None or (not draft.is_new and person_id in held.with_address):
                continue
            country = address.country or draft.country
            place = whereabouts.of(address.town, address.region, address.postcode, country)
            told = ""
            if address.street or address.postcode:
                street = {"lines": address.street, "postcode": address.postcode}
                told = json.dumps(street, ensure_ascii=False)
            address_id = new_id()
            sealed = sealers[person_id].seal_at(PostalAddress, address_id, "street_sealed", told)
            batch.add(
                address_id, person_id, sealed, address.town, address.region,
                country or place.country, place.cell_lat, place.cell_lon,
            )  # fmt: skip
            if not draft.is_new:
                undo.rows["postaladdress"].append(address_id)
                changed.add(person_id)
        batch.insert()
        return changed

    def _answers(
        self,
        drafts: Sequence[Draft],
        held: Held,
        sealers: Mapping[int, vault.Sealer],
        undo: Undo,
        now: Any,
    ) -> set[int]:
        changed: set[int] = set()
        batch = Batch(
            FieldValue, "id", "field_id", "person_id", "text", "number", "on", "value_sealed",
            at=now,
        )  # fmt: skip
        going: list[FieldValue] = []
        for draft in drafts:
            person_id = draft.who.id
            for field, answers in draft.answers.items():
                known = [] if draft.is_new else held.answers[person_id, field.id]
                if known and (self.choices.answers != REPLACE or _are_same(known, answers)):
                    continue
                going += known
                for answer in answers:
                    value_id = new_id()
                    batch.add(*_value(value_id, person_id, answer, sealers[person_id]))
                    if not draft.is_new:
                        undo.rows["fieldvalue"].append(value_id)
                        changed.add(person_id)
        undo.replaced += [_as_it_was(value) for value in going]
        FieldValue.objects.filter(id__in=[value.id for value in going]).delete()
        batch.insert()
        return changed


def _value(value_id: int, person_id: int, answer: Answer, sealer: vault.Sealer) -> tuple[Any, ...]:
    if answer.field.is_private:
        sealed = sealer.seal_at(FieldValue, value_id, "value_sealed", answer.told)
        return (value_id, answer.field.id, person_id, "", None, None, sealed)
    return (
        value_id, answer.field.id, person_id, answer.text, answer.number, answer.on, b"",
    )  # fmt: skip


def _are_same(known: Sequence[FieldValue], answers: Sequence[Answer]) -> bool:
    """Whether a file says what is there already."""
    if answers[0].field.is_private:
        return {vault.open_(value, "value_sealed") for value in known} == {a.told for a in answers}
    were = {(value.text, value.number, value.on) for value in known}
    return were == {(answer.text, answer.number, answer.on) for answer in answers}


def _as_it_was(value: FieldValue) -> dict[str, Any]:
    """An answer that is replaced, for the undo: a private one stays sealed as it is."""
    return {
        "id": value.id,
        "field_id": value.field_id,
        "person_id": value.person_id,
        "text": value.text,
        "number": value.number,
        "on": value.on.isoformat() if value.on else None,
        "value_sealed": bytes(value.value_sealed).hex(),
        "at": value.at.isoformat(),
    }


def make_fields(found: Import, names: Mapping[int, str], *, language: str) -> dict[int, str]:
    """A text field for each of these columns (its place → its name), in the caller's
    transaction; returns their keys. A field with that key is used as it is."""
    now, keys = clock.now(), {}
    for place, name in names.items():
        key = slug_of(name) or f"column-{place + 1}"
        Field.objects.get_or_create(
            key=key,
            defaults={
                "labels": {language: name},
                "kind": Field.Kind.TEXT,
                "sees": Right.SEE_CONTACTS.value,
                "writes": Right.SEE_CONTACTS.value,
                "created_at": now,
            },
        )
        keys[place] = key
    return keys


def slug_of(name: str) -> str:
    """The key of a field with this name."""
    folded = fold(name)
    bare = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in folded)
    return "-".join(part for part in bare.split("-") if part)[:40].strip("-")
