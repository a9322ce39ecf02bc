"""Files in the columns of other tools: what stands in them, for whom, and whose a leaked row is."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as some

from groundswell.events.models import Event
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Role
from groundswell.office import csv_file
from groundswell.people import queries, stand_ins
from groundswell.people.exports import inventing, layouts, wishes
from groundswell.people.exports.wishes import Tool, Wish
from groundswell.people.models import Consent, Export, FieldValue, Person, SourceCode, Suppression
from groundswell.people.operations import consents, export_files, exports
from tests.factories import campaigns
from tests.factories import events as make
from tests.factories.export_files import agree_to_texts, asked, profiled, table, taken
from tests.factories.exports import DOMAIN, agreeing, member
from tests.factories.fields import field_of

REAL_DATA = os.environ.get("GROUNDSWELL_REAL_DATA", "")
SPOKE = ("given_name", "family_name", "phone")
NAMES = ("given_name", "family_name")


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_CANARY_DOMAINS = [DOMAIN]


@pytest.fixture
def event(db: None) -> Event:
    return make.listed_event(campaigns.live_campaign())


@pytest.fixture
def asha(db: None) -> Actor:
    return member("asha@example.org", Role.DATA_MANAGER)


def everything(by: Actor, tool: str, *without: str) -> list[str]:
    """Every column that a tool takes, less some, and every question."""
    known = [code for code in layouts.LAYOUTS[tool].codes if code not in without]
    return known + [wishes.code_of(field) for field in wishes.fields_for(by)]


# --- a file of each tool -------------------------------------------------------------------------


def test_action_network(event: Event, asha: Actor, work: Callable[[], int]) -> None:
    (amina,) = profiled(event, 1)
    code = SourceCode.objects.create(code="poster-7", created_at=clock.now())
    Person.objects.filter(id=amina.id).update(
        first_source=code, other_languages=["ur", "pl"], time_zone="Europe/London"
    )
    told = asked(event, Tool.ACTION_NETWORK, *everything(asha, "action_network", "email"))
    export = taken(told, asha, work)
    stands = stand_ins.StandIn(export.id, amina.id)

    assert table(export) == [
        {
            "email": stand_ins.address(stands),
            "first_name": "Givenp0",
            "last_name": "Family0",
            "zip_code": "LS1 4DY",
            "country": amina.country or "GB",
            "can2_phone": "+447400123400",
            "can2_user_address": "Flat 2, 12 Mill Lane",
            "can2_user_city": "Leeds",
            "can2_user_state": "Yorkshire",
            "can2_state_abbreviated": "",
            "can2_user_tags": "Baker, Drives a van or two",
            "can2_subscription_status": "subscribed",
            "can2_sms_status": "subscribed",
            "language": "en",
            "other_languages": "ur, pl",
            "time_zone": "Europe/London",
            "first_source": "poster-7",
            "last_source": "",
            "external_id": stand_ins.code(stands),
            "branch": "Leeds 0",
            "our_zip": "own",
        }
    ]


def test_nationbuilder(event: Event, asha: Actor, work: Callable[[], int]) -> None:
    (amina,) = profiled(event, 1)
    columns = (*NAMES, "stand_in", "phone", "street", "region", "postcode", "tags", "country")
    (row,) = table(taken(asked(event, Tool.NATIONBUILDER, *columns), asha, work))

    assert list(row) == [
        "first_name", "last_name", "email1", "email_opt_in", "mobile_number", "mobile_opt_in",
        "do_not_contact", "primary_address1", "primary_address2", "primary_address3",
        "primary_state", "primary_zip", "primary_country", "tag_list", "external_id",
    ]  # fmt: skip
    assert list(row.values())[3:10] == [
        "true", "+447400123400", "true", "false", "Flat 2", "12 Mill Lane", "",
    ]  # fmt: skip
    assert row["tag_list"] == "Baker, Drives a van or two"
    found = stand_ins.read(row["email1"])
    assert found is not None
    assert found.person_id == amina.id


def test_spoke_takes_only_people_with_a_cell(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    (amina, boris) = profiled(event, 2)
    consents.withdraw(person_id=boris.id, purpose="news", about_id=0, source="test", by=SYSTEM)
    export = taken(asked(None, Tool.SPOKE, *SPOKE, "postcode", "field:branch"), asha, work)

    assert table(export) == [
        {
            "firstName": "Givenp0",
            "lastName": "Family0",
            "cell": "+447400123400",
            "zip": "LS1 4DY",
            "external_id": stand_ins.code(stand_ins.StandIn(export.id, amina.id)),
            "branch": "Leeds 0",
        }
    ]
    assert export.people_count == 1


@pytest.mark.skipif(not REAL_DATA, reason="GROUNDSWELL_REAL_DATA is not set")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tool", "published", "own"),
    [
        (Tool.ACTION_NETWORK, "action_network", {"external_id"}),
        (Tool.NATIONBUILDER, "nationbuilder_people_export", {"external_id"}),
        (Tool.SPOKE, "spoke_contacts", {"town", "region", "country", "tags"}),
    ],
)
def test_names_of_columns_are_those_that_the_tool_publishes(
    tool: str, published: str, own: set[str]
) -> None:
    told = json.loads((Path(REAL_DATA) / "imports" / "headers.json").read_text("utf-8"))
    extra = {"language", "other_languages", "time_zone", "first_source", "last_source"}
    heads = {column.head for column in layouts.LAYOUTS[tool].columns}

    assert heads - set(told[published]["columns"]) == own | extra


# --- read back by the rules of each tool ---------------------------------------------------------


def read_by_spoke(text: str) -> list[dict[str, str]]:
    """As Spoke's parse_csv.js is documented to: three columns must be there, numbers become E.164
    or their row is dropped, and a number comes once."""
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert {"firstName", "lastName", "cell"} <= set(rows[0])
    kept: dict[str, dict[str, str]] = {}
    for row in rows:
        number = phonenumbers.parse(row["cell"], "US")
        if phonenumbers.is_possible_number(number):
            kept[phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)] = row
    return list(kept.values())


def read_by_action_network(text: str) -> dict[str, list[str]]:
    """The address is always there; tags are cut at commas; a state is known by two letters."""
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(re.fullmatch(r"[^@\s]+@[^@\s]+", row["email"]) for row in rows)
    assert {row["can2_subscription_status"] for row in rows} <= {"subscribed", "unsubscribed"}
    return {row["email"]: row["can2_user_tags"].split(", ") for row in rows}


def read_by_nationbuilder(text: str) -> dict[str, set[str]]:
    """An apostrophe in front is taken off; flags are true or false; tags are cut at commas."""
    rows = [
        {name: cell.removeprefix("'") for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]
    flags = {row[name] for row in rows for name in ("email_opt_in", "do_not_contact")}
    assert flags <= {"true", "false", "yes", "no", "1", "0"}
    return {row["email1"]: {tag.strip() for tag in row["tag_list"].split(",")} for row in rows}


def written(export: Export) -> str:
    dress = export_files.dress(export)
    rows = dress.lines(export_files.lines(export))
    return "".join(csv_file.lines_for(dress.head(), rows, layouts.harmless))


def test_each_tool_reads_its_file(event: Event, asha: Actor, work: Callable[[], int]) -> None:
    profiled(event, 3)
    tags = ["Baker", "Drives a van or two"]
    spoke = read_by_spoke(written(taken(asked(None, Tool.SPOKE, *SPOKE), asha, work)))
    columns = (*NAMES, "stand_in", "tags")
    network = read_by_action_network(
        written(taken(asked(event, Tool.ACTION_NETWORK, *columns), asha, work))
    )
    builder = read_by_nationbuilder(
        written(taken(asked(event, Tool.NATIONBUILDER, *columns), asha, work))
    )

    assert {row["cell"] for row in spoke} == {f"+4474001234{n:02}" for n in range(3)}
    assert list(network.values()) == [tags] * 3
    assert list(builder.values()) == [set(tags)] * 3


# --- numbers -------------------------------------------------------------------------------------


def _cells(event: Event, by: Actor, work: Callable[[], int]) -> dict[str, str]:
    told = asked(event, Tool.ACTION_NETWORK, "given_name", "stand_in", "phone")
    return {row["first_name"]: row["can2_phone"] for row in table(taken(told, by, work))}


def test_a_number_only_of_those_who_agreed_to_texts_and_may_get_them(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    people = profiled(event, 6)
    for person in people[1:]:
        consents.withdraw(person_id=person.id, purpose="news", about_id=0, source="test", by=SYSTEM)
    agree_to_texts(people[1], "campaign", event.campaign_id)
    agree_to_texts(people[2], "campaign", event.campaign_id + 1)  # another campaign
    agree_to_texts(people[3])
    Consent.objects.filter(person=people[3], is_current=True, channel="text").update(
        expires_at=clock.now() - timedelta(days=1)
    )
    agree_to_texts(people[4])
    (number,) = people[4].contacts.filter(kind="phone")
    (blind,) = queries.lasting_blinds([number]).values()
    Suppression.objects.create(blind=blind, reason="asked", at=clock.now())

    assert _cells(event, asha, work) == {
        "Givenp0": "+447400123400",
        "Givenp1": "+447400123401",
        "Givenp2": "",
        "Givenp3": "",
        "Givenp4": "",
        "Givenp5": "",
    }


def test_a_number_needs_no_campaign_and_somebody_else(event: Event, asha: Actor) -> None:
    profiled(event, 1)
    member("omar@example.org", Role.OWNER)

    for column in ("phone", "postcode"):
        told = asked(None, Tool.OURS, "given_name", column)
        assert exports.ask(told, by=asha).state == Export.State.ASKED
    with pytest.raises(exports.ChooseTheCampaign):
        exports.ask(asked(None, Tool.OURS, "street"), by=asha)
    control = asked(None, Tool.OURS, "given_name", "town", "tags")
    assert exports.ask(control, by=asha).state == Export.State.MAKING


# --- questions of our own ------------------------------------------------------------------------


def test_a_sealed_answer_is_not_offered_and_not_taken(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    (amina,) = agreeing(event, 1)
    private, plain = field_of(key="health", is_private=True), field_of(key="branch")
    for field in (private, plain):
        FieldValue.objects.create(field=field, person=amina, text="Leeds 2", at=clock.now())
    told = asked(event, Tool.OURS, "given_name", "field:health", "field:branch")

    assert [field.key for field in wishes.fields_for(asha)] == ["branch"]
    assert exports.ask(told, by=asha).columns == ["given_name", "field:branch"]
    with pytest.raises(exports.NoColumns):
        exports.ask(asked(event, Tool.OURS, "field:health"), by=asha)
    assert wishes.fields_for(VISITOR) == []


# --- what is missing is said ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "columns", "refusal"),
    [
        ("mailchimp", ("given_name",), exports.NoSuchTool),
        (Tool.ACTION_NETWORK, NAMES, exports.ToolNeedsMore),
        (Tool.NATIONBUILDER, NAMES, exports.ToolNeedsMore),
        (Tool.SPOKE, ("given_name", "phone"), exports.ToolNeedsMore),
        (Tool.SPOKE, ("stand_in",), exports.NoColumns),
        (Tool.ACTION_NETWORK, ("stand_in", "email"), exports.OneAddress),
        (Tool.NATIONBUILDER, ("stand_in", "email"), exports.OneAddress),
    ],
)
def test_what_a_tool_does_not_take_is_said(
    event: Event, asha: Actor, tool: str, columns: tuple[str, ...], refusal: type[Exception]
) -> None:
    profiled(event, 1)
    with pytest.raises(refusal):
        exports.ask(asked(event, tool, *columns), by=asha)


def test_a_workbook_has_an_end(event: Event, asha: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    agreeing(event, 2)
    monkeypatch.setattr(exports, "XLSX_MOST", 1)
    told = ("given_name", "stand_in")
    with pytest.raises(exports.TooLongForXlsx):
        exports.ask(asked(event, Tool.OURS, *told, kind="xlsx"), by=asha)
    with pytest.raises(exports.NoSuchTool):
        exports.ask(asked(event, Tool.OURS, *told, kind="pdf"), by=asha)
    assert exports.ask(asked(event, Tool.OURS, *told), by=asha).state == Export.State.MAKING


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OWNER, Role.DATA_MANAGER}))
def test_no_other_role_takes_numbers_out(event: Event, role: Role) -> None:
    profiled(event, 1)
    with pytest.raises(exports.MayNotExport):
        exports.ask(asked(event, Tool.SPOKE, *SPOKE), by=actors.account(7, [role]))


def test_a_wish_from_before_there_were_tools_is_ours() -> None:
    old = {"campaign_id": 7, "country": "", "active_since": None}

    assert Wish.of_json(old) == Wish(campaign_id=7, layout="ours", kind="csv")


# --- a leaked file is traced, whatever its columns -----------------------------------------------


@pytest.mark.parametrize("tool", [Tool.ACTION_NETWORK, Tool.NATIONBUILDER])
def test_a_fifth_of_a_file_of_real_addresses_names_its_export(
    event: Event, asha: Actor, work: Callable[[], int], tool: str
) -> None:
    """A thousand draws of a fifth of the rows, with all columns but those that name it alone."""
    agreeing(event, 110)
    columns = everything(asha, tool, "stand_in", "code", "phone")
    export = taken(asked(event, tool, *columns), asha, work)
    head = "email1" if tool == Tool.NATIONBUILDER else "email"
    addresses = [row[head] for row in table(export)]
    made_up = {one for one in addresses if exports.trace(one) == export}
    drawing = random.Random(20)

    found = sum(
        not made_up.isdisjoint(drawing.sample(addresses, len(addresses) // 5))
        for _each in range(1000)
    )

    assert len(made_up) == 21
    assert found >= 980


@pytest.mark.parametrize("tool", [Tool.OURS, Tool.ACTION_NETWORK, Tool.NATIONBUILDER, Tool.SPOKE])
def test_any_single_row_with_a_number_names_its_export(
    event: Event, asha: Actor, work: Callable[[], int], tool: str
) -> None:
    profiled(event, 2)
    address = () if tool == Tool.SPOKE else ("stand_in",)
    export = taken(asked(event, tool, *NAMES, *address, "phone"), asha, work)
    head = "code" if tool == Tool.OURS else "external_id"

    codes = [row[head] for row in table(export)]

    assert [exports.trace(f" {code.upper()} ") for code in codes] == [export, export]
    assert exports.trace("p-" + "a" * 52) is None


def test_made_up_rows_copy_nothing_that_only_one_person_has(
    event: Event, asha: Actor, work: Callable[[], int]
) -> None:
    """Control: what everybody shares, they share."""
    profiled(event, 10)
    columns = everything(asha, "action_network", "stand_in")
    rows = table(taken(asked(event, Tool.ACTION_NETWORK, *columns), asha, work))
    made_up = [row for row in rows if row["email"].endswith(DOMAIN)]
    others = [row for row in rows if row not in made_up]

    assert (len(made_up), len(others)) == (2, 10)
    for head in ("can2_phone", "can2_user_address", "zip_code", "external_id", "email"):
        assert {row[head] for row in made_up}.isdisjoint({row[head] for row in others})
        assert all(row[head] for row in made_up)
    assert {row["branch"] for row in made_up} == {""}
    shared = ("can2_user_city", "country", "our_zip", "can2_user_tags", "can2_sms_status")
    assert {tuple(row[head] for head in shared) for row in rows} == {
        ("Leeds", "GB", "own", "Baker, Drives a van or two", "subscribed")
    }


@pytest.mark.parametrize(
    "like", ["+447400123456", "+12025550147", "+33612345678", "+4917612345678"]
)
def test_a_made_up_number_belongs_to_nobody_and_looks_like_one(like: str) -> None:
    made = inventing._number(like)
    number = phonenumbers.parse(made)

    assert phonenumbers.is_possible_number(number)
    assert made != like
    assert number.country_code == phonenumbers.parse(like).country_code
    assert inventing._number("+999123") == ""


# --- nothing runs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("=1+1", "1+1"),
        ("  =cmd|' /C calc'!A0", "cmd|' /C calc'!A0"),
        ("＝SUM(1)", "SUM(1)"),
        ("\t@=-x", "x"),
        ("+447400123456", "+447400123456"),
        ("-2.5", "-2.5"),
        ("-2+3", "2+3"),
        ("O’Neill", "O’Neill"),
        ("سلمى", "سلمى"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_taken_off(cell: str, told: str) -> None:
    assert layouts.harmless(cell) == told


@given(some.text(max_size=40))
def test_no_cell_begins_a_formula(cell: str) -> None:
    told = layouts.harmless(cell)

    assert told == "" or told == csv_file.safe(told) or re.fullmatch(r"[+-][0-9.]+", told)
    assert layouts.harmless(told) == told


@given(some.data())
def test_every_row_of_every_layout_is_as_wide_as_its_head(data: some.DataObject) -> None:
    tool = data.draw(some.sampled_from(sorted(layouts.LAYOUTS)))
    known = layouts.LAYOUTS[tool].codes
    codes = data.draw(some.lists(some.sampled_from([*known, "field:a", "field:zip"]), unique=True))
    cells = data.draw(some.lists(some.text(), min_size=len(codes), max_size=len(codes)))
    dress = layouts.Dress(layouts.LAYOUTS[tool], codes)
    text = "".join(csv_file.lines_for(dress.head(), dress.lines([cells]), layouts.harmless))

    head, row = list(csv.reader(io.StringIO(text, newline=""))) if dress.head() else ([], [])
    assert len(head) == len(row)
    assert len(set(head)) == len(head)
