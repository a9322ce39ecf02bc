"""A file of people leaves the house: asked for by the data manager, and nobody alone decides."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit

DESK = {"width": 1280, "height": 900}


def ask(page: Page, tool: str, country: str = "") -> None:
    """Through both pages, up to what it takes."""
    page.goto("/en/office/exports/")
    page.get_by_role("link", name="Ask for an export").first.click()
    page.get_by_label(tool).check()
    page.get_by_role("button", name="Choose the columns").click()
    if country:
        page.get_by_label("Living in").select_option(label=country)
    page.get_by_label("What is the file for?").fill("Maps for the hosts’ meeting")
    page.get_by_role("button", name="See what it takes").click()
    expect(page.locator(".notice")).to_be_visible()


def test_a_large_one_waits_for_a_word_and_a_refusal_ends_it(sit: Sit) -> None:
    page, priya = sit("data_manager"), sit("organiser", viewport=DESK)
    ask(page, "People who read it")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("Waits for somebody to agree")).to_be_visible()
    expect(page.get_by_role("button", name="Fetch the file")).to_have_count(0)

    priya.goto(page.url)
    priya.get_by_role("button", name="Refuse").click()
    expect(priya.get_by_text("Stopped.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Waits for somebody to agree")).to_have_count(0)
    expect(page.get_by_role("button", name="Fetch the file")).to_have_count(0)


def test_a_large_one_is_made_once_somebody_else_agrees(sit: Sit, tmp_path: Path) -> None:
    page, priya = sit("data_manager"), sit("organiser", viewport=DESK)
    ask(page, "People who read it")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("Waits for somebody to agree")).to_be_visible()
    expect(page.get_by_role("button", name="I agree")).to_have_count(0)

    priya.goto(page.url)
    priya.get_by_role("button", name="I agree").click()
    expect(priya.get_by_text("You agreed.")).to_be_visible()
    page.reload()
    button = page.get_by_role("button", name="Fetch the file")
    expect(button).to_be_visible(timeout=60_000)
    with page.expect_download() as coming:
        button.click()
    kept = tmp_path / "people.csv"
    coming.value.save_as(kept)
    assert len(kept.read_text("utf-8-sig").splitlines()) > 50


def test_a_small_one_is_fetched_once_and_holds_no_address(sit: Sit, tmp_path: Path) -> None:
    page = sit("data_manager", viewport=DESK)
    ask(page, "People who read it", country="Tunisia")
    page.get_by_role("button", name="Ask for it").click()
    button = page.get_by_role("button", name="Fetch the file")
    expect(button).to_be_visible(timeout=60_000)
    with page.expect_download() as coming:
        button.click()
    kept = tmp_path / "people.csv"
    coming.value.save_as(kept)
    head, *rows = kept.read_text("utf-8-sig").splitlines()
    assert head.startswith("First name,")
    assert 0 < len(rows) <= 50
    assert "supporter" not in "".join(rows)
    page.reload()
    expect(button).to_have_count(0)


def test_what_it_takes_is_said_before_anybody_asks_in_arabic_too(plain: Sit) -> None:
    page = plain("data_manager")
    page.goto("/ar/office/exports/add/?layout=spoke&kind=csv")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#id_reason").fill("حملة رسائل")
    page.locator("button[value=weigh]").click()
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator("button[value=ask]")).to_be_visible()
