"""One person's page: consents, sources, addresses, notes and ties as somebody of the team reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.people.models import (
    Consent,
    Contact,
    FormVersion,
    Person,
    PostalAddress,
    Relation,
    Touch,
)
from groundswell.people.operations import consents, details, notes, persons, sources
from groundswell.people.operations.sources import CameBy
from tests.doors.public import reading
from tests.factories import forms as form_makers
from tests.factories import profiles

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def asha(sit: Any) -> Client:
    client: Client = sit("data_manager", name="Asha Rao")
    return client


def a_person(email: str = "amina@example.org", family: str = "Khan") -> Person:
    typed = persons.Typed(given="Amina", family=family, email=email, country="GB")
    return persons.recognise(typed=typed).person


def page(client: Client, person: Person, part: str = "person", *ids: int, query: str = "") -> str:
    return reading.text(client.get(reverse(f"office:{part}", args=[person.id, *ids]) + query))


def give(person: Person, *, source: str = "public.rsvp", **agreed: Any) -> None:
    agreement = {"purpose": Consent.Purpose.NEWS, "about_id": 0, "wording": "form-news-1"}
    consents.give(
        person_id=person.id,
        agreements=[consents.Agreement(**{**agreement, **agreed})],
        source=source,
        by=SYSTEM,
    )


# --- what they agreed to -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "proof", "told"),
    [
        ("public.rsvp", "", "On the page of an event"),
        ("public.form", "form:7", "On a form"),
        ("my.data", "link", "On their own page, by the link of a mail"),
        ("import", "import:12:34", "In row 34 of a list that was taken in"),
        ("import", "", "In a list that was taken in"),
    ],
)
def test_each_consent_says_where_it_comes_from(
    asha: Client, source: str, proof: str, told: str
) -> None:
    person = a_person()
    give(person, source=source, proof=proof)
    assert f"{told} · “Yes, e-mail me now and then. I can stop it with one tap.”" in page(
        asha, person
    )


def test_the_words_of_a_form_are_those_that_its_version_had(asha: Client) -> None:
    person = a_person()
    form = form_makers.open_form()
    number = FormVersion.objects.get(form=form).number
    give(person, source="public.form", wording=f"form:{form.id}:{number}:en")
    (line,) = asha.get(reverse("office:person", args=[person.id])).context["agreed"]
    assert line.words != ""
    assert line.words in page(asha, person)


def test_a_consent_that_ended_is_none_and_says_when(asha: Client) -> None:
    person = a_person()
    ends = clock.now() + A_DAY
    give(person, expires_at=ends, organisation="Riders Union")
    (line,) = asha.get(reverse("office:person", args=[person.id])).context["agreed"]
    assert (line.is_on, line.told[1:]) == (True, ("Given to Riders Union", _until(ends)))

    Consent.objects.update(expires_at=clock.now() - A_DAY)
    (line,) = asha.get(reverse("office:person", args=[person.id])).context["agreed"]
    assert line.is_on is False
    assert line.told[-1].startswith("Ended on ")


def _until(ends: Any) -> str:
    return f"Until {ends.day} {ends:%b} {ends.year}"


# --- what they came by -------------------------------------------------------------------------


def test_sources_first_and_last_with_their_link_and_cost(asha: Client) -> None:
    person = a_person()
    utm = {"utm_source": "leaflet", "utm_medium": "paper", "utm_campaign": "spring"}
    sources.touch(person_id=person.id, came_by=CameBy(utm=utm), what=Touch.What.RSVP)
    sources.touch(person_id=person.id, came_by=CameBy(code="ads"), what=Touch.What.FORM)
    person.refresh_from_db()
    day = clock.now().date()
    costs = [sources.Cost("leaflet", day, day, 12000, "GBP")]
    sources.note_spend(costs=costs, by=SYSTEM)
    told = page(asha, person)
    assert "First came by leaflet leaflet / paper / spring Spent on it: £120.00" in told
    assert "Last came by ads With us since" in told


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind"),
    [("second@example.org", "email"), ("+44 7400 123459", "phone"), ("020 7946 0018", "phone")],
)
def test_one_field_takes_an_address_or_a_number(asha: Client, value: str, kind: str) -> None:
    person = a_person()
    asha.post(reverse("office:person_contact_add", args=[person.id]), {"value": value})
    assert Contact.objects.filter(person=person).latest("id").kind == kind


@pytest.mark.parametrize(
    ("value", "told"), [("amina@", "Finish the e-mail address"), ("+44 12", "country code")]
)
def test_what_is_neither_is_refused_in_the_words_of_its_kind(
    asha: Client, value: str, told: str
) -> None:
    person = a_person()
    answer = asha.post(reverse("office:person_contact_add", args=[person.id]), {"value": value})
    assert answer.status_code == 422
    (problem,) = answer.context["form"].errors["value"]
    assert told in problem
    assert f'value="{value}"' in answer.content.decode()


def test_where_they_get_post_and_work_stand_beside_where_they_live(asha: Client) -> None:
    person = a_person()
    address = reverse("office:person_home", args=[person.id])
    for kind, town in (("home", "Leeds"), ("post", "York"), ("work", "Paris")):
        country = "FR" if kind == "work" else "GB"
        asha.post(f"{address}?kind={kind}", {"town": town, "country": country})
    told = page(asha, person)
    assert "Lives in Leeds · United Kingdom" in told
    assert "Gets post in York · United Kingdom" in told
    assert "Works in Paris · France" in told
    person.refresh_from_db()
    assert person.time_zone == "Europe/London"

    asha.post(f"{address}?kind=work", {"do": "remove"})
    assert set(PostalAddress.objects.values_list("kind", flat=True)) == {"home", "post"}
    assert "Where they get post" in page(asha, person, "person_home", query="?kind=post")
    assert "Where they live" in page(asha, person, "person_home", query="?kind=moon")


def test_a_name_of_nothing_is_asked_for_in_words_about_them(asha: Client) -> None:
    person = a_person()
    empty = {"given": " ", "family": "", "language": "en"}
    answer = asha.post(reverse("office:person_details", args=[person.id]), empty)
    assert answer.status_code == 422
    assert answer.context["form"].errors["given"] == ["Write a given name, a family name or both."]


# --- notes and ties ----------------------------------------------------------------------------


def test_sensitive_notes_stand_apart(asha: Client) -> None:
    person = a_person()
    for body, sees in (("Rings back", "see_contacts"), ("In hiding", "see_all")):
        notes.write_note(person_id=person.id, body=body, sees=sees, by=SYSTEM)
    groups = asha.get(reverse("office:person", args=[person.id])).context["notes"]
    assert [(heading, [note.body for note in some]) for heading, some in groups] == [
        ("", ["Rings back"]),
        ("Sensitive notes", ["In hiding"]),
    ]


def test_whoever_removes_a_note_reads_which(asha: Client) -> None:
    person = a_person()
    note = notes.write_note(person_id=person.id, body="Rings back", sees="see_contacts", by=SYSTEM)
    assert "Rings back" in page(asha, person, "person_note_remove", note.id)


def test_two_of_one_name_are_told_apart_and_the_direction_is_said(asha: Client) -> None:
    person = a_person(family="Reed")
    one, other = a_person("one@example.org"), a_person("other@example.org")
    details.put_home(person_id=one.id, home=details.Home(town="Leeds"), by=SYSTEM)
    told = page(asha, person, "person_tie_add", query="?q=khan")
    assert told.count("Amina Khan Leeds · With us since ") == 1
    assert told.count("Amina Khan With us since ") == 1
    assert "What is that person to Amina Reed?" in told

    tie = {"q": "khan", "other": str(other.id), "kind": "parent"}
    asha.post(reverse("office:person_tie_add", args=[person.id]), tie)
    relation = Relation.objects.get()
    assert (relation.person_id, relation.other_id, relation.kind) == (person.id, other.id, "parent")
    assert "Amina Khan Parent" in page(asha, person)
    assert "Amina Reed Child" in page(asha, other)


# --- the installation's own questions ----------------------------------------------------------


@pytest.mark.parametrize(("kind", "is_asked"), [("text", False), ("one", True)])
def test_answers_to_choose_from_are_asked_only_where_there_is_a_choice(
    asha: Client, kind: str, is_asked: bool
) -> None:
    field = profiles.field("Branch", kind, "North\nSouth" if is_asked else "")
    address = reverse("office:question", args=[field.id])
    assert ("choices_en" in asha.get(address).context["form"].fields) is is_asked
    told = {"label_en": "Our branch", "sees": "see_names", "writes": "see_contacts"}
    choices = {"choices_en": "North\nSouth\nEast"} if is_asked else {}
    assert asha.post(address, told | choices).status_code == 302
    field.refresh_from_db()
    assert (field.labels["en"], len(field.choices)) == ("Our branch", 3 if is_asked else 0)
