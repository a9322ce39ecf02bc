"""Who a row is about: somebody whom we know, somebody of an earlier row, or somebody new.

The dry run and the import ask the same questions of the same book, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings

from groundswell.kernel.ids import new_ids
from groundswell.kernel.rows import among
from groundswell.people import queries
from groundswell.people.imports import names
from groundswell.people.imports.choices import Choices
from groundswell.people.imports.cleaning import Clean, Problem
from groundswell.people.models import Contact, NameBlind, Person, SearchName, Suppression, Touch
from groundswell.people.operations.imports.resolving import Answer
from groundswell.people.operations.persons import folded_name
from groundswell.site import vault

NEW, KNOWN, FAILED = "new", "known", "failed"


@dataclass(slots=True, eq=False)
class Who:
    """Somebody behind rows. ``person`` is the row of somebody whom we knew before the import."""

    id: int
    parts: frozenset[str]
    person: Person | None = None
    name: queries.Name | None = None  # as we knew it


class Verdict(NamedTuple):
    """What becomes of a row: ``reason`` is a code of ``reasons.FAILED``."""

    kind: str
    who: Who | None = None
    reason: str = ""


@dataclass(slots=True)
class Row:
    """A cleaned row with the indexes of its addresses, in their order."""

    clean: Clean
    emails: list[bytes] = field(default_factory=list)
    phones: list[bytes] = field(default_factory=list)
    folded: str = ""  # the name, of a row without any address
    recruiter: bytes = b""  # the index of their address
    recruiter_id: int | None = None
    point_person_id: int | None = None
    answers: list[Answer] = field(default_factory=list)


def indexed(cleans: Iterable[Clean]) -> list[Row]:
    """The rows with the blind indexes of their addresses."""
    of_email, of_phone = vault.blinder("email"), vault.blinder("phone")
    return [
        Row(
            clean,
            [of_email(email) for email in clean.emails],
            [of_phone(phone) for phone in clean.phones],
            "" if clean.emails or clean.phones else folded_name(clean.given, clean.family),
            of_email(clean.recruiter) if clean.recruiter else b"",
        )
        for clean in cleans
    ]


def suppressed(rows: Iterable[Row]) -> dict[str, str]:
    """Those addresses of the rows that stand on the do-not-contact list, with the reason."""
    is_same = vault.blinds_last()
    listed: dict[bytes, str] = {}
    for row in rows:
        pairs = (
            ("email", row.clean.emails, row.emails),
            ("phone", row.clean.phones, row.phones),
        )
        for kind, values, blinds in pairs:
            for value, blind in zip(values, blinds, strict=True):
                listed[blind if is_same else vault.lasting_blind(kind, value)] = value
    found = among(Suppression, "blind", listed, "blind", "reason")
    return {listed[bytes(blind)]: why for blind, why in found}


class Book:
    """Everybody whom the rows so far may be about."""

    def __init__(self, choices: Choices, *, import_id: int) -> None:
        self.choices, self.import_id = choices, import_id
        self.by_email: dict[bytes, Who] = {}
        self.by_phone: dict[bytes, list[Who]] = {}
        self.looked_up: set[bytes] = set()  # numbers
        self.by_name: dict[str, Who] = {}  # people without any address
        self.by_ref: dict[str, Who] = {}
        self.by_person: dict[int, Who] = {}
        self.fresh: list[int] = []  # ids for whoever is new

    def load(self, rows: Sequence[Row]) -> None:
        """Look up the people with any of these addresses, in as many queries for one row as for
        five hundred."""
        self.fresh = new_ids(len(rows))[::-1]  # the first row takes the lowest
        # "-" would look at everybody in the book each time; "difference" does not.
        emails = {blind for row in rows for blind in (*row.emails, row.recruiter) if blind}
        emails = emails.difference(self.by_email)
        # A number decides only for rows without an e-mail, and is shared by whole families.
        phones = {blind for row in rows if not row.emails for blind in row.phones}
        phones = phones.difference(self.looked_up)
        self.looked_up |= phones
        found = among(Contact, "blind", emails | phones, "kind", "blind", "person_id")
        alone = self._named({row.folded for row in rows if row.folded}.difference(self.by_name))
        self._know({person_id for _kind, _blind, person_id in found} | set(alone.values()))
        for kind, blind, person_id in found:
            who = self.by_person[person_id]
            if kind == Contact.Kind.EMAIL:
                self.by_email[bytes(blind)] = who
            elif who not in (known := self.by_phone.setdefault(bytes(blind), [])):
                known.append(who)
        for folded, person_id in alone.items():
            self.by_name[folded] = self.by_person[person_id]

    def _know(self, person_ids: set[int]) -> None:
        missing = person_ids.difference(self.by_person)
        if not missing:
            return
        people = list(Person.objects.filter(id__in=missing))
        told = queries.names_of(people)
        for person in people:
            name = told[person.id]
            who = Who(person.id, names.parts(name.given, name.family), person, name)
            self.by_person[person.id] = who

    def _named(self, folded: set[str]) -> dict[str, int]:
        """People of these exact names without any address whom another import or page made."""
        if not folded or not self.choices.without_contact:
            return {}
        if settings.GROUNDSWELL_HIGH_RISK:
            blinds = {vault.blind("name", name): name for name in folded}
            found = NameBlind.objects.filter(blind__in=list(blinds), person__contacts=None)
            pairs = [(blinds[bytes(b)], pid) for b, pid in found.values_list("blind", "person_id")]
        else:
            named = SearchName.objects.filter(folded__in=folded, person__contacts=None)
            pairs = list(named.values_list("folded", "person_id"))
        ids = [person_id for _name, person_id in pairs]
        ours = set(
            Touch.objects.filter(
                person_id__in=ids, what=Touch.What.IMPORT, about_id=self.import_id
            ).values_list("person_id", flat=True)
        )
        return {name: person_id for name, person_id in pairs if person_id not in ours}

    def judge(self, row: Row) -> Verdict:
        """Whom the row is about; somebody new is in the book from then on."""
        clean = row.clean
        of_ref = None if clean.flaw else self._of_ref(clean)
        reason = "" if of_ref else _cannot_be_kept(clean, self.choices)
        if reason:
            return Verdict(FAILED, reason=reason)
        by_email = {who.id: who for blind in row.emails if (who := self.by_email.get(blind))}
        if len(by_email) > 1:
            return Verdict(FAILED, reason="two_people")
        who = next(iter(by_email.values()), None)
        if who is not None and not names.are_compatible(who.parts, clean.name_parts):
            return Verdict(FAILED, reason="another_name")
        who = who or of_ref or self._of_phone(row)
        if who is None and row.folded:
            who = self.by_name.get(row.folded)
        is_new = who is None
        if who is None:
            who = Who(self.fresh.pop(), clean.name_parts)
        self._note(who, row)
        if row.recruiter:
            recruiter = self.by_email.get(row.recruiter)
            if recruiter is not None and recruiter is not who:
                row.recruiter_id = recruiter.id
            else:
                clean.problems.append(Problem("no_recruiter", -1))
        return Verdict(NEW if is_new else KNOWN, who)

    def _of_ref(self, clean: Clean) -> Who | None:
        """The person of the row above, where the other program has several rows for one."""
        who = self.by_ref.get(clean.ref) if clean.ref else None
        is_same = who is not None and names.are_compatible(who.parts, clean.name_parts)
        return who if is_same else None

    def _of_phone(self, row: Row) -> Who | None:
        """Without an e-mail: who has the number and the same name. A number alone is shared; only
        two rows that know nothing else are about the same person."""
        if row.emails:
            return None
        parts = row.clean.name_parts
        for blind in row.phones:
            for who in self.by_phone.get(blind, ()):
                is_same = names.are_compatible(who.parts, parts)
                if bool(who.parts) == bool(parts) and is_same:
                    return who
        return None

    def _note(self, who: Who, row: Row) -> None:
        if len(row.clean.name_parts) > len(who.parts):
            who.parts = row.clean.name_parts
        for blind in row.emails:
            self.by_email.setdefault(blind, who)
        for blind in row.phones:
            known = self.by_phone.setdefault(blind, [])
            if who not in known:
                known.append(who)
        if row.clean.ref:
            self.by_ref[row.clean.ref] = who

    def next_part(self) -> None:
        """Rows of one person in another program stand together: a part is never cut there."""
        self.by_ref.clear()


def _cannot_be_kept(clean: Clean, choices: Choices) -> str:
    if clean.flaw:
        return clean.flaw
    if clean.emails or clean.phones:
        return ""
    codes = {problem.code for problem in clean.problems}
    if "not_an_email" in codes:
        return "no_email"
    if "not_a_phone" in codes:
        return "no_phone"
    if not (clean.given or clean.family):
        return "nothing"
    return "" if choices.without_contact else "no_contact"
