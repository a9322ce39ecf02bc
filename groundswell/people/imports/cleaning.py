"""A row of a file as what will be kept of it, with a reason code for each cell that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings

from groundswell.kernel.text import clean_line, clean_text, fold
from groundswell.people.imports import names, values
from groundswell.people.imports.choices import Choices
from groundswell.people.imports.columns import FIELD, To
from groundswell.people.imports.tables import Line

NAME_MOST, TEXT_MOST, NOTE_MOST, TAG_MOST, TAGS_MOST = 80, 200, 4000, 80, 50


class Problem(NamedTuple):
    """A cell that was left out: why, and the column's place."""

    code: str
    column: int


@dataclass(slots=True)
class Clean:
    """What is kept of a row. ``never``: addresses of the row for the do-not-contact list, each
    with its reason. ``email_status`` and ``text_status`` are words of ``values.status``, or ""
    where the file has no such column, or "never". ``answers``: key of a field → the cell."""

    number: int
    flaw: str = ""
    given: str = ""
    family: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    never: dict[str, str] = field(default_factory=dict)
    street: list[str] = field(default_factory=list)
    postcode: str = ""
    town: str = ""
    region: str = ""
    country: str = ""
    language: str = ""
    other_language: str = ""
    tags: list[str] = field(default_factory=list)
    note: str = ""
    source: str = ""
    point_person: str = ""
    recruiter: str = ""
    created_on: date | None = None
    consent_on: date | None = None
    email_status: str = ""
    text_status: str = ""
    ref: str = ""
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    name_parts: frozenset[str] = frozenset()

    @property
    def has_address(self) -> bool:
        return bool(self.street or self.postcode or self.town or self.region)


Taker = Callable[[Clean, str, int], None]


class Cleaner:
    """Reads rows by one choice of columns; ``apostrophes`` as the format says."""

    def __init__(
        self,
        columns: Sequence[str],
        choices: Choices,
        *,
        heads: Sequence[str] = (),
        apostrophes: bool = False,
    ) -> None:
        self.choices, self.apostrophes, self.heads = choices, apostrophes, heads
        self.known_languages = frozenset(dict(settings.LANGUAGES))
        self.columns = list(columns)
        self.country_at = _place(columns, To.COUNTRY)
        self.has_email_status = To.EMAIL_STATUS in columns
        self.has_text_status = To.TEXT_STATUS in columns
        # Countries first: numbers and postcodes are read by them.
        self.takers: list[tuple[int, Taker]] = [
            (place, self._taker(to)) for place, to in enumerate(columns) if to not in _LATER
        ]

    def clean(self, line: Line) -> Clean:
        """One row. Never raises: what cannot be kept is in ``problems``."""
        found = Clean(line.number, line.flaw)
        if line.flaw:
            return found
        cells = line.cells
        found.country = self.choices.country
        if self.country_at is not None and cells[self.country_at].strip():
            code = values.country(cells[self.country_at])
            if code:
                found.country = code
            else:
                found.problems.append(Problem("not_a_country", self.country_at))
        for place, take in self.takers:
            cell = cells[place]
            if cell and not cell.isspace():
                take(found, self._bare(cell), place)
        self._conclude(found)
        return found

    def _bare(self, cell: str) -> str:
        if cell[0] == "'" and len(cell) > 1 and (self.apostrophes or cell[1] in "=+-@0123456789"):
            return cell[1:]
        return cell

    def _conclude(self, found: Clean) -> None:
        if self.choices.tags:
            found.tags = [*self.choices.tags, *found.tags]
        if self.has_email_status and not found.email_status:
            found.email_status = "none"
        if self.has_text_status and not found.text_status:
            found.text_status = "none"
        if found.email_status in {"bounced", "complained"}:
            found.never |= dict.fromkeys(found.emails, found.email_status)
        if found.email_status == "never":
            found.never |= dict.fromkeys([*found.emails, *found.phones], "asked")
        elif found.text_status == "never":
            found.never |= dict.fromkeys(found.phones, "asked")
        found.source = found.source or self.choices.source
        found.postcode = values.postcode(found.postcode, found.country) if found.postcode else ""
        found.name_parts = names.parts(found.given, found.family)

    def _taker(self, to: str) -> Taker:
        if to.startswith(FIELD):
            return _answer(to.removeprefix(FIELD))
        return {
            To.GIVEN: _given, To.FAMILY: _family, To.NAME: _name, To.EMAIL: _email,
            To.EMAIL_BAD: _email_bad, To.PHONE: _phone, To.PHONE_BAD: _phone_bad,
            To.STREET: _street, To.POSTCODE: _text("postcode"), To.TOWN: _text("town", 120),
            To.REGION: _text("region", 80), To.LANGUAGE: self._language, To.TAGS: self._tags,
            To.TAG_IF: self._tag_if, To.NOTE: _note, To.SOURCE: _source,
            To.POINT_PERSON: _one_email("point_person", "no_account"),
            To.RECRUITER: _one_email("recruiter", "no_recruiter"),
            To.CREATED_ON: self._day("created_on"), To.CONSENT_ON: self._day("consent_on"),
            To.EMAIL_STATUS: _status("email_status"), To.TEXT_STATUS: _status("text_status"),
            To.NEVER: _never, To.NEVER_CALL: _never_call, To.REF: _text("ref"),
        }[To(to)]  # fmt: skip

    def _language(self, found: Clean, cell: str, place: int) -> None:
        code = values.language(cell)
        if not code:
            found.problems.append(Problem("not_a_language", place))
        elif code in self.known_languages:
            found.language = code
        else:
            found.other_language = code

    def _tags(self, found: Clean, cell: str, place: int) -> None:
        for part in cell.split(self.choices.tag_separator)[:TAGS_MOST]:
            tag = clean_line(part)[:TAG_MOST].strip()
            if fold(tag):
                found.tags.append(tag)

    def _tag_if(self, found: Clean, cell: str, place: int) -> None:
        is_yes = values.yes_or_no(cell)
        if is_yes and place < len(self.heads):
            name = self.heads[place].replace("_", " ").removeprefix("is ")
            found.tags.append(name[:TAG_MOST])
        elif is_yes is None:
            found.problems.append(Problem("not_yes_or_no", place))

    def _day(self, name: str) -> Taker:
        def take(found: Clean, cell: str, place: int) -> None:
            day = values.day(cell, month_first=self.choices.month_first)
            if day is None:
                found.problems.append(Problem("not_a_day", place))
            setattr(found, name, day)

        return take


