"""The gazetteer's own database: built once from the packed data, then only read.

It is not part of the main database: it holds nothing about anybody, works the same beside SQLite
and PostgreSQL, and is thrown away and built anew when its data or its code change.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import lzma
import os
import sqlite3
import threading
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings

from groundswell.places.gazetteer import names

_HERE = Path(__file__).parent
_DATA = ("towns.xz", "land.xz")
_CODE = ("building.py", "names.py")
LAND_ROWS = 3600  # 0.05 degrees each, from the north pole
LAND_ROW_BYTES = 900

_SCHEMA = """
CREATE TABLE zone (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE area (
    id INTEGER PRIMARY KEY, country TEXT NOT NULL, region TEXT NOT NULL, district TEXT NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL
);
CREATE TABLE area_name (key TEXT NOT NULL, area INTEGER NOT NULL, PRIMARY KEY (key, area))
    WITHOUT ROWID;
CREATE TABLE country (
    code TEXT PRIMARY KEY, south REAL, west REAL, north REAL, east REAL, zones TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE related (country TEXT, territory TEXT, PRIMARY KEY (country, territory)) WITHOUT ROWID;
CREATE TABLE town (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, area INTEGER NOT NULL, lat REAL NOT NULL,
    lon REAL NOT NULL, population INTEGER NOT NULL, zone INTEGER NOT NULL
);
CREATE TABLE name (key TEXT NOT NULL, rank INTEGER NOT NULL, town INTEGER NOT NULL,
    PRIMARY KEY (key, rank, town)) WITHOUT ROWID;
CREATE TABLE local_name (town INTEGER, script TEXT, name TEXT NOT NULL,
    PRIMARY KEY (town, script)) WITHOUT ROWID;
CREATE TABLE ending (letters TEXT, size INTEGER, key TEXT, PRIMARY KEY (letters, size, key))
    WITHOUT ROWID;
CREATE TABLE near (cell INTEGER, lat REAL, lon REAL, town INTEGER,
    PRIMARY KEY (cell, lat, lon, town)) WITHOUT ROWID;
CREATE TABLE land (row INTEGER PRIMARY KEY, cells BLOB NOT NULL);
"""
# Misspellings in the first half of a name are found by its last letters (in the second half by its
# first ones, for which the table of names is enough). Small places are left to exact spelling.
ENDING_LETTERS = 3
SHORTEST_SPELLING, LONGEST_SPELLING = 4, 30
_SMALLEST_ENDING_RANK = -3000
# Towns lie in cells of a quarter of a degree, numbered eastward from the south-west corner.
CELLS_PER_DEGREE = 4
CELLS_AROUND = 360 * CELLS_PER_DEGREE
# A name that is not the main one counts as if a tenth of the people lived there: "Cologne" still
# leads to Köln, and "Paris" never to a village that was once called so.
_OTHER_NAME_SHARE = 10
# Among places of one name a city goes before another city's quarter: Salamanca is not in Madrid.
_QUARTER_SHARE = 3


@cache
def stamp() -> str:
    """Twelve letters that change with the data and with the code that folds and lays them out."""
    digest = hashlib.sha256()
    for name in (*_DATA, *_CODE):
        digest.update((_HERE / name).read_bytes())
    return digest.hexdigest()[:12]


def default_path() -> Path:
    """Where this installation keeps its gazetteer."""
    return Path(settings.GROUNDSWELL_DATA_DIR) / "cache" / f"towns-{stamp()}.sqlite"


def ensure_built(path: Path | None = None) -> Path:
    """Build the gazetteer at ``path`` unless it is there; returns the path.

    Any number of processes may call this at once: one builds, the others wait for it, and a
    killed one leaves nothing that anybody would read. Older gazetteers beside it are removed.
    """
    path = path or default_path()
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "towns.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            _build(unfinished)
            unfinished.replace(path)
            for other in path.parent.glob("towns-*.sqlite"):
                if other != path:
                    other.unlink(missing_ok=True)
    return path


_open = threading.local()


def connection() -> sqlite3.Connection:
    """This thread's read-only connection to the installation's gazetteer."""
    key = (os.getpid(), str(settings.GROUNDSWELL_DATA_DIR))
    if getattr(_open, "key", None) != key:
        path = ensure_built()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        found = sqlite3.connect(uri, uri=True)
        found.execute("PRAGMA mmap_size = 134217728")  # one copy in memory for all processes
        found.execute("PRAGMA cache_size = -4096")
        _open.connection, _open.key = found, key
    held: sqlite3.Connection = _open.connection
    return held


def packed() -> dict[str, Any]:
    """The shipped data, as tools/build_gazetteer.py laid them out."""
    document: dict[str, Any] = json.loads(lzma.decompress((_HERE / "towns.xz").read_bytes()))
    return document


def _build(path: Path) -> None:
    document: dict[str, Any] = json.loads(lzma.decompress((_HERE / "towns.xz").read_bytes()))
    target = sqlite3.connect(path, isolation_level=None)
    try:
        # Nobody reads the file before it is complete, synced and renamed.
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA cache_size = -131072")
        target.executescript(_SCHEMA)
        target.execute("BEGIN")
        _fill_towns(target, document)
        _fill_names(target, document)
        _fill_areas(target, document)
        _fill_land(target)
        target.execute("COMMIT")
    finally:
        target.close()
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _fill_towns(target: sqlite3.Connection, document: dict[str, Any]) -> None:
    towns = document["towns"]
    towns["area"] = list(accumulate(towns["area"]))
    towns["part"] = list(accumulate(towns["part"]))
    towns["lat"] = [value / 10_000 for value in towns["lat"]]
    towns["lon"] = [value / 10_000 for value in towns["lon"]]
    columns = ("id", "name", "area", "lat", "lon", "population", "zone")
    rows = sorted(zip(*(towns[column] for column in columns), strict=True))
    target.executemany("INSERT INTO town VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    target.execute("CREATE INDEX town_area ON town (area, population)")
    target.executemany("INSERT INTO zone VALUES (?, ?)", enumerate(document["zones"]))
    target.executemany(
        "INSERT INTO near VALUES (?, ?, ?, ?)",
        sorted((cell_of(row[3], row[4]), row[3], row[4], row[0]) for row in rows),
    )


def cell_of(lat: float, lon: float) -> int:
    """The number of the cell that a point lies in."""
    row = int((lat + 90) * CELLS_PER_DEGREE)
    column = min(int((lon + 180) * CELLS_PER_DEGREE), CELLS_AROUND - 1)
    return row * CELLS_AROUND + column


def _fill_names(target: sqlite3.Connection, document: dict[str, Any]) -> None:
    towns = document["towns"]
    rows: list[tuple[str, int, int]] = []
    local: list[tuple[int, str, str]] = []
    columns = ("id", "name", "keys", "shown", "population", "part")
    for town, name, keys, shown, people, is_part in zip(
        *(towns[column] for column in columns), strict=True
    ):
        counted = people // (_QUARTER_SHARE if is_part else 1)
        rows += [(key, -counted, town) for key in names.keys(name)]
        if keys:
            rank = -(counted // _OTHER_NAME_SHARE)
            rows += [(key, rank, town) for key in keys.split(" ")]
        if shown:
            local += [(town, names.script(other), other) for other in shown.split("|")]
    rows.sort(key=itemgetter(0))  # in the table's order, so that SQLite only appends
    local.sort()
    target.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", rows)
    target.executemany("INSERT INTO local_name VALUES (?, ?, ?)", local)
    target.execute(
        f"INSERT INTO ending SELECT substr(key, -{ENDING_LETTERS}) AS l, length(key) AS s, key"
        f" FROM name WHERE rank <= {_SMALLEST_ENDING_RANK}"
        f" AND length(key) BETWEEN {SHORTEST_SPELLING} AND {LONGEST_SPELLING}"
        " GROUP BY key ORDER BY l, s, key"
    )


def _fill_areas(target: sqlite3.Connection, document: dict[str, Any]) -> None:
    """Countries, regions and districts with their middle, their people and their names."""
    leaves: list[tuple[str, str, str]] = [tuple(area) for area in document["areas"]]
    places = dict.fromkeys(leaves)
    wider = [(c, r, "") for c, r, _d in leaves if r] + [(c, "", "") for c, _r, _d in leaves]
    places |= dict.fromkeys(wider)
    area_ids = {place: number for number, place in enumerate(places)}
    sums = {place: [0.0, 0.0, 0.0, 0.0] for place in places}
    towns = document["towns"]
    for area, lat, lon, people in zip(
        towns["area"], towns["lat"], towns["lon"], towns["population"], strict=True
    ):
        country, region, _district = leaf = leaves[area]
        for place in {leaf, (country, region, ""), (country, "", "")}:
            total, weight = sums[place], people + 1
            total[0] += weight
            total[1] += weight * lat
            total[2] += weight * lon
            total[3] += people
    target.executemany(
        "INSERT INTO area VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (area_ids[p], *p, s[1] / (s[0] or 1), s[2] / (s[0] or 1), int(s[3]))
            for p, s in sums.items()
        ],
    )
    target.executemany(
        "INSERT OR IGNORE INTO area_name VALUES (?, ?)", _area_names(area_ids, document)
    )
    target.executemany(
        "INSERT INTO related VALUES (?, ?)",
        [(country, other) for country, found in document["related"].items() for other in found],
    )
    target.execute(
        "INSERT INTO country SELECT code, min(south), min(west), max(north), max(east),"
        " group_concat(zone, ' ') FROM (SELECT area.country AS code, zone.name AS zone,"
        "   min(town.lat) AS south, min(town.lon) AS west, max(town.lat) AS north,"
        "   max(town.lon) AS east FROM town JOIN area ON area.id = town.area"
        "   JOIN zone ON zone.id = town.zone"
        "   GROUP BY 1, 2 ORDER BY 1, sum(town.population) DESC) GROUP BY code"
    )


# Words that official names of regions carry and people leave out.
_OFFICIAL = {
    "province", "state", "county", "region", "oblast", "district", "governorate", "voivodeship",
    "prefecture", "department", "canton", "of", "the", "al", "republic", "krai", "city", "wilaya",
    "de", "greater",
}  # fmt: skip


def _area_names(
    area_ids: dict[tuple[str, str, str], int], document: dict[str, Any]
) -> Iterator[tuple[str, int]]:
    for place, number in area_ids.items():
        country, region, district = place
        own = district or region
        if not own:
            yield country.lower(), number
            for name in document["countries"].get(country, []):
                for key in names.keys(name):
                    yield key, number
            continue
        for key in names.keys(own):
            yield key, number
        short = "".join(word for word in names.words(own) if word not in _OFFICIAL)
        if len(short) > 2:
            yield short, number
    for country, region, shorts in document["regions"]:
        found = area_ids.get((country, region, ""))
        if found is not None:
            for short in shorts:
                yield names.key(short), found


def _fill_land(target: sqlite3.Connection) -> None:
    cells = lzma.decompress((_HERE / "land.xz").read_bytes())
    target.executemany(
        "INSERT INTO land VALUES (?, ?)",
        [
            (row, cells[row * LAND_ROW_BYTES : (row + 1) * LAND_ROW_BYTES])
            for row in range(LAND_ROWS)
        ],
    )
