"""Saving, changing, going back, deleting and bringing back; who may; and circles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from groundswell.kernel import actor as actors
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Held, Role
from groundswell.ledger.models import Entry
from groundswell.people.facts import SegmentBroughtBack, SegmentDeleted, SegmentSaved
from groundswell.people.models import Person, Segment, SegmentVersion
from groundswell.people.operations import segments
from groundswell.people.operations.segments import Kept
from groundswell.people.segments import compiling, counting, reading, shelf
from groundswell.people.segments.reading import Row
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, START, World

pytestmark = pytest.mark.django_db
OTHER = actors.account(12, [Held(Role.TEXTING_LEAD, scopes.country("CL"))])


@pytest.fixture
def world(db: None) -> World:
    return segmenting.world()


def tagged(world: World, tag: int = 0) -> list[Row]:
    return world.rows(START, {"verb": "keep", "criterion": "people.tag", "with": {"tags": [tag]}})


def inside(segment: Segment, by: Actor = ORGANISER) -> list[Row]:
    told = {"verb": "keep", "criterion": "people.segment", "with": {"segment": str(segment.id)}}
    return reading.read([START, told], by=by)


def made(world: World, name: str = "Tagged", **told: Any) -> Segment:
    by = told.pop("by", ORGANISER)
    kept = Kept(name=name, **told)
    return segments.begin(kept=kept, rows=tagged(world), by=by)


def test_each_change_is_a_version_and_the_same_rows_are_none(world: World) -> None:
    segment = made(world)
    segments.change(segment_id=segment.id, rows=tagged(world, 1), version=1, by=ORGANISER)
    segments.change(segment_id=segment.id, rows=tagged(world, 1), version=2, by=ORGANISER)
    back = segments.go_back(segment_id=segment.id, number=1, by=ORGANISER)

    numbers = SegmentVersion.objects.order_by("number").values_list("number", flat=True)
    assert (list(numbers), back.version, back.rows) == ([1, 2, 3], 3, segment.rows)
    assert Entry.objects.filter(kind=SegmentSaved.kind()).count() == 3


def test_a_change_on_top_of_an_older_version_is_refused(world: World) -> None:
    segment = made(world)
    segments.change(segment_id=segment.id, rows=tagged(world, 1), version=1, by=ORGANISER)

    with pytest.raises(segments.ChangedMeanwhile):
        segments.change(segment_id=segment.id, rows=tagged(world, 2), version=1, by=ORGANISER)


@pytest.mark.parametrize("by", [VISITOR, SYSTEM, actors.person(3), actors.account(9, [Role.COACH])])
def test_who_may_not_ask_saves_nothing(world: World, by: Actor) -> None:
    with pytest.raises(segments.MayNotAsk):
        made(world, by=by)
    assert Segment.objects.count() == 0


def test_somebody_elses_is_changed_by_who_may_ask_about_everybody_only(world: World) -> None:
    segment = made(world)
    for refused in (
        lambda: segments.change(segment_id=segment.id, rows=tagged(world), version=1, by=OTHER),
        lambda: segments.keep(segment_id=segment.id, kept=Kept(name="Mine"), by=OTHER),
        lambda: segments.go_back(segment_id=segment.id, number=1, by=OTHER),
        lambda: segments.put_away(segment_id=segment.id, by=OTHER),
        lambda: segments.bring_back(segment_id=segment.id, by=OTHER),
    ):
        with pytest.raises(segments.NotYours):
            refused()

    colleague = actors.account(99, [Role.ORGANISER])
    kept = segments.keep(segment_id=segment.id, kept=Kept(name="Ours"), by=colleague)
    assert kept.name == "Ours"


def test_a_private_one_is_changed_by_its_maker_only(world: World) -> None:
    segment = made(world, is_shared=False)

    with pytest.raises(segments.NotYours):
        segments.put_away(segment_id=segment.id, by=actors.account(99, [Role.OWNER]))
    assert list(shelf.visible_to(actors.account(99, [Role.OWNER]))) == []
    assert list(shelf.visible_to(ORGANISER)) == [segment]


def test_names_are_given_and_taken_once_in_a_folder(world: World) -> None:
    made(world)
    made(world, folder="Autumn")

    with pytest.raises(segments.NameIt):
        made(world, name=" ")
    with pytest.raises(segments.NameIsTaken):
        made(world)


def test_a_segment_inside_another_counts_the_same(world: World) -> None:
    inner = made(world)
    outer = compiling.question(inside(inner), by=ORGANISER)

    assert counting.how_many(outer) == counting.how_many(compiling.saved(inner, by=ORGANISER))
    assert counting.how_many(outer) > 0


def test_circles_are_refused_however_long(world: World) -> None:
    first = made(world)
    second = segments.begin(kept=Kept(name="Second"), rows=inside(first), by=ORGANISER)
    third = segments.begin(kept=Kept(name="Third"), rows=inside(second), by=ORGANISER)

    for segment in (first, third):
        with pytest.raises(compiling.GoesInCircles):
            segments.change(segment_id=first.id, rows=inside(segment), version=1, by=ORGANISER)


def test_a_circle_that_came_about_is_a_refusal_and_no_endless_question(world: World) -> None:
    first = made(world)
    Segment.objects.filter(id=first.id).update(rows=reading.as_json(inside(first)))
    first.refresh_from_db()

    with pytest.raises(reading.BadRow, match="made of each other"):
        compiling.saved(first, by=ORGANISER)


def test_what_is_used_elsewhere_stays_and_says_where(world: World) -> None:
    inner = made(world)
    segments.begin(kept=Kept(name="Outer"), rows=inside(inner), by=ORGANISER)

    with pytest.raises(segments.UsedElsewhere, match="“Outer”"):
        segments.put_away(segment_id=inner.id, by=ORGANISER)
    with pytest.raises(segments.UsedElsewhere, match="“Outer”"):
        segments.keep(segment_id=inner.id, kept=Kept(name="I", is_shared=False), by=ORGANISER)


def test_a_shared_one_is_made_of_shared_ones(world: World) -> None:
    inner = made(world, is_shared=False)

    with pytest.raises(segments.UsesAPrivateOne):
        segments.begin(kept=Kept(name="Outer"), rows=inside(inner), by=ORGANISER)
    kept = Kept(name="Outer", is_shared=False)
    outer = segments.begin(kept=kept, rows=inside(inner), by=ORGANISER)
    with pytest.raises(segments.UsesAPrivateOne):
        segments.keep(segment_id=outer.id, kept=Kept(name="Outer"), by=ORGANISER)


def test_deleted_ones_come_back_for_thirty_days(world: World, still_clock: Any) -> None:
    segment = made(world)
    segments.put_away(segment_id=segment.id, by=ORGANISER)
    with pytest.raises(compiling.SegmentIsGone):
        segments.put_away(segment_id=segment.id, by=ORGANISER)
    segments.bring_back(segment_id=segment.id, by=ORGANISER)
    segments.put_away(segment_id=segment.id, by=ORGANISER)
    segments.tidy_segments.func()
    assert Segment.objects.count() == 1

    still_clock.shift(timedelta(days=31))
    assert segments.segments_due(clock.now()).count() == 1
    segments.tidy_segments.func()
    with pytest.raises(segments.TooLateToBringBack):
        segments.bring_back(segment_id=segment.id, by=ORGANISER)
    kinds = [SegmentSaved, SegmentDeleted, SegmentBroughtBack, SegmentDeleted]
    told = Entry.objects.filter(kind__in={one.kind() for one in kinds}).order_by("id")
    assert list(told.values_list("kind", flat=True)) == [one.kind() for one in kinds]


def test_the_numbers_of_the_rows_are_those_of_the_saved_segment(
    world: World, work: Callable[[], int]
) -> None:
    segment = made(world)
    asked = compiling.saved(segment, by=ORGANISER)

    left = counting.after_each_row(asked, is_fresh=True)
    assert left[-1].after == len(asked.people())
    parts = counting.split(asked)
    assert sum(count for _language, count in parts.languages) == left[-1].after


def test_numbers_of_this_half_minute_are_taken_as_they_are(
    world: World, django_assert_num_queries: Any
) -> None:
    asked = compiling.saved(made(world), by=ORGANISER)
    first = counting.after_each_row(asked, is_fresh=True)
    Person.objects.update(reach=0, last_active_on="2020-01-01")

    with django_assert_num_queries(0):
        assert counting.after_each_row(asked) == first
