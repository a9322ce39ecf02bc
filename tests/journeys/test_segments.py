"""Priya asks who could come: rows, numbers beside them, one person checked, an area drawn."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PHONE, Sit

ADD = "/office/segments/new/"
DESK = {"width": 1280, "height": 900}
SHAPE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))


def _add_row(page: Page, criterion: str, verb: str = "keep") -> Locator:
    """Adds a row and returns its card."""
    page.locator("[name=add_verb]").select_option(verb)
    page.locator("[name=add]").select_option(criterion)
    with page.expect_navigation():
        page.locator("button[value=add]").click()
    return page.locator(".segment-row[role=group]").last


def _left(page: Page, row: int | str) -> int:
    return int(page.locator(f"[data-part=left-{row}]").inner_text().replace(",", ""))


def _press(board: Locator, across: float, along: float) -> None:
    box = board.bounding_box()
    assert box is not None
    board.click(position={"x": box["width"] * across, "y": box["height"] * along})


def _draw(page: Page) -> None:
    board = page.locator(".area-board svg")
    expect(page.locator(".area-map.live [data-told]")).not_to_be_empty()
    for across, along in SHAPE:
        _press(board, across, along)
    _press(board, *SHAPE[0])  # the first corner again closes it


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_three_rows_are_counted_while_they_change_and_saved(sit: Sit, viewport: object) -> None:
    page = sit("organiser", viewport=viewport)
    page.goto(f"/en{ADD}")
    assert page.url.endswith("/segments/add/")
    everyone = _left(page, 0)

    _add_row(page, "people.language")
    page.get_by_label("English").check()
    expect(page.locator("[data-part=sentence-1]")).to_have_text(
        "Keep only people who read English."
    )
    expect(page.locator("[data-part=change-1]")).to_have_text(re.compile(rf"^{everyone} → \d+$"))
    english = _left(page, 1)
    _add_row(page, "people.news", "leave")
    page.locator("[name=row2-channel]").select_option("text")
    expect(page.locator("[data-part=change-2]")).to_have_text(re.compile(rf"^{english} → \d+$"))
    total = _left(page, "last")
    expect(page.locator("#total-h")).to_have_text(re.compile(rf"^{total} "))
    page.locator("[name=row1-is_not]").check()
    expect(page.locator("[data-part=left-1]")).to_have_text(str(everyone - english))
    page.locator("[name=row1-is_not]").uncheck()
    expect(page.locator("[data-part=left-1]")).to_have_text(str(english))

    page.get_by_label("Name, e-mail or phone").fill("Amina")
    with page.expect_navigation():
        page.get_by_role("button", name="Why are they in or out?").click()
    expect(page.locator(".checked").first).to_contain_text("Start with everyone")
    page.locator("#id_name").fill(f"English {viewport}"[:60])
    with page.expect_navigation():
        page.locator("button[value=save]").click()
    expect(page.get_by_text("Saved. It counts anew each time it is used.")).to_be_visible()
    assert _left(page, "last") == total

    named = page.locator("h1").inner_text()
    page.goto(f"/en{ADD}")
    _add_row(page, "people.segment")
    page.locator("[name=row1-segment]").select_option(label=named)
    expect(page.locator("[data-part=left-1]")).to_have_text(str(total))


@pytest.mark.parametrize(
    ("language", "viewport"), [("en", PHONE), ("ar", PHONE), ("en", DESK), ("ar", DESK)]
)
def test_an_area_is_drawn_by_pressing_the_map(
    sit: Sit, language: str, viewport: dict[str, int]
) -> None:
    page = sit("organiser", viewport=viewport)
    page.goto(f"/{language}{ADD}")
    everyone = _left(page, 0)
    _add_row(page, "people.area")
    _draw(page)

    expect(page.locator("[data-part=sentence-1]")).to_contain_text(
        "km²" if language == "en" else "كم²"
    )
    expect(page.locator(".area-board .corner")).to_have_count(4)
    assert 0 < _left(page, 1) < everyone
    typed = page.locator("[name=row1-area]").input_value().split("\n")
    assert len(typed) == 4
    south, north = float(typed[2].split(",")[0]), float(typed[0].split(",")[0])
    west, east = float(typed[0].split(",")[1]), float(typed[1].split(",")[1])
    assert south < north  # whichever way the page reads, north is up and east on the right
    assert west < east

    page.locator("[data-do=undo]").click()
    expect(page.locator(".area-board .corner")).to_have_count(3)
    page.locator("[data-do=close]").click()
    expect(page.locator("[data-part=sentence-1]")).to_contain_text("3")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_a_corner_is_pulled_and_crossing_sides_are_said(sit: Sit) -> None:
    page = sit("organiser", viewport=DESK)
    page.goto(f"/en{ADD}")
    _add_row(page, "people.area")
    _draw(page)
    expect(page.locator("[data-part=sentence-1]")).to_contain_text("km²")
    box = page.locator(".area-board svg").bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5, steps=5)
    page.mouse.up()

    expect(page.locator("[data-part=wrong-1]")).to_contain_text("Two sides of this area cross.")
    expect(page.locator("#total-h")).to_contain_text("Not counted")


def test_an_area_is_drawn_with_the_keyboard_alone(sit: Sit) -> None:
    page = sit("organiser", viewport=DESK)
    page.goto(f"/en{ADD}")
    _add_row(page, "people.area")
    expect(page.locator(".area-map.live [data-told]")).not_to_be_empty()
    page.locator("[data-place]").fill("Leeds")
    page.locator("[data-place]").press("Enter")
    expect(page.locator(".area-board")).to_contain_text("Leeds")
    page.locator("[data-board]").focus()
    keys = page.keyboard
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        for _step in range(5):
            keys.press(key)
        keys.press(" ")
    keys.press("Backspace")
    expect(page.locator(".area-board .corner")).to_have_count(3)
    keys.press("Enter")

    expect(page.locator("[data-part=sentence-1]")).to_contain_text("an area of 3 corners")
    assert page.url.split("#")[0].endswith("/add/")


def test_a_pasted_polygon_shows_on_the_map(sit: Sit) -> None:
    page = sit("organiser")
    page.goto(f"/en{ADD}")
    _add_row(page, "people.area")
    page.locator("[data-text] summary").click()
    ring = "[[-3,53],[-1,53],[-1,54.5],[-3,54.5],[-3,53]]"
    page.locator("[name=row1-area]").fill(f'{{"type": "Polygon", "coordinates": [{ring}]}}')
    page.locator("[name=row1-area]").blur()

    expect(page.locator(".area-board .corner")).to_have_count(4)
    expect(page.locator("[data-part=sentence-1]")).to_contain_text("4 corners around")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_javascript_corners_are_typed_and_seen(plain: Sit, language: str) -> None:
    page = plain("organiser")
    page.goto(f"/{language}{ADD}")
    everyone = _left(page, 0)
    _add_row(page, "people.area")
    page.locator("[name=row1-area]").fill("53.2, -3.1\n54.6, -1.3\n53.3, -0.9")
    with page.expect_navigation():
        page.locator("button[value=count].btn").click()

    assert page.locator(".area-board .corner").count() == 3
    assert 0 < _left(page, 1) < everyone
    expect(page.locator("[data-tools]").first).to_be_hidden()


def test_a_segment_goes_to_a_file_and_comes_back(plain: Sit) -> None:
    page = plain("organiser")
    page.goto("/en/office/segments/")
    page.get_by_role("link", name="Ask for the next action day").click()
    with page.expect_download() as saving:
        page.get_by_role("link", name="As a file").click()
    page.goto("/en/office/segments/import/")
    page.locator("#id_file").set_input_files(saving.value.path())
    with page.expect_navigation():
        page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Inside of it: North of England")).to_be_visible()
    page.locator("#id_name").fill("Taken in")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken in")
