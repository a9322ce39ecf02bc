"""The pages of exports: what asking takes, who agrees, the file once, and whose a row is."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from groundswell.accounts.models import Account
from groundswell.events.models import Event
from groundswell.ledger.models import Entry
from groundswell.people.models import Canary, Export
from groundswell.people.operations import export_files, persons
from tests.doors.public import reading
from tests.factories import campaigns
from tests.factories import events as make
from tests.factories.export_files import profiled
from tests.factories.exports import DOMAIN, WRITER, agreeing
from tests.running.signing_in import with_app

pytestmark = pytest.mark.django_db
INDEX, ADD = "/en/office/exports/", "/en/office/exports/add/"
OURS, SPOKE = f"{ADD}?layout=ours&kind=csv", f"{ADD}?layout=spoke&kind=csv"


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_CANARY_DOMAINS = [DOMAIN]


@pytest.fixture
def event(db: None) -> Event:
    return make.listed_event(campaigns.live_campaign())


def typed(event: Event, *columns: str, do: str = "ask", **others: Any) -> dict[str, Any]:
    return {
        "campaign": str(event.campaign_id),
        "columns": columns or ("given_name", "stand_in"),
        "writes_from": WRITER,
        "reason": "Print badges for the day",
        "do": do,
        **others,
    }


def test_from_the_first_look_to_the_file(sit: Any, event: Event, work: Callable[[], int]) -> None:
    agreeing(event, 2)
    asha = sit("data_manager", name="Asha Rao")
    assert "Nobody was taken out yet" in reading.text(asha.get(INDEX))

    weighed = asha.post(ADD, typed(event, do="weigh"))
    assert "This file would hold 2 people. It is made at once" in reading.text(weighed)
    assert Export.objects.count() == 0
    asked = asha.post(ADD, typed(event))
    page = asked["Location"]
    assert "0 of 2 rows so far." in reading.text(asha.get(page))
    work()
    assert "Your file is ready" in reading.text(asha.get(page))
    assert "Asha Rao · 2 people" in reading.text(asha.get(INDEX))

    assert asha.get(f"{page}file/").status_code == 302  # a look takes nothing
    answer = asha.post(f"{page}file/")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    slug = Export.objects.get().slug
    assert answer["Content-Disposition"] == f'attachment; filename="people-{slug}.csv"'
    assert answer["Cache-Control"] == "no-store"
    assert rows[0] == ["First name", "Stand-in e-mail address"]
    assert len(rows) == 4
    assert rows[3] == [
        f"Export {slug}, made for Asha Rao on 4 Mar 2026: Print badges for the day. "
        "Do not pass it on."
    ]
    again = asha.post(f"{page}file/", follow=True)
    assert "The file can be fetched once, and it was." in reading.text(again)
    assert "End its stand-in addresses" in reading.text(again)
    asha.post(page, {"do": "stop"})
    assert Export.objects.get().ended_at is not None

    traced = asha.post(INDEX, {"address": rows[1][1].upper()})
    assert "This export : Asha Rao , 2 people" in reading.text(traced)
    unknown = asha.post(INDEX, {"address": "amina@example.org"})
    assert unknown.status_code == 422
    assert reading.value_of(unknown, "address") == "amina@example.org"


def test_a_second_person_reads_why_and_agrees(
    sit: Any, event: Event, work: Callable[[], int]
) -> None:
    agreeing(event, 1)
    asha, omar = sit("data_manager", name="Asha Rao"), sit("owner", name="Omar Said")
    for account in Account.objects.all():
        with_app(account)
    weighed = asha.post(ADD, typed(event, "given_name", "email", do="weigh"))
    assert "Somebody else with the right to export must agree first." in reading.text(weighed)
    page = asha.post(ADD, typed(event, "given_name", "email"))["Location"]

    assert "Do you agree?" not in reading.text(asha.get(page))
    assert asha.post(page, {"do": "agree"}).status_code == 422
    shown = reading.text(omar.get(page))
    assert "Do you agree?" in shown
    assert "Print badges for the day" in shown
    assert omar.post(page, {"do": "agree"}).status_code == 302
    work()
    assert "Decided by Omar Said" in reading.text(asha.get(page))
    assert omar.post(f"{page}file/", follow=True).status_code == 200
    assert Export.objects.get().state == "ready"  # nobody else fetches it
    assert omar.post(page, {"do": "x"}).status_code == 422

    Canary.objects.update(heard_at="2026-03-04T10:00:00Z")
    assert "This file is in other hands" in reading.text(omar.get(page))


def test_alone_it_says_that_a_day_passes(sit: Any, event: Event) -> None:
    agreeing(event, 1)
    asha = sit("data_manager")

    weighed = asha.post(ADD, typed(event, "email", do="weigh"))

    assert "the file is made in 24 hours unless it is stopped" in reading.text(weighed)
    page = asha.post(ADD, typed(event, "email"))["Location"]
    assert "Goes on by itself" in reading.text(asha.get(page))
    asha.post(page, {"do": "stop"})
    assert Export.objects.get().state == "withdrawn"


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    sit: Any, event: Event
) -> None:
    agreeing(event, 1)
    asha = sit("data_manager")

    refused = asha.post(ADD, typed(event, campaign="", reason="For the badges of the day"))

    assert refused.status_code == 422
    assert "Choose a campaign" in reading.text(refused)
    assert "For the badges of the day" in reading.text(refused)
    assert reading.value_of(refused, "writes_from") == WRITER


def test_without_inbound_mail_there_are_no_stand_ins(sit: Any, event: Event, settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN, settings.GROUNDSWELL_CANARY_DOMAINS = "", []
    agreeing(event, 1)
    asha = sit("data_manager")

    page = reading.text(asha.get(OURS))

    assert "Family name" in page
    assert "Stand-in e-mail address" not in page
    assert "From which address" not in page
    assert asha.post(ADD, typed(event, "given_name")).status_code == 302


def test_the_tool_comes_first_and_its_page_asks_for_what_it_can_take(
    sit: Any, event: Event, settings: Any
) -> None:
    asha = sit("data_manager")

    for unclear in (ADD, f"{ADD}?layout=mailchimp&kind=csv", f"{ADD}?layout=spoke"):
        first = reading.text(asha.get(unclear))
        assert "Who or what will read the file?" in first
        assert "What is the file for?" not in first
    ours, spoke = reading.text(asha.get(OURS)), reading.text(asha.get(SPOKE))
    assert "Stand-in e-mail address" in ours
    assert "From which address will you write" in ours
    assert "Number, of those who agreed to texts" in spoke
    assert "Stand-in e-mail address" not in spoke
    assert "From which address will you write" not in spoke
    assert "Everybody who agreed to texts with our news" in spoke


def _spoke(sit: Any, event: Event, work: Callable[[], int], kind: str) -> Any:
    (amina,) = profiled(event, 1)
    persons.write_name(amina, '=HYPERLINK("x")', "Khan", is_family_first=False)
    asha = sit("data_manager", name="Asha Rao")
    told = typed(event, "given_name", "family_name", "phone", campaign="", writes_from="")
    page = asha.post(f"{ADD}?layout=spoke&kind={kind}", told)["Location"]
    Export.objects.update(state="making", opens_at=None)
    export_files.begin(Export.objects.get())
    work()
    assert "Spoke · " in reading.text(asha.get(page))
    return asha.post(f"{page}file/")


def test_a_file_for_spoke_begins_with_its_columns_and_ends_with_a_person(
    sit: Any, event: Event, work: Callable[[], int]
) -> None:
    answer = _spoke(sit, event, work, "csv")
    head, row, *rest = b"".join(answer).decode().splitlines()

    assert head == "firstName,lastName,cell,external_id"
    assert row.startswith('"HYPERLINK(""x"")",Khan,+447400123400,p-')
    assert rest == []


def test_a_workbook_holds_words_and_never_a_formula(
    sit: Any, event: Event, work: Callable[[], int]
) -> None:
    answer = _spoke(sit, event, work, "xlsx")
    book = io.BytesIO(answer.content)
    (sheet,) = [CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()]
    parts = zipfile.ZipFile(book)

    slug = Export.objects.get().slug
    assert answer["Content-Disposition"] == f'attachment; filename="people-{slug}.xlsx"'
    assert sheet[0] == ["firstName", "lastName", "cell", "external_id"]
    assert sheet[1][:3] == ['HYPERLINK("x")', "Khan", "+447400123400"]
    assert len(sheet) == 2
    assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert f"Export {slug}, made for Asha Rao" in parts.read("docProps/core.xml").decode()


def test_a_workbook_of_our_own_keeps_every_cell_as_words(
    sit: Any, event: Event, work: Callable[[], int]
) -> None:
    (amina,) = agreeing(event, 1)
    persons.write_name(amina, "=1+1", "0044", is_family_first=False)
    asha = sit("data_manager", name="Asha Rao")
    told = typed(event, "given_name", "family_name")
    page = asha.post(f"{ADD}?layout=ours&kind=xlsx", told)["Location"]
    work()
    book = io.BytesIO(asha.post(f"{page}file/").content)
    sheet = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()

    assert sheet[:2] == [["First name", "Family name"], ["=1+1", "0044"]]
    assert str(sheet[2][0]).startswith("Export ")
    assert b"<f>" not in zipfile.ZipFile(book).read("xl/worksheets/sheet1.xml")


def test_too_many_a_day_is_said(sit: Any, event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    agreeing(event, 2)
    monkeypatch.setattr("groundswell.people.operations.looking.budget_of", lambda actor: 1)
    asha = sit("data_manager")

    refused = asha.post(ADD, typed(event))

    assert refused.status_code == 422
    assert "as many people today as your role allows" in reading.text(refused)
    assert Entry.objects.filter(kind="people.LookedAtTooMany").count() == 1  # the owners hear
    assert Export.objects.count() == 0


def test_an_export_of_another_country_does_not_exist(sit: Any, event: Event) -> None:
    """Who may export Chile only sees their own, and what waits for their word."""
    from groundswell.accounts import operations as accounts_ops
    from groundswell.kernel.actor import SYSTEM, Role
    from groundswell.kernel.scopes import country

    agreeing(event, 1)
    owner: Client = sit("owner")
    page = owner.post(ADD, typed(event))["Location"]
    far = sit("read_only", name="Far Away")
    account = Account.objects.latest("id")
    accounts_ops.grant_role(
        account_id=account.id, role=Role.DATA_MANAGER, scope=country("CL"), by=SYSTEM
    )

    assert far.get(page).status_code == 404
    assert far.post(f"{page}file/").status_code == 404
    assert "Nobody was taken out yet" in reading.text(far.get(INDEX))
    refused = far.post(ADD, typed(event))
    assert "Nobody fits" in reading.text(refused)
