"""Every page, in English and Arabic, in light and dark, on a phone and on a desk, without a fault.

Each page is loaded once per language, and axe-core (WCAG 2.0 to 2.2 A and AA, and its best
practices) looks at it in each width and theme. Overflow and the size of targets are measured too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Response

from tests.journeys import pages, watching
from tests.journeys.pages import Look
from tests.journeys.serving import Served

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
PHONE, DESK, SMALL = 390, 1280, 320
HEIGHT = 900
PASSES = [(width, theme) for width in (PHONE, DESK) for theme in ("light", "dark")]
TARGET_PX = 24
SHORT_LIVED = {"code", "half"}  # ten minutes: shorter than all pages take on a slow machine

# What a finger or mouse has to hit. A link inside a sentence is excepted (WCAG 2.5.8), as are
# places on a map, which also stand in the list below it, and what only screen readers meet.
_SMALL_TARGETS = """least => {
  const small = [];
  const isExcepted = part => part.type === 'hidden' || part.closest('svg, .vh, .skip')
    || (part.tagName === 'A' && getComputedStyle(part).display === 'inline');
  for (const part of document.querySelectorAll(
      'a[href], button, input, select, textarea, summary')) {
    const hit = (part.closest('label') ?? part).getBoundingClientRect();
    if (!hit.width || !hit.height || isExcepted(part)) continue;
    if (hit.width < least || hit.height < least) {
      const size = `${hit.width.toFixed(0)} × ${hit.height.toFixed(0)}`;
      small.push(`${part.outerHTML.slice(0, 90)} is ${size}`);
    }
  }
  return small;
}"""

_TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = [...document.body.querySelectorAll('*')].filter(part => {
    const box = part.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  return [`${root.scrollWidth} px`, ...out.slice(0, 4).map(part => part.outerHTML.slice(0, 90))];
}"""


_SEND = """told => {
  const first = Object.keys(told)[0];
  const form = document.querySelector(`main form:has([name="${first}"])`);
  for (const [name, value] of Object.entries(told)) {
    const part = form.querySelector(`[name="${name}"]`);
    if (part.type === "radio") {
      const chosen = form.querySelector(`[name="${name}"][value="${value}"]`);
      if (chosen) chosen.checked = true;
    }
    else if (part.tagName !== 'BUTTON') part.value = value;
  }
  form.noValidate = true;
  form.requestSubmit(form.querySelector(`button[value="${told.do}"]`));
}"""


class Eyes:
    """One page and its devtools: the content policy does not bind what devtools ask."""

    def __init__(self, page: Page) -> None:
        self.page, self.tools = page, page.context.new_cdp_session(page)

    def size(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def load_axe(self) -> None:
        _evaluate(self.tools, AXE)

    def violations(self, theme: str) -> list[str]:
        """What axe finds, with the first place of each. In the dark only colours are different."""
        is_dark = theme == "dark"
        rules = {"type": "rule", "values": COLOURS} if is_dark else {"type": "tag", "values": TAGS}
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        found = _evaluate(
            self.tools,
            f"axe.run(document, {json.dumps(options)}).then(done => done.violations.map("
            "each => [each.id, each.nodes.map(node => node.target.join(' ')).slice(0, 3)]))",
        )
        return [f"{rule}: {', '.join(places)}" for rule, places in found]


def _evaluate(tools: CDPSession, script: str) -> Any:
    asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
    answer = tools.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")


# --- whoever looks ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contexts(browser: Browser, stage: Served) -> Iterator[dict[str, BrowserContext]]:
    """One browser context for each seat that lasts, opened when it is first needed."""
    opened: dict[str, BrowserContext] = {}
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture(scope="module")
def half_links(stage: Served) -> Iterator[str]:
    """A link for each page that is seen halfway through signing in; each opens once."""
    return iter(stage.told["half"])


def _context(
    browser: Browser, stage: Served, seat: str, half_links: Iterator[str]
) -> BrowserContext:
    context = browser.new_context(
        base_url=stage.origin, locale="en-GB", reduced_motion="reduce",
        viewport={"width": PHONE, "height": HEIGHT},
    )  # fmt: skip
    context.set_default_timeout(30_000)
    page = context.new_page()
    if seat == "code":
        page.goto("/en/sign-in/")
        page.locator("#id_email").fill("nobody@example.org")
        page.locator("#id_email").press("Enter")
        page.wait_for_url("**/code/")
    elif seat in {"half", "guarded", "far"}:
        link = next(half_links) if seat == "half" else stage.told[seat]
        page.goto(f"/en/sign-in/link/{link}/")
        page.locator("main form button").click()
        page.wait_for_url("**/second-step/")
    if seat in {"guarded", "far"}:
        page.locator("#id_code").fill(_app_code(stage.told["secret"]))
        page.locator("#id_code").press("Enter")
        page.wait_for_url("**/office/**")
    elif seat in {"organiser", "app"}:
        page.goto("/en/demo")
        page.locator("form[action$='/demo/organiser'] button").click()
        page.wait_for_url("**/office/**")
    page.close()
    return context


def _app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def _open(page: Page, look: Look, path: str) -> int:
    """Opens the page in its state; returns the status of the last answer."""
    answers: list[Response] = []
    page.on("response", lambda each: answers.append(each) if _is_page(each) else None)
    page.goto(path)
    if look.press and page.locator(look.press).count():
        with page.expect_navigation():
            page.locator(look.press).first.click()
    if look.type:
        with page.expect_navigation():
            page.evaluate(_SEND, look.type)
    return answers[-1].status


def _is_page(answer: Response) -> bool:
    return bool(answer.request.is_navigation_request()) and answer.status not in {301, 302}


# --- the matrix ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("look", pages.LOOKS, ids=str)
def test_page(
    look: Look,
    language: str,
    browser: Browser,
    stage: Served,
    contexts: dict[str, BrowserContext],
    half_links: Iterator[str],
) -> None:
    context = contexts.get(look.seat) or _context(browser, stage, look.seat, half_links)
    if look.seat not in SHORT_LIVED:
        contexts[look.seat] = context
    page = context.new_page()
    watch = watching.watch(page, stage.origin)
    path = f"/{language}" + look.path.format(**stage.told)
    eyes, faults = Eyes(page), []
    try:
        eyes.size(PHONE)
        assert _open(page, look, path) == look.status
        if not look.press and not look.type:
            assert urlsplit(page.url).path == urlsplit(path).path, "sent to another page"
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        eyes.load_axe()
        for width, theme in PASSES:
            eyes.size(width)
            page.emulate_media(color_scheme=theme)
            faults += [f"{width} {theme}: {each}" for each in eyes.violations(theme)]
            if theme == "light":
                faults += [f"{width}: {each}" for each in page.evaluate(_SMALL_TARGETS, TARGET_PX)]
        for width in (SMALL, PHONE):
            eyes.size(width)
            faults += [f"{width}: too wide: {each}" for each in page.evaluate(_TOO_WIDE)]
    finally:
        page.close()
        if look.seat in SHORT_LIVED:
            context.close()
    assert faults + watch.broken == []


def test_every_page_is_looked_at() -> None:
    named = {look.view for look in pages.LOOKS} | set(pages.NOT_PAGES)

    assert sorted(set(_names(get_resolver().url_patterns)) - named) == []


def test_what_is_left_out_exists() -> None:
    assert sorted(set(pages.NOT_PAGES) - set(_names(get_resolver().url_patterns))) == []


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}"
