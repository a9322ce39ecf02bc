"""A browser and a demonstration for every story; whoever breaks a promise fails the story."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.journeys import serving, watching
from tests.journeys.serving import Served
from tests.running import needs

Sit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real time, and once: the demonstration is always on SQLite."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.real_clock)
            item.add_marker(pytest.mark.sqlite_only)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration as it ships, for this test process alone."""
    source = serving.built(with_scene=False)
    with serving.served(source, tmp_path_factory.mktemp("demo") / "data") as answering:
        yield answering


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration with pages in every state (tests/journeys/scene.py). Only read it."""
    source = serving.built(with_scene=True)
    with serving.served(source, tmp_path_factory.mktemp("stage") / "data") as answering:
        yield answering


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or the one that Playwright brought.

    One per module: while it lives, this thread has an event loop, which Django's own tests
    would take for an asynchronous program.
    """
    path = needs.browser()
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            needs.lacks("browser", str(error).splitlines()[0])
        yield opened
        opened.close()


@pytest.fixture
def sit(browser: Browser, demo: Served) -> Iterator[Sit]:
    """``sit()`` opens a phone in a visitor's hand; ``sit("organiser")`` sits in as Priya.

    At the end no page may have broken a promise: an error in the console, a violation of the
    content policy, a request to another origin.
    """
    with ExitStack() as left_open:
        watches = []

        def open_page(seat: str = "", **options: Any) -> Page:
            given = {"viewport": PHONE, "locale": "en-GB", "base_url": demo.origin, **options}
            context = browser.new_context(**given)
            left_open.callback(context.close)
            context.set_default_timeout(20_000)
            watches.append(watching.watch(context, demo.origin))
            page = context.new_page()
            if seat:
                page.goto("/en/demo")
                with page.expect_navigation():
                    page.locator(f"form[action$='/demo/{seat}'] button").click()
            return page

        yield open_page
        assert [line for watch in watches for line in watch.broken] == []


@pytest.fixture
def plain(sit: Sit) -> Sit:
    """As ``sit``, with JavaScript switched off."""

    def open_page(seat: str = "", **options: Any) -> Page:
        return sit(seat, java_script_enabled=False, **options)

    return open_page


@pytest.fixture
def fresh_email() -> str:
    """An address that nobody has used yet."""
    return f"reader{next(_numbers)}-{os.getpid()}@example.org"
