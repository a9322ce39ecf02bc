"""Sources in the office: what each brought, links, what they cost, leads."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.events.models import Rsvp
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import worker
from groundswell.people import money
from groundswell.people.models import FormEntry, LeadSource, Person, SourceCode, Spend
from groundswell.people.operations import persons, sources
from groundswell.people.operations.persons import Typed
from groundswell.people.operations.sources import CameBy, Cost
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories import forms
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db
INDEX = "/en/office/sources/"


def touched(email: str, *codes: str) -> Person:
    person = persons.recognise(typed=Typed(given="A", email=email)).person
    for code in codes:
        sources.touch(person_id=person.id, came_by=CameBy(code), what="form")
    return person


def spent(code: str, minor: int, currency: str = "GBP") -> None:
    day = date(2026, 3, 1)
    sources.note_spend(costs=[Cost(code, day, day, minor, currency)], by=SYSTEM)


def cells(client: Client, code: str) -> str:
    """The row of a source, as it is read."""
    page = client.get(INDEX).content.decode()
    row = page[page.index(f"/sources/code/{code}/") :]
    return reading.text(HttpResponse("<a " + row[: row.index("</tr>")]))


def test_first_and_last_source_side_by_side_with_the_cost_of_each(organiser: Client) -> None:
    campaign = live_campaign()
    event = make.listed_event(campaign)
    rsvp = make.signed_up(event, email="came@example.org")
    Rsvp.objects.filter(id=rsvp.id).update(came=True)
    touched("came@example.org", "ads", "radio")
    touched("two@example.org", "ads")
    spent("ads", 3000)
    spent("ads", 500, "EUR")

    assert cells(organiser, "ads") == (
        "ads Came with a link; nobody has named it "
        "People: 2 €2.50 · £15.00 each Came: 1 €5.00 · £30.00 each Hosts: 0 "
        "People: 1 €5.00 · £30.00 each Came: 0 Hosts: 0 €5.00 · £30.00"
    )
    assert "People: 0 Came: 0 Hosts: 0 People: 1 Came: 1 Hosts: 0 –" in cells(organiser, "radio")


def test_the_list_asks_as_much_for_three_as_for_one(organiser: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert organiser.get(INDEX).status_code == 200
        return len(queries)

    touched("a@example.org", "one")
    organiser.get(INDEX)
    first = asked()
    touched("b@example.org", "two", "three")

    assert asked() == first


def test_a_code_is_added_and_a_found_one_named(organiser: Client) -> None:
    touched("a@example.org", "leaflet")

    added = organiser.post(f"{INDEX}add/", {"code": "Radio 4", "name": "", "channel": "other"})
    named = organiser.post(f"{INDEX}code/leaflet/", {"name": "Leaflets", "channel": "paper"})
    again = organiser.post(f"{INDEX}add/", {"code": "radio-4", "name": "", "channel": "other"})

    assert (added.status_code, named.status_code, again.status_code) == (302, 302, 422)
    assert "This code is there already." in reading.text(again)
    found = SourceCode.objects.order_by("code").values_list("code", "name", "is_found")
    assert list(found) == [("leaflet", "Leaflets", False), ("radio-4", "", False)]


def test_a_link_is_built_with_its_code(organiser: Client) -> None:
    form = forms.open_form()

    page = organiser.get(
        f"{INDEX}link/",
        {"page": f"/en/f/{form.slug}/", "source": "Leaflet Leeds", "utm_medium": "paper"},
    )
    wrong = organiser.get(f"{INDEX}link/", {"page": "https://evil.example/", "source": "…"})

    assert f"/en/f/{form.slug}/?source=leaflet-leeds&amp;utm_medium=paper" in page.content.decode()
    assert "data:image/svg+xml" in page.content.decode()
    assert wrong.status_code == 422
    assert "evil.example/?" not in wrong.content.decode()


def test_costs_are_pasted_and_taken_out(organiser: Client) -> None:
    table = (
        "Campaign name;Reporting starts;Reporting ends;Amount spent;Currency\n"
        "Spring;2026-03-01;2026-03-07;1.234,50;EUR\n"
    )
    wrong = organiser.post(f"{INDEX}spend/", {"do": "take", "table": table})
    assert wrong.status_code == 422
    assert "Row 2: Write the amount as digits" in reading.text(wrong)
    assert "1.234,50" in wrong.content.decode()

    right = organiser.post(
        f"{INDEX}spend/", {"do": "take", "table": table.replace("1.234,50", "1234,50")}
    )
    assert right.status_code == 302
    row = Spend.objects.select_related("source").get()
    assert (row.source.code, row.amount_minor, row.currency) == ("spring", 123450, "EUR")
    organiser.post(f"{INDEX}spend/", {"do": "remove", "spend": str(row.id)})
    assert not Spend.objects.exists()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "Write the names of the columns in the first row"),
        ("a,b\n1,2", "Write the names of the columns in the first row"),
        ("source,date,amount,currency\n", "Write the names of the columns in the first row"),
        ("source,date,amount,currency\nx,1.3.2026,5,EUR", "Row 2: Write days as"),
        ("source,date,amount,currency\nx,2026-03-01,5,XXY", "Row 2: Write the currency"),
        ("source,date,amount,currency\nx,2026-03-01,5.555,EUR", "Row 2: Write the amount"),
        ("source,date,amount,currency\nx,2026-03-01,0,EUR", "Row 2: Write what it cost"),
        ("source,date,amount,currency\n…,2026-03-01,5,EUR", "Row 2: Write a code"),
        (
            "source,from,to,amount,currency\nx,2026-03-02,2026-03-01,5,EUR",
            "Row 2: The last day comes before the first.",
        ),
    ],
)
def test_a_wrong_table_says_which_row(organiser: Client, table: str, words: str) -> None:
    answer = organiser.post(f"{INDEX}spend/", {"do": "take", "table": table})

    assert answer.status_code == 422
    assert words in reading.text(answer)
    assert not Spend.objects.exists()


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("120.50", "EUR", 12050),
        ("120,5", "EUR", 12050),
        ("1,234.50", "USD", 123450),
        ("1,234", "USD", 123400),
        ("1 234", "EUR", 123400),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("١٢", "EGP", 1200),
    ],
)
def test_amounts_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert money.minor_of(text, currency) == minor


def test_leads_begin_with_a_secret_shown_once(organiser: Client) -> None:
    form = forms.open_form()
    forms.lead_source(form, "first")
    told = {"name": "Google, May", "form": str(form.id), "code": "google-may"}

    answer = organiser.post(f"{INDEX}leads/add/", told)
    row = LeadSource.objects.get(name="Google, May")
    page = organiser.get(f"{INDEX}leads/{row.key}/")

    assert answer.status_code == 200
    assert "Copy this now" in reading.text(answer)
    assert f"/webhooks/leads/{row.key}/" in reading.text(page)
    assert "Google, May" in reading.text(organiser.get(f"{INDEX}leads/"))
    refused = organiser.post(f"{INDEX}leads/add/", {**told, "form": str(forms.open_form("B").id)})
    assert refused.status_code == 422
    assert "This form has no consent in its own words" in reading.text(refused)


def test_a_file_of_leads_comes_in(organiser: Client) -> None:
    row = forms.lead_source(forms.open_form())
    page = f"{INDEX}leads/{row.key}/"

    wrong: Any = organiser.post(page, {"do": "take", "table": "nothing"})
    right = organiser.post(page, {"do": "take", "table": "id,email\n1,a@example.org\n2,x\n"})
    worker.run_until_idle()
    shown = " ".join(reading.text(organiser.get(page)).split())
    again = organiser.post(page, {"do": "again"})
    closed = organiser.post(page, {"do": "close"})

    assert wrong.status_code == 422
    assert "There is no lead in this." in reading.text(wrong)
    assert "nothing" in wrong.content.decode()
    assert [one.status_code for one in (right, again, closed)] == [302, 302, 302]
    assert FormEntry.objects.count() == 1
    assert "Taken 1" in shown
    assert organiser.post(page, {"do": "take", "table": "email\na@b.example"}).status_code == 422
    assert LeadSource.objects.get().is_off


def a_file(name: str, rows: list[list[Any]]) -> SimpleUploadedFile:
    """A sheet as a spreadsheet program saves it."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile(name, kept.getvalue())


