"""A segment as a file: what another installation reads is what this one asked, and nothing less."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from groundswell.kernel import actor as actors
from groundswell.kernel.actor import Held, Role
from groundswell.kernel.refusal import Refusal
from groundswell.people.models import Segment, Tag
from groundswell.people.operations import segment_files, segments
from groundswell.people.operations.segments import Kept
from groundswell.people.segments import compiling, portable, reading
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, START, World

pytestmark = pytest.mark.django_db
some = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def world(db: None) -> World:
    return segmenting.world()


def saved(world: World, *told: dict[str, Any], name: str = "Ours", shared: bool = True) -> Segment:
    rows = world.rows(START, *told, by=ORGANISER)
    return segments.begin(kept=Kept(name=name, is_shared=shared), rows=rows, by=ORGANISER)


def tagged(*tags: int) -> dict[str, Any]:
    return {"verb": "keep", "criterion": "people.tag", "with": {"tags": list(tags)}}


def inside(segment: Segment, verb: str = "keep") -> dict[str, Any]:
    return {"verb": verb, "criterion": "people.segment", "with": {"segment": str(segment.id)}}


def text_of(segment: Segment) -> str:
    return json.dumps(portable.told(segment, ORGANISER))


def test_what_goes_out_comes_in_the_same(world: World) -> None:
    @some
    @given(told=segmenting.segments())
    def check(told: list[dict[str, Any]]) -> None:
        try:
            rows = world.rows(*told, by=ORGANISER)
        except reading.BadRow:
            reject()
        segment = Segment(id=1, name="Ours", rows=reading.as_json(rows), version=1)
        taken = portable.read(text_of(segment), ORGANISER)

        assert taken.missing == ()
        assert taken.parts[-1].rows == segment.rows

    check()


def test_a_file_holds_names_and_none_of_our_ids(world: World) -> None:
    segment = saved(world, tagged(0, 1))
    told = portable.told(segment, ORGANISER)

    assert told == {
        "format": "groundswell-segment",
        "version": 1,
        "name": "Ours",
        "rows": [
            {**START, "says": "Start with everybody, for looking only."},
            {
                "verb": "keep",
                "criterion": "people.tag",
                "with": {"tags": ["tag 0", "tag 1"]},
                "says": "Keep only people who have the tag tag 0 or tag 1.",
            },
        ],
        "segments": [],
    }


def test_segments_inside_come_along_and_are_not_doubled(world: World) -> None:
    inner = saved(world, tagged(0), name="Inner")
    outer = saved(world, inside(inner), inside(inner, "leave"), name="Outer")
    text = text_of(outer)
    assert str(inner.id) not in text
    Segment.objects.filter(id=outer.id).update(name="Old outer")

    again = segment_files.take_in(
        taken=portable.read(text, ORGANISER), kept=Kept(name="Outer"), leave_out=False,
        by=ORGANISER,
    )  # fmt: skip
    assert again.rows == outer.rows  # the inner one is here, with the same rows

    Segment.objects.filter(id=inner.id).update(rows=[START])
    third = segment_files.take_in(
        taken=portable.read(text, ORGANISER), kept=Kept(name="Third"), leave_out=False,
        by=ORGANISER,
    )  # fmt: skip
    names = set(Segment.objects.values_list("name", flat=True))
    assert names == {"Inner", "Inner (2)", "Old outer", "Outer", "Third"}
    made = Segment.objects.get(name="Inner (2)")
    assert reading.segments_in(third.rows) == {made.id}
    assert made.rows == inner.rows


def test_what_is_not_here_is_named_and_goes_only_when_somebody_says_so(world: World) -> None:
    segment = saved(
        world,
        tagged(0, 1),
        tagged(2),
        {"verb": "leave", "criterion": "campaigns.news",
         "with": {"campaign": 0, "channel": "email"}},
        {"verb": "add", "criterion": "people.recruited"},
    )  # fmt: skip
    text = text_of(segment).replace("people.recruited", "cats.purr")
    text = text.replace(world.events[0].campaign.slug, "elsewhere")
    for tag in world.tags[1:]:
        Tag.objects.filter(id=tag.id).update(name=f"no {tag.name}", folded=f"no {tag.name}")

    taken = portable.read(text, ORGANISER)

    assert [(one.why, one.is_whole) for one in taken.missing] == [
        ("“tag 1” is not here (Any of these tags).", False),
        ("“tag 2” is not here (Any of these tags).", True),
        ("“elsewhere” is not here (Campaign).", True),
        ("“cats.purr” is not asked here.", True),
    ]
    assert taken.missing[3].says == "Also add people who were brought by somebody."
    with pytest.raises(segment_files.SomethingIsMissing):
        segment_files.take_in(taken=taken, kept=Kept(name="Theirs"), leave_out=False, by=ORGANISER)
    done = segment_files.take_in(
        taken=taken, kept=Kept(name="Theirs"), leave_out=True, by=ORGANISER
    )
    tags = {"tags": [str(world.tags[0].id)]}
    assert done.rows == [START, {"verb": "keep", "criterion": "people.tag", "with": tags}]


def test_a_condition_that_is_not_here_takes_its_whole_row(world: World) -> None:
    """Without it the row would ask for more people than whoever wrote it meant."""
    given = {"what": "going", "campaign": 0, "count": 1}
    text = text_of(saved(world, {"verb": "add", "criterion": "events.took_part", "with": given}))
    taken = portable.read(text.replace(world.events[0].campaign.slug, "elsewhere"), ORGANISER)

    assert [one.is_whole for one in taken.missing] == [True]
    assert taken.parts[-1].rows == [START]


def test_what_the_writer_may_not_see_stays_unknown(world: World) -> None:
    private = saved(world, tagged(0), name="Private", shared=False)
    outer = saved(world, inside(private), name="Outer", shared=False)
    texting = actors.account(12, [Held(Role.TEXTING_LEAD)])

    told = portable.told(outer, texting)
    assert told["rows"][1]["with"] == {"segment": "?"}
    assert told["segments"] == []
    assert "Private" not in json.dumps(told)


def test_a_circle_is_refused(world: World) -> None:
    segment = saved(world, tagged(0))
    Segment.objects.filter(id=segment.id).update(rows=[START, inside(segment)])
    segment.refresh_from_db()

    with pytest.raises(compiling.GoesInCircles):
        portable.told(segment, ORGANISER)


GOOD: dict[str, Any] = {
    "format": "groundswell-segment", "version": 1, "name": "Theirs", "rows": [START],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"format": "csv"}, portable.NoSegmentFile),
        ({"version": 2}, portable.FileIsNewer),
        ({"version": 0}, portable.NoSegmentFile),
        ({"version": "1"}, portable.NoSegmentFile),
        ({"name": 7}, portable.NoSegmentFile),
        ({"rows": {}}, portable.NoSegmentFile),
        ({"rows": []}, portable.NoSegmentFile),
        ({"rows": [7]}, portable.NoSegmentFile),
        ({"rows": [START, START]}, portable.NoSegmentFile),
        ({"rows": [START] * 26}, reading.TooManyRows),
        ({"segments": {}}, portable.NoSegmentFile),
        ({"segments": [{"key": "1", "name": "x", "rows": [START]}] * 2}, portable.NoSegmentFile),
        ({"segments": [GOOD] * 21}, portable.FileIsTooLong),
        ({"name": "\ud800"}, portable.NoSegmentFile),
    ],
)
def test_what_is_no_file_of_ours_is_refused(
    world: World, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    assert portable.read(json.dumps(GOOD), ORGANISER).name == "Theirs"
    with pytest.raises(refusal):
        portable.read(json.dumps({**GOOD, **changes}), ORGANISER)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, "9" * 10_000])
def test_text_that_is_none_is_refused(world: World, text: str) -> None:
    with pytest.raises(portable.NoSegmentFile):
        portable.read(text, ORGANISER)
    with pytest.raises(portable.FileIsTooLong):
        portable.read("x" * (portable.CHARACTERS_MOST + 1), ORGANISER)


_anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def test_whatever_stands_in_a_row_is_read_or_missing(world: World) -> None:
    names = [one.name for one in reading.offered()]
    parameters = sorted({each.name for one in reading.offered() for each in one.parameters})

    @some
    @given(
        row=st.fixed_dictionaries({
            "verb": st.sampled_from(["keep", "add", "leave", "x"]) | _anything,
            "criterion": st.sampled_from(names) | _anything,
            "with": st.dictionaries(st.sampled_from(parameters), _anything) | _anything,
            "not": _anything,
            "says": _anything,
        })
    )  # fmt: skip
    def check(row: dict[str, Any]) -> None:
        taken = portable.read(json.dumps({**GOOD, "rows": [START, row]}), ORGANISER)
        assert len(taken.parts[-1].rows) + sum(one.is_whole for one in taken.missing) == 2

    check()


def test_who_may_not_ask_takes_nothing_in(world: World) -> None:
    taken = portable.read(json.dumps(GOOD), ORGANISER)
    coach = actors.account(9, [Held(Role.COACH)])

    with pytest.raises(segments.MayNotAsk):
        segment_files.take_in(taken=taken, kept=Kept(name="Theirs"), leave_out=True, by=coach)
    assert Segment.objects.count() == 0
