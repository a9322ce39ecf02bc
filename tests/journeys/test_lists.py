"""The table of people: filtered, saved and shared, changed by the dozen, and all of it by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Sit

PEOPLE = "/en/office/people/"
DESK = {"width": 1280, "height": 900}


def count(page: Page) -> int:
    """How many the table says that fit."""
    return int(re.sub(r"\D", "", page.locator("#found").inner_text()))


def narrow(page: Page, **chosen: str) -> None:
    """Choose in "Filters and columns"."""
    page.goto(PEOPLE)
    page.locator("details.more-filters summary").click()
    for label, value in chosen.items():
        page.get_by_label(label, exact=True).select_option(label=value)
    page.get_by_role("button", name="Show them").click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_list_is_narrowed_given_columns_saved_in_a_folder_and_shared(
    sit: Sit, size: dict[str, int]
) -> None:
    page = sit("data_manager", viewport=size)
    name = f"Spanish, {size['width']}"
    page.goto(PEOPLE)
    everybody = count(page)
    narrow(page, Language="Español")
    spanish = count(page)
    assert 0 < spanish < everybody

    page.get_by_role("link", name="Columns", exact=True).click()
    page.get_by_label("With us since").check()
    page.get_by_label("Which line was cut?").check()
    page.get_by_role("button", name="Show them").click()
    assert count(page) == spanish
    if size is DESK:
        page.get_by_role("link", name="With us since").click()
        head = page.get_by_role("columnheader", name="With us since")
        expect(head).to_have_attribute("aria-sort", "descending")
        page.get_by_role("link", name="With us since").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Save this list").click()
    page.get_by_label("Name of the list").fill(name)
    page.get_by_label("Folder").fill("Spain")
    page.get_by_label("Organiser", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert count(page) == spanish

    priya = sit("organiser", viewport=size)
    priya.goto(PEOPLE)
    priya.get_by_role("link", name=name).click()
    expect(priya.get_by_role("heading", level=1)).to_have_text(name)
    expect(priya.locator("table.rows")).to_contain_text("With us since" if size is DESK else "")
    assert count(priya) == spanish


def test_a_dozen_get_a_tag_after_a_preview_and_lose_it_by_undo(sit: Sit) -> None:
    page = sit("data_manager")
    narrow(page, Language="Français")
    french = count(page)
    assert "stackable" in (page.locator("table").get_attribute("class") or "")
    thead = page.locator("table thead").bounding_box()
    assert thead is None or thead["height"] <= 1  # cards on a phone
    page.locator("input[name=all]").check()
    page.get_by_label("What to do").select_option(label="Put a tag on")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Which tag?").select_option(label="Takes photos")
    page.get_by_role("button", name="See what it would do").click()
    preview = page.locator("[role=status]")
    expect(preview).to_contain_text(re.compile(r"\d"))
    page.get_by_role("button", name="Put a tag on").click()

    undo = page.get_by_role("button", name="Take it back")
    expect(undo).to_be_visible(timeout=60_000)
    address = page.url
    narrow(page, Tag="Takes photos", Language="Français")
    assert count(page) == french
    page.goto(address)
    undo.click()
    expect(page.get_by_text("This was taken back")).to_be_visible(timeout=60_000)
    narrow(page, Tag="Takes photos", Language="Français")
    assert page.locator("#found").count() == 0 or count(page) < french


def test_by_the_keyboard_alone(sit: Sit) -> None:
    page = sit("data_manager", viewport=DESK)
    page.goto(PEOPLE)
    rows = page.locator("table.rows tbody tr")
    rows.first.locator("th a").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(rows.nth(0).get_by_role("checkbox")).to_be_checked()
    expect(rows.nth(1).get_by_role("checkbox")).not_to_be_checked()
    expect(rows.nth(2).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("k")
    expect(rows.nth(1).locator("th a")).to_be_focused()
    name = rows.nth(1).locator("th bdi").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_ticks_and_a_list_by_hand_without_a_script_in_arabic(plain: Sit) -> None:
    page = plain("data_manager")
    page.goto("/ar/office/people/save/?picked")
    page.locator("#id_name").fill("من نتصل بهم")
    page.locator("main form button").first.click()
    page.goto("/ar/office/people/?language=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    names = page.locator("table.rows tbody th a bdi").all_inner_texts()[:2]
    for number in range(2):
        page.locator("table.rows tbody tr").nth(number).get_by_role("checkbox").check()
    page.locator("#act").select_option("pick")
    page.locator(".act-bar button").click()
    page.locator("#id_about").select_option(label="من نتصل بهم")
    page.locator("main form .actions button").click()
    page.locator("button[value=now]").click()
    page.goto("/ar/office/people/")
    page.get_by_role("link", name="من نتصل بهم").click()
    for _look in range(200):
        if page.locator("table.rows tbody tr").count() == 2:
            break
        page.reload()
    assert page.locator("table.rows tbody th a bdi").all_inner_texts() == names
