"""What the team of the demonstration knows: of everybody something, of nobody anything real."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from django.conf import settings

from groundswell.accounts import operations as accounts_ops
from groundswell.cli.demo import doubles, people, profiles
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.ledger import worker
from groundswell.people import queries
from groundswell.people.duplicates import comparing
from groundswell.people.duplicates.records import latin
from groundswell.people.models import (
    Consent,
    Field,
    FieldValue,
    Household,
    Lookalike,
    Merge,
    Note,
    Person,
)
from groundswell.people.operations import persons
from groundswell.people.operations.persons import Typed
from groundswell.site import demonstration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are few people here, so all of them get a profile."""
    monkeypatch.setattr(profiles, "EVERY", 1)


def _people() -> None:
    accounts_ops.create_account(
        email=demonstration.ORGANISER, name="Priya Shah", roles=[Role.OWNER], by=SYSTEM
    )
    persons.recognise(typed=Typed("Amina", demonstration.SUPPORTER, "Khan", country="GB"))
    cast = people.Names(1)
    for number in range(10):
        given, family = cast.deal("en")
        typed = Typed(
            given, f"supporter{number}@demo.invalid", family, country="GB", is_synthetic=True
        )
        persons.recognise(typed=typed)


def test_people_of_the_demonstration_have_profiles() -> None:
    _people()
    profiles.give(random.Random(21))
    amina = queries.person_of_email(demonstration.SUPPORTER)
    assert amina is not None

    twice = 2 * len(doubles.PAIRS) + 1  # of them the team knows no more
    assert Person.objects.filter(taggings=None).count() == twice
    assert Person.objects.filter(addresses=None).count() == 0
    names = queries.names_of(Person.objects.all())
    assert {"さくら", "Ελένη", "नेहा"} <= {name.given for name in names.values()}
    assert [field.is_private for field in Field.objects.order_by("position")] == [
        False, False, True,
    ]  # fmt: skip
    assert FieldValue.objects.filter(field__is_private=True).exclude(text="").count() == 0
    assert Note.objects.filter(person=amina).count() == 1
    assert Household.objects.count() == 1
    assert amina.point_person is not None
    assert amina.reach == 3
    assert set(Consent.objects.values_list("wording", flat=True)) == {"demo-1"}


def test_a_handful_of_pairs_waits_and_no_two_invented_people_are_among_them() -> None:
    _people()
    profiles.give(random.Random(21))
    worker.run_until_idle()

    waiting = Lookalike.objects.filter(state=Lookalike.State.OPEN)
    both = {each for row in waiting for each in (row.one, row.other)}
    names = {name.full for name in queries.names_of(both).values()}
    assert waiting.count() == len(doubles.PAIRS)
    assert names == {f"{seen.given} {seen.family}" for pair in doubles.PAIRS for seen in pair}
    assert Merge.objects.filter(undone_at=None).count() == 1


def test_names_are_dealt_once_and_no_two_of_a_list_look_alike() -> None:
    cast = people.Names(1)
    many = len(people.GIVEN["ar"]) * len(people.FAMILY["ar"])

    assert len({cast.deal("ar") for _number in range(many)}) == many
    for table in (people.GIVEN, people.FAMILY):
        for names in table.values():
            for one, other in combinations(map(latin, names), 2):
                assert comparing.given(one, other) < comparing.Near.CLOSE, (one, other)


def test_what_is_asked_and_offered_stands_in_every_language() -> None:
    _people()
    profiles.give(random.Random(21))
    languages = {code for code, _name in settings.LANGUAGES}

    for field in Field.objects.all():
        assert set(field.labels) == languages
        assert [set(each["labels"]) for each in field.choices] == [languages] * len(field.choices)
