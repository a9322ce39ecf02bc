"""The file holds every personal and sensitive column of every shelf's rows, and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from groundswell.kernel import privacy
from groundswell.kernel.privacy import PrivacyClass
from groundswell.people import exporting
from groundswell.people.sockets import shelves
from tests.factories import events as make
from tests.people.everything import everything_about

pytestmark = pytest.mark.django_db

MUST = {PrivacyClass.PERSONAL, PrivacyClass.SENSITIVE}


def _classes(model: type[models.Model]) -> dict[str, PrivacyClass]:
    found = vars(model.Privacy)  # type: ignore[attr-defined]  # tests/house/test_columns
    return {name: value for name, value in found.items() if isinstance(value, PrivacyClass)}


def faults(held: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Columns that should be told and are not, and secret ones that are."""
    for label, rows in held.items():
        for name, value in _classes(apps.get_model(label)).items():
            told = all(name.removesuffix("_sealed") in row for row in rows)
            if value in MUST and not told:
                yield f"{label}.{name} is missing"
            if value is PrivacyClass.SECRET and any(name in row for row in rows):
                yield f"{label}.{name} is a secret"


# Nobody has all at once: names are kept one way or the other, and others are told of in their
# own tests (tests/outreach/test_relay_kept.py, tests/doors/office/test_team_and_people.py).
NOT_THERE = {
    "people.nameblind",
    "people.look",
    "outreach.conversation",
    "outreach.silence",
    "outreach.passedon",
}


def test_every_personal_column_is_told_and_no_secret_one() -> None:
    person_id = everything_about("amina@example.org")

    held = exporting.export(person_id)

    assert list(faults(held)) == []
    shelved = {label for _name, shelf in shelves for label in shelf.models}
    assert set(held) == (shelved | {"people.person"}) - NOT_THERE


def test_control_a_column_left_out_and_a_secret_told_are_found() -> None:
    person_id = everything_about("amina@example.org")
    held = exporting.export(person_id)
    for row in held["people.contact"]:
        del row["value"]
    held["accounts.link"][0]["token_hash"] = "00"

    assert sorted(faults(held)) == [
        "accounts.link.token_hash is a secret",
        "people.contact.value_sealed is missing",
    ]


@isolate_apps("groundswell.people")
def test_a_new_column_is_told_by_its_class_alone() -> None:
    class Guest(models.Model):
        shoe_size = models.IntegerField()
        token = models.CharField(max_length=9)
        note = models.CharField(max_length=9)

        class Meta:
            app_label = "people"

        class Privacy:
            id: ClassVar = privacy.INTERNAL
            shoe_size: ClassVar = privacy.PERSONAL
            token: ClassVar = privacy.SECRET
            note: ClassVar = privacy.INTERNAL

    assert exporting.as_data(Guest(id=1, shoe_size=41, token="x", note="y")) == {"shoe_size": 41}


def test_what_somebody_else_holds_is_not_in_it() -> None:
    event = make.listed_event()
    theirs = make.signed_up(event, email="bea@example.org", given="Beatrice")
    person_id = everything_about("amina@example.org")

    held = str(exporting.export(person_id))

    assert ("Beatrice" in held, "bea@example.org" in held) == (False, False)
    assert theirs.person_id != person_id
