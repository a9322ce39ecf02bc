"""Somebody finds what is held about them, takes it along and erases it: on a phone, by the link in
a mail, without an account and without JavaScript."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit


def test_found_taken_along_and_erased_by_a_link_in_a_mail(
    plain: Sit, fresh_email: str, tmp_path: Path
) -> None:
    page = plain()
    page.goto(steps.CAMPAIGN)
    page.locator("ol.events > li a.btn.go").first.click()
    steps.sign_up(page, fresh_email)
    page.goto(steps.newest_mail(page, fresh_email).link("/my/going/"))
    page.get_by_role("button", name="Yes, this is me").click()

    page.goto("/en/your-data/")
    page.locator("#id_email").fill(fresh_email)
    page.locator("main form button").first.click()
    page.wait_for_url("**/your-data/sent/")
    mail = steps.newest_mail(page, fresh_email, subject="Your link")
    link = mail.link("/my/data/")
    page.goto(link)

    expect(page.get_by_role("heading", level=1)).to_have_text("What we hold about you")
    expect(page.locator("main")).to_contain_text(fresh_email)
    held = _file(page, tmp_path)
    assert fresh_email in json.dumps(held)

    page.get_by_role("link", name="See what would be erased").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Erase what we hold about you?")
    page.get_by_role("button", name="Erase everything now").click()
    page.wait_for_url("**/your-data/erased/")

    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 410


def _file(page: Page, folder: Path) -> dict[str, object]:
    with page.expect_download() as coming:
        page.locator("a[href$='/file']").first.click()
    kept = folder / "held.json"
    coming.value.save_as(kept)
    held: dict[str, object] = json.loads(kept.read_text("utf-8"))
    return held
