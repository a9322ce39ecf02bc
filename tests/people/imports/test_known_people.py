"""What a file does to people whom we knew: it fills what is empty, and they are looked at anew."""

from __future__ import annotations

import pytest

from groundswell.kernel.actor import SYSTEM
from groundswell.people import queries
from groundswell.people.models import Consent, Contact, Person
from groundswell.people.operations import (
    consents,
    correcting,
    details,
    persons,
    reach,
    tagging,
)
from groundswell.people.operations.consents import Agreement
from groundswell.people.operations.persons import Typed
from tests.people.imports.making import a_csv, person_at, taken_back, taken_in

pytestmark = pytest.mark.django_db

HEAD = ("email", "first name", "last name", "phone")


def known(given: str = "Hayao", family: str = "Miyazaki") -> Person:
    typed = Typed(given=given, family=family, email="h@example.org")
    person = persons.recognise(typed=typed).person
    persons.write_name(person, given, family, is_family_first=True)
    Person.objects.filter(id=person.id).update(is_compared=True)
    return person


def full_name() -> str:
    return queries.name_of(person_at("h@example.org")).full


def test_the_order_of_a_name_stays() -> None:
    known()

    found = taken_in(a_csv(HEAD, ("h@example.org", "Hayao", "Miyazaki", "07400 123456")))

    assert full_name() == "Miyazaki Hayao"
    taken_back(found)
    assert full_name() == "Miyazaki Hayao"


def test_the_order_of_a_name_that_is_filled_stays() -> None:
    known(family="")

    found = taken_in(a_csv(HEAD, ("h@example.org", "Hayao", "Miyazaki", "")))

    assert full_name() == "Miyazaki Hayao"
    taken_back(found)
    assert full_name() == "Hayao"


def test_somebody_who_corrects_their_name_keeps_its_order() -> None:
    from groundswell.kernel import actor

    person = known()

    correcting.correct(
        person_id=person.id, given="Hayato", family="Miyazaki", language="en",
        by=actor.person(person.id),
    )  # fmt: skip

    assert full_name() == "Miyazaki Hayato"


def test_whoever_gets_a_number_is_compared_anew() -> None:
    person = known()

    taken_in(a_csv(HEAD, ("h@example.org", "Hayao", "Miyazaki", "07400 123456")), country="GB")

    assert queries.phone_of(person.id) == "+447400123456"
    assert not Person.objects.get(id=person.id).is_compared


def test_whoever_loses_a_number_is_compared_anew() -> None:
    person = known()
    number = details.add_contact(
        person_id=person.id, kind="phone", value="+447400123456", by=SYSTEM
    )
    Person.objects.filter(id=person.id).update(is_compared=True)

    details.remove_contact(person_id=person.id, contact_id=number.id, by=SYSTEM)

    assert not Person.objects.get(id=person.id).is_compared


def test_a_row_that_says_nothing_new_leaves_them_alone() -> None:
    person = known()

    taken_in(a_csv(HEAD, ("h@example.org", "Hayao", "Miyazaki", "")), consent="none")

    assert Person.objects.get(id=person.id).is_compared


def test_whoever_stays_at_an_undo_loses_what_the_file_agreed_to_for_them() -> None:
    found = taken_in(
        a_csv(HEAD, ("h@example.org", "Hayao", "", ""), ("i@example.org", "I", "", ""))
    )
    person = person_at("h@example.org")
    tagging.tag(person_id=person.id, name="Painter", by=SYSTEM)
    assert queries.has_consent(person.id, purpose="news", about_id=0)

    found = taken_back(found)

    assert (found.counts["gone"], found.counts["kept"]) == (1, 1)
    assert Person.objects.get().id == person.id
    assert not queries.has_consent(person.id, purpose="news", about_id=0)
    assert Person.objects.get().reach == 0


def test_what_they_agreed_to_themselves_since_stays() -> None:
    found = taken_in(a_csv(HEAD, ("h@example.org", "Hayao", "", "")))
    person = person_at("h@example.org")
    own = Agreement(Consent.Purpose.NEWS, 0, "news.1")
    consents.give(person_id=person.id, agreements=[own], source="my.data", by=SYSTEM)

    taken_back(found)

    assert queries.has_consent(person.id, purpose="news", about_id=0)
    assert Person.objects.get().reach == reach.EMAIL


def test_a_row_that_fails_over_its_name_still_says_whom_not_to_contact() -> None:
    taken_in(a_csv(("email", "first name", "last name"), ("h@example.org", "Hayao", "Miyazaki")))
    assert Person.objects.get().reach == reach.EMAIL

    found = taken_in(
        a_csv(("email", "given", "family", "never"), ("h@example.org", "Tomasz", "Nowak", "yes")),
        columns=["email", "given", "family", "never"],
    )

    assert (found.counts["failed"], found.counts["never"]) == (1, 1)
    assert queries.is_suppressed(Contact.objects.get())
    assert Person.objects.get().reach == 0
    assert full_name() == "Hayao Miyazaki"
