"""An owner erases somebody who asked for it."""

from __future__ import annotations

import pytest
from django.test import Client

from groundswell.people.models import Person, Suppression
from tests.doors.public import reading
from tests.factories import events as make

pytestmark = pytest.mark.django_db


def test_an_owner_erases_somebody_who_asked_for_it(owner: Client, organiser: Client) -> None:
    rsvp = make.signed_up(make.listed_event(), email="gone@example.org", given="Gina")
    path = f"/en/office/people/{rsvp.person_id}/erase/"

    assert organiser.get(path).status_code == 404
    assert "They asked to be erased" not in reading.text(
        organiser.get(f"/en/office/people/{rsvp.person_id}/")
    )
    page = reading.text(owner.get(path))
    assert "Erase Gina ?" in page
    assert "They still host something, or are coming to something." in page
    assert Person.objects.filter(id=rsvp.person_id).exists()
    answer = owner.post(path, {"never_write": "on"}, follow=True)

    assert "Erased. Nothing here leads back to them." in reading.text(answer)
    assert not Person.objects.filter(id=rsvp.person_id).exists()
    assert Suppression.objects.count() == 1
    assert owner.get(path).status_code == 404
