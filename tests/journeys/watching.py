"""What a browser complains about while somebody walks through pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Chromium writes a line for each answer of 400 and more; answers are judged by their status.
_STATUS_LINE = "Failed to load resource: the server responded with a status of"
_TELL = """document.addEventListener('securitypolicyviolation',
    event => tellViolation(`${event.effectiveDirective} refuses ${event.blockedURI}`));"""


@dataclass
class Watch:
    """The broken promises of all pages of one browser context."""

    origin: str
    broken: list[str] = field(default_factory=list)

    def console(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(_STATUS_LINE):
            self.broken.append(f"console: {said.text}")

    def request(self, asked: Request) -> None:
        parts = urlsplit(asked.url)
        if parts.scheme in {"data", "blob", "about"}:
            return
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.broken.append(f"left the origin: {asked.url}")

    def response(self, answer: Response) -> None:
        """A picture or script that is missing; an answer of 500 or more wherever it is."""
        is_page = answer.request.is_navigation_request()
        if answer.status >= 500 or (answer.status >= 400 and not is_page):
            self.broken.append(f"{answer.status}: {answer.url}")


def watch(pages: BrowserContext | Page, origin: str) -> Watch:
    """Watch one page, or every page that a context opens."""
    made = Watch(origin)
    pages.on("console", made.console)
    pages.on("request", made.request)
    pages.on("response", made.response)
    if isinstance(pages, Page):
        pages.on("pageerror", lambda error: made.broken.append(f"script: {error}"))
    else:
        pages.on("weberror", lambda error: made.broken.append(f"script: {error.error}"))
    pages.expose_function("tellViolation", lambda told: made.broken.append(f"policy: {told}"))
    pages.add_init_script(_TELL)
    return made
