"""Recognising people, proving addresses, consent, suppression, shelves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger.models import Entry
from groundswell.people import contacts, exporting, queries
from groundswell.people.models import Contact, Person, SearchName
from groundswell.people.moving import Moves
from groundswell.people.operations import consents, persons
from groundswell.people.operations.persons import Typed
from groundswell.people.shelves import PeopleShelf
from groundswell.site import vault
from groundswell.site.models import DataKey

pytestmark = pytest.mark.django_db


def recognise(email: str = "amina@example.org", given: str = "Amina", family: str = "Khan") -> Any:
    with transaction.atomic():
        return persons.recognise(typed=Typed(given=given, family=family, email=email))


@pytest.mark.parametrize(
    "typed",
    [
        "AMINA@example.org",
        " amina@EXAMPLE.org\u200e",
        "amina@example.org\x00",
        "amina @example.org",
    ],
)
def test_same_address_in_another_dress_is_the_same_person(typed: str) -> None:
    first = recognise()

    again = recognise(typed)

    assert (again.person.id, again.is_new) == (first.person.id, False)


def test_what_is_typed_later_changes_nothing_about_a_known_person() -> None:
    first = recognise()

    recognise(given="Eve", family="Stranger")

    assert queries.name_of(Person.objects.get(id=first.person.id)).full == "Amina Khan"


def test_name_in_high_risk_installations_is_not_searchable(settings: Any) -> None:
    recognise("a@example.org")
    settings.GROUNDSWELL_HIGH_RISK = True
    recognise("b@example.org")

    assert SearchName.objects.count() == 1


def test_address_with_a_domain_in_another_script_is_one_ascii_form() -> None:
    assert contacts.normalised_email("info@münchen.de") == "info@xn--mnchen-3ya.de"


def test_phone_is_read_with_the_persons_country() -> None:
    assert contacts.normalised_phone("07400 123456", country="GB") == "+447400123456"
    for wrong in ("07400 123456", "call me", "\x00", "9" * 500):
        with pytest.raises(contacts.NotAPhone):
            contacts.normalised_phone(wrong)


def test_proving_an_address_is_recorded_once() -> None:
    contact = recognise().contact

    first = persons.prove_email(contact_id=contact.id, by=SYSTEM)
    again = persons.prove_email(contact_id=contact.id, by=SYSTEM)

    assert (first, again) == (True, False)
    assert Entry.objects.filter(kind="people.EmailProved").count() == 1


def test_newest_line_of_the_consent_ledger_holds(still_clock: Any) -> None:
    person = recognise().person
    agreement = consents.Agreement("campaign", 7, "rsvp-campaign-1")
    said = [queries.has_consent(person.id, purpose="campaign", about_id=7)]

    with transaction.atomic():
        consents.give(person_id=person.id, agreements=[agreement], source="test", by=VISITOR)
    said.append(queries.has_consent(person.id, purpose="campaign", about_id=7))
    still_clock.shift(1)
    consents.withdraw(person_id=person.id, purpose="campaign", about_id=7, source="t", by=VISITOR)
    said.append(queries.has_consent(person.id, purpose="campaign", about_id=7))

    assert said == [False, True, False]
    assert not queries.has_consent(person.id, purpose="campaign", about_id=8)


def test_consent_expires(still_clock: Any) -> None:
    person = recognise().person
    agreement = consents.Agreement(
        "event", 3, "rsvp-event-1", expires_at=clock.now() + timedelta(days=1)
    )
    with transaction.atomic():
        consents.give(person_id=person.id, agreements=[agreement], source="test", by=VISITOR)

    still_clock.shift(timedelta(days=2))

    assert not queries.has_consent(person.id, purpose="event", about_id=3)


def test_unproven_address_has_one_turn_in_24_hours(still_clock: Any) -> None:
    contact = recognise().contact
    turns = [consents.use_unproven_turn(contact_id=contact.id) for _ in range(2)]
    still_clock.shift(timedelta(hours=24))
    turns.append(consents.use_unproven_turn(contact_id=contact.id))
    persons.prove_email(contact_id=contact.id, by=SYSTEM)
    turns.append(consents.use_unproven_turn(contact_id=contact.id))

    assert turns == [True, False, True, True]


def test_suppression_survives_the_contact() -> None:
    first = recognise()
    consents.suppress(contact_id=first.contact.id, reason="asked", by=SYSTEM)
    PeopleShelf().erase(first.person.id)

    back = recognise()

    assert back.is_new
    assert queries.is_suppressed(back.contact)


def test_deleting_the_key_erases_what_it_sealed() -> None:
    known = recognise()

    DataKey.objects.filter(id=known.person.key_id).delete()
    vault.forget()

    with pytest.raises(vault.KeyIsGone):
        queries.name_of(known.person)
    with pytest.raises(vault.KeyIsGone):
        queries.address_of(known.contact)


def test_shelf_exports_merges_and_erases() -> None:
    kept, gone = recognise("kept@example.org"), recognise("gone@example.org")
    shelf = PeopleShelf()

    shelf.merge(Moves(kept.person.id, gone.person.id))
    exported = exporting.export(kept.person.id)
    shelf.erase(kept.person.id)

    assert [contact["value"] for contact in exported["people.contact"]] == [
        "kept@example.org",
        "gone@example.org",
    ]
    assert Contact.objects.count() == 0
