"""Times, distances and numbers as sentences carry them, in the active language.

Pages and mails both use these, so a time reads the same everywhere. All of them follow the
language that Django has activated. Digits are Latin in every language, as Babel leaves them;
English dates follow the order that most of the world uses (5 December, 24 hours).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import (
    DateTimePattern,
    format_skeleton,
    format_time,
    get_timezone_location,
    parse_pattern,
)
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Where road signs are in miles (ISO 3166): the United States and its territories, the United
# Kingdom and some of its islands, Liberia, Antigua, the Bahamas.
_MILES = frozenset({"US", "GB", "LR", "AG", "BS", "KY", "VG", "PR", "GU", "VI", "AS", "MP"})
_KM_IN_A_MILE = 1.609344
_OUTSIDE_QUOTES = re.compile(r"('[^']*')|(E+|c+)|(MMM+|LLL+)")


@functools.cache
def _locale_of(language: str) -> Locale:
    if language in {"en", "en-us"}:
        return Locale("en", "GB")
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def locale() -> Locale:
    """Babel's locale for the language of this page or mail."""
    return _locale_of(get_language() or "en")


def direction(language: str | None = None) -> str:
    """``ltr`` or ``rtl``, for the ``dir`` attribute."""
    return (_locale_of(language) if language else locale()).text_direction


def endonym(language: str) -> str:
    """The language's own name for itself, as a language menu shows it: العربية."""
    found = _locale_of(language)
    name = found.get_language_name(found) or language
    return name[:1].upper() + name[1:]


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """The moment on the wall clock of an IANA zone; refuses a moment that has no zone at all."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone: promise 3 of the design")
    return moment.astimezone(ZoneInfo(zone))


def clock(moment: dt.datetime, zone: str) -> str:
    """``11:00`` in an IANA zone; 24 hours in every language."""
    return str(format_time(local(moment, zone), "HH:mm", locale=locale()))


def day(moment: dt.datetime | dt.date, zone: str = "UTC") -> str:
    """``Sat 5 Dec``. A date is taken as it is; a moment in the given zone."""
    there = _there(moment, zone)
    return format_skeleton("MMMEd", there, locale=locale())


def short_date(date: dt.date) -> str:
    """``5 Dec``, for the axis of a chart."""
    return format_skeleton("MMMd", _there(date, "UTC"), locale=locale())


def long_day(moment: dt.datetime | dt.date, zone: str = "UTC") -> str:
    """``Saturday 5 December``."""
    there = _there(moment, zone)
    return _long_pattern(locale()).apply(there, locale())


def day_and_year(moment: dt.datetime | dt.date, zone: str = "UTC") -> str:
    """``5 Dec 2026``."""
    there = _there(moment, zone)
    return format_skeleton("yMMMd", there, locale=locale())


def date_words(moment: dt.datetime | dt.date, zone: str = "UTC") -> tuple[str, str, str]:
    """``("Sat", "5", "Dec")``, for the date block of an event row."""
    there = _there(moment, zone)
    found = locale()
    return (
        format_skeleton("E", there, locale=found),
        str(there.day),
        str(parse_pattern("LLL").apply(there, found)),
    )


def _there(moment: dt.datetime | dt.date, zone: str) -> dt.datetime:
    """A moment in its zone; a bare date at noon, so that no formatting moves it."""
    if isinstance(moment, dt.datetime):
        return local(moment, zone)
    return dt.datetime.combine(moment, dt.time(12))


@functools.cache
def _long_pattern(found: Locale) -> DateTimePattern:
    """The locale's own order of weekday, day and month, with both names written out."""
    skeletons = found.datetime_skeletons
    short = skeletons["MMMMEd"] if "MMMMEd" in skeletons else skeletons["MMMEd"]

    def written_out(match: re.Match[str]) -> str:
        quoted, weekday, _month = match.groups()
        return quoted or ("EEEE" if weekday else "MMMM")

    return parse_pattern(_OUTSIDE_QUOTES.sub(written_out, short.pattern))


def moment(when: dt.datetime, zone: str) -> str:
    """``Sat 5 Dec, 11:00`` in an IANA zone."""
    return _("{day}, {clock}").format(day=day(when, zone), clock=clock(when, zone))


def span(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> str:
    """``Sat 5 Dec, 11:00 to 12:00``; both days are named when it runs past midnight."""
    start, end = local(starts_at, zone), local(ends_at, zone)
    last = clock(ends_at, zone) if start.date() == end.date() else moment(ends_at, zone)
    return _("{day}, {start} to {end}").format(
        day=day(starts_at, zone), start=clock(starts_at, zone), end=last
    )


def zone_city(zone: str) -> str:
    """The town that names a zone, in the page's language: ``Kolkata``."""
    return get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True)


def is_same_clock(when: dt.datetime, zone: str, other: str) -> bool:
    """Whether two zones show the same time at that moment."""
    return local(when, zone).utcoffset() == local(when, other).utcoffset()


def reader_moment(when: dt.datetime, zone: str, reader_zone: str) -> str:
    """The event's time followed by the reader's, when their clocks differ."""
    there = moment(when, zone)
    if is_same_clock(when, zone, reader_zone):
        return there
    here = clock(when, reader_zone)
    if local(when, zone).date() != local(when, reader_zone).date():
        here = moment(when, reader_zone)
    return _("{moment} {city} time ({yours} for you)").format(
        moment=there, city=zone_city(zone), yours=here
    )


def distance(kilometres: float, country: str = "") -> str:
    """``0.6 miles`` where road signs are in miles (ISO 3166 code), else ``1 km`` or ``300 m``."""
    if country in _MILES:
        miles = kilometres / _KM_IN_A_MILE
        return _in_miles(_rounded(miles))
    if kilometres < 0.95:
        metres = max(50, round(kilometres * 1000, -2 if kilometres >= 0.1 else -1))
        return format_unit(metres, "length-meter", length="short", locale=locale())
    return format_unit(_rounded(kilometres), "length-kilometer", length="short", locale=locale())


def _in_miles(miles: float) -> str:
    """Written out where the language has the word, else abbreviated."""
    written = format_unit(miles, "length-mile", length="long", locale=locale())
    if "length-mile" in written:  # Babel's answer where CLDR has no word
        return format_unit(miles, "length-mile", length="short", locale=locale())
    return written


def _rounded(length: float) -> float:
    """One decimal under ten, where it helps somebody walking; none above."""
    return round(length, 1) if length < 9.95 else round(length)


def number(amount: float) -> str:
    """``11,480`` with the language's separators."""
    return format_decimal(amount, locale=locale())


def percent(part: float, whole: float | None = None) -> str:
    """``60%`` from a fraction, or from a part and its whole (0 of 0 is 0)."""
    fraction = part if whole is None else (part / whole if whole else 0.0)
    return format_percent(round(fraction, 2), locale=locale())


def listing(words: list[str]) -> str:
    """``Leeds, Hull and York``."""
    return format_list(words, locale=locale()) if words else ""


def either(words: list[str]) -> str:
    """``Leeds, Hull or York``."""
    return format_list(words, style="or", locale=locale()) if words else ""
