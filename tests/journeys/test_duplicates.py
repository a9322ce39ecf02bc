"""The same person twice: found in the queue, decided by the keyboard, and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.test_imports import a_csv, choose, decide
from tests.running.processes import wait_until

QUEUE = "/en/office/people/duplicates/"
DESK = {"width": 1280, "height": 900}
HEAD = "first name,last name,email,phone,street,city,postcode,country\n"
TWICE = HEAD + (
    "Katharine,Ashdown,katharine.ashdown@example.org,,4 Quarry Mount,Leeds,LS6 2JP,GB\n"
    "Katherine,Ashdown,k.ashdown@example.net,,4 Quarry Mount,Leeds,LS6 2JP,GB\n"
)


def of_the_demonstration(page: Page) -> list[str]:
    """The pairs that wait, as both names: by going on with "Later" until nothing is left."""
    page.goto(QUEUE)
    found: list[str] = []
    while page.get_by_role("heading", name="Is this one person?").count():
        names = " ".join(page.locator("table.pair thead").inner_text().split())
        if names in found:
            break
        found.append(names)
        with page.expect_navigation():
            page.get_by_role("link", name="Later").click()
    return found


@pytest.mark.parametrize(
    ("seat", "way"), [("organiser", "Compare them"), ("data_manager", "Duplicates")]
)
def test_the_queue_is_short_and_every_pair_of_it_tells_something(
    sit: Sit, seat: str, way: str
) -> None:
    page = sit(seat, viewport=DESK)

    found = of_the_demonstration(page)

    assert 3 <= len(found) <= 8
    whole = " ".join(found)
    assert all(name in whole for name in ("Margret", "Demirci", "بركات", "Janine"))
    page.goto("/en/office/" if seat == "organiser" else "/en/office/people/")
    with page.expect_navigation():
        page.get_by_role("link", name=way).click()
    expect(page.get_by_role("heading", name="Is this one person?")).to_be_visible()


def test_two_of_one_person_are_found_merged_by_keys_and_taken_apart(sit: Sit) -> None:
    page = sit("data_manager", viewport=DESK)
    choose(page, a_csv(TWICE))
    decide(page, "Petition of May")
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible(timeout=60_000)

    go_to(page, "Ashdown")
    expect(page.get_by_text("Nearly the same name")).to_be_visible()
    expect(page.get_by_text("The same street and number")).to_be_visible()
    both = page.locator("table.pair")
    expect(both).to_contain_text("4 Quarry Mount")
    expect(both).not_to_contain_text("katharine.ashdown@")
    page.keyboard.press("2")
    expect(page.get_by_role("radio").last).to_be_checked()
    press_in_another_script(page, "١", "Digit1")
    expect(page.get_by_role("radio").first).to_be_checked()
    press_in_another_script(page, "n", "KeyS")  # where another alphabet has its N: no decision
    press_in_another_script(page, "٢", "Digit2")
    expect(page.get_by_role("radio").last).to_be_checked()
    page.keyboard.press("s")
    expect(page.get_by_text("They are one person now.")).to_be_visible()
    page.goto("/en/office/people/?q=Ashdown")
    expect(page.get_by_role("link", name="Katherine Ashdown")).to_have_count(1)
    expect(page.get_by_role("link", name="Katharine Ashdown")).to_have_count(0)

    page.goto("/en/office/people/merges/")
    with page.expect_navigation():
        page.get_by_role("button", name="Undo the merge of Katherine Ashdown").click()
    expect(page.get_by_text("is a person of their own again")).to_be_visible()
    page.goto("/en/office/people/?q=Ashdown")
    expect(page.get_by_role("link", name="Katherine Ashdown")).to_have_count(1)
    expect(page.get_by_role("link", name="Katharine Ashdown")).to_have_count(1)


def press_in_another_script(page: Page, key: str, code: str) -> None:
    """A key of a keyboard with other letters; ``code`` is its place."""
    page.locator("body").dispatch_event("keydown", {"key": key, "code": code})


def go_to(page: Page, name: str) -> None:
    """Through the queue by the key for "Later", until the pair with this name. The worker looks
    for pairs after an import, so it may take a moment until it is there."""

    def is_here() -> bool:
        page.goto(QUEUE)
        for _each in range(12):
            if name in page.locator("main").inner_text():
                return True
            if page.locator("[data-key=l]").count() == 0:
                return False
            with page.expect_navigation():
                page.keyboard.press("l")
        return False

    wait_until(is_here, seconds=60, what=f"{name} in the queue")


def test_a_mother_and_a_daughter_are_told_apart_on_a_phone_and_back(plain: Sit) -> None:
    page = plain("organiser")
    page.goto("/ar/office/people/duplicates/")
    for _each in range(12):
        if "Janine" in page.locator("table.pair thead").inner_text():
            break
        page.locator("a[data-key=l]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("button[value=together]").click()
    expect(page.locator("table.pair thead").get_by_text("Janine")).to_have_count(0)

    page.locator("button[value=again]").click()
    expect(page.locator("table.pair thead")).to_contain_text("Janine")
