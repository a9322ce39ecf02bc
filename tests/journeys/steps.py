"""What several stories do: find an event, sign up, read the newest mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.running.processes import wait_until

CAMPAIGN = "/en/bring-back-our-buses"


@dataclass(frozen=True)
class Mail:
    """A mail of the outbox: its address there, subject, plain text and calendar file."""

    href: str
    subject: str
    text: str
    calendar: str

    def link(self, part: str) -> str:
        """The first address in the mail that contains ``part``, without its origin."""
        found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", self.text)
        assert found, f"no link with {part} in: {self.text}"
        return found.group(1)


def newest_mail(page: Page, to: str, subject: str = "", *, after: Mail | None = None) -> Mail:
    """Looks into the outbox in a new tab until the mail is there, and newer than ``after``."""
    tab = page.context.new_page()
    row = tab.get_by_role("row").filter(has_text=to).filter(has_text=subject)

    def is_there() -> bool:
        tab.goto("/en/demo/outbox")
        links = row.get_by_role("link")
        return links.count() > 0 and (after is None or _href(links.first) != after.href)

    wait_until(is_there, seconds=30, what=f"a mail “{subject}” to {to}")
    link = row.first.get_by_role("link")
    told, href = link.inner_text(), _href(link)
    link.click()
    tab.locator("iframe").wait_for()
    calendar = tab.locator("pre[dir=ltr]")
    mail = Mail(
        href=href,
        subject=told,
        text=tab.locator("pre").last.text_content() or "",
        calendar=(calendar.text_content() or "") if calendar.count() else "",
    )
    tab.close()
    return mail


def _href(link: Locator) -> str:
    return link.get_attribute("href") or ""


def find(page: Page, place: str, path: str = CAMPAIGN) -> None:
    page.goto(path)
    page.locator("#place").fill(place)
    with page.expect_navigation():
        page.locator("form.find button").click()


def sign_up(page: Page, email: str, given: str = "Noor") -> None:
    """The open form: two fields and one button."""
    page.locator("#id_given").fill(given)
    page.locator("#id_email").fill(email)
    page.locator("form[action$='/sign-up'] button").click()


@dataclass
class Hosting:
    """What a host types into the wizard."""

    email: str
    title: str = "Tea at the old stop"
    town: str = "Leeds"
    venue: str = "Stop H, Woodhouse Street"
    capacity: str = ""
    given: str = "Dora"


def host_event(page: Page, told: Hosting) -> str:
    """Through the wizard to its last page; returns the address of the new event."""
    page.goto(f"{CAMPAIGN}/host")
    page.get_by_label("Meeting at the stop").check()
    page.get_by_label("Its name").fill(told.title)
    go_on(page)
    go_on(page)  # the action day at the usual time
    page.get_by_label("Your town or postcode").fill(told.town)
    page.get_by_label("Where do people meet?").fill(told.venue)
    page.get_by_label("How many people fit in?").fill(told.capacity)
    go_on(page)
    page.get_by_label("First name").fill(told.given)
    page.get_by_label("E-mail").fill(told.email)
    go_on(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your event is live at this link now")
    return page.locator(".copy-line a").get_attribute("href") or ""


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


def prove_host(page: Page, email: str) -> str:
    """Open the link of the host's mail and press the button; returns the host's page."""
    mail = newest_mail(page, email)
    page.goto(mail.link("/my/event/"))
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, this is my event").click()
    return page.url
