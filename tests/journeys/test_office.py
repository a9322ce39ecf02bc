"""Priya's morning: what needs her, the review queue, and the campaign's words, colours and kit."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit
from tests.running.processes import wait_until

OFFICE = "/en/office/c/bring-back-our-buses"


def _dots(page: Page) -> int:
    """How many events the public page counts."""
    page.goto(f"{steps.CAMPAIGN}/map")
    return int(page.locator("section h2").first.inner_text().split()[0])


def test_priya_approves_an_event_and_the_map_gains_a_dot(sit: Sit) -> None:
    page = sit("organiser")
    told = steps.Hosting("dora-review@example.org", title="Review this", town="Hexham")
    visitor = sit()
    steps.host_event(visitor, told)
    steps.prove_host(visitor, told.email)
    before = _dots(visitor)

    expect(page.get_by_role("heading", name="Needs you today")).to_be_visible()
    page.goto("/en/office/")
    with page.expect_navigation():
        page.get_by_role("link", name="Review").first.click()
    for _each in range(8):
        if page.get_by_role("heading", level=1).inner_text() == told.title:
            break
        with page.expect_navigation():
            page.get_by_role("link", name="Look at the next one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(told.title)
    page.get_by_role("button", name="Approve").click()

    expect(page.get_by_text(f"{told.title} is on the map. The host is told.")).to_be_visible()
    wait_until(lambda: _dots(visitor) == before + 1, seconds=20, what="one more dot")
    mail = steps.newest_mail(visitor, told.email, "map")
    assert "on the map" in mail.text
    steps.find(visitor, "Hexham")
    assert visitor.locator("ol.events h3").all_inner_texts().count(told.title) == 1


def test_a_question_and_a_refusal_reach_the_host(sit: Sit) -> None:
    visitor, page = sit(), sit("organiser")
    told = steps.Hosting("dora-asked@example.org", title="Where is it", town="Hexham")
    event = steps.host_event(visitor, told)
    mine = steps.prove_host(visitor, told.email)
    slug = event.rsplit("/", 1)[1]
    link_mail = steps.newest_mail(visitor, told.email)

    page.goto(f"{OFFICE}/review/{slug}/?do=ask")
    page.locator("#ask_words").fill("Which door, please?")
    with page.expect_navigation():
        page.get_by_role("button", name="Send the question").click()
    visitor.goto(mine)
    expect(visitor.get_by_text("Which door, please?")).to_be_visible()
    asked = steps.newest_mail(visitor, told.email, after=link_mail)

    page.goto(f"{OFFICE}/review/{slug}/?do=decline")
    page.locator("#decline_words").fill("")
    page.get_by_role("button", name="Decline the event").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("textarea[aria-invalid=true]").fill("It is another campaign.")
    page.get_by_role("button", name="Decline the event").click()
    expect(page.get_by_text(f"{told.title} is declined.")).to_be_visible()
    mail = steps.newest_mail(visitor, told.email, after=asked)
    assert "Which door, please?" in asked.text
    assert "It is another campaign." in mail.text


def test_words_in_french_show_on_the_french_page(sit: Sit) -> None:
    page = sit("organiser")
    page.goto(f"{OFFICE}/campaign/words/fr/")

    page.locator("#id_title").fill("Nos bus reviennent")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved in français.")).to_be_visible()
    page.get_by_role("link", name="See the page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nos bus reviennent")
    assert "/fr/" in page.url


def test_colours_that_cannot_be_read_are_refused(sit: Sit) -> None:
    page = sit("organiser")
    page.goto(f"{OFFICE}/campaign/colours/")

    page.get_by_label("Ground").fill("#FFFFAA")
    page.locator("button[value=save]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Ground")).to_have_value("#FFFFAA")

    page.get_by_label("Ground").fill("#3B0E2E")
    page.locator("button[value=look]").click()
    expect(page.locator("#colours-preview")).to_contain_text("Easy to read")
    page.locator("button[value=save]").click()
    expect(page.get_by_text("The colours are saved.")).to_be_visible()
    page.goto(steps.CAMPAIGN)
    ground = page.locator(".hero").evaluate("part => getComputedStyle(part).backgroundColor")
    assert ground == "rgb(59, 14, 46)"


def test_a_kit_line_reaches_hosts_once_it_is_published(sit: Sit) -> None:
    page, host = sit("organiser"), sit("host")
    page.goto(f"{OFFICE}/campaign/kit/")
    page.get_by_role("link", name="The host’s checklist").click()
    page.get_by_role("button", name="Add a line").click()
    line = page.locator("fieldset.kit-line").last
    line.get_by_role("textbox").first.fill("Bring a bell")
    page.get_by_role("button", name="Save").last.click()
    host.reload()
    expect(host.get_by_text("Bring a bell")).to_have_count(0)

    page.goto(f"{OFFICE}/campaign/kit/")
    page.get_by_role("button", name="Publish the kit").click()

    expect(page.get_by_text("of the kit is published")).to_be_visible()
    host.reload()
    expect(host.get_by_text("Bring a bell").first).to_be_visible()


def test_a_new_campaign_goes_from_a_draft_to_the_public(sit: Sit) -> None:
    page, visitor = sit("organiser"), sit()
    page.goto("/en/office/campaigns/new/")
    page.locator("#id_title").fill("Sing for the river")
    page.locator("#id_organisation").fill("River People")
    for label in ("Action day", "First day", "Last day"):
        page.get_by_label(label).fill("2099-05-02")
    page.get_by_role("button", name="Start the campaign").click()
    page.wait_for_url("**/office/c/**")
    slug = page.url.split("/office/c/")[1].split("/")[0]
    assert (visitor.goto(f"/en/{slug}") or page).status == 404

    page.goto(f"/en/office/c/{slug}/campaign/publish/")
    expect(page.get_by_text("must be there before it can open")).to_be_visible()
    _fill(page, slug)
    page.goto(f"/en/office/c/{slug}/campaign/publish/")
    page.get_by_role("button", name="Open the campaign").click()

    assert (visitor.goto(f"/en/{slug}") or page).status == 200
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sing for the river")


def _fill(page: Page, slug: str) -> None:
    """The words and the one type of event that a campaign needs."""
    page.goto(f"/en/office/c/{slug}/campaign/words/")
    page.get_by_label("One sentence under the title").fill("One evening, every bridge.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    page.goto(f"/en/office/c/{slug}/campaign/kit/types/en/")
    page.get_by_role("button", name="Add a line").click()
    page.locator("fieldset.kit-line").last.get_by_role("textbox").first.fill("Singing")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").last.click()
    page.goto(f"/en/office/c/{slug}/campaign/kit/")
    page.get_by_role("button", name="Publish the kit").click()
