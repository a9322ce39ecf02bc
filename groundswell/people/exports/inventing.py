"""People who do not exist, among those of a file: mail to one of them tells whose file leaked.

Each looks at home in every column. What is told of many (a country, a tag, a month) is another
row's; what stands once in the whole file (a street, a number, somebody's own words) would give a
copy away, so it is made up too, or left empty.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from groundswell.kernel.ids import new_id
from groundswell.people import stand_ins
from groundswell.people.exports.wishes import OF_A_FIELD
from groundswell.people.models import Export
from groundswell.people.stand_ins import StandIn

Cells = list[str]

# Numbers that are given to nobody, kept for films: Ofcom; NANPA; ARCEP; Bundesnetzagentur. Any
# other could be somebody's who never heard of us.
_NOBODYS: Mapping[str, Callable[[str], str]] = {
    "+44": lambda _like: f"+447700900{secrets.randbelow(1_000):03}",
    "+1": lambda like: f"{like[:5]}5550{secrets.randbelow(100) + 100}",
    "+33": lambda _like: f"+33639980{secrets.randbelow(1_000):03}",
    "+49": lambda _like: f"+49176040690{secrets.randbelow(100):02}",
}


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, and what stands before the @ of their address."""

    local: str
    cells: Cells


def invent(
    export: Export, rows: Sequence[Cells], how_many: int, domains: Sequence[str]
) -> list[Invented]:
    """People made up from the rows of others in the same file."""
    if not rows or not domains:
        return []
    made = []
    for _each in range(how_many):
        told = _somebody(export.columns, rows)
        given, family = told.get("given_name", ""), told.get("family_name", "")
        local = local_part(given, family)
        stands = StandIn(export.id, new_id())  # nobody else's, and nobody
        told["stand_in"], told["code"] = stand_ins.address(stands), stand_ins.code(stands)
        told["email"] = f"{local}@{secrets.choice(domains)}"
        made.append(Invented(local, [told[code] for code in export.columns]))
    return made


def _somebody(columns: Sequence[str], rows: Sequence[Cells]) -> dict[str, str]:
    """Names of two others, tags and answers of more; the rest of one, or a town would lie in
    another country and somebody would be active before they came."""
    found = _like_somebody(columns, rows)
    for place, code in enumerate(columns):
        cells = [row[place] for row in rows]
        if code in {"given_name", "family_name"}:
            found[code] = secrets.choice(cells)
        elif code == "tags" or code.startswith(OF_A_FIELD):
            found[code] = _shared(cells)
        elif code in {"street", "postcode"}:
            found[code] = _another(found[code])
    return found


def _like_somebody(columns: Sequence[str], rows: Sequence[Cells]) -> dict[str, str]:
    """A row with another number in it; of somebody for whose country we know numbers of nobody."""
    for _each in range(20):
        found = dict(zip(columns, secrets.choice(rows), strict=True))
        if not found.get("phone"):
            return found
        found["phone"] = _number(found["phone"])
        if found["phone"]:
            return found
    return found


def _shared(cells: Sequence[str]) -> str:
    """A cell that several rows share; "" where there is none."""
    counts = Counter(cells)
    shared = [cell for cell in cells if counts[cell] > 1]
    return secrets.choice(shared) if shared else ""


def _number(like: str) -> str:
    """A number of the same country that belongs to nobody; "" where we know none."""
    own = next((code for code in _NOBODYS if like.startswith(code)), "")
    return _NOBODYS[own](like) if own else ""


def _another(text: str) -> str:
    """A street or a postcode like this one: other digits, another last letter; "" for a house
    that has no number."""
    if not any(letter.isdigit() for letter in text):
        return ""
    told = re.sub(r"[0-9]", lambda _digit: str(secrets.randbelow(9) + 1), text)
    last = secrets.choice("ABDEFGHJLNPQRSTUWXYZ")
    return told[:-1] + last if told[-1:].isascii() and told[-1:].isupper() else told


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
