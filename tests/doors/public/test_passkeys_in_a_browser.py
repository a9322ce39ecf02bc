"""The passkey script in a real browser, with the browser's own virtual security chip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, sync_playwright

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.models import Account
from groundswell.kernel.actor import SYSTEM, Role
from tests.running import needs

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]

CHIP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, live_server: Any, settings: Any) -> Iterator[Page]:
    """A phone-sized page of a browser whose device can make passkeys."""
    browser_path = needs.browser()
    settings.GROUNDSWELL_ORIGIN = live_server.url
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop running
    with sync_playwright() as playwright, translation.override("en"):
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
        opened = context.new_page()
        devtools = context.new_cdp_session(opened)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})
        opened.complaints = []
        opened.on("console", lambda said: opened.complaints.append(said.text))
        yield opened
        browser.close()


def test_a_passkey_is_made_and_then_signs_in(page: Page, live_server: Any) -> None:
    account = accounts_ops.invite(
        email="owner@example.org", name="Owner", role=Role.OWNER, by=SYSTEM
    )
    token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
    page.goto(live_server.url + reverse("sign_in_link", args=[token]))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
    assert page.locator("code").count() == 10

    page.context.clear_cookies()
    page.goto(live_server.url + reverse("sign_in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)

    page.goto(live_server.url + reverse("my_account"))
    assert page.get_by_text("My phone").first.is_visible()
    assert Account.objects.count() == 1
    refused = [said for said in page.complaints if "Content Security" in said or "Trusted" in said]
    assert refused == []


def test_a_device_without_that_passkey_gets_a_sentence(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + reverse("sign_in"))
    page.get_by_role("button", name="Sign in with a passkey").click()

    problem = page.get_by_text("The passkey was not used")
    problem.wait_for()
    assert problem.is_visible()
