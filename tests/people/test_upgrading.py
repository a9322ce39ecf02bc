"""Steps of an upgrade that go through everybody, a few in a commit: cut off, they go on."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from groundswell.kernel.actor import SYSTEM
from groundswell.people.models import Consent, Person, SearchWord
from groundswell.people.operations import consents, persons
from groundswell.people.operations.consents import Agreement

WORDS = import_module("groundswell.people.migrations.0016_words_of_known_names")
STANDING = import_module("groundswell.people.migrations.0008_standing_consents")
NAMES = ("Amina Khan", "Bo", "Maria de la Cruz", "Dara Lee", "Eli Ash")


def make() -> list[Person]:
    typed = [
        persons.Typed(given=given, family=family, email=f"{number}@example.org")
        for number, name in enumerate(NAMES)
        for given, _space, family in (name.partition(" "),)
    ]
    return [persons.recognise(typed=one).person for one in typed]


def words() -> list[tuple[int, str]]:
    return sorted(SearchWord.objects.values_list("name_id", "folded"))


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_words_of_known_names_are_those_that_new_names_get(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WORDS, "AT_ONCE", at_once)
    make()
    expected = words()
    assert len(expected) == 6
    SearchWord.objects.all().delete()

    WORDS.turn_names(apps, None)

    assert words() == expected


class PowerCut(Exception):
    pass


@pytest.mark.django_db
def test_cut_off_it_goes_on_and_writes_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WORDS, "AT_ONCE", 2)
    make()
    expected = words()
    SearchWord.objects.all().delete()
    plain = WORDS.turns_of

    def cut(name: str) -> Any:
        if name == "maria de la cruz":
            raise PowerCut
        return plain(name)

    with monkeypatch.context() as while_cut:
        while_cut.setattr(WORDS, "turns_of", cut)
        with pytest.raises(PowerCut):
            WORDS.turn_names(apps, None)
    assert 0 < len(words()) < len(expected)

    WORDS.turn_names(apps, None)
    assert words() == expected


@pytest.mark.django_db
def test_the_newest_line_of_each_kind_stands_and_tells_who_can_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(STANDING, "AT_ONCE", 2)
    people = make()
    for person in people[1:]:
        agreed = Agreement(purpose=Consent.Purpose.CAMPAIGN, about_id=7, wording="x")
        consents.give(person_id=person.id, agreements=[agreed], source="t", by=SYSTEM)
    consents.withdraw(person_id=people[2].id, purpose=Consent.Purpose.CAMPAIGN, about_id=7,
                      source="t", by=SYSTEM)  # fmt: skip
    stood = set(Consent.objects.filter(is_current=True).values_list("id", flat=True))
    reached = dict(Person.objects.values_list("id", "reach"))
    assert sorted(reached.values()) == [0, 0, 1, 1, 1]
    Consent.objects.update(is_current=True)
    Person.objects.update(reach=0)

    for _twice in range(2):
        STANDING.follow_the_ledger(apps, SimpleNamespace(connection=connection))

    assert set(Consent.objects.filter(is_current=True).values_list("id", flat=True)) == stood
    assert dict(Person.objects.values_list("id", "reach")) == reached
