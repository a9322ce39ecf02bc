"""Towns as people type them, what they are called, and which is nearest."""

from __future__ import annotations

import csv
import dataclasses
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groundswell.places import gazetteer, zones
from groundswell.places.gazetteer import building, towns
from groundswell.places.geometry import NotOnTheEarth, distance_km

# what is typed, the label of the first town that it names
NAMED = [
    ("Leeds", "Leeds, England"),
    ("leeds, uk", "Leeds, England"),
    ("LEEDS", "Leeds, England"),
    ("Leeds, GB", "Leeds, England"),
    ("Leeds, Great Britain", "Leeds, England"),
    ("Leeds, Alabama", "Leeds, Alabama"),
    ("Leeds LS6", "Leeds, England"),
    ("Leeds LS6 2AB", "Leeds, England"),
    ("75011 Paris", "Paris, Île-de-France"),
    ("Hexham", "Hexham, Northumberland"),
    ("Hexham, Northumberland", "Hexham, Northumberland"),
    ("Hexham Northumberland UK", "Hexham, Northumberland"),
    ("Newcastle Northumberland", "Newcastle upon Tyne, England"),
    ("Newcastle, Australia", "Newcastle, New South Wales"),
    ("Paris France", "Paris, Île-de-France"),
    ("Paris, Texas", "Paris, Texas"),
    ("London, Ontario", "London, Ontario"),
    ("London Ontario Canada", "London, Ontario"),
    ("Rome, Georgia", "Rome, Georgia"),
    ("Tbilisi, Georgia", "Tbilisi, Georgia"),
    ("Portland, OR", "Portland, Oregon"),
    ("Moscow, ID", "Moscow, Idaho"),
    ("Bloomington, IN", "Bloomington, Indiana"),
    ("Peru, Indiana", "Peru, Indiana"),
    ("Washington DC", "Washington, D.C."),
    ("NYC", "New York City, New York"),
    ("Newyork", "New York City, New York"),
    ("Salamanca, Spain", "Salamanca, Castile and León"),
    ("Hyde Park, Leeds", "Leeds, England"),
    ("Town Hall Square, Leeds", "Leeds, England"),
    ("Rue Samaritaine 14, 6061 Charleroi, Belgium", "Charleroi, Wallonia"),
    ("Kreuzberg, Berlin", "Kreuzberg, Berlin"),
    ("Halle (Saale)", "Halle (Saale), Saxony-Anhalt"),
    ("St. Étienne", "Saint-Étienne, Auvergne-Rhône-Alpes"),
    ("Saint Etienne", "Saint-Étienne, Auvergne-Rhône-Alpes"),
    ("köln", "Köln, North Rhine-Westphalia"),
    ("Koeln", "Köln, North Rhine-Westphalia"),
    ("Cologne", "Köln, North Rhine-Westphalia"),
    ("koln, deutschland", "Köln, North Rhine-Westphalia"),
    ("Den Haag", "The Hague, South Holland"),
    ("s Hertogenbosch", "'s-Hertogenbosch, North Brabant"),
    ("ISTANBUL", "Istanbul"),
    ("İstanbul", "Istanbul"),
    ("Lodz", "Łódź"),
    ("القاهرة", "Cairo"),
    ("القاهره", "Cairo"),
    ("قاهرة", "Cairo"),
    ("القاهرة، مصر", "Cairo"),
    ("الْقَاهِرَة", "Cairo"),
    ("تهران", "Tehran, Iran"),
    ("كراچی", "Karachi, Sindh"),
    ("Москва", "Moscow"),
    ("москва, Россия", "Moscow"),
    ("Київ", "Kyiv"),
    ("Αθήνα", "Athens, Attica"),
    ("תל אביב", "Tel Aviv"),
    ("दिल्ली", "Delhi"),
    ("ঢাকা", "Dhaka"),
    ("東京", "Tokyo"),
    ("東京都渋谷区", "Tokyo"),
    ("大阪市", "Osaka"),
    ("北京市", "Beijing"),
    ("서울", "Seoul"),
    ("กรุงเทพมหานคร", "Bangkok"),
    ("თბილისი", "Tbilisi"),
    ("አዲስ አበባ", "Addis Ababa"),
    ("\u202eLeeds\u202c", "Leeds, England"),
    ("L\x00eeds", "Leeds, England"),
    ("Leeds 😀", "Leeds, England"),
]
# what is typed, a town that must be among the suggestions
MEANT = [
    ("Hexam", "Hexham"),
    ("Hexhm", "Hexham"),
    ("Exham", "Hexham"),
    ("Hexahm", "Hexham"),
    ("Lodnon, UK", "London"),
    ("Mnuich", "Munich"),
    ("Bimringham", "Birmingham"),
    ("Tornto", "Toronto"),
    ("Wein", "Vienna"),
    ("Frankf", "Frankfurt am Main"),
    ("Clumbia, MO", "Columbia"),
    ("Монсква", "Moscow"),
    ("القاهرو", "Cairo"),
    ("Germany", "Berlin"),
    ("Deutschland", "Berlin"),
    ("مصر", "Cairo"),
    ("Bavaria", "Munich"),
    ("Alabama, USA", "Huntsville"),
    ("Taiwan 950", "Taipei"),
    ("asdf Leeds", "Leeds"),
]


