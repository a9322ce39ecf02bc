"""The segment builder: rows, numbers beside them, one person checked, saved and gone back to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groundswell.people.models import Person, Segment
from groundswell.people.operations import segments
from tests.doors.public import reading
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, World

pytestmark = pytest.mark.django_db
INDEX, ADD = "/en/office/segments/", "/en/office/segments/add/"


@pytest.fixture
def world(db: None) -> World:
    return segmenting.world()


def start(whom: str = "look") -> dict[str, Any]:
    return {"row0-criterion": "people.everyone", "row0-whom": whom}


def tagged(world: World, number: int = 1, *, tag: int = 0, verb: str = "keep") -> dict[str, Any]:
    return {
        f"row{number}-criterion": "people.tag",
        f"row{number}-verb": verb,
        f"row{number}-tags": [str(world.tags[tag].id)],
        f"row{number}-days": "",
    }


def saved(world: World, **told: Any) -> Segment:
    rows = world.rows(
        segmenting.START, {"verb": "keep", "criterion": "people.tag", "with": {"tags": [0]}}
    )
    return segments.begin(
        kept=segments.Kept(name=told.pop("name", "Tagged"), **told), rows=rows, by=ORGANISER
    )


def test_a_new_segment_counts_everyone_who_may_be_emailed(sit: Any, world: World) -> None:
    page = reading.text(sit("organiser").get(ADD))

    mailable = Person.objects.filter(reach__in=(1, 3)).count()
    assert "Start with everyone who may be e-mailed." in page
    assert "Leave out everybody who must not be e-mailed." in page
    assert f"{mailable} people" in page


def test_a_row_is_added_counted_moved_and_removed(sit: Any, world: World) -> None:
    organiser = sit("organiser")
    added = organiser.post(ADD, {**start(), "do": "add", "add_verb": "leave", "add": "people.tag"})
    assert (added.status_code, 'name="row1-tags"' in added.content.decode()) == (200, True)
    assert "Start with everybody, for looking only." in reading.text(added)  # not counted yet

    two = {**start(), **tagged(world), **tagged(world, 2, tag=1, verb="leave")}
    told = reading.text(organiser.post(ADD, {**two, "do": "count"}))
    first, second = (
        "Keep only people who have the tag tag 0.",
        "Leave out people who have the tag tag 1.",
    )
    assert -1 < told.index(first) < told.index(second)
    moved = reading.text(organiser.post(ADD, {**two, "do": "up-2"}))
    assert moved.index(second) < moved.index(first)
    removed = reading.text(organiser.post(ADD, {**two, "do": "remove-1"}))
    assert (first in removed, second in removed) == (False, True)


def test_what_is_wrong_stands_beside_its_row_and_nothing_is_lost(sit: Any, world: World) -> None:
    rows = {
        **start(), **tagged(world), "row1-days": "soon",
        "row2-criterion": "people.near", "row2-verb": "keep", "row2-place": "Nowhereville",
        "row2-km": "30", "do": "count",
    }  # fmt: skip
    answer = sit("organiser").post(ADD, rows)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write a whole number." in page
    assert "We do not know this place." in page
    assert 'value="soon"' in page
    assert 'value="Nowhereville"' in page


def test_the_page_asks_for_the_numbers_alone_while_somebody_types(sit: Any, world: World) -> None:
    organiser = sit("organiser")
    rows = {**start(), **tagged(world), "do": "look"}
    found = organiser.post(ADD, rows, headers={"accept": "application/json"}).json()["parts"]

    count = found["left-last"]
    assert found["total"] == f"{count} people"
    assert found["sentence-1"] == "Keep only people who have the tag tag 0."
    assert found["change-1"] == f"{found['left-0']} → {found['left-1']}"
    unfinished = organiser.post(
        ADD, {**rows, "row1-days": "soon"}, headers={"accept": "application/json"}
    )
    told = unfinished.json()["parts"]
    assert (unfinished.status_code, told["wrong-1"]) == (200, "Write a whole number.")
    assert "finish the rows" in told["total"]


def test_somebody_is_checked_row_by_row(sit: Any, world: World) -> None:
    rows = {**start("email"), **tagged(world), "do": "check", "who": "p1@example.org"}
    page = reading.text(sit("organiser").post(ADD, rows))

    assert "Not in: the segment does not start with them." in page
    assert "Not in the segment." in page
    second = reading.text(sit("organiser").post(ADD, {**rows, "who": "p2@example.org"}))
    assert "In the segment." in second


def test_it_is_saved_changed_and_gone_back_to(sit: Any, world: World) -> None:
    organiser = sit("organiser")
    done = organiser.post(
        ADD,
        {**start(), **tagged(world), "do": "save", "name": "Tagged", "folder": "Autumn",
         "is_shared": "on"},
    )  # fmt: skip
    page = done["Location"]
    segment = Segment.objects.get()
    assert (segment.name, segment.folder, segment.version) == ("Tagged", "Autumn", 1)
    assert "Autumn" in reading.text(organiser.get(INDEX))

    changed = {**start(), **tagged(world, tag=1), "version": "1", "do": "save", "name": "Tagged",
               "folder": "Autumn", "is_shared": "on"}  # fmt: skip
    assert organiser.post(page, changed).status_code == 302
    late = organiser.post(page, {**changed, **tagged(world, tag=2)})
    assert late.status_code == 422
    assert "Somebody changed this segment meanwhile" in reading.text(late)
    versions = reading.text(organiser.get(f"{page}versions/"))
    assert "New Keep only people who have the tag tag 1." in versions
    assert "Gone Keep only people who have the tag tag 0." in versions
    organiser.post(f"{page}versions/", {"number": "1"})
    segment.refresh_from_db()
    assert (segment.version, segment.rows[1]["with"]["tags"]) == (3, [str(world.tags[0].id)])


def test_the_text_holds_sentences_and_nobody(sit: Any, world: World) -> None:
    segment = saved(world)
    text = sit("organiser").get(f"{INDEX}{segment.id}/text/").content.decode()

    assert text == (
        "Tagged\nVersion 1\n\n"
        "1. Start with everybody, for looking only.\n"
        "2. Keep only people who have the tag tag 0.\n"
        "3. Leave out everybody who asked not to be contacted. Nothing can be sent to this "
        "segment.\n"
    )


def test_it_is_deleted_and_brought_back(sit: Any, world: World) -> None:
    segment, organiser = saved(world), sit("organiser")

    assert organiser.post(f"{INDEX}{segment.id}/delete/")["Location"] == INDEX
    assert organiser.get(f"{INDEX}{segment.id}/").status_code == 404
    assert "Bring it back" in reading.text(organiser.get(INDEX))
    organiser.post(INDEX, {"segment": str(segment.id)})
    assert organiser.get(f"{INDEX}{segment.id}/").status_code == 200


def test_a_private_one_is_its_makers_alone(sit: Any, world: World) -> None:
    private, shared = saved(world, name="Mine", is_shared=False), saved(world)
    other = sit("organiser")

    pages = {one.name: other.get(f"{INDEX}{one.id}/").status_code for one in (private, shared)}
    assert pages == {"Mine": 404, "Tagged": 200}
    assert "Mine" not in reading.text(other.get(INDEX))


@pytest.mark.parametrize("role", ["coach", "trainer", "texter", "read_only", "team_lead"])
def test_other_roles_ask_nothing(sit: Any, world: World, role: str) -> None:
    assert sit(role).get(INDEX).status_code == 404
    assert sit("texting_lead").get(INDEX).status_code == 200


def test_the_list_asks_as_often_for_three_as_for_one(
    sit: Any, world: World, django_assert_num_queries: Any
) -> None:
    organiser: Client = sit("organiser")
    saved(world)
    organiser.get(INDEX)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            organiser.get(INDEX)
        return len(queries)

    one = asked()
    saved(world, name="Second")
    saved(world, name="Third")
    assert asked() == one


def test_a_saved_one_opens_as_a_table_of_people(sit: Any, world: World) -> None:
    organiser: Client = sit("organiser")
    made = saved(world)
    link = f"/en/office/people/?segment={made.id}"
    assert link in organiser.get(f"{INDEX}{made.id}/").content.decode()
    assert "?segment=" not in organiser.get(ADD).content.decode()

    inside = Person.objects.filter(taggings__tag_id=world.tags[0].id)
    inside = inside.exclude(id__in=world.suppressed)
    table = organiser.get(link)
    assert {row.id for row in table.context["rows"]} == {person.id for person in inside}
    assert f'<option value="{made.id}" selected>Tagged</option>' in table.content.decode()
