"""The pages of imports: a file, its columns, the dry run, what came of it, and back again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.people.models import Consent, Import, Person
from tests.doors.public import reading
from tests.factories import profiles
from tests.factories.imports import a_list, a_list_taken_in

pytestmark = pytest.mark.django_db
INDEX, ADD = "/en/office/imports/", "/en/office/imports/add/"
ROWS = (
    "e-mail;first name;subscribed\nann@example.net;Ann;yes\n=1+1;Bo;yes\nlou@example.net;Łou;no\n"
).encode()


def answered(found: Import, **others: str) -> dict[str, str]:
    columns = {f"column_{place}": to for place, to in enumerate(found.columns)}
    return {"consent": "list", "about": "news", "answers": "fill", **columns, **others}


def test_from_the_file_to_the_people_and_back(sit: Any, work: Callable[[], int]) -> None:
    asha = sit("data_manager", name="Asha Rao")
    assert "No list was taken in yet" in reading.text(asha.get(INDEX))

    sent = asha.post(ADD, {"file": SimpleUploadedFile("spring.csv", ROWS)})
    found = Import.objects.get()
    assert sent["Location"] == f"{INDEX}{found.slug}/columns/"
    columns = reading.text(asha.get(sent["Location"]))
    assert "ann@example.net · =1+1 · lou@example.net" in columns

    page = asha.post(sent["Location"], answered(found))["Location"]
    told = reading.text(asha.get(page))
    assert "2 new people, 0 rows about people we know and 1 row left out." in told
    assert "The e-mail address is not whole" in told
    assert Person.objects.count() == 0

    asha.post(page, {"do": "start"})
    assert "0 of 3 rows" in reading.text(asha.get(page))
    work()
    assert "Taken in" in reading.text(asha.get(page))
    assert Person.objects.count() == 2
    of_one = f"/en/office/people/{Person.objects.order_by('id')[0].id}/"
    (line,) = asha.get(of_one).context["timeline"]
    assert (line.sentence, line.who) == ("Was in a list that was taken in.", "Asha Rao")
    assert sorted(Person.objects.values_list("reach", flat=True)) == [0, 1]
    assert "spring.csv" in reading.text(asha.get(INDEX))

    answer = asha.get(f"{page}to-correct/")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows == [
        ["e-mail", "first name", "subscribed", "What is wrong"],
        ["'=1+1", "Bo", "yes",
         "The e-mail address is not whole, and there is no other way to reach them."],
    ]  # fmt: skip

    asha.post(page, {"do": "undo"})
    work()
    assert "People who are gone again: 2." in reading.text(asha.get(page))
    assert Person.objects.count() == 0


def test_a_dry_run_shows_all_that_is_kept_and_what_a_wrong_cell_costs(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    profiles.field()
    head = "email,first name,phone,street,zip,city,country,language,Union branch,source\n"
    ann = "ann@example.org,Ann,12,4 Mill Lane,LS6,Leeds,GB,fr,Leeds 2,leaflet\n"
    found = a_list((head + ann + "bo@example,Bo,,,,,,,,\n").encode())
    told = answered(found, column_8="field:union-branch", column_9="source")
    page = asha.post(f"{INDEX}{found.slug}/columns/", told)["Location"]
    told_back = reading.text(asha.get(page))
    assert "4 Mill Lane · LS6 · Leeds · United Kingdom" in told_back
    assert "Français Union branch: Leeds 2 leaflet New" in told_back
    assert "such as +44. Taken in without it Rows: 1" in told_back
    assert "no other way to reach them. Left out Rows: 1" in told_back


def test_consent_to_one_topic(sit: Any, work: Callable[[], int]) -> None:
    asha = sit("data_manager", name="Asha Rao")
    topic = profiles.topic("Buses")
    found = a_list(ROWS)
    columns = f"{INDEX}{found.slug}/columns/"
    refused = asha.post(columns, answered(found, about="topic:1"))
    assert refused.status_code == 422
    page = asha.post(columns, answered(found, about=f"topic:{topic.id}"))["Location"]
    chosen = f'value="topic:{topic.id}" selected'
    assert chosen in asha.get(columns).content.decode()
    asha.post(page, {"do": "start"})
    work()
    given = Consent.objects.get(is_given=True)
    assert (given.purpose, given.about_id) == ("news", topic.id)


def test_the_last_day_of_their_consent_is_asked_and_weighed(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    found = a_list(b"email\nann@example.net\n")
    page = f"{INDEX}{found.slug}/columns/"

    over = asha.post(page, answered(found, ends_on="2020-01-31", tags="spring"))
    assert over.status_code == 422
    assert "Their consent is over by then." in reading.text(over)
    assert b'value="2020-01-31"' in over.content
    assert b'value="spring"' in over.content
    assert asha.post(page, answered(found, ends_on="31 Feb")).status_code == 422

    assert asha.post(page, answered(found, ends_on="2099-12-31")).status_code == 302
    assert Import.objects.get().choices["ends_on"] == "2099-12-31"
    assert b'value="2099-12-31"' in asha.get(page).content


def test_pause_and_go_on_by_their_buttons(sit: Any, work: Callable[[], int]) -> None:
    asha = sit("data_manager", name="Asha Rao")
    found = a_list(b"email\n" + b"".join(b"p%d@example.net\n" % n for n in range(1200)))
    page = asha.post(f"{INDEX}{found.slug}/columns/", answered(found))["Location"]
    asha.post(page, {"do": "start"})
    asha.post(page, {"do": "pause"})
    work()
    assert Person.objects.count() == 0
    assert "Paused" in reading.text(asha.get(page))
    far = asha.get(page, headers={"Accept": "application/json"}).json()
    assert far == {"words": "0 of 1,200 rows so far.", "width": "0.0%", "is_over": True}
    asha.post(page, {"do": "go_on"})
    far = asha.get(page, headers={"Accept": "application/json"}).json()
    assert far["is_over"] is False
    work()
    assert Person.objects.count() == 1200


def test_a_file_that_is_none_loses_nothing_and_says_what_to_do(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    refused = asha.post(ADD, {"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.7 hello")})
    assert refused.status_code == 422
    assert "save it as CSV (UTF-8) or XLSX" in reading.text(refused)
    assert Import.objects.count() == 0
    missing = asha.post(ADD, {"encoding": ""})
    assert missing.status_code == 422
    assert "Choose a file of at most 50 MB." in reading.text(missing)


def test_the_source_of_consent_is_asked_and_what_was_chosen_stays(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    found = a_list()
    page = f"{INDEX}{found.slug}/columns/"
    refused = asha.post(page, answered(found, consent="", column_1="name", tags="spring"))

    assert refused.status_code == 422
    assert "Say where their consent comes from." in reading.text(refused)
    assert 'value="spring"' in refused.content.decode()
    refused = asha.post(page, answered(found, column_0=""))
    assert refused.status_code == 302  # names alone tell who it is; rows without contact are listed
    refused = asha.post(page, answered(found, column_0="", column_1=""))
    assert "Say which column holds the e-mail, the phone or the name." in reading.text(refused)


def test_a_button_at_the_wrong_time_says_so(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    found = a_list_taken_in()
    page = f"{INDEX}{found.slug}/"
    for do in ("start", "pause", "go_on", "drop", "nonsense", ""):
        assert asha.post(page, {"do": do}).status_code == 422
    assert asha.get(f"{page}columns/").status_code == 302


def test_throwing_a_file_away(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    found = a_list()
    assert asha.post(f"{INDEX}{found.slug}/", {"do": "drop"}).status_code == 302
    assert "Thrown away" in reading.text(asha.get(INDEX))
    assert found.parts.count() == 0


def test_the_list_asks_as_much_for_three_as_for_one(sit: Any) -> None:
    asha = sit("data_manager", name="Asha Rao")
    counts = []
    for more in (1, 2):
        for _again in range(more):
            a_list()
        asha.get(INDEX)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            asha.get(INDEX)
        counts.append(len(asked))
    assert counts[0] == counts[1]
