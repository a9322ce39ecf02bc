"""Words as people type them: cleaned at the edge, folded for search, shortened for hosts."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls and line separators break mail headers, calendar files and CSV; the
# bidirectional overrides and isolates (UAX #9) can make a name rewrite the text around it.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"\r\n?")
_MANY_BREAKS = re.compile(r"\n{3,}")
_LINK = re.compile(
    r"(https?://|www\.)\S|\b[\w-]{2,60}\.(com|org|net|info|biz|io|ru|cn|top|xyz|site|online|link|ly"
    r"|co|me|app|dev|shop|club|live)(/\S*)?(?![\w.])",
    re.IGNORECASE,
)


def _repaired(text: str) -> str:
    """Lone surrogates cannot be stored or sent: they become the replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_plain(text: str) -> bool:
    """Nothing but letters, digits, marks and blanks of ASCII: most of what lists hold, and a tenth
    of the work."""
    return text.isascii() and text.isprintable()


def clean_line(text: str) -> str:
    """One line: controls removed, runs of white space to one space, NFC."""
    if _is_plain(text):
        return " ".join(text.split())
    cleaned = _CONTROLS.sub("", _BREAKS.sub(" ", _repaired(text)))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", cleaned).strip())


def clean_text(text: str) -> str:
    """Several lines: controls removed, at most one empty line between paragraphs, NFC."""
    cleaned = _CONTROLS.sub("", _BREAKS.sub("\n", _repaired(text)))
    lines = "\n".join(line.rstrip() for line in cleaned.split("\n"))
    return unicodedata.normalize("NFC", _MANY_BREAKS.sub("\n\n", lines).strip())


def fold(text: str) -> str:
    """For comparing and searching: case folded, accents and Arabic vowel marks removed."""
    if _is_plain(text):
        return " ".join(text.lower().split())
    # Twice, because a decomposed letter may have another case (Unicode 3.13, definition D146).
    once = unicodedata.normalize("NFKD", clean_line(text).casefold())
    decomposed = unicodedata.normalize("NFKD", once.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPACES.sub(" ", bare.replace("\u0640", "")).strip()


def first_word(name: str) -> str:
    """The part of a name that a host sees; a single name stays whole."""
    words = name.split()
    return words[0] if words else ""


def first_name_and_initial(given: str, family: str) -> str:
    """``Amina K.``: what hosts see of their people (DESIGN promise 1)."""
    given = first_word(given)
    letter = next((char for char in family if char.isalpha()), "")
    return f"{given} {letter.upper()}." if letter else given


def has_link(text: str) -> bool:
    """Whether somebody could tap on something in these words that leads elsewhere."""
    return _LINK.search(text) is not None
