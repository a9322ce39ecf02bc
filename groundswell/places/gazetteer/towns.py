"""Towns, what to call them, and which of them is nearest."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError

from groundswell.places.gazetteer import building, names
from groundswell.places.gazetteer.building import (
    CELLS_AROUND,
    connection,
)
from groundswell.places.geometry import (
    KM_PER_DEGREE,
    Box,
    boxes_around,
    check_point,
    distance_km,
)

CREDIT = "Places: GeoNames, CC BY 4.0"
CREDIT_URL = "https://www.geonames.org/"


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the gazetteer. ``id`` is GeoNames'; it stays the same over upgrades."""

    id: int
    name: str
    admin: str  # the region or county people there would name; "" where there is none
    country: str  # ISO 3166-1 alpha-2
    lat: float
    lon: float
    population: int
    zone: str  # IANA
    region: str = ""  # the first division
    district: str = ""  # a smaller unit, to tell two towns of one region apart


COLUMNS = (
    "town.id, town.name, area.region, area.district, area.country, town.lat, town.lon,"
    " town.population, zone.name"
)
JOINS = "JOIN area ON area.id = town.area JOIN zone ON zone.id = town.zone"
_DISTRICT_FIRST = frozenset({"GB", "IE"})  # there people name the county, not the nation

Row = tuple[int, str, str, str, str, float, float, int, str]


def from_row(row: Row) -> Town:
    """A town from the columns of ``COLUMNS``."""
    number, name, region, district, country, lat, lon, people, zone = row
    admin = region
    if country in _DISTRICT_FIRST and district and district != name:
        admin = district
    return Town(number, name, admin, country, lat, lon, people, zone, region, district)


def town(number: int) -> Town | None:
    """The town with this GeoNames id, or None when this gazetteer does not hold it."""
    if not -(2**63) <= number < 2**63:
        return None
    row = (
        connection()
        .execute(f"SELECT {COLUMNS} FROM town {JOINS} WHERE town.id = ?", (number,))
        .fetchone()
    )
    return from_row(row) if row else None


# ---- what to call it


@cache
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language.replace("-", "_")).territories)
    except (UnknownLocaleError, ValueError):
        return dict(Locale("en").territories)


def country_name(code: str, language: str | None = None) -> str:
    """A country's name in a language (CLDR), in English for unknown languages; the code at last."""
    return _territories(language or "en").get(code.upper()) or code


@lru_cache(maxsize=4096)
def _local_name(number: int, script: str) -> str:
    row = (
        connection()
        .execute(
            "SELECT name FROM local_name WHERE town = ? AND script = ?",
            (number, script),
        )
        .fetchone()
    )
    return row[0] if row else ""


def name(found: Town, language: str | None = None) -> str:
    """The town's name in the script of a language, or its main name."""
    short = (language or "en").split("-")[0].split("_")[0]
    script = names.SCRIPT_OF_LANGUAGE.get(short)
    if script is None:
        return found.name
    if script == "Kana" and found.country in {"JP", "CN", "TW", "HK"}:
        script = "Hani"
    return _local_name(found.id, script) or found.name


def label(found: Town, language: str | None = None, *, with_country: bool = False) -> str:
    """The town and where it is: "Hexham, Northumberland", "القاهرة، مصر"."""
    shown = name(found, language)
    country = country_name(found.country, language)
    if shown != found.name:  # the regions' names are Latin: the country says more
        comma = "، " if names.script(shown) == "Arab" else ", "
        return f"{shown}{comma}{country}"
    parts = [shown]
    if found.admin and names.key(found.admin) != names.key(shown):
        parts.append(found.admin)
    if with_country or len(parts) == 1:
        parts.append(country)
    return ", ".join(
        part for part, before in zip(parts, [None, *parts], strict=False) if part != before
    )


def labels(found: Iterable[Town], language: str | None = None) -> list[str]:
    """One label per town that tells it from the others of a list of choices."""
    listed = list(found)
    abroad = len({one.country for one in listed}) > 1
    said = [label(one, language, with_country=abroad) for one in listed]
    return [
        f"{text} ({one.district})" if one.district and said.count(text) > 1 else text
        for one, text in zip(listed, said, strict=True)
    ]


# ---- nearness

_FIRST_REACH_KM = 8.0
_REACH_FACTOR = 2


def nearest_town(lat: float, lon: float) -> tuple[Town, float]:
    """The nearest town and its distance in km. Raises NotOnTheEarth."""
    number, km = nearest(lat, lon)
    found = town(number)
    assert found is not None  # the id came from the same file
    return found, km


