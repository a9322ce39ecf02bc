"""Files as they come: every encoding and separator, every known program, and everything hostile."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from groundswell.people import queries
from groundswell.people.imports import guessing, reading
from groundswell.people.imports.columns import To
from groundswell.people.imports.tables import (
    CannotRead,
    NothingInIt,
    QuoteStaysOpen,
    TooManyColumns,
)
from groundswell.people.models import Consent, Contact, Import, Person
from tests.people.imports.making import person_at, taken_in

IMPORTS = Path(os.environ.get("GROUNDSWELL_REAL_DATA", "")) / "imports"
HEAD = ("email", "first name", "last name")
ANN = ("ann@example.org", "Ann", "Lee")


def cells(data: bytes, encoding: str = "") -> list[list[str]]:
    table = reading.read_bytes(data, encoding=encoding)
    return [table.head, *[line.cells for line in table.lines]]


def a_workbook(*rows: tuple[Any, ...], title: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows, start=2 if title else 0):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    if title:
        sheet.write(0, 0, "Members of the spring list")
    book.close()
    return out.getvalue()


# --- text ----------

SPANISH = "correo,nombre\nana@example.org,Begoña\n"


@pytest.mark.parametrize(
    "data",
    [
        SPANISH.encode(),
        SPANISH.encode("utf-8-sig"),
        SPANISH.encode("utf-16"),
        SPANISH.encode("utf-16-le"),
        SPANISH.encode("utf-16-be"),
        SPANISH.encode("utf-32"),
        SPANISH.encode("cp1252"),
        SPANISH.replace(",", ";").encode(),
        SPANISH.replace(",", "\t").encode(),
        SPANISH.replace(",", "|").encode(),
        ("sep=;\n" + SPANISH.replace(",", ";")).encode(),
        SPANISH.replace("\n", "\r\n").encode(),
        SPANISH.replace("\n", "\r").encode(),
        SPANISH.rstrip().encode(),
        ("\n\nMembers in spring\n\n" + SPANISH).encode(),
    ],
)
def test_a_text_is_read_however_it_is_written(data: bytes) -> None:
    assert cells(data) == [["correo", "nombre"], ["ana@example.org", "Begoña"]]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [("Привет Наталья", "cp1251"), ("السلام عليكم محمد علي", "cp1256"), ("Łódź", "cp1250")],
)
def test_an_encoding_of_eight_bits_is_guessed_or_said(words: str, encoding: str) -> None:
    data = f"email,name\nn@example.org,{words}\n".encode(encoding)
    said = "" if encoding != "cp1250" else encoding
    assert cells(data, said)[1][1] == words


def test_one_line_in_another_encoding_spoils_no_other() -> None:
    data = "email,name\na@example.org,Zoë\n".encode() + "b@example.org,Zoë\n".encode("cp1252")
    table = reading.read_bytes(data)
    assert [line.cells[1] for line in table.lines] == ["Zoë", "Zoë"]
    assert table.oddities == {"mixed"}


def test_the_same_name_twice_and_no_names_at_all() -> None:
    twice = cells(b"email,email,name\na@example.org,b@example.org,A\n")
    assert twice[0] == ["email", "email (2)", "name"]
    without = reading.read_bytes(b"a@example.org,Ann\nb@example.org,Bo\n")
    assert without.head == ["Column 1", "Column 2"]
    assert len(list(without.lines)) == 2
    assert without.oddities == {"no_head"}


def test_a_row_knows_its_number_in_the_spreadsheet() -> None:
    table = reading.read_bytes(b'title\n\nemail,note\na@b.org,"one\ntwo"\nc@d.org,x\n')
    assert [line.number for line in table.lines] == [4, 5]


# --- broken and hostile ----------


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 and so on",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"PK\x03\x04" + bytes(200),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
        b"email\x00,name\n" + b"a@b.org,x\n" * 50,
    ],
    ids=["pdf", "picture", "broken zip", "broken xls", "zeros"],
)
def test_what_is_no_table_is_refused_with_a_way_on(data: bytes) -> None:
    with pytest.raises(CannotRead):
        cells(data)


@pytest.mark.parametrize("data", [b"", b"\n\n \n", "\ufeff".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(NothingInIt):
        cells(data)


def test_an_archive_that_pretends_to_be_a_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("letter.txt", "hello")
    with pytest.raises(CannotRead):
        cells(out.getvalue())


def test_a_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * (40 * 1024 * 1024))
        for number in range(15):
            packed.writestr(f"xl/{number}.xml", b" " * (40 * 1024 * 1024))
    assert len(out.getvalue()) < 2_000_000
    with pytest.raises(CannotRead):
        cells(out.getvalue())


def test_a_sheet_with_one_cell_at_the_end_of_the_world_is_refused() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "email")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(CannotRead):
        cells(out.getvalue())


def test_a_workbook_that_was_cut_is_refused() -> None:
    whole = a_workbook(HEAD, *[(f"p{n}@example.org", "P", "Q") for n in range(500)])
    with pytest.raises(CannotRead):
        cells(whole[: len(whole) // 2])


def test_a_text_that_was_cut_says_so_and_its_last_row_is_not_kept() -> None:
    for cut in (b"email,name\na@b.org,Ann\nc@d.o", b'email,name\na@b.org,Ann\nc@d.org,"Bo'):
        table = reading.read_bytes(cut)
        assert [line.flaw for line in table.lines] == ["", "cut_off"]
        assert table.oddities == {"cut"}


def test_a_quotation_mark_that_is_never_closed_is_refused() -> None:
    data = b'email,name\na@b.org,"Ann\n' + b"b@c.org,Bo\n" * 2_000_000
    with pytest.raises(QuoteStaysOpen):
        cells(data)


def test_a_cell_of_ten_megabytes_and_too_many_cells_are_flaws_of_their_rows() -> None:
    data = b"email,name\na@b.org," + b"x" * 10_000_000 + b"\nb@c.org,Bo,x\nc@d.org,Cleo\n"
    lines = list(reading.read_bytes(data).lines)
    assert [line.flaw for line in lines] == ["too_long", "too_many_cells", ""]
    assert max(len(cell) for line in lines for cell in line.cells) == 200


def test_two_thousand_columns_are_refused() -> None:
    with pytest.raises(TooManyColumns):
        cells(",".join(f"c{n}" for n in range(2000)).encode() + b"\n" + b"x," * 1999 + b"x\n")


# --- workbooks ----------


def test_a_workbook_with_its_head_on_row_three() -> None:
    data = a_workbook(HEAD, ANN, ("bo@example.org", 12.0, 0.5), title=True)
    table = reading.read_bytes(data)
    lines = list(table.lines)
    assert (table.kind, table.head) == ("xlsx", list(HEAD))
    assert [line.cells for line in lines] == [list(ANN), ["bo@example.org", "12", "0.5"]]
    assert [line.number for line in lines] == [4, 5]


def test_days_and_formulas_of_a_workbook_are_what_they_show() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["email", "joined", "zip"])
    sheet.write(1, 0, "a@example.org")
    sheet.write_datetime(1, 1, date(2024, 5, 1), book.add_format({"num_format": "d mmm yyyy"}))
    sheet.write_formula(1, 2, "=1+1", None, 2)
    book.close()
    assert cells(out.getvalue())[1] == ["a@example.org", "2024-05-01", "2"]


# --- guessing ----------


def guessed(*head: str, sample: tuple[str, ...] = ()) -> list[str]:
    wrote = guessing.format_of(head)
    return guessing.columns(head, [sample] if sample else [], wrote)


def test_names_are_known_in_many_ways_of_writing() -> None:
    assert guessed("E-MAIL", "firstName", "Last_Name", "Téléphone", "Straße", "PLZ") == [
        To.EMAIL, To.GIVEN, To.FAMILY, To.PHONE, To.STREET, To.POSTCODE,
    ]  # fmt: skip
    assert guessed("Correo electrónico", "Apellidos", "الاسم الأول", "البريد الإلكتروني") == [
        To.EMAIL, To.FAMILY, To.GIVEN, To.EMAIL,
    ]  # fmt: skip


def test_what_no_name_tells_the_cells_may() -> None:
    assert guessed("x", "y", sample=("a@example.org", "blue")) == [To.EMAIL, To.NOTHING]


def test_a_whole_name_beside_its_parts_is_left_out() -> None:
    assert guessed("name", "first name", "email") == [To.NOTHING, To.GIVEN, To.EMAIL]
    assert guessed("name", "surname", "email") == [To.GIVEN, To.FAMILY, To.EMAIL]


def real(name: str) -> bytes:
    path = IMPORTS / name
    if not path.is_file():
        pytest.skip("needs GROUNDSWELL_REAL_DATA")
    return path.read_bytes()


@pytest.mark.parametrize(
    "product",
    ["action_network", "nationbuilder_people_export", "everyaction_bulk_upload",
     "van_votebuilder_export", "mobilize_participations", "spoke_contacts"],
)  # fmt: skip
def test_every_head_of_a_known_program_is_known(product: str) -> None:
    head = json.loads(real("headers.json"))[product]["columns"]
    wrote = guessing.format_of(head)
    assert wrote.key == product.partition("_")[0] or wrote.key in product
    columns = guessing.columns(head, [], wrote)
    assert {To.EMAIL, To.PHONE} & set(columns)
    assert To.GIVEN in columns


# --- the real files ----------

WHOLE = {
    "spoke_csv-headers-test.csv": {"new": 1},
    "spoke_female_scientists.csv": {"new": 405},
    "spoke_three-contacts.csv": {"new": 3},
    "spoke_two-contacts.csv": {"new": 2},
    "synthetic_excel_unicode_text_utf16.txt": {"new": 60},
    "synthetic_german_excel_cp1252_semicolon.csv": {"new": 60},
}


def counts(found: Import) -> dict[str, int]:
    names = ("new", "known", "failed", "barred")
    return {name: found.counts[name] for name in names if found.counts[name]}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "expected"), WHOLE.items())
def test_a_real_file_is_taken_in(name: str, expected: dict[str, int]) -> None:
    data = real(name)
    found = taken_in(data)
    assert counts(found) == expected
    assert found.expected == found.counts
    again = taken_in(data)
    assert counts(again) == {"known": expected["new"]}
    assert Person.objects.count() == expected["new"]


@pytest.mark.django_db
def test_hostile_cells_say_what_is_wrong_with_each() -> None:
    found = taken_in(real("synthetic_hostile_cells.csv"))
    assert counts(found) == {"new": 6, "known": 1, "failed": 4}
    assert found.counts["reasons"] == {
        "no_email": 2, "too_many_cells": 1, "no_contact": 1, "not_a_name": 1,
    }  # fmt: skip
    ann = person_at("two@example.org")
    assert ann == person_at("three@example.org")
    assert person_at("six@xn--exmple-cua.org") is not None
    assert queries.name_of(person_at("nine@example.org")).full == "Dup Case"
    assert found.parts.get().failed[0] == [2, [["no_email", -1]]]


@pytest.mark.django_db
def test_a_file_without_a_way_to_reach_anybody() -> None:
    found = taken_in(real("spoke_two-contacts-broken.csv"), country="US")
    assert counts(found) == {"new": 2}


@pytest.mark.django_db
def test_two_programs_one_after_the_other_and_shared_people_are_one_person_each() -> None:
    one = taken_in(real("synthetic_action_network_report.csv"))
    two = taken_in(real("synthetic_nationbuilder_people_export.csv"))

    assert (one.format, two.format) == ("action_network", "nationbuilder")
    emails = Contact.objects.filter(kind="email")
    assert emails.count() == emails.values("blind").distinct().count()
    assert Person.objects.count() == one.counts["new"] + two.counts["new"]
    assert two.counts["known"] > 0
    # Nobody who opted out in either file can be reached by e-mail for news.
    for person in Person.objects.filter(reach__in=[1, 3])[:50]:
        assert queries.has_consent(person.id, purpose="news", about_id=0)
    out = Consent.objects.filter(channel="email", is_current=True, is_given=False)
    assert not Person.objects.filter(id__in=out.values("person"), reach__in=[1, 3]).exists()
