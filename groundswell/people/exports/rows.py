"""The rows of a file: cells of people, and made-up people that tell where a leaked file is from."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from groundswell.kernel.ids import new_id
from groundswell.people import queries, stand_ins
from groundswell.people.models import Contact, Export, Person
from groundswell.people.stand_ins import StandIn

Cells = list[str]

# 1 - 0.8 ** 21 is 0.99: so many are in any fifth of the rows that somebody passes on.
CANARIES_LEAST = 21
_CANARY_PER = 200
_CANARY_PER_SMALL = 5


def canaries_of(count: int) -> int:
    """How many made-up rows go among so many people: 21, or one for every 200 where that is more.

    A short file gets one for every five people: fewer would tell nothing, more would be noise.
    """
    return max(ceil(count / _CANARY_PER), min(CANARIES_LEAST, ceil(count / _CANARY_PER_SMALL)))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; ``person_id`` is 0 for somebody made up."""

    person_id: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class _Known:
    names: Mapping[int, queries.Name]
    emails: Mapping[int, Contact]


def rows_of(export: Export, people: Sequence[Person]) -> list[Row]:
    """The rows of these people. Whoever must not be written to is left out."""
    emails = {
        person_id: contact
        for person_id, contact in queries.email_contacts(one.id for one in people).items()
        if contact.proven_at is not None
    }
    closed = queries.suppressed_among(emails.values())
    left_out = {contact.person_id for contact in emails.values() if contact.id in closed}
    queries.load_keys_of_contacts(emails.values())
    known = _Known(queries.names_of(people), emails)
    kept = [one for one in people if one.id not in left_out]
    return [Row(one.id, _cells(export, one, known)) for one in kept]


def _cells(export: Export, person: Person, known: _Known) -> Cells:
    return [_cell(code, export, person, known) for code in export.columns]


def _cell(code: str, export: Export, person: Person, known: _Known) -> str:
    match code:
        case "given_name":
            return known.names[person.id].given
        case "family_name":
            return known.names[person.id].family
        case "stand_in":
            is_reached = person.id in known.emails
            return stand_ins.address(StandIn(export.id, person.id)) if is_reached else ""
        case "email":
            held = known.emails.get(person.id)
            return queries.address_of(held) if held else ""
        case "country" | "language":
            return str(getattr(person, code))
        case "since":
            return f"{person.created_at:%Y-%m}"
        case "last_active":
            return f"{person.last_active_on:%Y-%m}"
        case "came":
            return queries.bucket(person.attended_count)
        case _:
            return "1" if person.has_hosted else "0"


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, and what stands before the @ of their address."""

    local: str
    cells: Cells


def invent(
    export: Export, rows: Sequence[Row], how_many: int, domains: Sequence[str]
) -> list[Invented]:
    """People made up from the names of others in the same file, so that they look at home in it."""
    if not rows or not domains:
        return []
    made = []
    for _each in range(how_many):
        first, second = secrets.choice(rows), secrets.choice(rows)
        given, family = _part(export, first, "given_name"), _part(export, second, "family_name")
        local = local_part(given, family)
        address = f"{local}@{secrets.choice(domains)}"
        stand_in = stand_ins.address(StandIn(export.id, new_id()))  # nobody else's, and nobody
        told = {
            "given_name": given,
            "family_name": family,
            "stand_in": stand_in,
            "email": address,
        }
        cells = [
            told.get(code, cell) for code, cell in zip(export.columns, first.cells, strict=True)
        ]
        made.append(Invented(local, cells))
    return made


def _part(export: Export, row: Row, code: str) -> str:
    return row.cells[export.columns.index(code)] if code in export.columns else ""


def local_part(given: str, family: str) -> str:
    """``amina.khan4071``: as people write them, and never twice."""
    words = [_ascii(given), _ascii(family)]
    told = ".".join(word for word in words if word) or "".join(
        secrets.choice("abcdefghiklmnoprstuvwz") for _each in range(8)
    )
    return f"{told[:40]}{secrets.randbelow(9_000) + 1_000}"


def _ascii(name: str) -> str:
    word = unicodedata.normalize("NFKD", name.split(" ")[0].lower())
    return "".join(letter for letter in word if letter.isascii() and letter.isalnum())


def persons_in(rows: Iterable[Row]) -> set[int]:
    """The real people of some rows."""
    return {row.person_id for row in rows if row.person_id}