def nearest(lat: float, lon: float) -> tuple[int, float]:
    """The id of the nearest town and its distance in km. Raises NotOnTheEarth."""
    check_point(lat, lon)
    source, reach = connection(), _FIRST_REACH_KM
    while True:
        best = min(
            (
                (distance_km(lat, lon, there_lat, there_lon), number)
                for there_lat, there_lon, number in _within(source, boxes_around(lat, lon, reach))
            ),
            default=None,
        )
        # A town in a corner of the box may be farther than one just outside it.
        if best is not None and best[0] <= reach:
            return best[1], best[0]
        reach = min(reach * _REACH_FACTOR, 25_000)


def _within(source: sqlite3.Connection, boxes: Iterable[Box]) -> Iterator[tuple[float, float, int]]:
    for box in boxes:
        low, high = (
            building.cell_of(box.south, box.west),
            building.cell_of(box.north, box.east),
        )
        first_column, last_column = low % CELLS_AROUND, high % CELLS_AROUND
        for row in range(low // CELLS_AROUND, high // CELLS_AROUND + 1):
            yield from source.execute(
                "SELECT lat, lon, town FROM near WHERE cell BETWEEN ? AND ?"
                " AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
                (
                    row * CELLS_AROUND + first_column,
                    row * CELLS_AROUND + last_column,
                    box.south,
                    box.north,
                    box.west,
                    box.east,
                ),
            )


def largest_within(
    south: float, west: float, north: float, east: float, *, limit: int
) -> list[Town]:
    """The towns of a window with the most people, the largest first. ``east`` may pass 180."""
    rows: list[Row] = []
    for turn in (-360, 0, 360):
        rows += connection().execute(
            f"SELECT {COLUMNS} FROM town {JOINS} WHERE town.lat BETWEEN ? AND ?"
            " AND town.lon BETWEEN ? AND ? ORDER BY town.population DESC, town.id LIMIT ?",
            (south, north, west + turn, east + turn, limit),
        )
    return sorted(map(from_row, rows), key=lambda one: (-one.population, one.id))[:limit]


def zone_at(lat: float, lon: float) -> str:
    """The IANA zone at a point: that of the nearest town. Raises NotOnTheEarth."""
    return nearest_town(lat, lon)[0].zone


def country_at(lat: float, lon: float) -> str:
    """The country at a point: that of the nearest town. Raises NotOnTheEarth."""
    return nearest_town(lat, lon)[0].country


# ---- land and sea

_LAND_CELLS_PER_DEGREE = 20
_OFFSHORE_KM = 12.0
_CELL_KM = KM_PER_DEGREE / _LAND_CELLS_PER_DEGREE


def is_at_sea(lat: float, lon: float) -> bool:
    """True for a point on open water: no land and no town within about 12 km.

    Generous on purpose: a pin in the ocean is caught, while piers, beaches and islands too small
    for the map pass. Large lakes count as land, except the Caspian. Source of the land: Natural
    Earth 1:10m. Raises NotOnTheEarth.
    """
    check_point(lat, lon)
    if _has_land(lat, lon):
        return False
    return all(
        distance_km(lat, lon, there_lat, there_lon) > _OFFSHORE_KM
        for there_lat, there_lon, _number in _within(
            connection(), boxes_around(lat, lon, _OFFSHORE_KM)
        )
    )


def _has_land(lat: float, lon: float) -> bool:
    """True when any of the map's cells around the point holds land."""
    reach = math.ceil(_OFFSHORE_KM / _CELL_KM) - 1
    across = min(math.ceil(reach / max(0.01, math.cos(math.radians(lat)))), 40)
    row = min(int((90 - lat) * _LAND_CELLS_PER_DEGREE), building.LAND_ROWS - 1)
    column = int((lon + 180) * _LAND_CELLS_PER_DEGREE)
    rows = connection().execute(
        "SELECT cells FROM land WHERE row BETWEEN ? AND ?", (row - reach, row + reach)
    )
    width = building.LAND_ROW_BYTES * 8
    columns = [near % width for near in range(column - across, column + across + 1)]
    return any(cells[near // 8] >> (7 - near % 8) & 1 for (cells,) in rows for near in columns)


# ---- countries


@dataclass(frozen=True, slots=True)
class Country:
    """What the towns of a country tell about it."""

    code: str
    box: Box  # around its towns; −180 … 180 wide where they lie on both sides of the antimeridian
    zones: tuple[str, ...]  # the one most people live in first


def country(code: str) -> Country | None:
    """The country with an ISO 3166-1 alpha-2 code, or None for codes without towns."""
    row = (
        connection()
        .execute(
            "SELECT code, south, west, north, east, zones FROM country WHERE code = ?",
            (code.upper(),),
        )
        .fetchone()
    )
    return Country(row[0], Box(*row[1:5]), tuple(row[5].split(" "))) if row else None