def labelled(search: gazetteer.PlaceSearch) -> list[str]:
    return [gazetteer.label(town) for town in search.exact]


@pytest.mark.parametrize(("typed", "label"), NAMED)
def test_a_town_is_found_as_people_type_it(typed, label):
    first = labelled(gazetteer.find(typed))[0]
    assert first == label or first.split(", ")[0] == label


@pytest.mark.parametrize(("typed", "name"), MEANT)
def test_a_misspelt_or_wider_name_brings_suggestions(typed, name):
    found = gazetteer.find(typed)
    assert [town.name for town in found.suggestions].count(name) >= 1
    assert name not in [town.name for town in found.exact]


@pytest.mark.parametrize("typed", ["", "   ", "xyzzyqwert", "😀😀", "\x00", "—", "0", "()"])
def test_nothing_is_found_for_nothing(typed):
    found = gazetteer.find(typed)
    assert (found.exact, found.suggestions, found.postcode) == ([], [], None)


def test_preferred_countries_come_first():
    assert labelled(gazetteer.find("Newcastle"))[0] == "Newcastle, New South Wales"
    assert labelled(gazetteer.find("Newcastle", countries=["gb"]))[0] == (
        "Newcastle upon Tyne, England"
    )
    assert labelled(gazetteer.find("Leeds", countries=["US"]))[0] == "Leeds, Alabama"
    # Preferred, not demanded.
    assert labelled(gazetteer.find("Paris, France", countries=["US"]))[0] == "Paris, Île-de-France"


def test_the_language_decides_between_towns_of_like_size():
    firsts = [gazetteer.find("Cambridge", language=spoken).exact[0] for spoken in ("en", "fr")]
    assert [town.country for town in firsts] == ["GB", "CA"]


def test_a_country_is_told_apart_from_a_town():
    assert gazetteer.find("Germany").country == "DE"
    assert gazetteer.find("Leeds").country == ""
    # "Lebanon" is a country, unless the campaign is in the United States.
    assert gazetteer.find("Lebanon").country == "LB"
    assert labelled(gazetteer.find("Lebanon", countries=["US"]))[0].startswith("Lebanon, ")


def test_postcodes_are_recognised():
    alone = gazetteer.find("LS6 2AB")
    assert (alone.looks_like_postcode, alone.postcode_text, alone.exact) == (True, "LS62AB", [])
    beside = gazetteer.find("Leeds LS6 2AB")
    assert (beside.looks_like_postcode, beside.postcode_text) == (False, "LS62AB")


def test_the_limit_is_kept():
    assert len(gazetteer.find("Springfield", limit=3).exact) == 3
    assert len(gazetteer.find("Germany", limit=2).suggestions) == 2


LONG = [
    "a " * 2500,
    "\x00" * 5000,
    "😀" * 5000,
    "\u202e" * 5000 + "Leeds",
    "san " * 1250,
    "santa maria, " * 400,
    "9" * 5000,
    "北京" * 2500,
    "\ud800" * 5000,
    "san jose san juan santa cruz san antonio la paz santa rosa san pedro victoria",
    "San Antonio, Santa Cruz, San José, San Pedro, Victoria, Santiago",
    "USA, US, CA, UK, AU, IN",
    "z" * 30,
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
]
pieces = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["San José", "Leeds", "UK", "LS6", ",", " ", "القاهرة", "東京", "\x00", "1", "/"]
    ),
)


