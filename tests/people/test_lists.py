"""Views, columns, and changes of many people: whom they touch, what an undo gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundswell.kernel import actor as actors
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, Actor, Held, Role
from groundswell.ledger import worker
from groundswell.people.lists import columns, wishes
from groundswell.people.lists.wishes import Wish
from groundswell.people.models import (
    BulkAct,
    BulkPart,
    Person,
    Segment,
    Tag,
    Tagging,
    View,
    ViewMember,
)
from groundswell.people.operations import (
    answers,
    bulk,
    erasing,
    persons,
    segments,
    tagging,
    ties,
    views,
)
from groundswell.people.segments import reading
from tests.factories import fields as field_makers
from tests.factories import profiles
from tests.running import signing_in

pytestmark = pytest.mark.django_db


def person(email: str, country: str = "GB", **typed: Any) -> Person:
    typed.setdefault("given", "Amina")
    return persons.recognise(typed=persons.Typed(email=email, country=country, **typed)).person


def people(count: int, **typed: Any) -> list[Person]:
    return [person(f"p{number}@example.org", **typed) for number in range(count)]


def holding(role: Role, over: scopes.Scope = scopes.EVERYWHERE, number: int = 7) -> Actor:
    return actors.account(number, [Held(role, over)])


def account(role: Role = Role.ORGANISER, over: scopes.Scope = scopes.EVERYWHERE) -> Actor:
    """Somebody with a real account, whom the worker finds again."""
    made = signing_in.make(f"a{Person.objects.count()}{role}@example.org", role)
    return actors.account(made.id, [Held(role, over)])


ORGANISER = holding(Role.ORGANISER)
REGIONAL = holding(Role.REGIONAL_ORGANISER, scopes.country("GB"), 8)
OWNER = holding(Role.OWNER, number=6)
MANAGER = holding(Role.DATA_MANAGER, number=9)


# --- wishes -------------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.sampled_from(
            ["q", "tag", "country", "language", "reach", "point", "list", "sort", "who"]
        ),
        st.text(max_size=30),
    )
)
@example({"country": "0ß"})
@settings(max_examples=100)
def test_anything_typed_is_a_wish_and_comes_back_the_same(typed: dict[str, str]) -> None:
    wish = wishes.read(typed)

    assert wishes.read(wish.query()) == wish
    assert wishes.from_json(wish.as_json()) == wish


def test_each_filter_finds_its_own() -> None:
    here, there = person("h@example.org", language="es"), person("t@example.org", country="CL")
    tag = tagging.tag(person_id=here.id, name="Van", by=SYSTEM)
    point = signing_in.make("priya@example.org", Role.ORGANISER)
    ties.choose_point_person(person_id=here.id, account_id=point.id, by=SYSTEM)
    Person.objects.filter(id=here.id).update(reach=3)
    picked = profiles.view(is_picked=True)
    ViewMember.objects.create(view=picked, person=here, at=clock.now())

    for wish in (
        Wish(tag_id=tag.id), Wish(country="GB"), Wish(language="es"), Wish(point_id=point.id),
        Wish(reach="email"), Wish(reach="text"), Wish(view_id=picked.id), Wish(ids=(here.id,)),
        Wish(words="h@example.org"),
    ):  # fmt: skip
        assert list(wishes.people(wish, by=ORGANISER)) == [here], wish
    assert list(wishes.people(Wish(reach="nobody"), by=ORGANISER)) == [there]
    assert list(wishes.people(Wish(sort="since"), by=ORGANISER)) == [here, there]


def test_nobody_is_found_outside_of_what_is_seen() -> None:
    person("t@example.org", country="CL")

    assert list(wishes.people(Wish(), by=REGIONAL)) == []
    assert list(wishes.people(Wish(country="CL"), by=REGIONAL)) == []


# --- columns ------------------------------------------------------------------------------------


def test_a_page_asks_as_much_for_one_as_for_three() -> None:
    field_makers.field_of(key="branch")
    point = signing_in.make("priya@example.org", Role.ORGANISER)
    for each in people(3):
        tagging.tag(person_id=each.id, name="Van", by=SYSTEM)
        answers.answer(person_id=each.id, told={"branch": "Leeds"}, by=SYSTEM)
        ties.choose_point_person(person_id=each.id, account_id=point.id, by=SYSTEM)
    every = columns.offered(ORGANISER)

    def asked(some: list[Person]) -> int:
        with CaptureQueriesContext(connection) as found:
            cells = {column.key: column.fill(some, ORGANISER) for column in every}
        assert cells["tags"][some[0].id] == ["Van"]
        assert cells["field:branch"][some[0].id] == "Leeds"
        assert cells["point"][some[0].id] == "Amina Khan"
        return len(found)

    everybody = list(Person.objects.order_by("id"))
    assert asked(everybody[:1]) == asked(everybody)


def test_an_answer_stands_only_where_the_reader_may_read_it() -> None:
    field_makers.field_of(key="health", sees="see_all", writes="see_all")
    field_makers.field_of(key="secret", is_private=True)
    who = person("h@example.org")
    answers.answer(person_id=who.id, told={"health": "Asthma"}, by=SYSTEM)

    assert "field:health" not in {column.key for column in columns.offered(REGIONAL)}
    assert "field:secret" not in {column.key for column in columns.offered(MANAGER)}
    both = actors.account(8, [
        Held(Role.REGIONAL_ORGANISER, scopes.country("GB")),
        Held(Role.ORGANISER, scopes.country("CL")),
    ])  # fmt: skip
    (health,) = columns.chosen(["field:health"], both)
    assert health.fill([who], both) == {}  # the deeper role is over another country
    assert health.fill([who], ORGANISER) == {who.id: "Asthma"}


# --- views --------------------------------------------------------------------------------------


def test_a_view_is_its_makers_and_of_whom_it_is_shared_with() -> None:
    own = profiles.view(by=ORGANISER, folder="Leeds", wish=Wish(country="GB"))

    assert views.visible(ORGANISER) == [own]
    assert views.visible(REGIONAL) == []
    views.save_view(
        view_id=own.id, name="Shared", folder="", shared_with=["regional_organiser", "nobody"],
        columns=["tags", "tags", "absent"], wish=Wish(country="GB"), by=ORGANISER,
    )  # fmt: skip
    (seen,) = views.visible(REGIONAL)
    assert (seen.name, seen.columns, seen.wish) == ("Shared", ["tags"], {"country": "GB"})
    with pytest.raises(views.NotYourList):
        views.remove_view(view_id=own.id, by=REGIONAL)
    with pytest.raises(views.NotYourList):
        profiles.view(by=REGIONAL, view_id=own.id)


def test_a_removed_view_is_put_back_or_goes_after_seven_days(still_clock: Any) -> None:
    own = profiles.view(by=ORGANISER)
    views.remove_view(view_id=own.id, by=MANAGER)
    with pytest.raises(views.ListIsGone):
        views.view_for(own.id, ORGANISER)
    assert [view.id for view in views.removed(ORGANISER)] == [own.id]
    assert list(views.removed(REGIONAL)) == []
    with pytest.raises(views.NotYourList):
        views.put_back(view_id=own.id, by=REGIONAL)

    assert views.put_back(view_id=own.id, by=ORGANISER).id == own.id
    views.remove_view(view_id=own.id, by=ORGANISER)
    still_clock.move_to(clock.now() + views.KEPT_REMOVED * 2)
    bulk.tidy_lists.func()
    with pytest.raises(views.ListIsGone):
        views.put_back(view_id=own.id, by=ORGANISER)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_view_has_a_name(name: str) -> None:
    with pytest.raises(views.NameTheList):
        profiles.view(name, by=ORGANISER)

    assert View.objects.count() == 0


# --- many at once -------------------------------------------------------------------------------


def _tag() -> Tag:
    return tagging.tag(person_id=person("tagged@example.org").id, name="Van", by=SYSTEM)


def test_a_preview_says_what_the_act_then_does_and_the_undo_takes_back_only_that() -> None:
    tag, by = _tag(), account()
    people(3)

    seen = bulk.preview(kind="tag", about_id=tag.id, wish=Wish(), by=by)
    act = bulk.start(kind="tag", about_id=tag.id, wish=Wish(), by=by)

    assert (seen.wanted, seen.changed) == (4, 3)
    assert (act.state, act.wanted_count, act.changed_count) == ("done", 4, 3)
    assert Tagging.objects.filter(tag=tag).count() == 4
    undone = bulk.undo(act_id=act.id, by=by)
    assert undone.state == "undone"
    assert Tagging.objects.filter(tag=tag).count() == 1  # who had it before keeps it
    assert BulkPart.objects.count() == 0
    with pytest.raises(bulk.CannotBeUndone):
        bulk.undo(act_id=act.id, by=by)


def test_more_than_a_step_is_done_and_taken_back_by_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    tag, by = _tag(), account()
    people(6)

    act = bulk.start(kind="tag", about_id=tag.id, wish=Wish(), by=by)
    assert act.state == "running"
    worker.run_until_idle()
    act.refresh_from_db()
    assert (act.state, act.changed_count) == ("done", 6)

    assert bulk.undo(act_id=act.id, by=by).state == "undoing"
    worker.run_until_idle()
    act.refresh_from_db()
    assert act.state == "undone"
    assert Tagging.objects.filter(tag=tag).count() == 1


def test_each_gets_back_who_looked_after_them_unless_somebody_chose_anew() -> None:
    by, first, second, third = (account(), *(
        signing_in.make(f"{name}@example.org", Role.ORGANISER) for name in ("a", "b", "c")
    ))  # fmt: skip
    one, two, new = people(3)
    ties.choose_point_person(person_id=one.id, account_id=first.id, by=SYSTEM)
    ties.choose_point_person(person_id=two.id, account_id=second.id, by=SYSTEM)

    act = bulk.start(kind="point", about_id=second.id, wish=Wish(), by=by)
    assert act.changed_count == 2
    ties.choose_point_person(person_id=new.id, account_id=third.id, by=SYSTEM)
    bulk.undo(act_id=act.id, by=by)

    found = dict(Person.objects.values_list("id", "point_person_id"))
    assert found == {one.id: first.id, two.id: second.id, new.id: third.id}


@pytest.mark.parametrize(("kind", "back"), [("pick", 0), ("unpick", 2)])
def test_lists_are_filled_and_emptied(kind: str, back: int) -> None:
    by = account()
    picked = profiles.view(is_picked=True, by=by)
    one, two = people(2)
    if kind == "unpick":
        for each in (one, two):
            ViewMember.objects.create(view=picked, person=each, at=clock.now())

    act = bulk.start(kind=kind, about_id=picked.id, wish=Wish(ids=(one.id, two.id)), by=by)

    assert ViewMember.objects.count() == 2 - back
    bulk.undo(act_id=act.id, by=by)
    assert ViewMember.objects.count() == back


def test_nobody_is_changed_who_is_not_seen_deep_enough() -> None:
    tag = _tag()
    far = person("far@example.org", country="CL")
    texting = holding(Role.TEXTING_LEAD)

    bulk.start(kind="tag", about_id=tag.id, wish=Wish(), by=REGIONAL)
    with pytest.raises(bulk.NobodyChosen):
        bulk.start(kind="tag", about_id=tag.id, wish=Wish(ids=(far.id,)), by=REGIONAL)
    with pytest.raises(bulk.NobodyChosen):
        bulk.start(kind="tag", about_id=tag.id, wish=Wish(), by=texting)

    assert not Tagging.objects.filter(person=far).exists()


def test_control_who_sees_them_changes_them() -> None:
    tag = _tag()
    far = person("far@example.org", country="CL")

    bulk.start(kind="tag", about_id=tag.id, wish=Wish(ids=(far.id,)), by=ORGANISER)

    assert Tagging.objects.filter(person=far).exists()


@pytest.mark.parametrize(
    ("kind", "about"),
    [("tag", 1), ("untag", 0), ("point", 1), ("pick", 1), ("dance", 0)],
)
def test_what_cannot_be_done_is_refused(kind: str, about: int) -> None:
    person("h@example.org")

    for verb in (bulk.preview, bulk.start):
        act: Callable[..., Any] = verb
        with pytest.raises(bulk.ChooseWhatToDo):
            act(kind=kind, about_id=about, wish=Wish(), by=ORGANISER)

    assert BulkAct.objects.count() == 0


def test_who_may_not_fill_or_undo() -> None:
    person("h@example.org")
    picked = profiles.view(is_picked=True, by=ORGANISER)
    act = bulk.start(kind="pick", about_id=picked.id, wish=Wish(), by=ORGANISER)

    with pytest.raises(bulk.ChooseWhatToDo):
        bulk.start(kind="unpick", about_id=picked.id, wish=Wish(), by=REGIONAL)
    with pytest.raises(bulk.NotYourChange):
        bulk.undo(act_id=act.id, by=REGIONAL)
    assert bulk.undo(act_id=act.id, by=MANAGER).state == "undone"


def test_an_act_goes_on_by_the_rights_its_maker_has_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    tag = _tag()
    people(2)
    made = signing_in.make("leaver@example.org", Role.ORGANISER)
    act = bulk.start(
        kind="tag", about_id=tag.id, wish=Wish(),
        by=actors.account(made.id, [Held(Role.ORGANISER, scopes.EVERYWHERE)]),
    )  # fmt: skip
    type(made).objects.filter(id=made.id).update(is_active=False)

    worker.run_until_idle()

    act.refresh_from_db()
    assert (act.state, act.changed_count) == ("done", 0)


@given(st.lists(st.sampled_from(["tag", "untag"]), min_size=1, max_size=5), st.data())
@settings(max_examples=20)
def test_undoing_everything_backwards_is_as_before(kinds: list[str], data: Any) -> None:
    tag, by = _tag(), ORGANISER
    made = people(3)
    before = set(Tagging.objects.values_list("person_id", flat=True))
    acts = []
    for kind in kinds:
        ids = data.draw(st.lists(st.sampled_from([p.id for p in made]), min_size=1, unique=True))
        acts.append(bulk.start(kind=kind, about_id=tag.id, wish=Wish(ids=tuple(ids)), by=by))

    for act in reversed(acts):
        bulk.undo(act_id=act.id, by=by)

    assert set(Tagging.objects.values_list("person_id", flat=True)) == before


def test_who_is_erased_is_in_no_act() -> None:
    one, two = people(2)
    tag = tagging.tag(person_id=person("tagged@example.org").id, name="Van", by=SYSTEM)
    act = bulk.start(kind="tag", about_id=tag.id, wish=Wish(ids=(one.id, two.id)), by=ORGANISER)

    erasing.erase_person(person_id=two.id, by=OWNER)

    act.refresh_from_db()
    assert act.wish == {"ids": [one.id]}
    assert [part.changed for part in act.parts.all()] == [[[one.id, None]]]
    assert act.place != two.id


def test_old_acts_go(still_clock: Any) -> None:
    person("h@example.org")
    bulk.start(kind="point", about_id=0, wish=Wish(), by=ORGANISER)

    still_clock.move_to(clock.now() + bulk.KEPT * 2)
    bulk.tidy_lists.func()

    assert BulkAct.objects.count() == 0


# --- segments ------------------------------------------------------------------------------------


def segment(*told: dict[str, Any], by: Actor = ORGANISER, shared: bool = True) -> Segment:
    start = {"verb": "start", "criterion": "people.everyone", "with": {"whom": "look"}}
    rows = reading.read([start, *told], by=by)
    kept = segments.Kept(name=f"S{Segment.objects.count()}", is_shared=shared)
    return segments.begin(kept=kept, rows=rows, by=by)


SPAIN = {"verb": "keep", "criterion": "people.country", "with": {"countries": ["ES"]}}
TWO_OF_THEM = {"verb": "keep", "criterion": "people.sample", "with": {"count": 2, "draw": 1}}


def listed(wish: Wish, by: Actor = ORGANISER) -> set[int]:
    return {each.id for each in wishes.people(wish, by=by)}


def test_a_segment_is_listed_and_filtered_further() -> None:
    spain = person("a@example.org", country="ES", language="es")
    other = person("b@example.org", country="ES", language="en")
    person("c@example.org")
    made = segment(SPAIN)

    wish = wishes.read({"segment": str(made.id)})
    assert (wish.query(), wishes.from_json(wish.as_json())) == ({"segment": str(made.id)}, wish)
    assert listed(wish) == {spain.id, other.id}
    assert listed(Wish(segment_id=made.id, language="es")) == {spain.id}
    assert listed(Wish(segment_id=made.id), by=REGIONAL) == set()  # looks after GB only


def test_a_segment_that_one_may_not_ask_lists_nobody() -> None:
    person("a@example.org", country="ES")
    private, gone = segment(SPAIN, shared=False), segment(SPAIN)
    segments.put_away(segment_id=gone.id, by=ORGANISER)

    assert len(listed(Wish(segment_id=private.id))) == 1  # the control: its maker
    assert listed(Wish(segment_id=private.id), by=OWNER) == set()
    assert listed(Wish(segment_id=gone.id)) == set()
    assert listed(Wish(segment_id=1)) == set()
    assert listed(Wish(segment_id=segment(SPAIN).id), by=holding(Role.COACH)) == set()


def test_a_sample_is_changed_in_one_step_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    people(4)
    tag, by = _tag(), account()
    unlike = {
        "verb": "keep", "criterion": "people.tag", "with": {"tags": [str(tag.id)]}, "not": True,
    }  # fmt: skip
    wish = Wish(segment_id=segment(unlike, TWO_OF_THEM).id)
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    for verb in (bulk.preview, bulk.start):
        with pytest.raises(bulk.SampleIsTooLarge):
            verb(kind="tag", about_id=tag.id, wish=wish, by=by)
    assert Tagging.objects.count() == 1

    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    bulk.start(kind="tag", about_id=tag.id, wish=wish, by=by)
    assert Tagging.objects.count() == 3
