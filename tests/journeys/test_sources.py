"""Where people come from: a link with its code, what it cost, and both touches side by side."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE, Sit
from tests.running.processes import wait_until

DESK = {"width": 1280, "height": 900}
SOURCES = "/en/office/sources/"


def row(page: Page, name: str) -> str:
    """A source's line, all cells."""
    page.goto(SOURCES)
    found = page.get_by_role("row").filter(has_text=name)
    return " ".join(found.inner_text().split()) if found.count() else ""


def come_by(visitor: Page, link: str, email: str) -> None:
    """From a poster to a sign-up."""
    parts = urlsplit(link)
    visitor.goto(f"{parts.path}?{parts.query}")
    visitor.locator("ol.events > li a.btn.go").first.click()
    steps.sign_up(visitor, email, given="Walburga")
    visitor.goto(steps.newest_mail(visitor, email).link("/my/going/"))
    visitor.get_by_role("button", name="Yes, this is me").click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_poster_from_its_link_to_what_somebody_cost(
    sit: Sit, size: dict[str, int], fresh_email: str
) -> None:
    page, code = sit("data_manager", viewport=size), f"kiosk-{size['width']}"
    page.goto(f"{SOURCES}link/")
    page.get_by_label("It leads to").select_option(label="Bring back our buses")
    page.get_by_label("Source code").fill(code)
    page.get_by_label("Medium").fill("paper")
    page.get_by_role("button", name="Build it").click()
    link = page.locator(".copy-line").inner_text()
    assert f"source={code}" in link
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()

    come_by(sit(), link, fresh_email)
    first = re.compile(r"People: 1 .*People: 1 ")
    wait_until(lambda: bool(first.search(row(page, code))), seconds=30, what="both touches")

    page.goto(f"{SOURCES}spend/")
    table = f"source,from,to,amount,currency\n{code},2026-03-01,2026-03-31,12.50,GBP\n"
    file: FilePayload = {"name": "march.csv", "mimeType": "text/csv", "buffer": table.encode()}
    wrong = table.replace("2026-03-01", "March")
    page.get_by_label("The file").set_input_files({**file, "buffer": wrong.encode()})
    page.get_by_role("button", name="Keep these rows").click()
    expect(page.locator(".summary")).to_contain_text("Row 2")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Keep these rows").click()
    expect(page.get_by_text("1 row is kept.")).to_be_visible()
    assert row(page, code).count("£12.50") >= 3  # per person by the first touch, the last, in all


def test_the_first_source_stays_and_the_last_one_moves(sit: Sit, fresh_email: str) -> None:
    page, visitor = sit("data_manager", viewport=DESK), sit()
    come_by(visitor, f"{steps.CAMPAIGN}?source=first-flyer", fresh_email)
    visitor.goto(f"{steps.CAMPAIGN}?source=second-radio")
    visitor.locator("ol.events > li a.btn.go").nth(1).click()
    steps.sign_up(visitor, fresh_email, given="Walburga")

    def both() -> bool:
        first, second = row(page, "first-flyer"), row(page, "second-radio")
        return "People: 1" in first and "People: 0" in first and "People: 1" in second

    wait_until(both, seconds=30, what="the first source of one, the last of the other")
