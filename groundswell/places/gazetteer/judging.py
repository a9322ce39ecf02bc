"""How likely each town of a name is the one that is meant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

from babel.languages import get_official_languages

from groundswell.places.gazetteer.building import connection
from groundswell.places.gazetteer.readings import AreaMatch, Phrase, Reading, Text
from groundswell.places.gazetteer.towns import COLUMNS, JOINS, Row, Town, from_row
from groundswell.places.geometry import distance_km

_MOST_NAMESAKES = 250
_MOST_NEIGHBOURS = 8
_NEIGHBOURS_KM = 120.0  # a province is often said by its capital: "Vinaròs, Castellón"
_AREA_KM = 80.0
# A country or region with more than so many times a town's people is what its name means.
_REGION_TO_TOWN, _COUNTRY_TO_TOWN = 20, 10
# Behind other words it nearly always is, but for city states: "Xalapa, Mexico".
_COUNTRY_BEHIND_TO_TOWN = 3


class Found(NamedTuple):
    """A town and how likely it is meant."""

    weight: float
    town: Town


@dataclass(frozen=True, slots=True)
class Wish:
    """What is known about the person before they type: countries of the campaign, language."""

    countries: tuple[str, ...]
    language: str | None

    def suits(self, town: Town) -> bool:
        return not self.countries or town.country in self.countries

    def weigh(self, town: Town, people: int) -> Found:
        """How likely a town is meant: its people under that name, more in wanted countries."""
        spoken = self.language is not None and _is_spoken(town.country, self.language)
        is_wanted = town.country in self.countries
        return Found(math.log10(max(10, people)) + 4 * is_wanted + 0.3 * spoken, town)


@cache
def _is_spoken(country: str, language: str) -> bool:
    official = get_official_languages(country, regional=True, de_facto=True)
    return language.split("-")[0] in {spoken.split("_")[0] for spoken in official}


Namesakes = list[tuple[Town, int]]


def namesakes(key: str, limit: int = _MOST_NAMESAKES) -> Namesakes:
    """Towns under a key, the most important first, with the people that count under it."""
    rows = connection().execute(
        f"SELECT name.rank, {COLUMNS} FROM name JOIN town ON town.id = name.town {JOINS}"
        " WHERE name.key = ? ORDER BY name.rank LIMIT ?",
        (key, limit),
    )
    best: dict[int, tuple[Town, int]] = {}
    for rank, *columns in rows:
        town = from_row(cast("Row", columns))
        best.setdefault(town.id, (town, -rank))
    return list(best.values())


def territories(countries: tuple[str, ...]) -> list[str]:
    """Territories that people also write under one of these countries' names."""
    if not countries:
        return []
    marks = ", ".join("?" * len(countries))
    rows = connection().execute(
        f"SELECT territory FROM related WHERE country IN ({marks})", countries
    )
    return [row[0] for row in rows]


def towns_of(typed: Text, reading: Reading, wish: Wish) -> tuple[list[Found], int]:
    """The towns of a reading, best first, and how well the words around agree: 2, 1 or 0."""
    clues = [(_Clue.of(typed, phrase), phrase.part) for phrase in reading.context]
    judged = []
    for town, people in namesakes(reading.town.key):
        said = [(clue.level(town), clue, part) for clue, part in clues]
        is_sure = any(level == 2 for level, _clue, _part in said)
        levels = [
            level
            for level, clue, part in said
            # In front of a town often stands a street or a hall that is named like some place.
            if level or not (part < reading.town.part or (is_sure and clue.is_code_elsewhere(town)))
        ]
        judged.append((min(levels, default=2), sum(levels), wish.weigh(town, people)))
    best = max(level for level, _sum, _found in judged)
    agreed = [(total, found) for level, total, found in judged if level == best]
    agreed.sort(key=lambda one: (-one[0], -one[1].weight))
    return [found for _total, found in agreed], best


def names_an_area(typed: Text, reading: Reading, best: Town) -> bool:
    """True when the words of a reading's town more likely name a land around it.

    "Lodnon, UK" is not Uk in Irkutsk, and "California, USA" is not California in Maryland; but
    "Peru, Indiana" is a town.
    """
    people = max(best.population, 1)
    is_first = reading.town.part <= 0 and reading.town.start == 0
    country_share = _COUNTRY_TO_TOWN if is_first else _COUNTRY_BEHIND_TO_TOWN
    larger = [
        area
        for area in typed.areas.get(reading.town.key, [])
        if not area.district
        and area.population > people * (_REGION_TO_TOWN if area.region else country_share)
    ]
    if not larger:
        return False
    around = [typed.areas.get(phrase.key, []) for phrase in reading.context]
    if all(areas and not any(area.region for area in areas) for areas in around):
        lands = {area.country for areas in around for area in areas}
        return not lands or any(area.country in lands for area in larger)
    return not is_first or reading.strange_here + reading.strange_elsewhere > 0


@dataclass(frozen=True, slots=True)
class _Clue:
    """What some words beside the town's name may stand for."""

    key: str
    areas: list[AreaMatch]
    neighbours: list[Town]
    related: frozenset[str]

    @classmethod
    def of(cls, typed: Text, phrase: Phrase) -> _Clue:
        areas = typed.areas.get(phrase.key, [])
        lands = tuple(area.country for area in areas if not area.region)
        neighbours = namesakes(phrase.key, _MOST_NEIGHBOURS) if phrase.key in typed.towns else []
        near = [town for town, _people in neighbours]
        return cls(phrase.key, areas, near, frozenset(territories(lands)))

    def is_code_elsewhere(self, town: Town) -> bool:
        """True for two letters that mean something in other countries only: "Agrigento, AG"."""
        return len(self.key) <= 2 and all(area.country != town.country for area in self.areas)

    def level(self, town: Town) -> int:
        """2: the words name where the town lies; 1: something near it; 0: something else."""
        if town.country in self.related:
            return 2
        near = False
        for area in self.areas:
            if area.holds(town.country, town.region, town.district):
                return 2
            if area.region and area.country == town.country:
                near |= distance_km(town.lat, town.lon, area.lat, area.lon) <= _AREA_KM
        for other in self.neighbours:
            if other.id != town.id and other.country == town.country:
                near |= distance_km(town.lat, town.lon, other.lat, other.lon) <= _NEIGHBOURS_KM
        return int(near)
