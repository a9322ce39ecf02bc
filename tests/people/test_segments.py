"""Random questions: their numbers, their lists and their answers about one person agree, and
nobody who must not be contacted is in any."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings

from groundswell.events.operations import proving
from groundswell.kernel import actor as actors
from groundswell.kernel import scopes
from groundswell.kernel.actor import SYSTEM, Actor, Held, Role
from groundswell.people import sight
from groundswell.people.models import Contact, Note, Person
from groundswell.people.operations import consents, erasing
from groundswell.people.segments import counting, nodes, reading
from groundswell.people.segments.compiling import Question, question
from tests.factories import events as make
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, World

pytestmark = pytest.mark.django_db
CHILE = actors.account(8, [Held(Role.REGIONAL_ORGANISER, scopes.country("CL"))])
random_ones = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def world(db: None) -> World:
    return segmenting.world()


def ids(asked: Question, step: int = -1) -> set[int]:
    return set(asked.people(step).values_list("id", flat=True))


def by_hand(asked: Question) -> list[set[int]]:
    """What each row leaves, by sets: every row asked alone, and put together here."""
    seen = set(sight.listed(sight.visible_to(asked.by)).values_list("id", flat=True))
    steps: list[set[int]] = []
    for row, own in zip(asked.rows, asked.own, strict=True):
        alone = Person.objects.filter(nodes.condition(own))
        fits = set(alone.values_list("id", flat=True)) & seen
        match str(row.verb):
            case "start":
                steps.append(fits)
            case "keep":
                steps.append(steps[-1] & fits)
            case "add":
                steps.append(steps[-1] | fits)
            case "leave":
                steps.append(steps[-1] - fits)
    return steps


@pytest.mark.parametrize("by", [SYSTEM, ORGANISER, CHILE], ids=["system", "organiser", "Chile"])
def test_rows_put_together_by_the_database_are_rows_put_together_by_hand(
    world: World, by: Actor
) -> None:
    @random_ones
    @given(told=segmenting.segments())
    def check(told: list[dict[str, Any]]) -> None:
        try:
            asked = question(world.rows(*told, by=by), by=by)
        except reading.BadRow:
            reject()  # Chile may not name an event in Britain
        found = [ids(asked, step) for step in range(len(asked.rows))]

        assert found == by_hand(asked)

    check()


def test_counts_lists_and_answers_about_one_person_agree(world: World) -> None:
    @random_ones
    @given(told=segmenting.segments())
    def check(told: list[dict[str, Any]]) -> None:
        asked = question(world.rows(*told), by=ORGANISER)
        counts = [one.after for one in counting.after_each_row(asked, is_fresh=True)]
        steps = [ids(asked, step) for step in range(len(asked.steps))]

        assert counts == [len(step) for step in steps]
        assert counting.how_many(asked) == len(steps[-1])
        for person in world.people:
            answers = counting.why(asked, person.id)
            assert answers is not None
            assert [one.is_in for one in answers] == [person.id in step for step in steps]

    check()


@pytest.mark.parametrize("whom", ["email", "text", "look"])
def test_who_must_not_be_contacted_is_in_no_segment(world: World, whom: str) -> None:
    @random_ones
    @given(told=segmenting.segments(whom=[whom]))
    def check(told: list[dict[str, Any]]) -> None:
        assert ids(question(world.rows(*told), by=SYSTEM)) & world.suppressed == set()

    assert len(world.suppressed) == 2
    check()


def test_without_the_last_row_they_would_be_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a row that adds brings them in, and only the last row takes them out."""
    rows = world.rows(
        {"verb": "start", "criterion": "people.everyone", "with": {"whom": "email"}},
        {"verb": "add", "criterion": "people.reach", "with": {"channel": "email"}, "not": True},
    )
    asked = question(rows, by=SYSTEM)

    assert ids(asked, 1) & world.suppressed == world.suppressed
    assert ids(asked) & world.suppressed == set()


def test_an_address_on_the_list_keeps_nobody_from_another_way_they_agreed_to(world: World) -> None:
    person = world.people[10]
    email = Contact.objects.get(person=person, kind="email")
    consents.suppress(contact_id=email.id, reason="asked", by=SYSTEM)

    def reached(whom: str) -> bool:
        rows = world.rows({**segmenting.START, "with": {"whom": whom}})
        return person.id in ids(question(rows, by=SYSTEM))

    assert {whom: reached(whom) for whom in ("email", "text", "look")} == {
        "email": False, "text": True, "look": True,
    }  # fmt: skip


def test_an_address_that_comes_back_is_still_on_the_list(world: World) -> None:
    """Somebody was erased and never to be written to; a new sign-up with the same address."""
    person = world.people[2]
    erasing.erase_person(person_id=person.id, never_write=True, by=SYSTEM)
    again = make.signed_up(world.events[0], email="p2@example.org", wants_campaign_mail=True)
    proving.prove_rsvps(person_id=again.person_id or 0, by=make.supporter_of(again))

    rows = world.rows({**segmenting.START, "with": {"whom": "email"}})
    assert again.person_id not in ids(question(rows, by=SYSTEM))
    assert world.people[3].id in ids(question(rows, by=SYSTEM))


def test_drivers_change_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    @random_ones
    @given(told=segmenting.segments())
    def check(told: list[dict[str, Any]]) -> None:
        asked = question(world.rows(*told), by=SYSTEM)
        with monkeypatch.context() as patch:
            patch.setattr(nodes, "DRIVES_MOST", -1)
            slow = ids(asked)
        assert ids(asked) == slow

    check()