def test_costs_come_in_as_a_sheet_too(organiser: Client) -> None:
    page = f"{INDEX}spend/"
    head = ["Campaign name", "Day", "Cost", "Currency"]
    wrong = a_file("march.xlsx", [head, ["radio", "March", "12.50", "GBP"]])
    right = a_file("march.xlsx", [head, ["radio", "2026-03-01", "12.50", "GBP"]])

    refused = organiser.post(page, {"do": "take", "file": wrong, "table": ""})
    nothing = organiser.post(page, {"do": "take", "table": " "})
    broken = organiser.post(page, {"do": "take", "file": SimpleUploadedFile("x.csv", b"%PDF-1.7")})
    taken = organiser.post(page, {"do": "take", "file": right, "table": "source,from"})

    assert [one.status_code for one in (refused, nothing, broken)] == [422, 422, 422]
    assert "Row 2: Write days as year-month-day" in reading.text(refused)
    assert "Write the names of the columns in the first row" in reading.text(nothing)
    assert "This file cannot be read as a table." in reading.text(broken)
    assert taken.status_code == 302
    assert [(row.amount_minor, row.currency) for row in Spend.objects.all()] == [(1250, "GBP")]


def test_leads_come_in_as_a_file_too(organiser: Client) -> None:
    row = forms.lead_source(forms.open_form())
    page = f"{INDEX}leads/{row.key}/"
    empty = SimpleUploadedFile("leads.csv", b"id,name\n1,Ann\n")
    leads = SimpleUploadedFile("leads.csv", b"id;email\n1;a@example.org\n2;b@example.org\n")

    refused = organiser.post(page, {"do": "take", "file": empty})
    taken = organiser.post(page, {"do": "take", "file": leads})
    worker.run_until_idle()

    assert refused.status_code == 422
    assert "There is no lead in this." in reading.text(refused)
    assert taken.status_code == 302
    assert FormEntry.objects.count() == 2


def test_a_table_too_long_for_one_go_is_refused(organiser: Client) -> None:
    rows = [
        ["source", "from", "amount", "currency"],
        *[["x" * 30, "2026-03-01", "1", "GBP"]] * 6000,
    ]
    refused = organiser.post(f"{INDEX}spend/", {"do": "take", "file": a_file("all.xlsx", rows)})

    assert refused.status_code == 422
    assert "Cut it in two, and take in both." in reading.text(refused)
