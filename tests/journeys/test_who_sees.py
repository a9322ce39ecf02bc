"""What four people see who look at everything: a host, a regional organiser of another country, a
texter, and an outsider with the source of the pages.

Each follows every link in a real browser; the page as it stands, its hidden fields, and every
answer the browser got are searched for every address, number and private place that we hold.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from tests.journeys.serving import Served
from tests.running.signing_in import code_of

MOST_PAGES = 45
STARTS = {
    "host": ["/en/my/event/{full_host}"],
    "far": ["/en/office/", "/en/office/people/", "/en/office/team/"],
    "texter": ["/en/office/", "/en/my/account/", "/en/{slug}"],
    "outsider": ["/en/", "/en/{slug}", "/en/e/{home_event}", "/en/e/{full_event}"],
}

OWN = {"host": "full@example.org"}  # whoever looks, at themselves


class Eyes:
    """A browser context that keeps every word it was sent."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context, self.origin = context, origin
        self.words: dict[str, str] = {}
        context.on("response", self._hear)

    def _hear(self, answer: Response) -> None:
        kind = answer.headers.get("content-type", "")
        if answer.url.startswith(f"{self.origin}/static/") or not kind.startswith(("text/", "app")):
            return
        try:
            body = answer.body().decode("utf-8", "replace")
        except Error:  # a redirect has no body
            body = ""
        heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.words[answer.url] = html.unescape(f"{heads}\n{body}")

    def walk(self, starts: list[str]) -> int:
        """Every page that links lead to, of one language, as a person would find them."""
        todo, seen, page = deque(starts), set(starts), self.context.new_page()
        looked = 0
        while todo and looked < MOST_PAGES:
            path = todo.popleft()
            try:
                page.goto(f"{self.origin}{path}", wait_until="load")
            except Error:  # a calendar file is kept, not shown
                continue
            looked += 1
            self.words[f"{path} as it stands"] = html.unescape(page.content())
            for target in self._links(page):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        page.close()
        return looked

    def _links(self, page: Page) -> Iterator[str]:
        for found in re.findall(r"""(?:href|action)=["']([^"'#]+)""", page.content()):
            parts = urlsplit(urljoin(page.url, html.unescape(found)))
            is_ours = f"{parts.scheme}://{parts.netloc}" == self.origin
            path = parts.path
            is_page = path.startswith("/en/") and not path.startswith(("/en/demo", "/en/sign-out"))
            if is_ours and is_page and not parts.query:
                yield path


def leaks(words: dict[str, str], secrets: list[str]) -> list[str]:
    """Where a secret stands, in whatever case; not where somebody typed it themselves."""
    return [
        f"{where}: {secret}"
        for where, text in words.items()
        for secret in secrets
        if secret.lower() in text.lower()
    ]


def sat_down(browser: Browser, stage: Served, seat: str) -> BrowserContext:
    context = browser.new_context(base_url=stage.origin, locale="en-GB")
    context.set_default_timeout(30_000)
    if seat in {"far", "texter"}:
        page = context.new_page()
        link = {"far": "far_walker"}.get(seat, seat)
        page.goto(f"/en/sign-in/link/{stage.told[link]}/")
        page.locator("main form button").click()
        page.wait_for_url("**/second-step/")
        page.locator("#id_code").fill(code_of(stage.told["secret"]))
        page.locator("#id_code").press("Enter")
        page.wait_for_url(re.compile("/office/|/my/account"))
        page.close()
    return context


@pytest.mark.parametrize("seat", list(STARTS))
def test_four_people_look_at_everything_and_find_nothing(
    seat: str, browser: Browser, stage: Served
) -> None:
    secrets = [one for one in stage.told["secrets"] if one != OWN.get(seat)]
    context = sat_down(browser, stage, seat)
    eyes = Eyes(context, stage.origin)

    looked = eyes.walk([start.format(**stage.told) for start in STARTS[seat]])
    context.close()

    assert len(secrets) > 20
    assert looked >= 4
    assert leaks(eyes.words, secrets) == []


def test_control_whoever_looks_after_everybody_finds_something(
    browser: Browser, stage: Served
) -> None:
    """The same eyes see an address where one is shown: on a person's page, opened for a reason."""
    context = browser.new_context(base_url=stage.origin, locale="en-GB")
    page = context.new_page()
    page.goto("/en/demo")
    page.locator("form[action$='/demo/organiser'] button").click()
    page.wait_for_url("**/office/**")
    eyes = Eyes(context, stage.origin)
    page.goto(f"/en/office/people/{stage.told['person']}/")
    page.locator("input[name=reason]").first.check()
    page.get_by_role("button", name="Show address and number").click()
    page.wait_for_load_state()
    eyes.words["as it stands"] = page.content()
    context.close()

    assert leaks(eyes.words, stage.told["secrets"]) != []
