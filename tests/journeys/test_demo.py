"""The demonstration's own promises: seats, a new start, every language on every page."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Sit

RESET_SECONDS = 2.0  # on a machine with nothing else to do


def test_a_new_start_takes_everything_back(sit: Sit, record_property: object) -> None:
    page = sit()
    event = steps.host_event(page, steps.Hosting("gone@example.org", title="Soon gone"))
    assert (page.goto(event) or page).status == 200

    page.goto("/en/demo")
    started = time.monotonic()
    page.get_by_role("button", name="Start again from the beginning").click()
    page.wait_for_url("**/en/demo")
    record_property("reset_seconds", round(time.monotonic() - started, 2))

    assert (page.goto(event) or page).status == 404
    page.goto("/en/demo/outbox")
    expect(page.get_by_text("gone@example.org")).to_have_count(0)


def test_the_language_menu_keeps_the_page(sit: Sit) -> None:
    page = sit()
    steps.find(page, "Leeds")
    page.locator("details.menu summary").click()
    page.locator("details.menu a[lang=ar]").click()

    page.wait_for_url("**/ar/bring-back-our-buses?near=Leeds**")
    html = page.locator("html")
    expect(html).to_have_attribute("dir", "rtl")
    expect(html).to_have_attribute("lang", "ar")
    expect(page.get_by_role("heading", level=1)).to_have_text("أعيدوا حافلاتنا")
    at = page.locator("#near-h").bounding_box()
    assert at and at["x"] + at["width"] > 300  # it begins at the right edge of a phone


def test_every_seat_opens_its_page(sit: Sit) -> None:
    seats = {
        "organiser": "/office/",
        "data_manager": "/office/people/",
        "host": "/my/event/",
        "supporter": "/my/going/",
    }

    assert [seat for seat, path in seats.items() if path not in sit(seat).url] == []
