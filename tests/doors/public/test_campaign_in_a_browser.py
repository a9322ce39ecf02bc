"""The campaign page in a real browser: policy kept, nobody else asked, and with scripts off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from groundswell.events.models import Rsvp
from groundswell.kernel import clock
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.running import needs

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, live_server: Any, settings: Any) -> Iterator[Open]:
    """Opens a phone-sized page; keyword arguments go to the browser's context."""
    browser_path = needs.browser()
    settings.GROUNDSWELL_ORIGIN = live_server.url
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop running
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])

        def opened(**options: Any) -> Page:
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, locale="en-GB", **options
            )
            return context.new_page()

        yield opened
        browser.close()


@pytest.fixture
def address(live_server: Any) -> str:
    """A campaign around today with an event in Leeds."""
    day = _in_ten_days()
    campaign = live_campaign(
        action_on=day, starts_on=day - timedelta(days=9), ends_on=day + timedelta(days=9)
    )
    make.listed_event(campaign, title="Meeting at the stop", day=day)
    return f"{live_server.url}/en/bring-back-our-buses"


def _in_ten_days() -> date:
    return clock.now().date() + timedelta(days=10)


def test_page_breaks_no_policy_and_asks_nobody_else(
    open_page: Open, address: str, live_server: Any
) -> None:
    page, said, asked = open_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(address)
    page.wait_for_load_state("networkidle")

    assert page.locator('script[type="application/ld+json"]').count() == 1
    assert said == []
    assert [url for url in asked if not url.startswith(live_server.url)] == []


def test_own_location_leaves_the_device_rounded(open_page: Open, address: str) -> None:
    page = open_page(
        permissions=["geolocation"], geolocation={"latitude": 53.80123, "longitude": -1.54321}
    )
    page.goto(address)

    page.get_by_role("link", name="Use my location").click()
    page.wait_for_url("**lat=**")

    assert page.url.endswith("?lat=53.80&lon=-1.54#near")
    assert page.get_by_role("heading", name="Nearest to your place").is_visible()


def test_three_taps_and_two_fields_without_scripts(
    open_page: Open, address: str, settings: Any
) -> None:
    settings.GROUNDSWELL_FORM_SECONDS = 0  # no person types this fast
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}?near=Leeds")

    assert not page.get_by_text("Use my location").is_visible()
    page.get_by_role("link", name="I’m coming").click()
    page.get_by_label("First name").fill("Amina")
    page.get_by_label("E-mail", exact=True).fill("amina@example.org")
    page.get_by_role("button", name="Count me in").click()

    assert page.get_by_role("heading", name="You’re going, Amina.").is_visible()
    assert Rsvp.objects.count() == 1
