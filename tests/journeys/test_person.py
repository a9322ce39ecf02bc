"""One person's page at the data manager's desk, and somebody's own page of consents."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE, Sit

DESK = {"width": 1280, "height": 900}


def sign_up(visitor: Page, email: str, given: str) -> None:
    """For the first event of the campaign's page."""
    visitor.goto(steps.CAMPAIGN)
    visitor.locator("ol.events > li a.btn.go").first.click()
    steps.sign_up(visitor, email, given=given)


def open_person(page: Page, words: str) -> None:
    page.goto(f"/en/office/people/?q={words}")
    page.locator("table.rows tbody th a").first.click()


def section(page: Page, title: str) -> str:
    return page.get_by_role("region", name=title).inner_text()


def follow(page: Page, link: str) -> None:
    page.get_by_role("link", name=link, exact=True).click()


def save(page: Page, verb: str = "Save") -> None:
    page.locator("main").get_by_role("button", name=verb, exact=True).first.click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_details_home_tags_and_answers(sit: Sit, size: dict[str, int], fresh_email: str) -> None:
    sign_up(sit(), fresh_email, "Ottoline")
    page = sit("data_manager", viewport=size)
    open_person(page, fresh_email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ottoline")

    follow(page, "Name, languages and time zone")
    page.locator("#id_family").fill("Vance")
    page.locator("#id_language").select_option(label="Français")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ottoline Vance")
    follow(page, "Where they live")
    page.get_by_label("Town").fill("Lyon")
    page.get_by_label("Country").select_option(label="France")
    save(page)
    told = section(page, "What we know")
    assert "Lyon" in told
    assert "Europe/Paris" in told
    assert "From the town they live in." in told

    follow(page, "Put a tag on")
    page.get_by_label("Tag").fill("Has a van")
    save(page, "Put it on")
    assert "Has a van" in section(page, "Tags")
    follow(page, "Answer")
    page.get_by_label("Which line was cut?").fill("97")
    page.get_by_label("Cooks for many").check()
    save(page)
    assert "Cooks for many" in section(page, "Our own questions")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_notes_ties_and_who_looks_after_somebody_and_the_way_back(
    sit: Sit, size: dict[str, int], fresh_email: str
) -> None:
    sign_up(sit(), fresh_email, "Ottoline")
    page = sit("data_manager", viewport=size)
    open_person(page, fresh_email)
    home = page.url
    follow(page, "Write a note")
    page.get_by_label("Note").fill("Rang twice; call after six.")
    page.get_by_label("Only who may open their address").check()
    save(page)
    follow(page, "Write a note")
    page.get_by_label("Note").fill("Ill at the moment.")
    page.get_by_label("Sensitive: only organisers, data managers and owners").check()
    save(page)
    notes = page.get_by_role("region", name="Notes").get_by_role("listitem")
    sensitive = notes.filter(has_text="Ill at the moment.")
    expect(sensitive).to_contain_text("Sensitive: only organisers, data managers and owners")
    expect(notes.filter(has_text="Rang twice")).to_contain_text("Only who may open their address")

    follow(page, "Who looks after them")
    page.get_by_label("Who looks after them?").select_option(label="Tomasz Nowak")
    save(page)
    assert "Tomasz Nowak" in section(page, "What we know")
    follow(page, "Somebody they belong with")
    page.get_by_label("Name, e-mail or phone of the other person").fill("Amina Khan")
    save(page, "Find")
    page.get_by_label("Amina Khan").first.check()
    page.get_by_label("They live together").check()
    save(page)
    assert page.url.startswith(home)
    belongs = page.get_by_role("region", name="Belongs with")
    expect(belongs.get_by_role("link", name="Amina Khan")).to_be_visible()

    past = section(page, "What happened")
    assert "Tomasz Nowak" in past
    assert "Ottoline" not in past  # the ledger holds ids; a timeline tells what, not who
    belongs.get_by_role("button", name="Moved out").click()
    expect(belongs.get_by_role("link", name="Amina Khan")).to_have_count(0)
    sensitive.get_by_role("link", name="Remove").click()
    save(page, "Remove it")
    expect(page.get_by_text("Ill at the moment.")).to_have_count(0)


def test_an_address_is_shown_for_a_reason_that_the_person_can_read(
    sit: Sit, fresh_email: str
) -> None:
    sign_up(sit(), fresh_email, "Perpetua")
    page = sit("data_manager")
    open_person(page, fresh_email)
    expect(page.get_by_text(fresh_email)).to_have_count(0)
    page.get_by_label("To put a mistake right").check()
    page.get_by_role("button", name="Show address and number").click()
    expect(page.locator("dl.answers bdi").get_by_text(fresh_email)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_somebody_says_what_to_hear_by_topic_and_channel(
    plain: Sit, fresh_email: str, language: str
) -> None:
    page = plain()
    sign_up(page, fresh_email, "Hedda")
    first = steps.newest_mail(page, fresh_email)
    page.goto(first.link("/my/going/"))
    page.get_by_role("button", name="Yes, this is me").click()
    page.goto(f"/{language}/your-data/")
    page.locator("#id_email").fill(fresh_email)
    page.locator("main form button").first.click()
    page.wait_for_url("**/your-data/sent/")
    link = steps.newest_mail(page, fresh_email, after=first).link("/my/data/")
    page.goto(link.replace("/en/", f"/{language}/", 1))
    expect(page.locator("html")).to_have_attribute("lang", language)
    topic = {"en": "Buses", "ar": "الحافلات"}[language]

    offer = page.locator("li", has_text=topic).filter(has=page.locator("input[value=email]"))
    offer.get_by_role("button").click()
    mine = page.locator("li", has_text=topic).filter(has=page.locator("button[name=turn]"))
    expect(mine).to_have_count(1)
    expect(mine.locator("button")).to_have_attribute("value", "off")
    mine.locator("button").click()
    expect(mine.locator("button")).to_have_attribute("value", "on")
