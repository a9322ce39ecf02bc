"""Spellings of place names, brought to one key so that people can type them their own way.

The same function makes the keys of the gazetteer and of what people type. Changing it changes
the gazetteer: the file is then built anew by itself (its stamp covers this module).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from groundswell.kernel.text import clean_line

# Letters that Unicode does not take apart, and letters that different keyboards write for one.
_LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e",
    "ħ": "h", "ŧ": "t", "ŋ": "n", "ɨ": "i", "ƴ": "y", "ɓ": "b", "ɗ": "d", "ƙ": "k",
    # Arabic script: alef forms, yeh, kaf and teh marbuta as Arabic, Persian and Urdu write them
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك", "ة": "ه", "ۀ": "ه",
    "ە": "ه", "ہ": "ه", "ھ": "ه", "ؤ": "و", "ئ": "ي", "ء": "", "ـ": "",
    # small and variant kana that typists mix
    "ヶ": "ケ", "ヵ": "カ", "ゖ": "ケ",
    # apostrophes and letters that stand for them
    "'": "", "’": "", "‘": "", "ʻ": "", "ʼ": "", "ʽ": "", "ʾ": "", "ʿ": "", "`": "", "´": "",
    "ʹ": "", "ʺ": "", "׳": "", "״": "", ".": " ", "・": "", "·": "",
}  # fmt: skip
_SWAPS = str.maketrans(_LETTERS)
_ASCII_SWAPS = str.maketrans({"'": "", "`": "", ".": " "})
# What parts words: white space, ASCII and general punctuation, its kin from Armenian to Ethiopic,
# and the ideographic and full-width ones. Marks inside a word, as in Indic scripts, stay.
_BREAKS = re.compile(
    "[\\s!-/:-@\\[-`{-\u00a0\u00ab\u00bb\u055a-\u055f\u058a\u05be\u060c\u061b\u061f\u06d4\u0964\u0965"
    "\u1361-\u1368\u2000-\u206f\u3000-\u3003\u3008-\u3020\u30a0\u30fb\uff00-\uff0f]+"
)
_ASCII_BREAKS = re.compile(r"[^a-z0-9]+")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f]")

# Words that are written short or long for the same place.
_SHORT = {
    "saint": "st", "sainte": "st", "ste": "st", "sankt": "st", "mount": "mt", "fort": "ft",
}  # fmt: skip
_AL = "ال"  # the Arabic article, often left out
# "City", written behind the name or not: Chinese and Japanese, Korean, and county-level units.
_CITY_ENDINGS = "市縣县區区町府都시군"


def words(text: str) -> list[str]:
    """The words of a name as comparable keys: case, accents, apostrophes and variants folded."""
    if text.isascii():
        parts = _ASCII_BREAKS.split(text.lower().translate(_ASCII_SWAPS))
    else:
        folded = unicodedata.normalize("NFKD", text.casefold())
        bare = "".join([char for char in folded if not unicodedata.combining(char)])
        parts = _BREAKS.split(_INVISIBLE.sub("", bare).translate(_SWAPS))
        parts = [part for part in parts if any(map(str.isalnum, part))]
    return [_short(part) for part in parts if part]


def _short(word: str) -> str:
    if word.startswith(_AL) and len(word) > len(_AL) + 1:
        return word[len(_AL) :]
    return _SHORT.get(word, word)


def key(text: str) -> str:
    """One key for all spellings of a name: its folded words without spaces ("" for no letters)."""
    return "".join(words(text))


def without_city(name: str) -> str:
    """The name without a closing "city" in scripts that write it in one with the name."""
    return name[:-1] if len(name) > 2 and name[-1] in _CITY_ENDINGS else name


_UMLAUT = re.compile("[äöüåøÄÖÜÅØ]")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
     "Å": "Aa", "Ø": "Oe"}
)  # fmt: skip


def keys(name: str) -> set[str]:
    """Every key under which a name can be found, with umlauts written as two letters too."""
    found = {key(name)}
    if not name.isascii():
        if name[-1] in _CITY_ENDINGS:
            found.add(key(without_city(name)))
        elif _UMLAUT.search(name):
            found.add(key(name.translate(_UMLAUTS)))
    found.discard("")
    return found


LONGEST_TEXT = 200


def typed(text: str) -> str:
    """What somebody typed, cut to 200 characters before any work, cleaned to one line."""
    return clean_line(text[:LONGEST_TEXT])


# First letter of each range of scripts, ISO 15924; what lies between them counts as Latin.
_SCRIPTS = [
    ("\u0370", "Grek"), ("\u0400", "Cyrl"), ("\u0530", "Armn"), ("\u0590", "Hebr"),
    ("\u0600", "Arab"), ("\u0700", "Latn"), ("\u0750", "Arab"), ("\u0780", "Latn"),
    ("\u0900", "Deva"), ("\u0980", "Beng"), ("\u0a00", "Guru"), ("\u0a80", "Gujr"),
    ("\u0b00", "Orya"), ("\u0b80", "Taml"), ("\u0c00", "Telu"), ("\u0c80", "Knda"),
    ("\u0d00", "Mlym"), ("\u0d80", "Sinh"), ("\u0e00", "Thai"), ("\u0e80", "Laoo"),
    ("\u0f00", "Tibt"), ("\u1000", "Mymr"), ("\u10a0", "Geor"), ("\u1100", "Hang"),
    ("\u1200", "Ethi"), ("\u13a0", "Latn"), ("\u1780", "Khmr"), ("\u1800", "Latn"),
    ("\u2d30", "Tfng"), ("\u2d80", "Latn"), ("\u3040", "Kana"), ("\u3100", "Latn"),
    ("\u3400", "Hani"), ("\ua000", "Latn"), ("\uac00", "Hang"), ("\ud7b0", "Latn"),
]  # fmt: skip
_FIRST_LETTERS = [first for first, _code in _SCRIPTS]
# Letters that tell other languages of the script apart from Arabic and from Russian.
_NOT_ARABIC = re.compile("[^\u0621-\u063a\u0641-\u064a\\s\\-()\u060c.]")
_NOT_RUSSIAN = re.compile("[^\u0410-\u044f\u0401\u0451\\s\\-().]")

# Which script a page's language shows towns in; languages in Latin script show the main name.
SCRIPT_OF_LANGUAGE = {
    "ar": "Arab", "ru": "Cyrl", "el": "Grek", "he": "Hebr", "hi": "Deva", "mr": "Deva",
    "ne": "Deva", "ja": "Kana", "ko": "Hang", "zh": "Hani", "th": "Thai", "ka": "Geor",
    "hy": "Armn", "bn": "Beng", "pa": "Guru", "gu": "Gujr", "ta": "Taml", "te": "Telu",
    "kn": "Knda", "ml": "Mlym", "si": "Sinh", "my": "Mymr", "km": "Khmr", "am": "Ethi",
}  # fmt: skip


def script(name: str) -> str:
    """The ISO 15924 code of a name's script; "Latn" for Latin and everything not listed."""
    for char in name:
        if char >= "\u0370":
            code = _SCRIPTS[bisect_right(_FIRST_LETTERS, char) - 1][1]
            if code != "Latn":
                return code
    return "Latn"


def shows_language(name: str, code: str) -> bool:
    """False for a name that is written in the script but surely not in its main language."""
    if code == "Arab":
        return _NOT_ARABIC.search(name) is None
    if code == "Cyrl":
        return _NOT_RUSSIAN.search(name) is None
    return True