@given(
    st.lists(pieces, max_size=12).map("".join),
    st.lists(st.sampled_from(["GB", "us", "", "ZZ", "\x00"]), max_size=3),
    st.one_of(st.none(), st.sampled_from(["en", "ar", "pt-br", "xx", ""])),
)
@example("\ud800", [], None)
def test_no_text_makes_it_raise(text, countries, language):
    found = gazetteer.find(text, countries=countries, language=language)
    gazetteer.labels([*found.exact, *found.suggestions], language)
    assert len(found.exact) <= 8
    assert len(found.suggestions) <= 8


@pytest.mark.parametrize("text", LONG)
def test_work_is_bounded_for_any_length(text):
    """Bounded in rows looked up, which does not depend on how busy this machine is."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    source = building.connection()
    source.set_progress_handler(count, 1000)
    try:
        gazetteer.find(text)
    finally:
        source.set_progress_handler(None, 0)
    assert steps <= 400  # thousand instructions of SQLite


# ---- names


def test_a_town_is_shown_in_the_script_of_the_language():
    cairo, tokyo, moscow = (gazetteer.town(number) for number in (360630, 1850147, 524901))
    assert [gazetteer.label(cairo, language) for language in (None, "ar", "fr", "xx")] == [
        "Cairo, Egypt",
        "القاهرة، مصر",
        "Cairo, Égypte",
        "Cairo, Egypt",
    ]
    assert gazetteer.label(tokyo, "ja") == "東京, 日本"
    assert gazetteer.name(moscow, "ru") == "Москва"
    assert gazetteer.name(moscow, "en-gb") == "Moscow"


def test_labels_tell_towns_of_one_name_apart():
    found = gazetteer.find("Newcastle").exact
    said = gazetteer.labels(found)
    assert said[:3] == [
        "Newcastle, New South Wales, Australia",
        "Newcastle, KwaZulu-Natal, South Africa",
        "Newcastle upon Tyne, England, United Kingdom",
    ]
    twins = [town for town in found[:1] for _ in range(2)]
    twins[1] = dataclasses.replace(twins[1], district="Elsewhere")
    twins[0] = dataclasses.replace(twins[0], district="Here")
    assert gazetteer.labels(twins) == [
        "Newcastle, New South Wales (Here)",
        "Newcastle, New South Wales (Elsewhere)",
    ]
    assert gazetteer.labels(gazetteer.find("Leeds, UK").exact[:1]) == ["Leeds, England"]
    assert gazetteer.labels([]) == []


def test_country_names_in_languages():
    said = [gazetteer.country_name("GB", language) for language in ("en", "fr", "ar", "pt-br", "?")]
    assert said == [
        "United Kingdom",
        "Royaume-Uni",
        "المملكة المتحدة",
        "Reino Unido",
        "United Kingdom",
    ]
    assert gazetteer.country_name("ZZZ") == "ZZZ"


def test_a_town_by_its_number():
    hexham = gazetteer.town(2647007)
    assert hexham is not None
    assert (hexham.name, hexham.admin, hexham.country, hexham.zone, hexham.population) == (
        "Hexham",
        "Northumberland",
        "GB",
        "Europe/London",
        11388,
    )
    assert [gazetteer.town(number) for number in (0, -1, 2**63, -(2**70))] == [None] * 4


def test_what_is_known_about_a_country():
    spain = gazetteer.country("es")
    assert spain is not None
    assert spain.zones == ("Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta")
    assert spain.box.holds(40.4, -3.7)
    assert gazetteer.country("XX") is None


# ---- nearness


def all_points() -> list[tuple[int, float, float]]:
    return building.connection().execute("SELECT id, lat, lon FROM town").fetchall()


def test_the_nearest_town_is_what_comparing_with_all_towns_finds():
    everywhere = all_points()
    chosen = random.Random(7)
    points = [(chosen.uniform(-90, 90), chosen.uniform(-180, 180)) for _ in range(5)]
    points += [(lat, max(-180.0, lon - 0.03)) for _id, lat, lon in chosen.sample(everywhere, 5)]
    points += [(90, 0), (-90, 180), (0, 180), (0, -180), (-16.9, 179.99), (-16.9, -179.99)]
    for lat, lon in points:
        town, km = gazetteer.nearest_town(lat, lon)
        least = min(distance_km(lat, lon, there[1], there[2]) for there in everywhere)
        assert km == least
        assert distance_km(lat, lon, town.lat, town.lon) == km


@pytest.mark.parametrize(
    ("lat", "lon", "zone", "country"),
    [
        (53.8, -1.55, "Europe/London", "GB"),
        (27.7, 85.32, "Asia/Kathmandu", "NP"),
        (-31.55, 159.08, "Australia/Lord_Howe", "AU"),
        (-31.7, 128.88, "Australia/Eucla", "AU"),
        (42.5, 1.52, "Europe/Andorra", "AD"),
        (47.73, 10.31, "Europe/Berlin", "DE"),
    ],
)
def test_the_zone_and_country_at_a_point(lat, lon, zone, country):
    assert (gazetteer.zone_at(lat, lon), gazetteer.country_at(lat, lon)) == (zone, country)


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_points_off_the_earth_are_refused(lat, lon):
    for ask in (gazetteer.nearest_town, gazetteer.zone_at, gazetteer.is_at_sea):
        with pytest.raises(NotOnTheEarth):
            ask(lat, lon)


# ---- land and sea


def test_no_town_lies_in_the_sea():
    assert [town for town in all_points() if gazetteer.is_at_sea(town[1], town[2])] == []


def test_the_land_alone_would_drown_only_islets():
    """Control: the map does hold the land, and without its coast rule some towns would drown."""
    points = all_points()
    dry = sum(towns._has_land(lat, lon) for _id, lat, lon in points)
    assert len(points) - 200 < dry < len(points)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (0, 0),
        (40, -30),
        (-40, -120),
        (55.5, 3),
        (35, 18),
        (13, 88),
        (80, 180),
        (15, -180),
        (0, 180),
    ],
)
def test_open_water_is_the_sea(lat, lon):
    assert gazetteer.is_at_sea(lat, lon)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (53.8, -1.5),  # Leeds
        (50.821, -0.145),  # the pier of Brighton
        (56.894, -6.153),  # Eigg, an island that the map leaves out
        (-16.9, 179.98),  # Fiji, beside the antimeridian
        (0.3, 32.6),  # Kampala
        (-90, 0),  # the South Pole stands on land
        (52.3, 5.3),  # beside the IJsselmeer
    ],
)
def test_land_and_its_edge_are_not_the_sea(lat, lon):
    assert not gazetteer.is_at_sea(lat, lon)


# ---- real days of action


def resolved(rows: list[tuple[str, str, str, str]]) -> tuple[float, float]:
    """Shares of distinct (town, country): named exactly; of these, within 25 km of its point."""
    points: dict[str, list[tuple[float, float]]] = {}
    for town, country, lat, lon in rows:
        if town.strip() and lat and lon:
            points.setdefault(f"{town}, {country}", []).append((float(lat), float(lon)))
    exact = near = 0
    for typed, there in points.items():
        found = gazetteer.find(typed).exact
        if found:
            exact += 1
            first = found[0]
            near += min(distance_km(first.lat, first.lon, *point) for point in there) <= 25
    return exact / len(points), near / exact


FILES = [
    ("fridays_for_future_event_map_2019-06-24.csv", ("town", "", "country"), 0.92, 0.985, 0.998),
    ("womens_march_2017_world.csv", ("city", "state", "country"), 0.86, 0.985, 0.995),
]


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.parametrize(("file", "columns", "exact", "near", "same_zone"), FILES)
def test_the_towns_of_a_real_day_of_action(real_data: Path, file, columns, exact, near, same_zone):
    path = real_data / "actions" / file
    with path.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    town, state, country = columns
    rows = [
        (
            row[town] + (f", {row[state]}" if state and row[state] else ""),
            row[country],
            row["lat"],
            row["lon"],
        )
        for row in table
    ]
    named, placed = resolved(rows)
    assert named >= exact
    assert placed >= near
    timed = [row for row in table if row["lat"] and zones.is_known(row["tz_derived"])]
    agreed = sum(
        gazetteer.zone_at(float(row["lat"]), float(row["lon"])) == row["tz_derived"]
        for row in timed
    )
    assert agreed / len(timed) >= same_zone - 0.003