_LATER = {To.NOTHING, To.COUNTRY, To.NEW_FIELD}


def _place(columns: Sequence[str], to: To) -> int | None:
    return columns.index(to) if to in columns else None


def _is_name(text: str) -> bool:
    has_letter = text.isalpha() or any(letter.isalpha() for letter in text)
    return has_letter and not text.startswith("=")


def _given(found: Clean, cell: str, place: int) -> None:
    text = clean_line(cell)[:NAME_MOST]
    if _is_name(text):
        found.given = text
    else:
        found.problems.append(Problem("not_a_name", place))


def _family(found: Clean, cell: str, place: int) -> None:
    text = clean_line(cell)[:NAME_MOST]
    if _is_name(text):
        found.family = text
    else:
        found.problems.append(Problem("not_a_name", place))


def _name(found: Clean, cell: str, place: int) -> None:
    """``Lee, Ann`` or ``Ann Lee``; one word is a first name."""
    text = clean_line(cell)[: 2 * NAME_MOST]
    if not _is_name(text):
        found.problems.append(Problem("not_a_name", place))
        return
    before, comma, after = text.partition(",")
    if comma and after.strip():
        given, family = after.strip(), before.strip()
    else:
        given, _blank, family = text.partition(" ")
    found.given, found.family = given[:NAME_MOST], family[:NAME_MOST]


def _email(found: Clean, cell: str, place: int) -> None:
    emails, is_whole = values.emails(cell)
    found.emails += [email for email in emails if email not in found.emails]
    if not is_whole:
        found.problems.append(Problem("not_an_email", place))


def _email_bad(found: Clean, cell: str, place: int) -> None:
    if values.yes_or_no(cell) and found.emails:
        found.never[found.emails[-1]] = "bounced"


def _phone(found: Clean, cell: str, place: int) -> None:
    phones, is_whole = values.phones(cell, found.country)
    found.phones += [phone for phone in phones if phone not in found.phones]
    if not is_whole:
        found.problems.append(Problem("not_a_phone", place))


def _phone_bad(found: Clean, cell: str, place: int) -> None:
    if values.yes_or_no(cell) and found.phones:
        found.never[found.phones[-1]] = "bounced"


def _street(found: Clean, cell: str, place: int) -> None:
    found.street.append(clean_line(cell)[:TEXT_MOST])


def _text(name: str, most: int = TEXT_MOST) -> Taker:
    def take(found: Clean, cell: str, place: int) -> None:
        setattr(found, name, clean_line(cell)[:most])

    return take


def _note(found: Clean, cell: str, place: int) -> None:
    text = clean_text(cell)[:NOTE_MOST]
    found.note = f"{found.note}\n\n{text}" if found.note else text


def _source(found: Clean, cell: str, place: int) -> None:
    found.source = source_code(cell)


def source_code(text: str) -> str:
    """A source as codes are written: lower case letters, digits, point, dash and underscore."""
    folded = fold(text).replace(" ", "-")
    return "".join(letter for letter in folded if letter.isascii() and
                   (letter.isalnum() or letter in "._-"))[:40]  # fmt: skip


def _one_email(name: str, code: str) -> Taker:
    def take(found: Clean, cell: str, place: int) -> None:
        emails, is_whole = values.emails(cell)
        if is_whole and emails:
            setattr(found, name, emails[0])
        else:
            found.problems.append(Problem(code, place))

    return take


def _status(name: str) -> Taker:
    def take(found: Clean, cell: str, place: int) -> None:
        if getattr(found, name) != "never":  # said in another column, which wins
            setattr(found, name, values.status(cell))

    return take


def _never(found: Clean, cell: str, place: int) -> None:
    """They want no messages at all."""
    if values.yes_or_no(cell):
        found.email_status = found.text_status = "never"
    elif values.yes_or_no(cell) is None:
        found.problems.append(Problem("not_yes_or_no", place))


def _never_call(found: Clean, cell: str, place: int) -> None:
    if values.yes_or_no(cell):
        found.text_status = "never"


def _answer(key: str) -> Taker:
    def take(found: Clean, cell: str, place: int) -> None:
        found.answers[key] = (place, clean_line(cell))

    return take
