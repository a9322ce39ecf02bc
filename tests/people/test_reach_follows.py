"""How somebody may be reached follows every change of their addresses, whoever makes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.people import queries
from groundswell.people.models import Consent, Contact, NewAddress, Person
from groundswell.people.operations import (
    consents,
    correcting,
    details,
    erasing,
    filling,
    new_address,
    persons,
    reach,
    thinning,
)
from groundswell.people.operations.consents import Agreement
from groundswell.site import vault
from tests.factories import forms
from tests.people.imports.making import a_csv, taken_in
from tests.people.merged import somebody

pytestmark = pytest.mark.django_db

NUMBER = "+447400123456"


def reach_of(person_id: int) -> int:
    return Person.objects.get(id=person_id).reach


def agree(person: Person, channel: str = "email", **more: bool) -> None:
    agreed = Agreement(
        Consent.Purpose.CAMPAIGN, 5, "campaign.1", channel=Consent.Channel(channel), **more
    )
    consents.give(person_id=person.id, agreements=[agreed], source="my.data", by=SYSTEM)


def own(person: Person) -> actors.Actor:
    return actors.person(person.id)


def test_a_number_that_is_taken_away_and_put_back_by_its_owner() -> None:
    person = somebody("a@example.org", phone=NUMBER)
    agree(person, "text")
    assert reach_of(person.id) == reach.TEXT

    correcting.set_phone(person_id=person.id, phone="", by=own(person))
    assert reach_of(person.id) == 0
    correcting.set_phone(person_id=person.id, phone=NUMBER, by=own(person))
    assert reach_of(person.id) == reach.TEXT


def test_a_number_on_the_list_stays_there_when_its_owner_writes_it_anew() -> None:
    person = somebody("a@example.org", phone=NUMBER)
    agree(person, "text")
    number = Contact.objects.get(person=person, kind="phone")
    consents.suppress(contact_id=number.id, reason="asked", by=SYSTEM)
    correcting.set_phone(person_id=person.id, phone="", by=own(person))

    correcting.set_phone(person_id=person.id, phone=NUMBER, by=own(person))

    assert Contact.objects.get(person=person, kind="phone").problem
    assert reach_of(person.id) == 0


def test_a_number_that_came_with_a_sign_up() -> None:
    person = somebody("a@example.org")
    agree(person, "text")
    assert reach_of(person.id) == 0

    persons.attach_phone(person=person, phone=NUMBER, by=SYSTEM)

    assert reach_of(person.id) == reach.TEXT


def test_a_new_address_in_place_of_one_that_bounced() -> None:
    person = somebody("old@example.org", is_proven=True)
    agree(person)
    consents.suppress(contact_id=person.contacts.get().id, reason="bounced", by=SYSTEM)
    assert reach_of(person.id) == 0

    new_address.ask_new_address(person_id=person.id, email="new@example.org", by=own(person))
    new_address.prove_new_address(new_address_id=NewAddress.objects.get().id, by=own(person))

    assert reach_of(person.id) == reach.EMAIL


def test_an_address_that_came_onto_the_list_before_it_was_proven() -> None:
    person, other = somebody("old@example.org", is_proven=True), somebody("new@example.org")
    agree(person)
    new_address.ask_new_address(person_id=person.id, email="new@example.org", by=own(person))
    erasing.erase_person(person_id=other.id, never_write=True, by=own(other))

    new_address.prove_new_address(new_address_id=NewAddress.objects.get().id, by=own(person))

    assert reach_of(person.id) == 0
    assert queries.email_contact(person.id) is None


def test_no_mail_goes_to_an_address_on_the_list_after_the_indexes_were_made_anew() -> None:
    person, other = somebody("old@example.org"), somebody("never@example.org")
    erasing.erase_person(person_id=other.id, never_write=True, by=own(other))
    vault.begin_new_indexes()
    vault.finish_new_indexes()
    assert not vault.blinds_last()

    new_address.ask_new_address(person_id=person.id, email="never@example.org", by=own(person))

    assert not NewAddress.objects.exists()


def test_a_proof_by_any_link_counts_for_what_waited_for_it() -> None:
    person = somebody("a@example.org")
    agree(person, needs_proof=True)
    assert reach_of(person.id) == 0

    persons.prove_email(contact_id=person.contacts.get().id, by=SYSTEM)

    assert reach_of(person.id) == reach.EMAIL


def test_a_family_whose_number_a_file_puts_on_the_list() -> None:
    person = somebody("a@example.org", phone=NUMBER)
    agree(person, "text")
    assert reach_of(person.id) == reach.TEXT

    taken_in(
        a_csv(("email", "phone", "never"), ("b@example.org", NUMBER, "yes")),
        columns=["email", "phone", "never"],
    )

    assert Contact.objects.get(person=person, kind="phone").problem
    assert reach_of(person.id) == 0


def test_whoever_is_thin_is_texted_no_more() -> None:
    person = somebody("a@example.org", phone=NUMBER)
    agree(person)
    agree(person, "text")

    with clock.at(clock.now() + timedelta(days=120)):
        thinning.thin_people.call()

    assert Person.objects.get(id=person.id).is_thin
    assert reach_of(person.id) == reach.EMAIL


def test_whoever_is_never_written_to_is_not_texted_either() -> None:
    person = somebody("a@example.org", phone=NUMBER)

    erasing.erase_person(person_id=person.id, never_write=True, by=own(person))
    taken_in(
        a_csv(("email", "phone"), ("b@example.org", NUMBER)), columns=["email", "phone"], texts=True
    )

    assert reach_of(Person.objects.get().id) == reach.EMAIL


# --- which mailbox a link proves ------------------------------------------------------------------


def _by_form(person: Person) -> Callable[[], object]:
    entry = forms.entry(forms.open_form(), "newer@example.org")
    assert entry.person_id == person.id
    return lambda: filling.confirm(entry_id=entry.id, by=own(person))


def test_a_link_proves_the_mailbox_that_it_went_to() -> None:
    person = somebody("older@example.org")
    newer = details.add_contact(
        person_id=person.id, kind="email", value="newer@example.org", by=SYSTEM
    )
    confirm = _by_form(person)
    to = queries.email_contact(person.id)
    assert to is not None
    assert to.id == newer.id

    confirm()

    proven = Contact.objects.filter(proven_at__isnull=False)
    assert list(proven.values_list("id", flat=True)) == [newer.id]
