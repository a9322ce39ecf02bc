"""Shapes of postcodes, loading a country's table, and finding a place by its code."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel import actor
from groundswell.ledger.models import Entry
from groundswell.places import operations, postcodes, queries
from groundswell.places.gazetteer import PostcodeMatch
from groundswell.places.models import Postcode, PostcodeTable
from groundswell.places.postcode_files import (
    FAULT_SENTENCES,
    CannotReadTheFile,
    Fault,
    NotAPostcodeTable,
)


def line(country: str, code: str, name: str, lat: object, lon: object) -> str:
    return f"{country}\t{code}\t{name}\tEngland\tENG\t\t\t\t\t{lat}\t{lon}\t4\n"


LEEDS = [
    line("GB", "LS1", "Leeds", 53.7958, -1.5469),
    line("GB", "LS6", "Headingley", 53.8200, -1.5800),
    line("GB", "LS6", "Hyde Park", 53.8120, -1.5640),
    line("GB", "LS6", "Woodhouse", 53.8100, -1.5550),
    line("GB", "NE46", "Hexham", 54.9710, -2.1010),
]


@pytest.fixture
def leeds(tmp_path: Path) -> Path:
    path = tmp_path / "GB.txt"
    path.write_text("".join(LEEDS), encoding="utf-8")
    return path


def load(path: Path, country: str = "GB", **options):
    return operations.import_postcodes(path, country=country, by=actor.SYSTEM, **options)


def held() -> list[tuple[str, str, float, float]]:
    return list(Postcode.objects.order_by("code", "name").values_list("code", "name", "lat", "lon"))


# ---- shapes


@pytest.mark.parametrize(
    ("text", "countries", "is_one"),
    [
        ("LS6 2AB", (), True),
        ("ls6", (), True),
        ("sw1a1aa", (), True),
        ("10115", (), True),
        ("٧٥٠١١", (), True),
        ("01000-000", (), True),
        ("K1A 0B1", (), True),
        ("1012 AB", (), True),
        ("D02 X285", (), True),
        ("12", (), False),
        ("101", (), False),
        ("101", ("IS",), True),
        ("AD500", ("AD",), True),
        ("Leeds", (), False),
        ("Leeds LS6", (), False),
        ("", (), False),
        ("½½½½", (), False),
        ("12345678901234567890", (), False),
    ],
)
def test_what_looks_like_a_postcode(text, countries, is_one):
    assert postcodes.looks_like(text, countries) is is_one


@given(st.text())
def test_no_text_breaks_the_shapes(text):
    postcodes.looks_like(text, ("GB", "XX"))
    assert postcodes.spellings(text)[0] == postcodes.normalised(text)


def test_a_whole_code_is_also_tried_by_its_beginning():
    assert postcodes.spellings("ls6 2ab", "GB") == ["LS62AB", "LS6"]
    assert postcodes.spellings("12345-6789", "US") == ["123456789", "12345"]
    assert postcodes.spellings("10115", "DE") == ["10115"]


# ---- loading


@pytest.mark.django_db
def test_a_table_is_loaded_and_found(leeds):
    report = load(leeds)
    assert (report.line_count, report.place_count, report.faults) == (5, 5, Counter())
    assert [row[:2] for row in held()] == [
        ("LS1", "Leeds"),
        ("LS6", "Headingley"),
        ("LS6", "Hyde Park"),
        ("LS6", "Woodhouse"),
        ("NE46", "Hexham"),
    ]
    assert queries.find_postcode("ne46 1aa", ["GB"]) == PostcodeMatch(
        "GB", "NE46", "Hexham", 54.971, -2.101
    )
    shared = queries.find_postcode("LS6 2AB")
    assert shared is not None
    assert (shared.name, round(shared.lat, 3), round(shared.lon, 3)) == (
        "Hyde Park",
        53.814,
        -1.566,
    )
    entry = Entry.objects.get(kind="places.PostcodesLoaded")
    assert entry.rest == {"country": "GB", "place_count": 5}


@pytest.mark.django_db
def test_a_zip_as_geonames_packs_it(leeds, tmp_path):
    path = tmp_path / "GB.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(leeds, "GB.txt")
        packed.writestr("readme.txt", "The data format is tab-delimited text in utf8 encoding")
    assert load(path).place_count == 5


@pytest.mark.django_db
def test_loading_again_changes_nothing(leeds):
    load(leeds)
    before = list(Postcode.objects.order_by("id").values_list("id", "code", "name"))
    report = load(leeds)
    assert (report.place_count, report.removed_count) == (5, 0)
    assert list(Postcode.objects.order_by("id").values_list("id", "code", "name")) == before


@pytest.mark.django_db
def test_a_newer_file_replaces_the_older(leeds):
    load(leeds)
    leeds.write_text(
        LEEDS[0] + line("GB", "NE46", "Hexham", 54.98, -2.11) + line("GB", "NE47", "Wark", 55, -2.2)
    )
    report = load(leeds)
    assert (report.place_count, report.removed_count) == (3, 3)
    assert held()[1:] == [
        ("NE46", "Hexham", 54.98, -2.11),
        ("NE47", "Wark", 55.0, -2.2),
    ]


@pytest.mark.django_db
def test_bad_lines_are_left_out_with_their_reasons(tmp_path):
    path = tmp_path / "GB.txt"
    path.write_bytes(
        "".join(
            [
                LEEDS[0],
                "only\tthree\tcolumns\n",
                line("FR", "75011", "Paris", 48.8, 2.3),
                line("GB", "", "Nowhere", 50, 0),
                line("GB", "LS2", "", 50, 0),
                line("GB", "LS3", "North of the pole", 91, 0),
                line("GB", "LS4", "No numbers", "north", "west"),
                line("GB", "LS5", "Not a number", "nan", 0),
                "\n",
                line("GB", "LS8", "N\x00ul and \u202ebidi", 53.8, -1.5),
                line("GB", "LS9", "x" * 5000, 53.8, -1.5),
            ]
        ).encode()
        + b"GB\tLS7\t\xff\xfe\t\t\t\t\t\t\t53\t-1\t4\n"
    )
    report = load(path)
    # The line of 5,000 letters is read in two pieces, neither of which has twelve columns.
    assert report.faults == Counter(
        {
            Fault.COLUMNS: 4,
            Fault.COUNTRY: 1,
            Fault.CODE: 1,
            Fault.NAME: 1,
            Fault.POINT: 3,
            Fault.ENCODING: 1,
        }
    )
    assert report.examples[0] == (2, Fault.COLUMNS)
    assert [row[:2] for row in held()] == [("LS1", "Leeds"), ("LS8", "Nul and bidi")]
    assert set(FAULT_SENTENCES) == set(Fault)


@pytest.mark.django_db
def test_one_code_twice_in_a_batch_is_one_place(tmp_path):
    path = tmp_path / "GB.txt"
    path.write_text(LEEDS[0] * 3 + line("GB", "LS1", "Leeds", 53.9, -1.5))
    report = load(path)
    assert (report.place_count, held()) == (1, [("LS1", "Leeds", 53.9, -1.5)])


class Interrupted(BaseException):
    pass


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_load_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "DE.txt"
    path.write_text(
        "".join(line("DE", f"{number:05}", f"Ort {number}", 50, 10) for number in range(1300))
    )
    seen: list[int] = []

    def stop(done: int, total: int) -> None:
        assert 0 < done <= total == path.stat().st_size
        seen.append(Postcode.objects.count())
        if len(seen) == 2:
            raise Interrupted

    with pytest.raises(Interrupted):
        load(path, "DE", progress=stop)
    assert seen == [500, 1000]
    table = PostcodeTable.objects.get(country="DE")
    assert (table.lines_done, table.is_complete) == (1000, False)

    heard: list[tuple[int, int]] = []
    report = load(path, "DE", progress=lambda done, total: heard.append((done, total)))
    assert (report.resumed_at, report.line_count, report.place_count) == (
        1000,
        1300,
        1300,
    )
    assert heard == [(path.stat().st_size,) * 2]
    assert PostcodeTable.objects.get(country="DE").is_complete


@pytest.mark.django_db
def test_the_same_queries_for_one_batch_of_any_size(tmp_path):
    counts = []
    for count in (3, 100):
        path = tmp_path / f"{count}.txt"
        path.write_text("".join(line("DE", f"{n:05}", "Ort", 51, 11) for n in range(count)))
        with CaptureQueriesContext(connection) as asked:
            load(path, "DE")
        counts.append(len([q for q in asked if '"places_postcode"' in q["sql"]]))
    assert counts[0] == counts[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"", b"name,email\nA,a@example.org\n", b"PK\x03\x04broken", b"\x00" * 9999],
)
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(NotAPostcodeTable) as refused:
        load(path)
    assert "GeoNames format" in str(refused.value)
    assert not PostcodeTable.objects.exists()


@pytest.mark.django_db
def test_a_zip_without_one_table_is_refused(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("GB.txt", "".join(LEEDS))
        packed.writestr("FR.txt", "".join(LEEDS))
    with pytest.raises(NotAPostcodeTable):
        load(path)


@pytest.mark.django_db
def test_a_damaged_zip_is_refused(leeds, tmp_path):
    path = tmp_path / "GB.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(leeds, "GB.txt")
    content = bytearray(path.read_bytes())
    content[45:60] = bytes(15)
    path.write_bytes(content)
    with pytest.raises(NotAPostcodeTable):
        load(path)
    assert not PostcodeTable.objects.exists()


@pytest.mark.django_db
def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CannotReadTheFile):
        load(tmp_path / "nothing.txt")


@pytest.mark.django_db
@pytest.mark.parametrize("country", ["", "G", "XX", "Great Britain", "\x00"])
def test_a_country_that_is_none_is_refused(leeds, country):
    with pytest.raises(operations.UnknownCountry):
        load(leeds, country)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "by",
    [
        actor.VISITOR,
        actor.person(1),
        actor.person(1, event_id=2),
        actor.account(1, frozenset()),
        actor.account(1, frozenset({actor.Role.ORGANISER})),
    ],
)
def test_only_owners_load_postcodes(leeds, by):
    with pytest.raises(operations.OnlyOwners):
        operations.import_postcodes(leeds, country="GB", by=by)
    assert not Postcode.objects.exists()


@pytest.mark.django_db
def test_an_owner_may_load_postcodes(leeds):
    owner = actor.account(1, frozenset({actor.Role.OWNER}))
    assert operations.import_postcodes(leeds, country="gb", by=owner).place_count == 5


# ---- finding


@pytest.fixture
def two_countries(leeds, tmp_path, db):
    load(leeds)
    german = tmp_path / "DE.txt"
    german.write_text(line("DE", "10115", "Berlin", 52.53, 13.38))
    load(german, "DE")
    american = tmp_path / "US.txt"
    american.write_text(line("US", "10115", "New York", 40.81, -73.96))
    load(american, "US")


def test_a_code_of_two_countries_needs_a_country(two_countries):
    assert queries.find_postcode("10115") is None
    assert [match.name for match in queries.find_postcodes("10115")] == [
        "Berlin",
        "New York",
    ]
    assert [m.name for m in queries.find_postcodes("10115", ["US", "DE"])] == [
        "New York",
        "Berlin",
    ]
    assert queries.find_postcode("10115", ["DE"]).name == "Berlin"
    assert queries.find_postcode("10115", ["GB"]) is None
    assert queries.find_postcode("", ["GB"]) is None
    assert queries.find_postcode("9" * 5000, ["GB"]) is None


def test_a_typed_code_finds_its_place(two_countries):
    found = queries.find("LS6 2AB", countries=["GB"])
    assert found.postcode is not None
    assert (found.postcode.code, found.needs_postcodes, found.exact) == (
        "LS6",
        False,
        [],
    )


def test_a_town_with_its_code_is_more_exact(two_countries):
    found = queries.find("Leeds LS6", countries=["GB"])
    assert found.exact[0].name == "Leeds"
    assert found.postcode is not None
    assert found.postcode.name == "Hyde Park"


def test_a_code_far_from_the_town_is_left_aside(two_countries):
    found = queries.find("Leeds NE46", countries=["GB"])
    assert (found.exact[0].name, found.postcode) == ("Leeds", None)


def test_an_unknown_code_of_a_loaded_table_is_plainly_unknown(two_countries):
    found = queries.find("ZE1 0AA", countries=["GB"])
    assert (found.postcode, found.looks_like_postcode, found.needs_postcodes) == (
        None,
        True,
        False,
    )


@pytest.mark.django_db
def test_a_code_without_any_table_says_that_it_needs_one():
    found = queries.find("LS6 2AB", countries=["GB"])
    assert (found.postcode, found.needs_postcodes) == (None, True)
    assert queries.countries_with_postcodes() == []


def test_a_code_of_a_country_without_table_says_so(two_countries):
    assert queries.find("75011", countries=["FR"]).needs_postcodes
    assert queries.countries_with_postcodes() == ["DE", "GB", "US"]


def test_a_town_alone_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.find("Leeds", countries=["GB"]).exact[0].name == "Leeds"
