"""Where a row happened: town, country and coordinates weighed against each other.

Three witnesses: the coordinates, the town's name, the country's name. Two that agree overrule
the third. A point and a town within 60 km of each other agree; a country agrees with a point when
the nearest town lies in it, or when the named town of that country is near (a place at a border).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from groundswell.cli.replay import countries, values
from groundswell.cli.replay.gatherings import Mended, Note, Refused
from groundswell.places import gazetteer, geometry
from groundswell.places.gazetteer import Town
from groundswell.places.geometry import distance_km

AGREES_KM = 60.0
# Beyond this the nearest town says nothing about the country: deserts, oceans, the ice.
_LONELY_KM = 150.0
_MOST_NAMESAKES = 8
_KNOWN_BY_NAME = 50_000  # people; nobody needs to be told in which country Paris is
_ONLINE = re.compile(
    r"\b(?:online|virtual|webinar|zoom|livestream|en linea|en ligne)\b", re.IGNORECASE
)
_POSTCODE = re.compile(r"(?<![\w-])(?:\d{3}\s\d{2}|\d{4,6})(?![\w-])")
_NOT_A_TOWN = re.compile(r"[\d,;|/()]")
_WITHHELD = re.compile(
    r"^\[[^\]]*\]$|^[-–—?.\s]*$|^(?:none|n/?a|tb[acd]|country|unknown)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Where:
    """A place that stands."""

    town: str
    country: str
    lat: float
    lon: float
    is_online: bool = False
    rest: str = ""  # what the town's cell held beside its name
    has_own_point: bool = True  # the file's coordinates stand


def given(text: str) -> str:
    """The first part of a cell that says anything ("|" parts several); "" for stand-ins."""
    for part in text.split("|"):
        if not _WITHHELD.match(part.strip()):
            return part.strip()
    return ""


def place_of(row: int, fields: dict[str, str], notes: list[Note]) -> Where | Refused:
    """The place of a row; what was mended is added to ``notes``."""
    typed, told = given(fields["town"]), countries.code_of(fields["country"])
    state = fields["state"]
    point = _point(fields)
    is_online = bool(_ONLINE.search(f"{typed} {fields['type']} {given(fields['address'])}"))
    if point is None:
        return _by_town(row, typed, state, told, notes, is_online=is_online)
    near, km = gazetteer.nearest_town(*point)
    if is_online and not told:
        notes.append(Note(row, Mended.IS_ONLINE, typed))
        return Where("", "", *point, is_online=True, rest=typed)
    there = near.country if km <= _LONELY_KM else ""
    if typed and told and not (there and countries.belong_together(told, there)):
        return _in_doubt(row, typed, state, told, point, near, there, notes)
    if not typed and told and there and not countries.belong_together(told, there):
        return _largest_town(row, told, point, notes)
    if not told:
        if not _is_somewhere(point, km):
            return Refused.AT_SEA
        told = there
        notes.append(Note(row, Mended.COUNTRY_FILLED, fields["country"], told))
    if not typed:
        notes.append(Note(row, Mended.TOWN_FILLED, "", near.name))
        return Where(near.name, told, *point, is_online=is_online)
    return _named(row, typed, state, told, point, notes, is_online=is_online)


def _point(fields: dict[str, str]) -> tuple[float, float] | None:
    """Usable coordinates: on the earth, and not the 0,0 of a geocoder that found nothing."""
    lat, lon = values.degrees(fields["lat"]), values.degrees(fields["lon"])
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return None if abs(lat) < 0.01 and abs(lon) < 0.01 else (lat, lon)


def _is_somewhere(point: tuple[float, float], km: float) -> bool:
    return km <= AGREES_KM or not gazetteer.is_at_sea(*point)


@lru_cache(maxsize=4096)
def _towns(typed: str, state: str, country: str) -> tuple[Town, ...]:
    """The towns that the words may name, in one country if it is given."""
    text = ", ".join(part for part in (typed, state) if part)
    wanted = (country,) if country else ()
    found = gazetteer.find(text, countries=wanted, limit=_MOST_NAMESAKES).exact
    if not found and state:
        found = gazetteer.find(typed, countries=wanted, limit=_MOST_NAMESAKES).exact
    if not country:
        return tuple(found)
    return tuple(town for town in found if countries.belong_together(country, town.country))


def _near(towns: tuple[Town, ...], point: tuple[float, float]) -> Town | None:
    close = [(distance_km(*point, town.lat, town.lon), number) for number, town in enumerate(towns)]
    best = min(close, default=(AGREES_KM + 1, 0))
    return towns[best[1]] if best[0] <= AGREES_KM else None


def _largest_town(
    row: int, told: str, point: tuple[float, float], notes: list[Note]
) -> Where | Refused:
    """A country alone, and coordinates in another one: a geocoder took it for a town's name."""
    largest = gazetteer.find(gazetteer.country_name(told)).suggestions
    if not largest or largest[0].country != told:
        return Refused.NO_PLACE
    town, was = largest[0], f"{point[0]}, {point[1]}"
    notes.append(Note(row, Mended.POINT_BY_COUNTRY, was, town.name))
    return Where(town.name, told, town.lat, town.lon, has_own_point=False)


