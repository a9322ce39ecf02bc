"""A real way in: a code by mail, an authenticator app, recovery codes, and out again."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit

PRIYA = "priya@demo.invalid"


def _sign_in_by_mail(page: Page, email: str, after: steps.Mail | None = None) -> steps.Mail:
    page.goto("/en/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    mail = steps.newest_mail(page, email, "code", after=after)
    code = re.search(r"\b(\d{4})\s?(\d{4})\b", f"{mail.subject} {mail.text}")
    assert code, mail.text
    page.get_by_label("Code").fill(f"{code.group(1)} {code.group(2)}")
    page.get_by_role("button", name="Go on").click()
    return mail


def _app_code(secret: str, steps_ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_ahead))


def test_code_app_recovery_codes_and_out(plain: Sit) -> None:
    page = plain()
    first = _sign_in_by_mail(page, PRIYA)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    assert page.goto("/en/office/") and "second-step" in page.url

    page.get_by_role("link", name="Set up an app").click()
    page.get_by_role("button", name="I have an app: show the code to scan").click()
    page.locator("summary").filter(has_text="I cannot scan").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".err").first).to_be_visible()
    page.get_by_label("Code from the app").fill(_app_code(secret))
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("code")).to_have_count(10)
    codes = page.locator("code").all_inner_texts()

    page.goto("/en/office/")
    expect(page.get_by_role("heading", name="Needs you today")).to_be_visible()
    page.goto("/en/my/account/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out everywhere").click()
    assert page.goto("/en/office/") and "/sign-in/" in page.url

    _sign_in_by_mail(page, PRIYA, after=first)
    page.goto("/en/sign-in/recovery/")
    page.get_by_label("Recovery code").fill(codes[0])
    with page.expect_navigation():
        page.locator("main form button").first.click()
    assert page.goto("/en/office/") and page.url.endswith("/en/office/")


def test_an_unknown_address_gets_the_same_answer(plain: Sit) -> None:
    page = plain()
    page.goto("/en/sign-in/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a code").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    page.get_by_label("Code").fill("12345678")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".err").first).to_be_visible()
