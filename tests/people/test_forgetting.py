"""People who were not seen for two years are forgotten, key and all; everybody else stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from groundswell.accounts.models import Link
from groundswell.events.models import Rsvp
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import chain
from groundswell.ledger.models import Digest, Entry
from groundswell.people import queries
from groundswell.people.models import Contact, Person, SearchName
from groundswell.people.operations import erasing, forgetting, persons
from groundswell.people.operations.persons import Typed
from groundswell.site.models import DataKey
from tests.factories import events as make
from tests.factories import links as make_link

pytestmark = pytest.mark.django_db


def _recognise(email: str) -> Person:
    with transaction.atomic():
        return persons.recognise(typed=Typed(given="Amina", email=email)).person


def test_somebody_not_seen_for_two_years_is_forgotten_everywhere(
    still_clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    rsvp = make.signed_up(make.listed_event(), email="amina@example.org")
    person_id, key_id = rsvp.person_id, rsvp.person.key_id
    make_link.rsvp_token(rsvp)
    chain.chain_more()
    about = set(Entry.objects.filter(person_id=person_id).values_list("id", flat=True))
    still_clock.shift(701 * 86_400)
    forgetting.forget_people.func()
    still_clock.shift(30 * 86_400)

    with django_capture_on_commit_callbacks(execute=True):
        forgetting.forget_people.func()

    assert len(about) > 0
    assert not Person.objects.filter(id=person_id).exists()
    assert not Contact.objects.filter(person_id=person_id).exists()
    assert not SearchName.objects.filter(person_id=person_id).exists()
    assert not Link.objects.filter(person_id=person_id).exists()
    assert not Entry.objects.filter(id__in=about).exists()
    reasons = Digest.objects.filter(entry_id__in=about).values_list("removed_because", flat=True)
    assert set(reasons) == {"erasure"}
    left = Rsvp.objects.get()
    assert (left.person_id, bytes(left.name_sealed)) == (None, b"")
    assert left.id != rsvp.id
    assert not DataKey.objects.using("keys").filter(id=key_id).exists()


def test_somebody_seen_again_stays(still_clock: Any) -> None:
    _recognise("amina@example.org")
    still_clock.shift(700 * 86_400)
    again = _recognise("amina@example.org")
    still_clock.shift(700 * 86_400)

    forgetting.forget_people.func()

    assert queries.name_of(Person.objects.get(id=again.id)).given == "Amina"


def test_invented_people_of_a_replay_stay(still_clock: Any) -> None:
    with transaction.atomic():
        typed = Typed(given="Amina", email="a@replay.invalid", is_synthetic=True)
        invented = persons.recognise(typed=typed).person
    still_clock.shift(731 * 86_400)

    forgetting.forget_people.func()

    assert Person.objects.filter(id=invented.id).exists()


def test_an_entry_that_the_chain_has_not_reached_loses_its_person() -> None:
    rsvp = make.signed_up(make.listed_event(), email="amina@example.org")
    assert not Digest.objects.exists()

    with transaction.atomic():
        erasing.erase(rsvp.person_id, rsvp.person.key_id)

    assert Entry.objects.filter(kind="events.RsvpMade", event_id=rsvp.event_id).exists()
    assert not Entry.objects.filter(person_id=rsvp.person_id).exists()


def test_forgetting_is_recorded_as_a_count(still_clock: Any) -> None:
    _recognise("amina@example.org")
    still_clock.shift(701 * 86_400)
    forgetting.forget_people.func()
    still_clock.shift(30 * 86_400)

    forgetting.forget_people.func()

    entry = Entry.objects.get(kind="people.PeopleForgotten")
    assert (entry.rest, entry.person_id, entry.actor_kind) == ({"count": 1}, None, SYSTEM.kind)
