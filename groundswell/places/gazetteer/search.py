"""Finding a town by what somebody typed: exactly, or the ones it may have meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from groundswell.places.gazetteer import misspellings
from groundswell.places.gazetteer.building import connection
from groundswell.places.gazetteer.judging import (
    Found,
    Wish,
    names_an_area,
    namesakes,
    territories,
    towns_of,
)
from groundswell.places.gazetteer.readings import AreaMatch, Text, read, readings
from groundswell.places.gazetteer.towns import COLUMNS, Town, from_row

_MOST_READINGS = 8
_MOST_UNSURE = 3
# Below the weight of a village's main name, what was typed may as well be a misspelt city.
_WEAK = 3.3
# What counts beside a town's people when a spelling is guessed.
_LIKENESS_WEIGHT, _REGION_WEIGHT = 20, 4
_MOST_GUESSED_NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class PostcodeMatch:
    """Where a postcode is, from a table that this installation has loaded."""

    country: str
    code: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class PlaceSearch:
    """What a typed place may be.

    ``exact``: towns that it names, best first. ``suggestions``: towns it may have meant, for
    misspellings, or the largest towns of a country or region. ``postcode_text`` is the code found
    in it, ``postcode`` its place where a table is loaded (set by ``places.queries.find``).
    ``needs_postcodes``: a postcode alone was typed and no table that could know it is loaded.
    ``country`` is set when a country was typed and nothing narrower.
    """

    text: str
    exact: list[Town] = field(default_factory=list)
    suggestions: list[Town] = field(default_factory=list)
    looks_like_postcode: bool = False
    postcode_text: str = ""
    postcode: PostcodeMatch | None = None
    needs_postcodes: bool = False
    country: str = ""


def find(
    text: str,
    *,
    countries: Iterable[str] = (),
    language: str | None = None,
    limit: int = 8,
) -> PlaceSearch:
    """Towns for anything somebody may type. Never raises on any text; bounded work.

    ``countries`` (ISO 3166-1 alpha-2) are preferred, not demanded. ``language`` prefers towns
    where it is spoken, when the names alone cannot decide.
    """
    wish = Wish(tuple(code.upper() for code in countries), language)
    typed = read(text, wish.countries)
    exact, unsure = _read_towns(typed, wish)
    areas = _areas_alone(typed)
    suggestions: list[Town] = []
    if areas and not (exact and wish.suits(exact[0].town)):
        suggestions = _largest(areas[0], limit - min(2, len(unsure)))
    if not exact or exact[0].weight < _WEAK:
        abroad = _outside(typed)
        likely = [found.town for found in unsure if not abroad(found.town)]
        guessed = [] if areas else _misspelt(typed, wish)
        suggestions = _merged(suggestions, likely[:2], guessed, likely)
    if not exact and not suggestions:
        suggestions = [town for area in _regions(typed)[:1] for town in _largest(area, limit)]
    towns = [found.town for found in exact]
    return PlaceSearch(
        text=text[:200],
        exact=towns[:limit],
        suggestions=[town for town in suggestions if town not in towns][:limit],
        looks_like_postcode=typed.is_postcode,
        postcode_text=typed.postcode,
        country=areas[0].country if areas and not exact and not areas[0].region else "",
    )


def _merged(*lists: Iterable[Town]) -> list[Town]:
    """The lists one after the other, each town once."""
    return list({town.id: town for towns in lists for town in towns}.values())


def _read_towns(typed: Text, wish: Wish) -> tuple[list[Found], list[Found]]:
    """Towns of the first reading in which every word agrees, or else towns that may be meant."""
    unsure: list[Found] = []
    for reading in readings(typed)[:_MOST_READINGS]:
        towns, level = towns_of(typed, reading, wish)
        is_wanted = bool(wish.countries) and wish.suits(towns[0].town)
        if not is_wanted and names_an_area(typed, reading, towns[0].town):
            unsure += [found._replace(weight=0.0) for found in towns[:_MOST_UNSURE]]
        elif level > 0 and not reading.strange_here:
            return towns, []
        else:
            unsure += towns[:_MOST_UNSURE]
    unsure.sort(key=lambda found: -found.weight)
    return [], unsure


def _lands(typed: Text, key: str) -> list[AreaMatch]:
    """The countries that a key may name."""
    return [area for area in typed.areas.get(key, []) if not area.region]


def _areas_alone(typed: Text) -> list[AreaMatch]:
    """Countries, regions and districts that the text names and no more, the widest first."""
    rest = [[word for word in part if not word.isdecimal()] for part in typed.parts]
    keys = ["".join(part) for part in rest if part]
    found = typed.areas.get(typed.whole) or typed.areas.get("".join(keys), [])
    if not found and len(keys) == 2:  # "Alabama, USA"
        lands = {area.country for area in _lands(typed, keys[1])}
        found = [area for area in typed.areas.get(keys[0], []) if area.country in lands]
    return sorted(found, key=lambda area: (bool(area.region), -area.population))


def _regions(typed: Text) -> list[AreaMatch]:
    """The regions and districts that the text names behind its first part."""
    abroad = {area.country for part in typed.parts[1:] for area in _lands(typed, "".join(part))}
    return [
        area
        for part in typed.parts[1:]
        for area in typed.areas.get("".join(part), [])
        if area.region and (not abroad or area.country in abroad)
    ]


def _outside(typed: Text) -> Callable[[Town], bool]:
    """A test for towns outside the countries that the text names behind its first words."""
    named = [
        area
        for number, part in enumerate(typed.parts)
        for key in {"".join(part) if number else "", part[-1] if len(part) > 1 else ""}
        # "MO" is Macao and Missouri: both countries stay possible.
        for area in (typed.areas[key] if _lands(typed, key) else [])
    ]
    lands = tuple({area.country for area in named})
    inside = {*lands, *territories(lands)}
    return lambda town: bool(inside) and town.country not in inside


def _largest(area: AreaMatch, limit: int) -> list[Town]:
    """The largest towns of a country, region or district."""
    rows = connection().execute(
        # CROSS JOIN fixes the order: the areas first, then their towns by the index.
        f"SELECT {COLUMNS} FROM area CROSS JOIN town ON town.area = area.id"
        " JOIN zone ON zone.id = town.zone WHERE area.country = ?1"
        " AND (?2 = '' OR area.region = ?2) AND (?3 = '' OR area.district = ?3)"
        " ORDER BY town.population DESC LIMIT ?4",
        (area.country, area.region, area.district, limit),
    )
    return [from_row(row) for row in rows]


def _misspelt(typed: Text, wish: Wish) -> list[Town]:
    """Towns whose names look like what was typed, in the country that the text names, if any."""
    if not typed.parts:
        return []
    abroad = _outside(typed)
    regions = _regions(typed)
    scored = []
    for spelling, likeness in misspellings.like(_stems(typed)):
        for town, people in namesakes(spelling, _MOST_GUESSED_NAMESAKES):
            if not abroad(town):
                there = any(a.holds(town.country, town.region, town.district) for a in regions)
                weight = wish.weigh(town, people).weight
                scored.append(
                    (
                        likeness * _LIKENESS_WEIGHT + weight + there * _REGION_WEIGHT,
                        town,
                    )
                )
    scored.sort(key=lambda found: -found[0])
    return _merged([town for _score, town in scored])


def _stems(typed: Text) -> list[str]:
    """What the town's name may be: the whole, its first part, that part without known areas."""
    first = typed.parts[0]
    bare = [word for word in first if word not in typed.areas]
    return list(dict.fromkeys(k for k in ("".join(first), "".join(bare), typed.whole) if k))