def test_a_regional_organiser_counts_their_own_people_only(world: World) -> None:
    rows = world.rows({"verb": "start", "criterion": "people.everyone", "with": {"whom": "look"}})

    everybody, theirs = ids(question(rows, by=SYSTEM)), ids(question(rows, by=CHILE))

    assert theirs < everybody
    assert theirs == everybody & set(sight.visible_to(CHILE).values_list("id", flat=True))


def test_nobody_is_answered_about_whom_the_reader_does_not_see(world: World) -> None:
    rows = world.rows({"verb": "start", "criterion": "people.everyone", "with": {"whom": "look"}})
    unseen = set(Person.objects.values_list("id", flat=True)) - set(
        sight.visible_to(CHILE).values_list("id", flat=True)
    )
    person_id = min(unseen)

    assert counting.why(question(rows, by=CHILE), person_id) is None
    assert counting.why(question(rows, by=SYSTEM), person_id) is not None


def test_a_sample_is_the_same_whenever_it_is_drawn_and_another_with_another_number(
    world: World,
) -> None:
    def drawn(draw: int) -> set[int]:
        return ids(question(world.rows(
            {"verb": "start", "criterion": "people.everyone", "with": {"whom": "look"}},
            {"verb": "keep", "criterion": "people.sample", "with": {"count": 4, "draw": draw}},
        ), by=SYSTEM))  # fmt: skip

    assert len(drawn(1)) == 4
    assert drawn(1) == drawn(1)
    assert len({frozenset(drawn(number)) for number in range(1, 9)}) > 1


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ([], reading.StartsOnce),
        ("rows", reading.StartsOnce),
        ([{"verb": "keep", "criterion": "people.recruited"}], reading.StartsOnce),
        ([{"verb": "start", "criterion": "people.recruited"}], reading.BadRow),
        ([segmenting.START] * 2, reading.StartsOnce),
        ([segmenting.START] * 26, reading.TooManyRows),
        ([segmenting.START, {"verb": "burn", "criterion": "people.recruited"}], reading.BadRow),
        ([segmenting.START, {"verb": "keep", "criterion": "no.such"}], reading.BadRow),
        ([segmenting.START, {"verb": "add", "criterion": "people.sample",
                             "with": {"count": 1, "draw": 1}}], reading.BadRow),
        ([segmenting.START, {"verb": "keep", "criterion": "people.tag"}], reading.BadRow),
        ([segmenting.START, {"verb": "keep", "criterion": "people.tag", "with": {"tags": ["1"]}}],
         reading.BadRow),
        ([segmenting.START, {"verb": "keep", "criterion": "people.tag", "with": ["1"]}],
         reading.BadRow),
    ],
)  # fmt: skip
def test_rows_that_are_none_are_refused(world: World, told: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        reading.read(told, by=ORGANISER)


def test_a_field_is_no_question_for_who_may_not_read_it(world: World) -> None:
    texter = actors.account(9, [Held(Role.TEXTER)])
    row = {"verb": "keep", "criterion": "people.answered", "with": {"field": "f-one"}}

    with pytest.raises(reading.BadRow):
        world.rows(segmenting.START, row, by=texter)
    assert len(world.rows(segmenting.START, row, by=ORGANISER)) == 2


def test_homes_are_no_question_for_who_may_not_open_addresses(world: World) -> None:
    coach = actors.account(9, [Held(Role.COACH)])
    row = {"verb": "keep", "criterion": "people.near", "with": {"place": "Leeds", "km": 30}}

    with pytest.raises(reading.BadRow):
        world.rows(segmenting.START, row, by=coach)
    assert ids(question(world.rows(segmenting.START, row, by=ORGANISER), by=ORGANISER)) != set()


def test_whom_somebody_sees_only_by_name_their_home_tells_nothing(world: World) -> None:
    both = actors.account(9, [
        Held(Role.COACH), Held(Role.REGIONAL_ORGANISER, scopes.country("CL")),
    ])  # fmt: skip
    near = {"verb": "keep", "criterion": "people.near", "with": {"place": "Leeds", "km": 900}}
    contacts = set(sight.visible_to(CHILE).values_list("id", flat=True))

    there = ids(question(world.rows(segmenting.START, near, by=both), by=both))
    not_there = ids(question(world.rows(segmenting.START, {**near, "not": True}, by=both), by=both))

    assert there | not_there <= contacts
    assert there != set()


def test_a_note_counts_only_for_who_may_read_it_and_never_a_sensitive_one(world: World) -> None:
    lead, texter = (actors.account(9, [Held(one)]) for one in (Role.TEXTING_LEAD, Role.TEXTER))
    row = {"verb": "keep", "criterion": "people.note"}

    def noted(by: Actor) -> set[int]:
        return ids(question(world.rows(segmenting.START, row, by=by), by=by))

    told = {
        right: set(Note.objects.filter(sees=right).values_list("person_id", flat=True))
        - world.suppressed
        for right in ("see_names", "see_contacts", "see_all")
    }
    assert noted(ORGANISER) == told["see_names"] | told["see_contacts"]
    assert noted(ORGANISER) & told["see_all"] == set()
    assert noted(lead) == told["see_names"]
    assert set() not in told.values()
    with pytest.raises(reading.BadRow):
        noted(texter)


def test_somebody_is_found_by_who_looks_after_them(world: World) -> None:
    def looked_after(by: str, *, is_not: bool = False) -> set[int]:
        row = {"verb": "keep", "criterion": "people.point_person", "with": {"by": by},
               "not": is_not}  # fmt: skip
        return ids(question(world.rows(segmenting.START, row, by=ORGANISER), by=ORGANISER))

    first, second = (str(one.id) for one in world.accounts)
    both = looked_after(first) | looked_after(second)
    assert both == looked_after("any")
    assert both & looked_after("any", is_not=True) == set()
    assert looked_after(first) != set()
    with pytest.raises(reading.BadRow):
        looked_after("12")
