"""Somebody finds an event, comes along, changes their mind; and somebody else waits for a place."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit


@pytest.mark.parametrize("place", ["Leeds", "ليدز"])
def test_find_the_town_in_either_script(sit: Sit, place: str) -> None:
    page = sit()

    steps.find(page, place)

    expect(page.locator("#near-h")).to_contain_text("Leeds")
    first = page.locator("ol.events > li").first
    expect(first.locator(".dist")).to_contain_text("mi")


def test_three_taps_and_two_fields_to_going_and_back(sit: Sit, fresh_email: str) -> None:
    page = sit()
    steps.find(page, "Leeds")

    taps = 0
    page.locator("ol.events > li a.btn.go").filter(has_text="I’m coming").first.click()
    taps += 1
    # The third one is for programs: no person sees it, hears it or comes to it by the keyboard.
    empty = page.locator("#sign-up input:not([type=hidden]):not([type=checkbox]):not([tabindex])")
    expect(empty).to_have_count(2)
    assert [field.input_value() for field in empty.all()] == ["", ""]
    steps.sign_up(page, fresh_email)
    taps += 1

    expect(page.get_by_role("heading", level=1)).to_have_text("You’re going, Noor.")
    assert taps <= 3
    with page.expect_download() as calendar:
        page.get_by_role("link", name="Add to calendar").click()
    assert calendar.value.suggested_filename.endswith(".ics")

    _change_and_cancel(page, fresh_email)


def _change_and_cancel(page: Page, email: str) -> None:
    """From the mail: prove, come with two, cancel."""
    mail = steps.newest_mail(page, email)
    assert mail.calendar.count("BEGIN:VEVENT") == 1
    page.goto(mail.link("/my/going/"))
    page.get_by_role("button", name="Yes, this is me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re going, Noor.")

    page.locator("form[action$='/party'] select").select_option("2")
    page.get_by_role("button", name="Save the number").click()
    expect(page.locator("form[action$='/party'] select")).to_have_value("2")

    page.get_by_role("button", name="I can't come").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not coming")


def test_the_calendar_file_says_when_and_where(sit: Sit) -> None:
    page = sit()
    page.goto(steps.CAMPAIGN)
    page.locator("ol.events > li h3 a").first.click()

    address = page.get_by_role("link", name="Add to calendar").get_attribute("href") or ""
    with urllib.request.urlopen(page.url.split("/en/")[0] + address) as answer:
        calendar = answer.read().decode()

    lines = calendar.splitlines()
    assert lines.count("BEGIN:VEVENT") == 1
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert lines.count("STATUS:CONFIRMED") == 1


def test_a_place_that_becomes_free_goes_to_whoever_waits(sit: Sit) -> None:
    page = sit()
    event = steps.host_event(page, steps.Hosting("full-host@example.org", capacity="1"))
    page.goto(event)
    steps.sign_up(page, "first@example.org", "First")
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re going, First.")

    page.goto(event)
    expect(page.get_by_role("heading", name="Join the waiting list")).to_be_visible()
    steps.sign_up(page, "second@example.org", "Second")
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re on the waiting list, Second.")
    waiting = steps.newest_mail(page, "second@example.org")

    page.goto(steps.newest_mail(page, "first@example.org").link("/my/going/"))
    page.get_by_role("button", name="This was not me: cancel it").click()

    page.goto(waiting.link("/my/going/"))
    page.get_by_role("button", name="Yes, this is me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re going, Second.")
    promoted = steps.newest_mail(page, "second@example.org", "place")
    assert promoted.subject != waiting.subject


def test_an_address_that_is_nearly_one_gets_a_sentence(sit: Sit) -> None:
    page = sit()
    page.goto(steps.CAMPAIGN)
    page.locator("ol.events > li a.btn.go").first.click()

    steps.sign_up(page, "amina@", "Amina")

    expect(page.get_by_role("alert")).to_contain_text("Finish the e-mail address")
    expect(page.locator("#id_given")).to_have_value("Amina")
    expect(page.locator("#id_email")).to_have_value("amina@")
    assert page.title().startswith("Error:")
