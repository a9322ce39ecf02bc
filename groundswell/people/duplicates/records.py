"""What is compared of a person: names in Latin letters, addresses in one form, all in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anyascii import anyascii

from groundswell.kernel.text import fold

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_ASCII = re.compile(r"[a-z0-9 ]*")
# Mail to these with dots left out, or with a word behind a plus, reaches the same mailbox.
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})
_WITH_PLUS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "fastmail.com", "protonmail.com",
     "proton.me", "icloud.com"}
)  # fmt: skip
_SAME_HOUSE = {"googlemail.com": "gmail.com", "protonmail.com": "proton.me"}


@dataclass(frozen=True, slots=True)
class Record:
    """One person as they are compared. Everything is lower case ASCII; "" is not known.

    ``born`` is YYYYMMDD. ``is_foreign``: the name was written in other letters, which drop vowels
    or spell them differently. ``proven``: mailboxes whose owner has opened a link of ours.
    """

    id: int
    given: str = ""
    family: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    born: str = ""
    street: str = ""
    town: str = ""
    postcode: str = ""
    is_foreign: bool = False
    proven: frozenset[str] = frozenset()


def record(
    *,
    person_id: int,
    given: str = "",
    family: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    born: str = "",
    street: str = "",
    town: str = "",
    postcode: str = "",
    proven: Iterable[str] = (),
) -> Record:
    """A record from what people typed. ``born`` in any order of digits that starts with the year;
    ``phones`` in E.164 where they are known to be numbers."""
    whole = given + family
    return Record(
        id=person_id,
        given=latin(given),
        family=latin(family),
        emails=tuple(dict.fromkeys(mailbox(email) for email in emails if email)),
        phones=tuple(dict.fromkeys(phone for phone in phones if phone)),
        born="".join(letter for letter in born if letter.isdigit())[:8],
        street=latin(street),
        town=latin(town),
        postcode=latin(postcode).replace(" ", ""),
        is_foreign=not whole.isascii() and not fold(whole).isascii(),
        proven=frozenset(mailbox(email) for email in proven),
    )


def latin(text: str) -> str:
    """In small Latin letters and digits, one space between words: "Йосип Ґалаґан" and
    "josip  galagan" come out alike where transliteration allows it."""
    if not text:
        return ""
    lower = text.lower()
    if _ASCII.fullmatch(lower):
        return lower if "  " not in lower and lower == lower.strip() else " ".join(lower.split())
    folded = fold(text)
    if not folded.isascii():
        folded = anyascii(folded).lower()
    return _NOT_LETTERS.sub(" ", folded.replace("'", "").replace("\u2019", "")).strip()


def mailbox(email: str) -> str:
    """The mailbox behind an address: two spellings that reach one owner come out alike."""
    local, at, domain = email.strip().lower().rpartition("@")
    if not at:
        return domain
    if domain in _WITH_PLUS:
        local = local.partition("+")[0]
    if domain in _WITHOUT_DOTS:
        local = local.replace(".", "")
    return f"{local}@{_SAME_HOUSE.get(domain, domain)}"
