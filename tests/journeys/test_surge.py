"""Under attack: a browser works for a second, a mail does the same without JavaScript, and the
office sorts what is left. Nobody is turned away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit

SLOW = 20_000  # milliseconds: a worker on a machine that has other work


@pytest.fixture
def attacked(sit: Sit) -> Iterator[Page]:
    """An owner sees it coming; afterwards everything is as before."""
    owner = sit("organiser")

    def switch(choice: str) -> None:
        owner.goto("/en/office/safeguards/")
        owner.get_by_label(choice).check()
        owner.get_by_role("button", name="Save").click()
        expect(owner.get_by_text("Saved. It holds everywhere")).to_be_visible()

    switch("From now on, for everybody")
    yield owner
    switch("Only while a flood comes in")


def _fill(page: Page, email: str) -> None:
    steps.find(page, "Leeds")
    page.locator("ol.events > li a.btn.go").first.click()
    steps.sign_up(page, email)


def test_a_browser_that_runs_scripts_works_and_is_in(
    attacked: Page, sit: Sit, fresh_email: str
) -> None:
    page = sit()

    _fill(page, fresh_email)

    # One press: the page answered, the worker found its number, and the form went again.
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re going, Noor.", timeout=SLOW)
    assert steps.newest_mail(page, fresh_email).link("/my/going/")


def test_a_number_for_another_address_is_worth_nothing(
    attacked: Page, sit: Sit, fresh_email: str
) -> None:
    """The control: with the worker's number spoiled, the same form is held."""
    page = sit()
    page.add_init_script(
        "addEventListener('submit', (event) => "
        "{ if (event.target.elements.work) event.target.elements.work.value += '1'; }, true)"
    )

    _fill(page, fresh_email)

    held = "One press is left, Noor."
    expect(page.get_by_role("heading", level=1)).to_have_text(held, timeout=SLOW)


def test_without_javascript_a_mail_does_the_same(
    attacked: Page, plain: Sit, fresh_email: str
) -> None:
    page = plain()

    _fill(page, fresh_email)
    expect(page.get_by_role("heading", level=1)).to_have_text("One press is left, Noor.")
    page.goto(steps.newest_mail(page, fresh_email).link("/my/going/"))
    page.get_by_role("button", name="Yes, this is me").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You’re going, Noor.")


def test_the_office_sorts_quarantine_without_javascript(
    attacked: Page, plain: Sit, fresh_email: str
) -> None:
    visitor, office = plain(), plain("organiser")
    _fill(visitor, fresh_email)

    office.goto("/en/office/quarantine/?why=surge")
    office.locator("tbody input[type=checkbox]").first.check()
    office.get_by_role("button", name="Delete").click()
    expect(office.get_by_text("1 is deleted. You can take it back for a day.")).to_be_visible()
    office.get_by_role("button", name="Take it back").first.click()
    expect(office.get_by_text("1 is back.")).to_be_visible()
    office.locator("tbody input[type=checkbox]").first.check()
    office.get_by_role("button", name="Let in").click()
    expect(office.get_by_text("1 is let in.")).to_be_visible()


def test_reporting_an_event_without_javascript(plain: Sit) -> None:
    visitor, office = plain(), plain("organiser")
    steps.find(visitor, "Leeds")
    visitor.locator("ol.events h3 a").first.click()
    visitor.get_by_role("link", name="Report this event").click()
    visitor.get_by_label("Somebody could come to harm").check()
    visitor.get_by_role("button", name="Send to the organisers").click()
    expect(visitor.locator(".summary")).to_contain_text("Write one sentence")
    assert visitor.get_by_label("Somebody could come to harm").is_checked()
    visitor.get_by_label("In your own words").fill("The door is a trap.")
    visitor.get_by_role("button", name="Send to the organisers").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")

    office.goto("/en/office/reports/")
    expect(office.get_by_text("The door is a trap.")).to_be_visible()
    office.get_by_role("button", name="Settled").first.click()
    expect(office.get_by_text("Settled. The host’s messages go out as usual.")).to_be_visible()
