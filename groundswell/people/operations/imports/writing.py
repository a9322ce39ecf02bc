"""Writing the people of a part: a statement for each table, and what would take it back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from groundswell.kernel import clock
from groundswell.kernel.ids import new_id, new_ids
from groundswell.kernel.roles import Right
from groundswell.kernel.rows import Batch, among, rewrite
from groundswell.people import queries, search_names
from groundswell.people.imports.choices import Choices
from groundswell.people.models import (
    Contact,
    Import,
    Note,
    Person,
    Suppression,
    Touch,
)
from groundswell.people.operations import reach
from groundswell.people.operations.imports import consenting, whereabouts
from groundswell.people.operations.imports.book import Row
from groundswell.people.operations.imports.drafts import Draft
from groundswell.people.operations.imports.held import Held
from groundswell.people.operations.imports.profiles import Profiles
from groundswell.people.operations.persons import folded_name
from groundswell.site import vault

_as_json = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes one anew each time


@dataclass(slots=True)
class Undo:
    """What takes a part back. ``new``: people with their keys. ``rows``: ids of rows of people
    who were known, by table. ``filled``: person, column and what was written there. ``replaced``:
    answers as they were. ``last_id``: whatever has a later id was written by somebody else."""

    new: list[tuple[int, int]] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    filled: list[tuple[int, str, Any]] = field(default_factory=list)
    replaced: list[dict[str, Any]] = field(default_factory=list)
    last_id: int = 0

    def as_text(self) -> str:
        return json.dumps(
            [self.new, self.rows, self.filled, self.replaced, self.last_id], ensure_ascii=False
        )

    @classmethod
    def of_text(cls, told: str) -> Undo:
        new, rows, filled, replaced, last_id = json.loads(told)
        pairs = [(person_id, key_id) for person_id, key_id in new]
        return cls(pairs, rows, [tuple(one) for one in filled], replaced, last_id)


class Writer:
    """Writes parts of one import; tags and sources are looked up once."""

    def __init__(self, found: Import, choices: Choices) -> None:
        self.import_, self.choices = found, choices
        self.profiles = Profiles(found, choices)

    def write(
        self, drafts: Sequence[Draft], listed: Mapping[str, str], left_out: Sequence[Row] = ()
    ) -> Undo:
        """Write the people of a part in the caller's transaction.

        ``listed``: addresses on the do-not-contact list, with the reason. ``left_out``: rows that
        failed, of which nothing is kept but whom not to contact. Raises IntegrityError when one of
        the addresses arrived in the meantime.
        """
        self.now, self.undo, self.held = clock.now(), Undo(), Held(drafts)
        self.changed: set[int] = set()
        self.undo.new = [(draft.who.id, vault.take_key_id()) for draft in drafts if draft.is_new]
        keys = dict(self.undo.new)
        for draft in drafts:
            if draft.who.person is not None:
                keys[draft.who.id] = draft.who.person.key_id
        vault.load_keys(keys.values())
        self.sealers = {person_id: vault.Sealer(key_id) for person_id, key_id in keys.items()}
        problems = self._problems(drafts, listed, left_out)
        agreed = consenting.lines_of(
            drafts, self.held, self.choices, problems, import_id=self.import_.id
        )
        sources = self.profiles.sources_of(drafts)
        self._new_people(drafts, agreed.reach, sources)
        self._fill_people(drafts, sources)
        self._contacts(drafts, problems)
        agreed.write(self.choices)
        self.undo.rows["consent"] += agreed.of_known({person_id for person_id, _ in self.undo.new})
        self.changed |= agreed.people
        self.changed |= self.profiles.write(drafts, self.held, self.sealers, self.undo)
        self._notes(drafts)
        self._touches(drafts, sources)
        known = {draft.who.id for draft in drafts if not draft.is_new} & self.changed
        reach.follow(known | self._sharing(drafts, left_out))
        Person.objects.filter(id__in=known, is_compared=True).update(is_compared=False)
        self.undo.last_id = new_id()
        return self.undo

    def _problems(
        self, drafts: Sequence[Draft], listed: Mapping[str, str], left_out: Sequence[Row]
    ) -> dict[str, str]:
        """Addresses that must not be written to, the file's own ones among them: those are put on
        the list first, and no undo takes them off it."""
        told = [*(draft.never for draft in drafts), *(row.clean.never for row in left_out)]
        never = {value: why for each in told for value, why in each.items()}
        fresh = {value: why for value, why in never.items() if value not in listed}
        Suppression.objects.bulk_create(
            [
                Suppression(
                    blind=vault.lasting_blind("email" if "@" in value else "phone", value),
                    reason=why,
                    at=self.now,
                )
                for value, why in fresh.items()
            ],
            ignore_conflicts=True,
        )
        return {**fresh, **listed}

    def _sharing(self, drafts: Sequence[Draft], left_out: Sequence[Row]) -> set[int]:
        """Whoever else has an address that this part put on the do-not-contact list: a number may
        be that of a whole family, and a row may have failed over its name."""
        blinds = [draft.phones[value] for draft in drafts for value in draft.never
                  if value in draft.phones]  # fmt: skip
        for row in left_out:
            told = (*row.clean.emails, *row.clean.phones)
            pairs = zip(told, (*row.emails, *row.phones), strict=True)
            blinds += [blind for value, blind in pairs if value in row.clean.never]
        found = among(Contact, "blind", blinds, "person_id")
        return {person_id for (person_id,) in found}

    def _new_people(
        self, drafts: Sequence[Draft], reaches: Mapping[int, int], sources: Mapping[str, int]
    ) -> None:
        people = Batch(
            Person, "id", "key_id", "name_sealed", "language", "country", "time_zone",
            "zone_from", "reach", "point_person_id", "recruiter_id", "first_source_id",
            "last_source_id", created_at=self.now, last_active_on=self.now.date(),
        )  # fmt: skip
        found: list[tuple[int, str]] = []
        for draft in drafts:
            if not draft.is_new:
                continue
            person_id = draft.who.id
            country, zone, zone_from = _place(draft)
            source_id = sources.get(draft.source)
            name = self._name(person_id, queries.Name(draft.given, draft.family))
            people.add(
                person_id, self.sealers[person_id].key_id, name,
                draft.language or self.choices.language, country, zone, zone_from,
                reaches.get(person_id, 0), draft.point_person_id, draft.recruiter_id, source_id,
                source_id,
            )  # fmt: skip
            found.append((person_id, folded_name(draft.given, draft.family)))
        people.insert()
        search_names.write(found)
        new = [draft for draft in drafts if draft.is_new]
        rewrite(
            Person, "other_languages",
            {draft.who.id: [draft.other_language] for draft in new if draft.other_language},
        )  # fmt: skip
        joined = {
            draft.who.id: consenting.moment_of(draft.created_on)
            for draft in new
            if draft.created_on
        }
        rewrite(Person, "created_at", {pid: at for pid, at in joined.items() if at < self.now})

    def _name(self, person_id: int, name: queries.Name) -> bytes:
        if not name.full:
            return b""
        parts: dict[str, Any] = {"given": name.given, "family": name.family}
        if name.is_family_first:
            parts["is_family_first"] = True
        told = _as_json(parts)
        return self.sealers[person_id].seal_at(Person, person_id, "name_sealed", told)

    def _fill_people(self, drafts: Sequence[Draft], sources: Mapping[str, int]) -> None:
        """What is empty about people whom we knew; what they said themselves stays."""
        columns: dict[str, dict[int, Any]] = defaultdict(dict)
        names: list[tuple[int, str]] = []
        for draft in drafts:
            person, name = draft.who.person, draft.who.name
            if person is None or name is None:
                continue
            told = replace(
                name, given=name.given or draft.given, family=name.family or draft.family
            )
            if told != name:
                columns["name_sealed"][person.id] = self._name(person.id, told)
                columns["is_thin"][person.id] = False
                names.append((person.id, folded_name(told.given, told.family)))
                self.undo.filled.append((person.id, "name", [name.given, name.family]))
            country, zone, zone_from = _place(draft)
            empty = {
                "country": country,
                "point_person_id": draft.point_person_id,
                "recruiter_id": draft.recruiter_id if draft.recruiter_id != person.id else None,
                "first_source_id": sources.get(draft.source),
                "last_source_id": sources.get(draft.source),
            }
            if not person.time_zone and zone:
                columns["zone_from"][person.id] = zone_from
                empty["time_zone"] = zone
            for column, value in empty.items():
                if value and not getattr(person, column):
                    columns[column][person.id] = value
                    self.undo.filled.append((person.id, column, value))
        for column, values in columns.items():
            rewrite(Person, column.removesuffix("_id"), values)
            self.changed |= values.keys()
        search_names.forget([person_id for person_id, _folded in names])
        search_names.write(names)

    def _contacts(self, drafts: Sequence[Draft], problems: Mapping[str, str]) -> None:
        batch = Batch(
            Contact, "id", "person_id", "kind", "value_sealed", "blind", "problem",
            created_at=self.now,
        )  # fmt: skip
        spoilt: dict[str, list[int]] = defaultdict(list)
        ids = iter(new_ids(sum(len(draft.emails) + len(draft.phones) for draft in drafts)))
        for draft in drafts:
            person_id = draft.who.id
            sealer = self.sealers[person_id]
            held = self.held.contacts[person_id] if not draft.is_new else {}
            for kind, found in (("email", draft.emails), ("phone", draft.phones)):
                for value, blind in found.items():
                    problem = problems.get(value, "")
                    known = held.get((kind, blind))
                    if known is not None:
                        if problem and not known[1]:
                            spoilt[problem].append(known[0])
                            self.changed.add(person_id)
                        continue
                    contact_id = next(ids)
                    sealed = sealer.seal_at(Contact, contact_id, "value_sealed", value)
                    batch.add(contact_id, person_id, kind, sealed, blind, problem)
                    if not draft.is_new:
                        self.undo.rows["contact"].append(contact_id)
                        self.changed.add(person_id)
        batch.insert()
        for problem, known_ids in spoilt.items():
            Contact.objects.filter(id__in=known_ids, problem="").update(problem=problem)

    def _notes(self, drafts: Sequence[Draft]) -> None:
        batch = Batch(
            Note, "id", "person_id", "body_sealed",
            sees=Right.SEE_CONTACTS.value, by_id=self.import_.account_id, at=self.now,
        )  # fmt: skip
        for draft in drafts:
            person_id = draft.who.id
            for text in draft.notes:
                if not draft.is_new and text in self.held.notes[person_id]:
                    continue
                note_id = new_id()
                sealed = self.sealers[person_id].seal_at(Note, note_id, "body_sealed", text)
                batch.add(note_id, person_id, sealed)
                if not draft.is_new:
                    self.undo.rows["note"].append(note_id)
                    self.changed.add(person_id)
        batch.insert()

    def _touches(self, drafts: Sequence[Draft], sources: Mapping[str, int]) -> None:
        """One for everybody who came, or about whom something came; their timeline shows it."""
        batch = Batch(
            Touch, "id", "person_id", "source_id",
            what=Touch.What.IMPORT.value, about_id=self.import_.id, at=self.now,
        )  # fmt: skip
        for touch_id, draft in zip(new_ids(len(drafts)), drafts, strict=True):
            if not draft.is_new and draft.who.id not in self.changed:
                continue
            batch.add(touch_id, draft.who.id, sources.get(draft.source))
            if not draft.is_new:
                self.undo.rows["touch"].append(touch_id)
        batch.insert()


def _place(draft: Draft) -> tuple[str, str, str]:
    """Country, zone, and how the zone is known."""
    zone_from = whereabouts.ZoneFrom
    address = draft.address
    if address is not None and address.town:
        found = whereabouts.of(address.town, address.region, address.postcode, address.country)
        if found.zone:
            return draft.country or found.country, found.zone, zone_from.ADDRESS.value
    zone = whereabouts.zone_of(draft.country)
    return draft.country, zone, zone_from.COUNTRY.value if zone else ""
