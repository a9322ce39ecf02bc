"""The table of people, saved lists, and one change for many, as pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundswell.kernel.actor import SYSTEM
from groundswell.people.models import BulkAct, Person, Tagging, View, ViewMember
from groundswell.people.operations import persons, tagging
from tests.factories import profiles

pytestmark = pytest.mark.django_db

PEOPLE = "/en/office/people/"


def person(number: int, **typed: Any) -> Person:
    typed = {"given": f"Person{number}", "email": f"p{number}@example.org", **typed}
    return persons.recognise(typed=persons.Typed(**typed)).person


def text(answer: Any) -> str:
    return str(answer.content.decode())


def hrefs(page: str) -> list[str]:
    return re.findall(r'<th scope="row">.*?href="([^"]+)"', page)


def test_the_table_asks_as_much_for_one_as_for_three(organiser: Client) -> None:
    person(0)
    organiser.get(PEOPLE)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert organiser.get(PEOPLE).status_code == 200
        return len(found)

    one = asked()
    for number in (1, 2):
        tagging.tag(person_id=person(number).id, name="Van", by=SYSTEM)
    organiser.get(PEOPLE)  # who is seen for the first time today is counted, once
    assert asked() == one


def test_filters_columns_and_order_stand_in_the_address(organiser: Client) -> None:
    first, second = person(1, country="ES"), person(2, country="ES")
    person(3, country="FR")

    page = text(organiser.get(PEOPLE + "?country=ES&sort=since&columns=since,absent"))

    assert hrefs(page) == [f"{PEOPLE}{first.id}/", f"{PEOPLE}{second.id}/"]
    assert re.findall(r'aria-sort="(\w+)"', page) == ["ascending"]
    assert "?country=ES&amp;sort=-since&amp;columns=since" in page


def test_columns_are_chosen_on_their_own_page(organiser: Client) -> None:
    chosen = organiser.get(PEOPLE + "columns/?country=ES&chosen=zone&chosen=country&chosen=absent")

    assert chosen["Location"] == f"{PEOPLE}?country=ES&columns=country%2Czone"


def test_a_list_is_saved_shared_opened_removed_and_put_back(organiser: Client, sit: Any) -> None:
    person(1, country="ES")
    person(2, country="FR")
    told = {"name": "Spain", "folder": "Sur", "shared_with": ["organiser"], "columns": ["tags"]}

    refused = organiser.post(PEOPLE + "save/?country=ES", {**told, "name": ""})
    saved = organiser.post(PEOPLE + "save/?country=ES", told)

    assert refused.status_code == 422
    assert "Give the list a name of at most 80 characters." in text(refused)
    view = View.objects.get()
    assert saved["Location"] == f"{PEOPLE}?view={view.id}"
    colleague = sit("organiser")
    page = text(colleague.get(saved["Location"]))
    assert ("Person1" in page, "Person2" in page, "<bdi>Sur</bdi>" in page) == (True, False, True)
    assert colleague.get(f"{PEOPLE}lists/{view.id}/").status_code == 404
    organiser.post(f"{PEOPLE}lists/{view.id}/", {"do": "remove"})
    assert "Spain" in text(organiser.get(PEOPLE + "lists/removed/"))
    assert "<bdi>Sur</bdi>" not in text(colleague.get(PEOPLE))
    organiser.post(f"{PEOPLE}lists/{view.id}/", {"do": "back"})
    assert "<bdi>Sur</bdi>" in text(colleague.get(PEOPLE))


def test_one_change_for_those_who_are_ticked_and_the_way_back(organiser: Client) -> None:
    first, second = person(1), person(2)
    tag = tagging.tag(person_id=first.id, name="Van", by=SYSTEM)
    chosen = {"act": "tag", "who": [first.id, second.id]}

    asks = text(organiser.post(PEOPLE + "many/", chosen))
    seen = text(organiser.post(PEOPLE + "many/", {**chosen, "about": tag.id}))
    assert "2 people are chosen." in asks
    assert "It changes 1 person. 1 stays as it is, because it is so already." in seen
    assert Tagging.objects.count() == 1  # a preview changes nothing
    done = organiser.post(PEOPLE + "many/", {**chosen, "about": tag.id, "do": "now"})

    act = BulkAct.objects.get()
    assert done["Location"] == reverse("office:people_act", args=[act.id])
    assert Tagging.objects.count() == 2
    organiser.post(done["Location"])
    assert Tagging.objects.count() == 1
    assert "This was taken back" in text(organiser.get(done["Location"]))


def test_everybody_who_fits_and_not_only_those_on_the_page(organiser: Client) -> None:
    for number in range(3):
        person(number, country="ES" if number else "FR")
    picked = text(organiser.post(PEOPLE + "save/?picked", {"name": "By hand"}))
    assert picked == ""
    view = View.objects.get()
    chosen = {"act": "pick", "all": "1", "country": "ES", "about": view.id, "do": "now"}

    organiser.post(PEOPLE + "many/", chosen)

    assert ViewMember.objects.count() == 2
    page = text(organiser.get(f"{PEOPLE}?view={view.id}"))
    assert len(hrefs(page)) == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "tag"}, 302),
        ({"act": "dance", "who": ["1"]}, 302),
        ({"act": "tag", "who": ["x", "1"], "about": "0"}, 422),
        ({"act": "tag", "who": ["1"], "about": "9" * 30}, 422),
        ({"act": "pick", "all": "1"}, 200),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    organiser: Client, sent: dict[str, Any], status: int
) -> None:
    profiles.known(person(1).id)
    before = BulkAct.objects.count()

    assert organiser.post(PEOPLE + "many/", sent).status_code == status
    assert BulkAct.objects.count() == before


def test_somebody_elses_change_is_not_there(sit: Any) -> None:
    known = profiles.known(person(1).id)
    organiser, manager = sit("organiser"), sit("data_manager")
    page = reverse("office:people_act", args=[known.act_id])

    assert organiser.get(page).status_code == 404
    assert manager.get(page).status_code == 200
    assert "Put on a list" in text(manager.get(PEOPLE + "acts/"))
    assert "Van drivers" not in text(organiser.get(PEOPLE + "acts/"))
