"""What a postcode looks like. Pure: which ones exist only an installation's tables know."""

from __future__ import annotations

import re

# Written with blanks and hyphens taken out. The shapes of Royal Mail, An Post, Canada Post,
# PostNL, Argentina and Malta; every other country writes digits, three (Iceland) to ten (Iran).
_SHAPES: dict[str, re.Pattern[str]] = {
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]{2})?"),
    "IE": re.compile(r"[A-Z]\d[\dW]([A-Z\d]{4})?"),
    "CA": re.compile(r"[A-Z]\d[A-Z](\d[A-Z]\d)?"),
    "NL": re.compile(r"\d{4}([A-Z]{2})?"),
    "AR": re.compile(r"[A-Z]?\d{4}([A-Z]{3})?"),
    "MT": re.compile(r"[A-Z]{3}\d{2,4}"),
    "AD": re.compile(r"(AD)?\d{3}"),
    "LV": re.compile(r"(LV)?\d{4}"),
    "LT": re.compile(r"(LT)?\d{5}"),
    "LU": re.compile(r"(L)?\d{4}"),
    "SE": re.compile(r"(SE)?\d{5}"),
}
_DIGITS = re.compile(r"\d{3,10}")
# Without a country, fewer than four digits are more often a house number.
_ANY_DIGITS = re.compile(r"\d{4,10}")
_LETTERS_TOO = re.compile(
    "|".join(f"(?:{_SHAPES[code].pattern})" for code in ("GB", "IE", "CA", "NL"))
)
_MARKS = re.compile(r"[\s\-\u2010-\u2015]+")
LONGEST = 12

# How much of a code GeoNames' tables hold where the whole one belongs to a few houses.
_COARSE: dict[str, tuple[int, ...]] = {
    "GB": (-3,), "IE": (3,), "CA": (3,), "NL": (4,), "US": (5,), "BR": (5,), "PT": (4,),
    "AR": (5,), "MT": (3,), "TW": (3,),
}  # fmt: skip


def normalised(text: str) -> str:
    """A code without blanks and hyphens, in capitals, digits of every script as 0 to 9."""
    code = _MARKS.sub("", text.strip()[: LONGEST * 2]).upper()
    return "".join([str(int(char)) if char.isdecimal() else char for char in code])


def looks_like(text: str, countries: tuple[str, ...] = ()) -> bool:
    """True when the whole text has the shape of a postcode (of one of the countries, if given)."""
    code = normalised(text)
    if not 3 <= len(code) <= LONGEST or not any(char.isdigit() for char in code):
        return False
    if any(_SHAPES.get(country.upper(), _DIGITS).fullmatch(code) for country in countries):
        return True
    return bool(_ANY_DIGITS.fullmatch(code) or _LETTERS_TOO.fullmatch(code))


def spellings(code: str, country: str | None = None) -> list[str]:
    """The code as tables may hold it, the most exact first: "LS62AB", then "LS6"."""
    whole = normalised(code)
    cuts = _COARSE.get(country, ()) if country else {cut for c in _COARSE.values() for cut in c}
    shorter = {whole[:cut] for cut in cuts if len(whole[:cut]) >= 2} - {whole}
    return [whole, *sorted(shorter, key=len, reverse=True)]