def _in_doubt(
    row: int,
    typed: str,
    state: str,
    told: str,
    point: tuple[float, float],
    near: Town,
    there: str,
    notes: list[Note],
) -> Where | Refused:
    """Country and coordinates contradict each other: the town decides."""
    named_there = _towns(typed, state, told)
    if _near(named_there, point) is not None:  # at a border: the text is right after all
        return _named(row, typed, state, told, point, notes)
    if there and _near(_towns(typed, "", there), point) is not None:
        notes.append(Note(row, Mended.COUNTRY_BY_POINT, told, there))
        return _named(row, typed, "", there, point, notes)
    if named_there:
        town = named_there[0]
        was = f"{point[0]}, {point[1]}"
        notes.append(Note(row, Mended.POINT_BY_TOWN, was, f"{town.lat}, {town.lon}"))
        tidy, rest = _tidied(row, typed, town, notes)
        return Where(tidy, town.country, town.lat, town.lon, rest=rest, has_own_point=False)
    if not there or _is_at_border(point, told):  # too little speaks against the text
        return _named(row, typed, state, told, point, notes)
    if not _is_somewhere(point, distance_km(*point, near.lat, near.lon)):
        return Refused.AT_SEA
    notes.append(Note(row, Mended.COUNTRY_BY_POINT, told, there))
    return _named(row, typed, state, there, point, notes)


def _is_at_border(point: tuple[float, float], country: str) -> bool:
    """Whether a town of the country lies around the point; the nearest one may be across."""
    around = [
        geometry.moved(*point, km, math.pi * eighth / 4)
        for km in (AGREES_KM / 3, AGREES_KM)
        for eighth in range(8)
    ]
    return any(gazetteer.country_at(each.lat, each.lon) == country for each in around)


def _named(
    row: int,
    typed: str,
    state: str,
    country: str,
    point: tuple[float, float],
    notes: list[Note],
    *,
    is_online: bool = False,
) -> Where:
    """The coordinates stand; the town is called by its name where we know it."""
    town = _near(_towns(typed, state, country), point)
    if town is None:
        return Where(_bare_name(typed), country, *point, is_online=is_online)
    tidy, rest = _tidied(row, typed, town, notes)
    return Where(tidy, country, *point, is_online=is_online, rest=rest)


def _tidied(row: int, typed: str, town: Town, notes: list[Note]) -> tuple[str, str]:
    """The name alone, and what stood beside it: "730 Border Patrol Ln, Rio Grande City, TX"."""
    if not _NOT_A_TOWN.search(typed):
        return typed, ""
    if any(char.isdigit() for char in typed):
        notes.append(Note(row, Mended.TOWN_TIDIED, typed, town.name))
        return town.name, typed
    first = typed.split(",")[0].strip()  # "Allentown, PA": the usual way to write it
    known = [each.id for each in _towns(first, "", town.country)]
    return (first, "") if town.id in known else (town.name, typed)


def _bare_name(typed: str) -> str:
    """An unknown town without its postcode: "99955 Kutzleben", "Dorfstr. 1, 99955 Kutzleben"."""
    parts = [part.strip() for part in re.split(r"[,;|/(\[]", typed) if part.strip()]
    best = next((part for part in parts if _POSTCODE.search(part)), parts[0] if parts else typed)
    return " ".join(_POSTCODE.sub(" ", best).split()) or typed


def _by_town(
    row: int, typed: str, state: str, told: str, notes: list[Note], *, is_online: bool
) -> Where | Refused:
    """No usable coordinates: the town's own, if it is known."""
    found = _towns(typed, state, told) if typed else ()
    if not found or not (told or state or found[0].population >= _KNOWN_BY_NAME):
        return Refused.NO_PLACE  # a name alone: somewhere there is a town of every name
    town = found[0]
    notes.append(Note(row, Mended.POINT_FILLED, "", f"{town.lat}, {town.lon}"))
    if not told:
        notes.append(Note(row, Mended.COUNTRY_FILLED, "", town.country))
    tidy, rest = _tidied(row, typed, town, notes)
    return Where(
        tidy,
        told or town.country,
        town.lat,
        town.lon,
        is_online=is_online,
        rest=rest,
        has_own_point=False,
    )
