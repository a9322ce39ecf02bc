"""The same stories with JavaScript switched off: nobody needs it, in the office neither."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Sit


def test_find_sign_up_confirm_and_cancel(plain: Sit, fresh_email: str) -> None:
    page = plain()
    steps.find(page, "Leeds")
    expect(page.locator("#near-h")).to_contain_text("Leeds")
    page.locator("ol.events > li a.btn.go").first.click()
    steps.sign_up(page, fresh_email)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Noor")

    page.goto(steps.newest_mail(page, fresh_email).link("/my/going/"))
    page.get_by_role("button", name="Yes, this is me").click()
    page.get_by_role("button", name="I can't come").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not coming")


def test_host_an_event_and_have_it_reviewed(plain: Sit) -> None:
    visitor, office = plain(), plain("organiser")
    told = steps.Hosting("plain-host@example.org", title="Without a script", town="Hexham")
    event = steps.host_event(visitor, told)
    mine = steps.prove_host(visitor, told.email)

    office.goto(f"/en/office/c/bring-back-our-buses/review/{event.rsplit('/', 1)[1]}/?do=approve")
    office.get_by_role("button", name="Approve").click()
    expect(office.get_by_text("Without a script is on the map. The host is told.")).to_be_visible()

    visitor.goto(mine)
    visitor.locator(".task-list button").first.click()
    expect(visitor.get_by_role("button", name="Take the tick back")).to_have_count(1)
    visitor.get_by_role("button", name="Open the kit").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Your kit")
    steps.find(visitor, "Hexham")
    assert visitor.locator("ol.events h3").all_inner_texts().count(told.title) == 1


def test_the_menus_and_the_map_are_links(plain: Sit) -> None:
    page = plain()
    page.goto(steps.CAMPAIGN)
    page.locator("details.menu summary").click()
    page.locator("details.menu a[lang=fr]").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto(f"{steps.CAMPAIGN}/map")
    before = page.url
    page.locator("a[href*='view=']:visible").first.click()
    expect(page).not_to_have_url(before)
