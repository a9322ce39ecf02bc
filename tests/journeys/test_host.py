"""Somebody holds an event: four short pages, then the page that a mail opens."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit


def _errors(page: Page) -> list[str]:
    expect(page.locator(".summary li").first).to_be_visible()
    return page.locator(".summary li").all_inner_texts()


def test_the_wizard_survives_back_reload_and_mistakes(sit: Sit) -> None:
    page = sit()
    page.goto(f"{steps.CAMPAIGN}/host")
    steps.go_on(page)
    assert _errors(page) == ["Choose what kind of event you want to hold."]
    page.get_by_label("Ride together").check()
    page.get_by_label("Its name").fill("The last 97")
    steps.go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("When is it?")
    page.get_by_label("Starts").fill("14:00")
    page.get_by_label("Ends").fill("13:00")
    steps.go_on(page)
    assert _errors(page) == ["The event ends before it starts. Choose a later end."]
    expect(page.get_by_label("Starts")).to_have_value("14:00")
    page.get_by_label("Ends").fill("15:30")
    steps.go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Where is it?")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Starts")).to_have_value("14:00")
    page.reload()
    expect(page.get_by_label("Ends")).to_have_value("15:30")
    steps.go_on(page)
    page.get_by_label("Your town or postcode").fill("Hexam")
    steps.go_on(page)
    assert len(_errors(page)) >= 1
    page.get_by_label("Your town or postcode").fill("Hexham")
    page.get_by_label("Where do people meet?").fill("Stop H")
    steps.go_on(page)
    page.get_by_label("First name").fill("Dora")
    page.get_by_label("E-mail").fill("dora-wizard@example.org")
    steps.go_on(page)
    expect(page.locator("dd.change").first).to_be_visible()

    answers = dict(
        zip(page.locator("dt").all_inner_texts(), page.locator("dd bdi").all_inner_texts(),
            strict=True)
    )  # fmt: skip
    assert answers["Its name"] == "The last 97"
    assert answers["Where people meet"] == "Stop H"
    page.locator("dd.change a").nth(1).click()
    expect(page.get_by_label("Its name")).to_have_value("The last 97")
    page.get_by_label("Its name").fill("The very last 97")
    steps.go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your event is live at this link now")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Not found")


def test_a_new_event_is_live_at_its_own_link_then_waits_for_a_look(sit: Sit) -> None:
    page = sit()
    told = steps.Hosting("dora-new@example.org", title="Tea at stop K", town="Hexham")

    event = steps.host_event(page, told)

    page.goto(event)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tea at stop K")
    expect(page.get_by_text("Its host has not yet opened the link")).to_be_visible()
    steps.prove_host(page, told.email)
    expect(page.get_by_text("joins the map after a quick check")).to_be_visible()
    page.goto(event)
    expect(page.get_by_text("Held by Dora")).to_be_visible()
    steps.find(page, "Hexham")
    expect(page.locator("ol.events").get_by_text("Tea at stop K")).to_have_count(0)


def test_dolores_ticks_writes_moves_and_looks_at_the_door(sit: Sit, fresh_email: str) -> None:
    page = sit("host")
    mine = page.url
    tick = page.locator(".task-list button.line").first
    task = (tick.text_content() or "").split(": ")[-1]
    tick.click()
    done = page.locator(".task-list button").filter(has_text=f"Done: {task}. Take the tick back")
    expect(done).to_be_visible()

    page.get_by_role("link", name="See its page").click()
    steps.sign_up(page, fresh_email, "Zora")
    page.goto(steps.newest_mail(page, fresh_email).link("/my/going/"))
    with page.expect_navigation():
        page.get_by_role("button", name="Yes, this is me").click()
    page.goto(mine)
    page.get_by_role("link", name="See everybody").click()
    expect(page.locator("tbody th").first).to_be_visible()
    names = page.locator("tbody th").all_inner_texts()
    assert names.count("Zora") == 1
    assert [name for name in names if "@" in name] == []

    page.goto(mine)
    page.get_by_label("Your message").fill("Bring a cup. See you at the stop.")
    page.get_by_role("button", name="Send to everybody who is going").click()
    expect(page.get_by_text("On its way to")).to_be_visible()
    mail = steps.newest_mail(page, fresh_email, "A message from your host")
    assert "Bring a cup. See you at the stop." in mail.text

    _move_it(page)
    mail = steps.newest_mail(page, fresh_email, "Changed")
    assert "The library opens later." in mail.text
    assert mail.calendar.count("SEQUENCE:1") == 1
    page.goto(mine + "/door")
    assert page.locator("li.card .strong").all_inner_texts().count("Zora") == 1
    page.goto(mine + "/report")
    expect(page.get_by_text("The event has not started yet")).to_be_visible()


def _move_it(page: Page) -> None:
    """A later start needs a sentence to the people who are coming."""
    page.get_by_role("link", name="Change the event").click()
    page.get_by_label("Starts").fill("11:30")
    page.get_by_role("button", name="Save the changes").click()
    assert _errors(page) == ["Write one sentence to the people who are coming."]
    expect(page.get_by_label("Starts")).to_have_value("11:30")
    page.locator("#id_words").fill("The library opens later.")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("Changed. Whoever needs to know is told by e-mail.")).to_be_visible()
