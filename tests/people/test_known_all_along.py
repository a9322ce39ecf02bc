"""A page that nobody confirms forgets whoever came only with it, and nobody whom we know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from groundswell.accounts.doubts import Doubt, Look
from groundswell.events.operations import holding, rsvps
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.people import sight
from groundswell.people.models import Person, Tag, Tagging
from groundswell.people.operations import notes, persons, sorting, tagging
from groundswell.people.operations.persons import Typed
from tests.factories import events as event_makers
from tests.factories import forms
from tests.factories.campaigns import live_campaign
from tests.people.imports.making import a_csv, person_at, taken_in

pytestmark = pytest.mark.django_db

TRAPPED = Look(doubt=Doubt.TRAP)
EMAIL = "dara@example.org"
OWNER = actors.account(1, [Role.OWNER])


def imported_with_consent() -> Person:
    taken_in(a_csv(("email", "first name"), (EMAIL, "Dara")))
    return person_at(EMAIL)


def imported_without() -> Person:
    taken_in(a_csv(("email", "first name"), (EMAIL, "Dara")), consent="none")
    return person_at(EMAIL)


def _somebody() -> Person:
    return persons.recognise(typed=Typed(given="Dara", email=EMAIL, country="GB")).person


def tagged() -> Person:
    person = _somebody()
    tagging.tag(person_id=person.id, name="Nurse", by=SYSTEM)
    return person


def noted() -> Person:
    person = _somebody()
    notes.write_note(person_id=person.id, body="Call her.", sees="see_all", by=SYSTEM)
    return person


def came_once() -> Person:
    """What is left of an event a month ago: how often, and no consent to it."""
    person = _somebody()
    Person.objects.filter(id=person.id).update(going_count=1)
    return person


KNOWN = [imported_with_consent, imported_without, tagged, noted, came_once]


def fill_in_a_form() -> None:
    forms.entry(forms.open_form(), EMAIL, look=TRAPPED)


def sign_up() -> None:
    rsvps.make_rsvp(
        event=event_makers.listed_event(live_campaign()),
        typed=Typed(given="Spam", email=EMAIL),
        sign_up=rsvps.SignUp(),
        by=VISITOR,
        look=TRAPPED,
    )


PAGES = [fill_in_a_form, sign_up]


def weeks_later() -> None:
    with clock.at(clock.now() + timedelta(days=8)):
        sorting.tidy_forms.call()
        holding.tidy_quarantine.call()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("known", KNOWN)
def test_whom_we_knew_stays_whatever_a_program_types(
    known: Callable[[], Person], page: Callable[[], None]
) -> None:
    person = known()

    page()
    listed = sight.listed(Person.objects.filter(id=person.id)).exists()
    weeks_later()

    assert listed
    assert Person.objects.filter(id=person.id).exists()


@pytest.mark.parametrize("page", PAGES)
def test_whoever_came_only_with_it_goes(page: Callable[[], None]) -> None:
    page()
    found = person_at(EMAIL)
    listed = sight.listed(Person.objects.filter(id=found.id)).exists()

    weeks_later()

    assert not listed
    assert not Person.objects.filter(id=found.id).exists()


@pytest.mark.parametrize("known", [imported_without, tagged])
def test_letting_in_what_was_typed_changes_nothing_about_whom_we_knew(
    known: Callable[[], Person],
) -> None:
    person = known()
    before = set(Tagging.objects.filter(person=person).values_list("tag__name", flat=True))
    entry = forms.entry(forms.open_form(tags=["Spam"]), EMAIL, look=TRAPPED)

    sorting.let_in(entry_ids=[entry.id], by=OWNER)

    assert set(Tagging.objects.filter(person=person).values_list("tag__name", flat=True)) == before
    assert not Tag.objects.filter(folded="spam").exists()
