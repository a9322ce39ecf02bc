"""Times of day as hosts write them: ``ore 9:00``, ``12:00 Uhr``, ``17hs``, ``9am to 3pm``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from groundswell.kernel.text import fold

_NOON = re.compile(r"\b(?:noon|midday|mittags?|mediodia|midi|mezzogiorno|meio dia|middag)\b")
_HOUR_AND_NOON = re.compile(r"\b12(?:[.:]00)?\s*(?=12:00pm)")
_BRACKETS = re.compile(r"\([^)]*\)?")
_TIME = re.compile(
    r"(?<![\d.:])"
    r"(?:(?P<both>\d{3,4})"
    r"|(?P<hour>\d{1,2})(?:\s?[.:,]{1,2}\s?(?P<minute>\d{1,2})(?::\d{2})?"
    r"|\s?[hu](?P<late>\d{2})\b)?)"
    r"(?!\d)"
    r"(?P<unit>\s*(?:uhr|hrs?|hs|h|u)\b\.?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
)
_TO = re.compile(r"\s*(?:[-–—~]+|to|til+|until|bis|a|al|alle|hasta|till|do|до|إلى|ate|-?>)\s*")
_ALL_DAY = re.compile(
    r"\b(?:all (?:the )?day|(?:whole|entire) day|any ?time|24 ?h|0?0[.:]?0?0?\s?-\s?24[.:]?0?0?|"
    r"ganztagig|toute la journee|todo el dia|"
    r"hela dagen|tutto il giorno|dia todo)\b|طوال اليوم"
)
_PARTS_OF_DAY = (
    (re.compile(r"\b(?:early )?(?:morning|matin|manana|vormittags?|mattina)\b"), time(10)),
    (re.compile(r"\b(?:afternoon|apres-midi|tarde|nachmittags?|pomeriggio)\b"), time(14)),
    (re.compile(r"\b(?:evening|soir|noche|abends?|sera)\b"), time(18)),
)
DAY_STARTS, DAY_ENDS = time(9), time(17)
_LONGEST_PLAIN = 40


@dataclass(frozen=True, slots=True)
class Span:
    """A start and, where it was written, an end. ``how`` says what was done to read it."""

    starts: time
    ends: time | None = None
    how: str = ""  # "", "several", "all_day", "part_of_day", "afternoon"


def read(text: str) -> Span | None:
    """The first of the times in ``text`` (``|`` parts several); None when it holds none."""
    parts = [part.strip() for part in fold(text).split("|")]
    for number, part in enumerate(parts):
        found = _one(part)
        if found is not None:
            differ = {_one(other) for other in parts[number:]} - {None, found}
            if differ and not found.how:
                return Span(found.starts, found.ends, "several")
            return found
    return None


def _one(part: str) -> Span | None:
    plain = _BRACKETS.sub(" ", _NOON.sub("12:00pm", part))
    plain = _HOUR_AND_NOON.sub("", plain)
    if _ALL_DAY.search(plain):
        return Span(DAY_STARTS, DAY_ENDS, "all_day")
    is_prose = len(plain) > _LONGEST_PLAIN
    times = [
        found
        for found in _TIME.finditer(plain)
        if _hour_and_minute(found) is not None and not (is_prose and _is_bare(found))
    ]
    if times:
        return _span(plain, times)
    for pattern, starts in _PARTS_OF_DAY:
        if pattern.search(plain):
            return Span(starts, None, "part_of_day")
    return None


def _is_bare(found: re.Match[str]) -> bool:
    """A number alone: in a sentence it may count anything."""
    return not any(found[name] for name in ("minute", "late", "unit", "half"))


def _hour_and_minute(found: re.Match[str]) -> tuple[int, int] | None:
    """As written, without a.m. and p.m.; None for numbers that are no time."""
    if found["both"]:
        hour, minute = divmod(int(found["both"]), 100)
    else:
        hour, written = int(found["hour"]), found["minute"] or found["late"] or "0"
        # "12.3" is what a spreadsheet makes of 12.30.
        minute = int(written) * (10 if len(written) == 1 else 1)
    if hour == 24 and minute == 0:
        hour = 0
    return (hour, minute) if hour < 24 and minute < 60 else None


def _span(plain: str, times: list[re.Match[str]]) -> Span:
    first = times[0]
    second = times[1] if len(times) > 1 else None
    if second is not None and not _TO.fullmatch(plain[first.end() : second.start()]):
        second = None
    half, late = first["half"] or "", (second and second["half"]) or ""
    hour, minute = _hour_and_minute(first) or (0, 0)
    how = ""
    if half:
        hour = _of_half(hour, half)
    elif second is not None and late:  # "9-11am", "11-2pm", "3-5pm"
        end_hour = (_hour_and_minute(second) or (0, 0))[0]
        if late == "p" and hour < end_hour < 12:
            hour += 12
    elif 1 <= hour <= 6 and not (first["hour"] or first["both"]).startswith("0"):
        hour, how = hour + 12, "afternoon"  # nobody calls people out at four in the morning
    starts = time(hour, minute)
    return Span(starts, _end(starts, second, late), how)


def _of_half(hour: int, half: str) -> int:
    if half == "p":
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 else hour


def _end(starts: time, second: re.Match[str] | None, late: str) -> time | None:
    if second is None:
        return None
    hour, minute = _hour_and_minute(second) or (0, 0)
    if late and not (hour == 12 and starts.hour < 12):  # "9 to 12 am" ends at noon
        hour = _of_half(hour, late)
    ends = time(hour, minute)
    if not late and hour < 12 and ends <= starts and time(hour + 12, minute) > starts:
        ends = time(hour + 12, minute)  # "11-2", "9pm-11"
    return None if ends == starts else ends
