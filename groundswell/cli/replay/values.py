"""Numbers and dates as tables write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale

from groundswell.kernel.text import fold

COUNT_MOST = 10_000_000
_ABOUT = re.compile(
    r"^(?:~|≈|<|>|ca?\.?|about|approx\.?|around|over|at least|etwa|environ|unos)\s*"
)
_THOUSANDS = re.compile(r"^\d{1,3}(?:[.,\s'’\u202f\u00a0]\d{3})+$")
_DECIMAL = re.compile(r"^\d+(?:[.,]\d+)?(?:e\+?\d{1,2})?$")
_RANGE = re.compile(r"^(.*\d.*?)\s*(?:-|–|—|to|bis|a)\s*(\d.*)$")


def number(text: str) -> int | None:
    """A head count: "1e3", "25.5", "1,000", "~500", "500+", "3k". None when it is none."""
    bare = _ABOUT.sub("", fold(text)).rstrip("+ ").strip()
    times = 1
    if bare.endswith("k") and len(bare) > 1:
        bare, times = bare[:-1].strip(), 1000
    if _THOUSANDS.match(bare):
        value = float(re.sub(r"\D", "", bare))
    elif _DECIMAL.match(bare):
        value = float(bare.replace(",", "."))
    else:
        return None
    value *= times
    return int(value + 0.5) if value <= COUNT_MOST else None


def numbers(text: str) -> tuple[int | None, int | None]:
    """A head count or a range of them ("500-700") as its two ends; (None, None) for neither."""
    one = number(text)
    if one is not None:
        return one, one
    found = _RANGE.match(fold(text))
    if found is None:
        return None, None
    low, high = number(found[1]), number(found[2])
    return (low, high) if low is not None and high is not None else (None, None)


def degrees(text: str) -> float | None:
    """A coordinate in degrees, a decimal comma included; None when it is none."""
    bare = text.strip().rstrip("°").replace("\u2212", "-").replace(",", ".")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if -400 < value < 400 else None  # NaN and infinity fail too


# ---- dates

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?([^\W\d]+)\.?,?\s+(?:de\s+)?(\d{4})"
)
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_WALL = re.compile(r"[T ](\d{1,2}:\d{2})")
_MONTH_LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "sv", "ar", "ru")


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in _MONTH_LANGUAGES:
        months = Locale(language).months["format"]
        for width in ("wide", "abbreviated"):
            for place, name in months[width].items():
                names.setdefault(fold(str(name)).rstrip("."), place)
    return names


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How a column writes "3/4/2019": the day first, or the month."""

    is_month_first: bool = False

    def read(self, text: str) -> date | None:
        """The first date in the text (``|`` parts several); None when it holds none."""
        for part in text.split("|"):
            found = self._one(fold(part))
            if found is not None:
                return found
        return None

    def _one(self, part: str) -> date | None:
        if found := (_ISO.search(part) or _COMPACT.match(part)):
            return _made(*(int(group) for group in found.groups()))
        if found := _NUMERIC.search(part):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if found[2] == "." or not self.is_month_first:
                return _made(year, second, first) or _made(year, first, second)
            return _made(year, first, second) or _made(year, second, first)
        if found := _DAY_NAMED.search(part):
            month = _months().get(found[2], 0)
            return _made(int(found[3]), month, int(found[1]))
        if found := _MONTH_FIRST.search(part):
            return _made(int(found[3]), _months().get(found[1], 0), int(found[2]))
        return None


def order_of(texts: Iterable[str]) -> DateOrder:
    """The order that a column uses, judged by the days above twelve; the day first in doubt."""
    day_first = month_first = 0
    for text in texts:
        if (found := _NUMERIC.search(text)) and found[2] != ".":
            day_first += int(found[1]) > 12
            month_first += int(found[3]) > 12
    return DateOrder(is_month_first=month_first > day_first)


def swapped(day: date) -> date | None:
    """The date with day and month the other way round; None where there is none."""
    return _made(day.year, day.day, day.month) if day.day != day.month else None


def wall_in(text: str) -> str:
    """The time inside a date cell such as "2017-01-21T10:00", or ""."""
    found = _WALL.search(text)
    return found[1] if found else ""
