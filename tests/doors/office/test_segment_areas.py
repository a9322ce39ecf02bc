"""The map that an area is drawn on, and segments as files: what the pages answer."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from groundswell.people.models import Segment
from groundswell.people.operations import segments
from tests.doors.public import reading
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, World

pytestmark = pytest.mark.django_db
INDEX, ADD = "/en/office/segments/", "/en/office/segments/add/"
MAP, TAKE_IN = f"{INDEX}map/", f"{INDEX}import/"
NORTH = "53.4,-1.8; 54.2,-1.8; 54.2,-1.4; 53.4,-1.4"


@pytest.fixture
def world(db: None) -> World:
    return segmenting.world()


def area(corners: str, **more: str) -> dict[str, Any]:
    return {
        "row0-criterion": "people.everyone", "row0-whom": "look", "row1-criterion": "people.area",
        "row1-verb": "keep", "row1-area": corners, "do": "count", **more,
    }  # fmt: skip


def test_the_address_that_people_try_leads_to_the_builder(sit: Any, db: None) -> None:
    assert sit("organiser").get(f"{INDEX}new/")["Location"] == ADD


def test_an_area_says_what_it_is_and_shows_on_the_map(sit: Any, world: World) -> None:
    answer = sit("organiser").post(ADD, area(NORTH.replace("; ", "\n")))

    sentence = "Keep only people who live within an area of 4 corners around Leeds, 2,300 km²."
    assert answer.status_code == 200
    assert sentence in reading.text(answer)
    page = answer.content.decode()
    assert page.count('class="corner"') == 4
    assert 'class="land" d="M' in page


def test_a_pasted_polygon_comes_back_as_corners(sit: Any, world: World) -> None:
    corners = [[-1.8, 53.4], [-1.8, 54.2], [-1.4, 54.2], [-1.4, 53.4]]
    pasted = json.dumps({"type": "Polygon", "coordinates": [corners]})
    answer = sit("organiser").post(
        ADD, area(pasted, do="look"), headers={"accept": "application/json"}
    )

    typed = "53.40,-1.80; 54.20,-1.80; 54.20,-1.40; 53.40,-1.40"
    assert answer.json()["fields"] == {"row1-area": typed}


@pytest.mark.parametrize(
    ("corners", "sentence"),
    [
        ("0,0; 1,1; 1,0; 0,1", "Two sides of this area cross."),
        ("53.81,-1.56; 53.81,-1.51; 53.84,-1.56", "This area is too small"),
        ("somewhere", "An area needs at least three corners"),
        ("", "An area needs at least three corners"),
    ],
)
def test_what_is_wrong_with_an_area_is_said_beside_it_and_it_stays(
    sit: Any, world: World, corners: str, sentence: str
) -> None:
    answer = sit("organiser").post(ADD, area(corners))

    assert answer.status_code == 422
    assert sentence in reading.text(answer)
    assert f">\n{corners}</textarea>" in answer.content.decode()


def test_while_it_is_drawn_the_page_hears_what_is_wrong(sit: Any, world: World) -> None:
    def wrong(corners: str) -> str:
        rows = area(corners, do="look")
        answer = sit("organiser").post(ADD, rows, headers={"accept": "application/json"})
        assert answer.status_code == 200
        return str(answer.json()["parts"]["wrong-1"])

    assert wrong("0,0; 1,1; 1,0; 0,1").startswith("Two sides of this area cross.")
    assert wrong("") == ""


def test_windows_of_the_map_hold_land_towns_and_nobody(sit: Any, world: World) -> None:
    organiser = sit("organiser")
    asked = {"lat": "53.8", "lon": "-1.5", "span": "3", "width": "400", "height": "300"}
    found = organiser.get(MAP, asked).json()
    leeds = organiser.get(MAP, {**asked, "place": "Leeds"}).json()

    assert "Leeds" in {town["name"] for town in found["towns"]}
    assert (found["width"], found["height"], found["land"][0]) == (400, 300, "M")
    assert (round(leeds["lat"], 1), round(leeds["lon"], 1)) == (53.8, -1.5)


@pytest.mark.parametrize(
    "changes",
    [{"lat": "nan"}, {"lon": "1e9"}, {"span": "x"}, {"width": "-inf"}, {"lat": ""},
     {"place": "Nowhereville"}, {"place": "91, 0"}],
)  # fmt: skip
def test_a_window_that_is_none_is_a_sentence(sit: Any, db: None, changes: dict[str, str]) -> None:
    asked = {"lat": "53.8", "lon": "-1.5", "span": "3", "width": "400", "height": "300"}
    answer = sit("organiser").get(MAP, {**asked, **changes})

    assert answer.status_code == 422
    assert answer.json()["wrong"]


def test_many_large_areas_are_asked_at_once(sit: Any, world: World) -> None:
    """Combs of sixty corners over half the earth: the longest question that there can be."""
    teeth = "; ".join(f"{(-70, 70)[n % 2]},{n * 3 - 85}" for n in range(58))
    comb = f"{teeth}; 75,89; 75,-85"
    rows = area(comb)
    for number in range(2, 12):
        rows |= {key.replace("row1", f"row{number}"): value for key, value in area(comb).items()
                 if key.startswith("row1")}  # fmt: skip
    answer = sit("organiser").post(ADD, rows)
    checked = sit("organiser").post(ADD, {**rows, "do": "check", "who": "p2@example.org"})

    assert (answer.status_code, checked.status_code) == (200, 200)


# --- files ---------------------------------------------------------------------------------------


def saved(world: World) -> Segment:
    told = {"verb": "keep", "criterion": "people.tag", "with": {"tags": [0]}}
    rows = world.rows(segmenting.START, told)
    return segments.begin(kept=segments.Kept(name="Tagged"), rows=rows, by=ORGANISER)


def upload(body: bytes) -> io.BytesIO:
    file = io.BytesIO(body)
    file.name = "segment.json"
    return file


def test_a_file_goes_out_is_looked_at_and_comes_in(sit: Any, world: World) -> None:
    segment, organiser = saved(world), sit("organiser")
    answer = organiser.get(f"{INDEX}{segment.id}/file/")
    assert answer["Content-Disposition"] == f'attachment; filename="segment-{segment.id}.json"'

    looked = organiser.post(TAKE_IN, {"file": upload(answer.content), "do": "look"})
    page = reading.text(looked)
    assert "Keep only people who have the tag tag 0." in page
    assert "Not here" not in page
    assert Segment.objects.count() == 1

    text = answer.content.decode()
    taken = organiser.post(TAKE_IN, {"text": text, "name": "Tagged", "do": "save"})
    assert taken.status_code == 422
    assert "There is a segment with this name in this folder." in reading.text(taken)
    done = organiser.post(TAKE_IN, {"text": text, "name": "Again", "do": "save"})
    assert done["Location"] == f"{INDEX}{Segment.objects.get(name='Again').id}/"


def test_what_is_missing_is_named_before_anything_is_saved(sit: Any, world: World) -> None:
    told = json.loads(sit("organiser").get(f"{INDEX}{saved(world).id}/file/").content)
    told["rows"][1]["with"]["tags"] = ["Elsewhere"]
    text = json.dumps(told)

    page = reading.text(sit("organiser").post(TAKE_IN, {"text": text, "do": "look"}))
    assert "“Elsewhere” is not here (Any of these tags). The row would be left out." in page
    refused = sit("organiser").post(TAKE_IN, {"text": text, "name": "Theirs", "do": "save"})
    assert "Not everything that this segment asks for is here." in reading.text(refused)
    assert Segment.objects.count() == 1
    agreed = {"text": text, "name": "Theirs", "do": "save", "leave_out": "on"}
    assert sit("organiser").post(TAKE_IN, agreed).status_code == 302


@pytest.mark.parametrize(
    "given",
    [{}, {"text": "{"}, {"text": "x" * 300_000}, {"file": b""}, {"file": b"\xff\xfe\x00"},
     {"file": b"\x00" * 900_000}, {"file": b'{"format": "groundswell-segment", "version": 9}'}],
)  # fmt: skip
def test_what_is_no_file_is_said_so(sit: Any, db: None, given: dict[str, Any]) -> None:
    posted = {key: upload(value) if key == "file" else value for key, value in given.items()}
    for do in ("look", "save"):
        answer = sit("organiser").post(TAKE_IN, {**posted, "do": do})
        assert answer.status_code == 422
        beside = "text" if "text" in given else "file"
        assert set(answer.context["form"].errors) - {"name"} == {beside}
        if "file" in posted:
            posted["file"].seek(0)


@pytest.mark.parametrize("role", ["coach", "texter", "read_only", "team_lead"])
def test_other_roles_get_no_file_and_no_map(sit: Any, world: World, role: str) -> None:
    segment = saved(world)

    pages = [MAP, TAKE_IN, f"{INDEX}{segment.id}/file/", f"{INDEX}new/"]
    assert [sit(role).get(page).status_code for page in pages] == [404] * 4
    assert sit("texting_lead").get(TAKE_IN).status_code == 200
