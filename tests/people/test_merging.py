"""What two records of one person hold comes together, under the key of the one that stays."""

from __future__ import annotations

import pytest
from django.db import transaction

from groundswell.events.models import Event, Rsvp
from groundswell.people import exporting, queries
from groundswell.people.models import Consent, Contact, Person
from groundswell.people.sockets import shelves
from groundswell.site import vault
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.people.everything import everything_about

pytestmark = pytest.mark.django_db


def merge(kept_id: int, gone_id: int) -> None:
    """Every room moves what it holds; then the other record and its key go."""
    with transaction.atomic():
        for _name, shelf in reversed(list(shelves)):
            shelf.merge(kept_id, gone_id)
        gone = Person.objects.get(id=gone_id)
        gone.delete()
    vault.destroy_key(gone.key_id)
    vault.forget()


def test_everything_moves_and_opens_under_the_key_that_stays() -> None:
    kept = make.signed_up(make.listed_event(live_campaign("Trains")), email="kept@example.org")
    gone_id = everything_about("gone@example.org")
    moving = exporting.export(gone_id)

    merge(kept.person_id or 0, gone_id)

    held = exporting.export(kept.person_id or 0)
    emails = {row["value"] for row in held["people.contact"] if row["kind"] == "email"}
    assert emails == {"kept@example.org", "gone@example.org"}
    assert queries.phone_of(kept.person_id or 0) == "+447400123457"
    for table in ("events.event", "people.consent", "outreach.message", "accounts.link"):
        mine = len(exporting.export(kept.person_id or 0)[table])
        assert mine >= len(moving[table])
    names = {row["name"] for row in held["events.rsvp"]}
    assert names == {"Amina", "Kanarisignup"}
    assert Event.objects.filter(host_id=kept.person_id).count() == 1


def test_two_sign_ups_for_one_event_become_one_and_free_the_place() -> None:
    event = make.listed_event(capacity=10)
    kept = make.signed_up(event, email="kept@example.org", party=2)
    gone = make.signed_up(event, email="gone@example.org", party=3)

    merge(kept.person_id or 0, gone.person_id or 0)

    event.seats.refresh_from_db()
    left = Rsvp.objects.exclude(person=None).get()
    assert (event.seats.taken, left.id) == (2, kept.id)


def test_counts_add_up_to_five_at_most_and_doubles_stay_single() -> None:
    event = make.listed_event()
    kept = make.signed_up(event, email="kept@example.org")
    gone = make.signed_up(event, email="gone@example.org")
    Person.objects.filter(id=kept.person_id).update(going_count=3)
    Person.objects.filter(id=gone.person_id).update(going_count=4, has_hosted=True)
    contact = Contact.objects.get(person_id=gone.person_id)

    merge(kept.person_id or 0, gone.person_id or 0)

    person = Person.objects.get(id=kept.person_id)
    contact.refresh_from_db()
    assert (person.going_count, person.has_hosted) == (5, True)
    assert queries.address_of(contact) == "gone@example.org"
    assert set(Consent.objects.values_list("person_id", flat=True)) == {
        kept.person_id,
        event.host_id,
    }
