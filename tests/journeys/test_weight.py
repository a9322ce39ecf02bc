"""How heavy the first view is, as it travels; and that no page needs a script to be complete."""

from __future__ import annotations

from playwright.sync_api import Page, Response

from tests.journeys import steps
from tests.journeys.conftest import Sit

MOST_BYTES = 60_000


def _travelled(page: Page, path: str) -> dict[str, int]:
    """Bytes on the wire by address, headers left out, for a browser that saw nothing before."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright marks its listeners
    page.goto(path, wait_until="networkidle")
    return {
        answer.url.split("/", 3)[3]: answer.request.sizes()["responseBodySize"]
        for answer in answers
        if not answer.url.startswith("data:")
    }


def test_the_campaign_page_is_light(sit: Sit, record_property: object) -> None:
    for path in (steps.CAMPAIGN, "/ar/bring-back-our-buses"):
        weights = _travelled(sit(), path)

        assert sum(weights.values()) <= MOST_BYTES, weights
        assert weights[path[1:]] < 25_000  # the page itself travels compressed


def test_scripts_are_a_small_part_and_optional(sit: Sit, plain: Sit) -> None:
    with_script, without = sit(), plain()
    with_script.goto(steps.CAMPAIGN)
    without.goto(steps.CAMPAIGN)

    def words(page: Page) -> list[str]:
        return page.locator("main").inner_text().split()

    assert [word for word in words(with_script) if word not in words(without)] in (
        [],
        ["Use", "my", "location"],
    )
