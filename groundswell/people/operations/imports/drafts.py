"""One person of a part: what several rows say together, the earlier ones first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from groundswell.people.imports.cleaning import Clean
from groundswell.people.models import Field
from groundswell.people.operations.imports.book import FAILED, Row, Verdict, Who
from groundswell.people.operations.imports.resolving import Answer

# The strictest of several statuses holds.
_STRICT = ("never", "complained", "no", "bounced", "yes", "none", "")


@dataclass(slots=True)
class Draft:
    """Rows of one person put together. ``emails`` and ``phones``: address → its index."""

    who: Who
    is_new: bool
    row: int  # its number in the file
    given: str = ""
    family: str = ""
    emails: dict[str, bytes] = field(default_factory=dict)
    phones: dict[str, bytes] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)
    language: str = ""
    other_language: str = ""
    country: str = ""
    address: Clean | None = None
    tags: list[str] = field(default_factory=list)
    answers: dict[Field, list[Answer]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    source: str = ""
    point_person_id: int | None = None
    recruiter_id: int | None = None
    created_on: date | None = None
    consent_on: date | None = None
    email_status: str = ""
    text_status: str = ""
    has_status: bool = False

    def add(self, row: Row) -> None:
        """A later row fills what is still empty, and adds addresses, tags and notes."""
        clean = row.clean
        self.given = self.given or clean.given
        self.family = self.family or clean.family
        self.emails.update(zip(clean.emails, row.emails, strict=True))
        self.phones.update(zip(clean.phones, row.phones, strict=True))
        self.never.update(clean.never)
        self.language = self.language or clean.language
        self.other_language = self.other_language or clean.other_language
        self.country = self.country or clean.country
        if self.address is None and clean.has_address:
            self.address = clean
        self.tags += clean.tags
        for answer in row.answers:
            given = self.answers.setdefault(answer.field, [])
            if not given or (answer.field.kind == Field.Kind.MANY and answer not in given):
                given.append(answer)
        if clean.note and clean.note not in self.notes:
            self.notes.append(clean.note)
        self.source = self.source or clean.source
        self.point_person_id = self.point_person_id or row.point_person_id
        self.recruiter_id = self.recruiter_id or row.recruiter_id
        if clean.created_on and (self.created_on is None or clean.created_on < self.created_on):
            self.created_on = clean.created_on
        self.consent_on = self.consent_on or clean.consent_on
        if self.has_status:
            self.email_status = _stricter(self.email_status, clean.email_status)
            self.text_status = _stricter(self.text_status, clean.text_status)
        else:
            self.email_status, self.text_status = clean.email_status, clean.text_status
            self.has_status = True


def _stricter(one: str, other: str) -> str:
    return min(one, other, key=_STRICT.index)


def drafts_of(rows: Sequence[Row], verdicts: Iterable[Verdict]) -> list[Draft]:
    """The people of a part, in the order of their first rows."""
    found: dict[int, Draft] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.kind == FAILED or verdict.who is None:
            continue
        who = verdict.who
        draft = found.get(who.id)
        if draft is None:
            is_new = who.person is None
            draft = found[who.id] = Draft(who, is_new, row.clean.number)
        draft.add(row)
    return list(found.values())
