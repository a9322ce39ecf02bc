"""A change of many people, and then two of them are one, or somebody is erased."""

from __future__ import annotations

import pytest

from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor, Role
from groundswell.people.forms.content import Kind
from groundswell.people.lists.wishes import Wish
from groundswell.people.models import BulkAct, BulkPart, Field, FieldValue, Person, ViewMember
from groundswell.people.operations import bulk, erasing, merging
from tests.factories import forms, profiles
from tests.people.merged import somebody
from tests.running import signing_in

pytestmark = pytest.mark.django_db


def organiser() -> Actor:
    made = signing_in.make("organiser@example.org", Role.ORGANISER)
    return actors.account(made.id, [Role.ORGANISER])


def test_a_list_is_given_back_to_those_who_are_still_there() -> None:
    by = organiser()
    picked = profiles.view(is_picked=True, by=by)
    one, two, three = (somebody(f"p{number}@example.org") for number in range(3))
    for each in (one, two, three):
        ViewMember.objects.create(view=picked, person=each, at=clock.now())
    wish = Wish(ids=(one.id, two.id, three.id))
    act = bulk.start(kind="unpick", about_id=picked.id, wish=wish, by=by)
    assert ViewMember.objects.count() == 0
    merging.merge(kept_id=one.id, gone_id=two.id, by=SYSTEM)

    undone = bulk.undo(act_id=act.id, by=by)

    assert undone.state == "undone"
    assert set(ViewMember.objects.values_list("person_id", flat=True)) == {one.id, three.id}


def test_whoever_is_erased_is_forgotten_under_every_id_they_had() -> None:
    by = organiser()
    picked = profiles.view(is_picked=True, by=by)
    kept, gone, other = (somebody(f"p{number}@example.org") for number in range(3))
    wish = Wish(ids=(kept.id, gone.id, other.id))
    bulk.start(kind="pick", about_id=picked.id, wish=wish, by=by)
    merging.merge(kept_id=kept.id, gone_id=gone.id, by=SYSTEM)

    erasing.erase(kept.id, Person.objects.get(id=kept.id).key_id)

    assert BulkPart.objects.get().changed == [[other.id, None]]
    assert BulkAct.objects.get().wish["ids"] == [other.id]


def test_two_answers_to_a_private_question_of_many_are_both_kept() -> None:
    choices = [{"key": one, "labels": {"en": one}} for one in ("a", "b")]
    Field.objects.create(
        key="needs", labels={"en": "Needs"}, kind="many", is_private=True, choices=choices,
        sees="see_all", writes="see_all", created_at=clock.now(),
    )  # fmt: skip
    question = forms.replace(
        forms.JOB, kind=Kind.MANY, writes="needs", is_required=False, key="needs"
    )
    form = forms.open_form(questions=[question])

    entry = forms.entry(form, answers={"needs": ["a", "b"]})

    rows = FieldValue.objects.filter(person_id=entry.person_id)
    from groundswell.site import vault

    assert sorted(vault.open_(row, "value_sealed") for row in rows) == ["a", "b"]
