"""One cell as a clean value: addresses, numbers, days, countries, languages, yes and no."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from babel import Locale
from django.conf import settings

from groundswell.kernel.text import clean_line, fold
from groundswell.people import contacts, numbering

# Addresses that the slow way (people.contacts) would answer with themselves.
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+\-]+(\.[a-z0-9_+\-]+)*@([a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_BRACKETS = re.compile(r"<([^<>]*)>")
_APART = re.compile(r"[;,|\s]+")
_PHONES_APART = re.compile(r"[;,|\n]| / ")
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: .*)?")
_SLASHED_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?")
_NO_DIGIT = re.compile(r"\D+")
# Countries whose postcodes have five digits, so that a shorter one has lost its zeros.
_FIVE_DIGITS = {"US", "DE", "FR", "ES", "IT", "MX", "FI", "TR", "MY", "TH", "UA"}

YES = frozenset("true yes y t 1 x on ja si sí oui sim نعم subscribed opt-in active".split()) | {
    "opt in",
    "opted in",
}
NO = frozenset("false no n f 0 off nein non não nao لا unsubscribed opt-out inactive".split()) | {
    "opt out", "opted out", "do not email",
}  # fmt: skip
_BOUNCED = {"bouncing", "bounced", "bounce", "bad", "invalid"}
_COMPLAINED = {"spam", "spam complaint", "complained", "complaint"}


def emails(cell: str) -> tuple[list[str], bool]:
    """The addresses in a cell, and whether all of it was addresses.

    ``Ann <ann@example.org>``, and several with a semicolon, comma or blank between them.
    """
    plain = cell.strip().lower()
    if len(plain) <= contacts.EMAIL_MOST and _PLAIN_EMAIL.fullmatch(plain):
        return [plain], True
    inside = _BRACKETS.findall(cell)
    pieces = inside or [piece for piece in _APART.split(cell.strip()) if piece]
    found: list[str] = []
    is_whole = True
    for piece in pieces[:20]:
        try:
            email = contacts.normalised_email(piece.strip().removeprefix("mailto:"))
        except contacts.NotAnEmail:
            is_whole = False
            continue
        if email not in found:
            found.append(email)
    # One piece that is no address: perhaps a formula, perhaps a sentence. Then none is certain.
    return (found, True) if is_whole else ([], False)


def phones(cell: str, country: str) -> tuple[list[str], bool]:
    """The numbers in a cell in their international form, and whether each piece was one."""
    found, is_whole = [], True
    for piece in _PHONES_APART.split(cell)[:10]:
        if not piece.strip():
            continue
        number = phone(piece.strip()[:60], country)
        if number and number not in found:
            found.append(number)
        is_whole &= bool(number)
    return found, is_whole


@lru_cache(maxsize=200_000)
def phone(text: str, country: str) -> str:
    """E.164, or "" for what no numbering plan knows.

    Programs also write numbers with the country code and no plus sign before it.
    """
    if known := numbering.certain(text):
        return known
    try:
        return contacts.normalised_phone(text, country=country)
    except contacts.NotAPhone:
        digits = _NO_DIGIT.sub("", text)
        if len(digits) < 10 or text.startswith("+"):
            return ""
    try:
        return contacts.normalised_phone(f"+{digits}")
    except contacts.NotAPhone:
        return ""


@lru_cache(maxsize=20_000)
def day(cell: str, *, month_first: bool) -> date | None:
    """A day, whichever way it is written; None for what is none.

    ``3/4/2024`` is 3 April unless ``month_first``; where one of both is above 12, that is the day.
    """
    text = cell.strip()
    iso = _ISO_DAY.fullmatch(text)
    dotted = _DOTTED_DAY.fullmatch(text)
    slashed = _SLASHED_DAY.fullmatch(text)
    if iso:
        year, month, number = (int(part) for part in iso.groups())
    elif dotted:
        number, month, year = (int(part) for part in dotted.groups())
    elif slashed:
        one, two, year = (int(part) for part in slashed.groups())
        is_month_first = two > 12 or (month_first and one <= 12)
        number, month = (two, one) if is_month_first else (one, two)
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


_MORE_COUNTRIES = {
    "usa": "US", "u s a": "US", "united states of america": "US", "america": "US", "uk": "GB",
    "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "holland": "NL", "brd": "DE", "czech republic": "CZ",
    "ivory coast": "CI", "burma": "MM", "south korea": "KR", "russia": "RU", "syria": "SY",
    "iran": "IR", "vietnam": "VN", "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ",
    "moldova": "MD", "macedonia": "MK", "turkey": "TR", "estados unidos de america": "US",
    "etats unis d amerique": "US",
}  # fmt: skip
_READ_IN = ("en", "es", "fr", "ar", "de", "it", "pt", "nl", "pl", "ru", "tr", "sv", "uk", "el")
_NO_WORD = re.compile(r"[\W_]+")


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in _READ_IN:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(_NO_WORD.sub(" ", fold(name)).strip(), code)
    return found | _MORE_COUNTRIES


@lru_cache(maxsize=5_000)
def country(cell: str) -> str:
    """ISO 3166-1 alpha-2 of a code or a name in one of many languages; "" where there is none."""
    text = clean_line(cell)
    if len(text) == 2 and text.upper() in _codes():
        return text.upper()
    return _countries().get(_NO_WORD.sub(" ", fold(text)).strip(), "")


@cache
def _codes() -> frozenset[str]:
    return frozenset(_countries().values())


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in _READ_IN:
        for code, name in Locale(language).languages.items():
            if len(code) <= 3:
                found.setdefault(fold(name), code)
    return found


@lru_cache(maxsize=2_000)
def language(cell: str) -> str:
    """The code of a language by its code (``fr_FR`` too) or name; "" where there is none."""
    text = clean_line(cell)
    code = text.replace("_", "-").split("-")[0].lower()
    if code in dict(settings.LANGUAGES) or code in _languages().values():
        return code
    return _languages().get(fold(text), "")


def yes_or_no(cell: str) -> bool | None:
    """None for anything that is neither."""
    word = cell.strip().lower()
    return True if word in YES else False if word in NO else None


def status(cell: str) -> str:
    """What a column of subscriptions says: "yes", "no", "bounced", "complained"; "none" where
    they never said anything."""
    word = cell.strip().lower()
    if word in YES:
        return "yes"
    if word in _BOUNCED:
        return "bounced"
    if word in _COMPLAINED:
        return "complained"
    return "no" if word in NO else "none"


def postcode(cell: str, country_code: str) -> str:
    """A postcode, with the zeros that a spreadsheet took away."""
    code = clean_line(cell)[:12]
    if code.isascii() and code.isdigit() and country_code in _FIVE_DIGITS and 2 < len(code) < 5:
        return code.zfill(5)
    return code
