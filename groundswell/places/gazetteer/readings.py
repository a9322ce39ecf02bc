"""Ways to read what somebody typed as a town: which words name it and which say where it is.

"Paris France", "Newcastle, Northumberland", "75011 Paris" and "Hyde Park, Leeds" all name one
town and something around it. A reading is one such guess; the search tries the best ones first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundswell.places import postcodes
from groundswell.places.gazetteer import names
from groundswell.places.gazetteer.building import connection

_PARTS = re.compile(r"[,;|/()\[\]\n،、，]+|\s[-–—]\s")
# In Chinese and Japanese nothing parts a city from its ward; these signs end each of them.
_WARDS = re.compile("(?<=[都道府県省市县縣區区])(?=.)")
_MOST_PARTS, _MOST_WORDS, _LONGEST_RUN = 6, 16, 6
# Words beside a town's name that say nothing about where it is.
_EMPTY_WORDS = frozenset({
    "city", "town", "village", "stadt", "gemeinde", "ville", "commune", "ciudad", "cidade",
    "municipio", "comune", "gorod", "г", "near", "in", "at", "downtown", "central", "center",
    "centre", "zentrum", "centro", "area", "metropolitan", "greater", "the", "of", "region",
    "province", "provincia", "county", "district", "municipality", "state", "regency",
    "prefecture", "department", "oblast", "kommune", "kommun", "gmina", "upazila", "estado",
    "distrito",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaMatch:
    """A country, region or district that some words name. Empty strings where it is wider."""

    country: str
    region: str
    district: str
    lat: float
    lon: float
    population: int

    def holds(self, country: str, region: str, district: str) -> bool:
        if country != self.country or (self.region and region != self.region):
            return False
        return not self.district or district == self.district


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some of the words, and what they may be."""

    part: int
    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One guess: the words that name the town, those that say where it is, and the rest."""

    town: Phrase
    context: tuple[Phrase, ...]
    strange_here: int  # words that mean nothing to us, beside the town's name
    strange_elsewhere: int  # the same in other parts of the text

    @property
    def cost(self) -> tuple[int, int, int, int, int]:
        return (
            self.strange_here * 4 + self.strange_elsewhere,
            len(self.context),
            self.town.part,
            self.town.start,
            -len(self.town.key),
        )


@dataclass(slots=True)
class Text:
    """What was typed, in parts of words, with what the gazetteer knows about runs of them."""

    parts: list[list[str]]
    postcode: str
    is_postcode: bool
    towns: set[str]
    areas: dict[str, list[AreaMatch]]

    @property
    def whole(self) -> str:
        return "".join(word for part in self.parts for word in part)


def read(text: str, countries: tuple[str, ...]) -> Text:
    """Take the text apart and look up every run of words, in two queries."""
    cleaned = names.typed(text)
    is_postcode = postcodes.looks_like(cleaned, countries)
    raw = [part.split() for part in _PARTS.split(_WARDS.sub(" ", cleaned))]
    parts, code = _without_postcode(raw, countries)
    folded = [names.words(" ".join(part)) for part in parts]
    kept, room = [], _MOST_WORDS
    for part in [part for part in folded if part][:_MOST_PARTS]:
        kept.append(part[:room])
        room -= len(kept[-1])
        if not room:
            break
    found = Text(
        kept,
        postcodes.normalised(cleaned) if is_postcode else code,
        is_postcode,
        set(),
        {},
    )
    keys = {phrase.key for phrase in _phrases(found)} | {found.whole}
    found.towns = _known_towns(keys)
    found.areas = _known_areas(keys)
    return found


def _without_postcode(
    parts: list[list[str]], countries: tuple[str, ...]
) -> tuple[list[list[str]], str]:
    """The parts without the last postcode that stands beside other words, and that code."""
    for number, part in reversed(list(enumerate(parts[:_MOST_PARTS]))):
        for size in (2, 1):
            for start in {0, max(0, len(part) - size)}:
                run = part[start : start + size]
                if len(run) == size and postcodes.looks_like(" ".join(run), countries):
                    rest = part[:start] + part[start + size :]
                    if any(char.isdigit() for char in run[-1]) and (size == 1 or run[0].isalnum()):
                        left = [*parts[:number], rest, *parts[number + 1 :]]
                        return left, postcodes.normalised(" ".join(run))
    return parts, ""


def _phrases(text: Text) -> list[Phrase]:
    return [
        Phrase(number, start, end, "".join(part[start:end]))
        for number, part in enumerate(text.parts)
        for start in range(len(part))
        for end in range(start + 1, min(len(part), start + _LONGEST_RUN) + 1)
    ]


def _marks(keys: set[str]) -> str:
    return ", ".join("?" * len(keys))


def _known_towns(keys: set[str]) -> set[str]:
    rows = connection().execute(
        f"SELECT DISTINCT key FROM name WHERE key IN ({_marks(keys)})", tuple(keys)
    )
    return {row[0] for row in rows}


def _known_areas(keys: set[str]) -> dict[str, list[AreaMatch]]:
    rows = connection().execute(
        "SELECT area_name.key, country, region, district, lat, lon, population FROM area_name"
        f" JOIN area ON area.id = area_name.area WHERE area_name.key IN ({_marks(keys)})",
        tuple(keys),
    )
    found: dict[str, list[AreaMatch]] = {}
    for key, *columns in rows:
        found.setdefault(key, []).append(AreaMatch(*columns))
    return found


def readings(text: Text) -> list[Reading]:
    """Every way to read the text as one town with something around it, the best first."""
    phrases = [phrase for phrase in _phrases(text) if phrase.key in text.towns]
    if text.whole in text.towns and len(text.parts) > 1:
        phrases.append(Phrase(-1, 0, 0, text.whole))
    found = [_reading(text, phrase) for phrase in phrases]
    return sorted(found, key=lambda reading: reading.cost)


def _reading(text: Text, town: Phrase) -> Reading:
    if town.part < 0:
        return Reading(town, (), 0, 0)
    context: list[Phrase] = []
    here = elsewhere = 0
    for number, part in enumerate(text.parts):
        runs = [(0, town.start), (town.end, len(part))] if number == town.part else [(0, len(part))]
        for first, last in runs:
            found, strange = _explained(text, number, first, last)
            context += found
            if number == town.part:
                here += strange
            else:
                elsewhere += strange
    return Reading(town, tuple(context), here, elsewhere)


def _explained(text: Text, number: int, first: int, last: int) -> tuple[list[Phrase], int]:
    """Known areas or towns in a run of words, longest first from the left, and words unknown."""
    part, found, strange, at = text.parts[number], [], 0, first
    while at < last:
        # Alone in its part, "IN" is Indiana.
        if part[at].isdecimal() or (part[at] in _EMPTY_WORDS and len(part) > 1):
            at += 1
            continue
        for end in range(min(last, at + _LONGEST_RUN), at, -1):
            key = "".join(part[at:end])
            if key in text.areas or (key in text.towns and len(key) > 2):
                found.append(Phrase(number, at, end, key))
                at = end
                break
        else:
            strange += 1
            at += 1
    return found, strange
