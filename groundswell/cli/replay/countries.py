"""Country names as people write them, to ISO 3166-1 codes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale

from groundswell.kernel.text import fold
from groundswell.places import gazetteer

_LANGUAGES = (
    "en es fr de it pt nl sv da nb fi pl tr cs hu ro ca el ru uk ar fa he hi ja ko zh".split()
)
_OTHERS = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "great britain": "GB", "britain": "GB", "usa": "US", "u s a": "US", "u s": "US",
    "united states of america": "US", "czech republic": "CZ", "macedonia": "MK",
    "macedonia fyrom": "MK", "burma": "MM", "myanmar burma": "MM", "holland": "NL",
    "the netherlands": "NL", "the bahamas": "BS", "the gambia": "GM", "ivory coast": "CI",
    "democratic republic of the congo": "CD", "drc": "CD", "republic of the congo": "CG",
    "republic of korea": "KR", "korea": "KR", "uae": "AE", "swaziland": "SZ", "cape verde": "CV",
    "palestine": "PS", "kosovo": "XK", "hong kong": "HK", "macau": "MO", "turkey": "TR",
    "vatican": "VA", "east timor": "TL", "abkhazia": "GE", "deutschland": "DE", "espana": "ES",
    "earth": "", "world": "", "worldwide": "", "global": "", "international": "", "online": "",
    "eire": "IE", "republic of ireland": "IE", "viet nam": "VN", "russian federation": "RU",
}  # fmt: skip
# Lands with a code of their own that people also call by the name of the state they belong to.
_BELONG = {
    "GB": {"GG", "JE", "IM", "GI", "BM", "KY", "FK", "VG", "MS", "TC", "AI", "SH"},
    "US": {"PR", "GU", "VI", "AS", "MP", "UM"},
    "FR": {"GP", "MQ", "GF", "RE", "YT", "NC", "PF", "BL", "MF", "PM", "WF"},
    "DK": {"GL", "FO"}, "NL": {"CW", "AW", "SX", "BQ"}, "NO": {"SJ"}, "FI": {"AX"},
    "CN": {"HK", "MO"}, "AU": {"NF", "CX", "CC"}, "NZ": {"CK", "NU", "TK"},
}  # fmt: skip
_NOISE = re.compile(r"[\d()\[\]*?]+")
_SMALL_WORDS = {"and", "the"}
_SIGNS = re.compile(r"[^\w\s]+")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "UN", "EZ", "QO", "ZZ"}:
                names.setdefault(_plain(str(name)), code)
    return names | {_plain(name): code for name, code in _OTHERS.items()}


def _plain(text: str) -> str:
    words = _SIGNS.sub(" ", fold(_NOISE.sub(" ", text))).split()
    return " ".join(word for word in words if word not in _SMALL_WORDS)


@lru_cache(maxsize=2048)
def code_of(text: str) -> str:
    """The country's code, or "" for a text that names none ("Earth").

    "Taiwan 950", "Dubai - United Arab Emirates" and "Jammu" are understood.
    """
    whole = _plain(text)
    if not whole:
        return ""
    if len(whole) == 2 and whole.upper() in Locale("en").territories:
        return _OTHERS.get(whole, whole.upper())
    last = _plain(re.split(r"[-,/|]\s|,", text)[-1])
    known = _names()
    if whole in known:
        return known[whole]
    if last in known:
        return known[last]
    found = gazetteer.find(whole)
    return found.country or (found.exact[0].country if found.exact else "")


def belong_together(one: str, other: str) -> bool:
    """True for one country, and for a land and the state that it belongs to."""
    return one == other or other in _BELONG.get(one, ()) or one in _BELONG.get(other, ())
