"""A form of the team's: built without a script, filled in in Arabic, framed by another website."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE, Sit
from tests.journeys.serving import Served


def build(office: Page, title: str) -> str:
    """A petition in two languages with one condition, by its pages alone. Returns its address."""
    office.goto("/en/office/forms/add/")
    office.get_by_label("Title").fill(title)
    office.get_by_text("Petition", exact=True).click()
    for language in ("English", "العربية"):
        office.get_by_label(language).check()
    office.get_by_role("button", name="Begin").click()
    office.get_by_role("link", name="Words").click()
    office.locator("#id_title_ar").fill("عدد آمن")
    office.get_by_role("button", name="Save").click()
    office.get_by_role("link", name="Who they are, and what they agree to").click()
    office.get_by_label("They can agree to mails about").select_option(label="All our news")
    office.get_by_role("button", name="Save").click()
    office.get_by_role("link", name="Add a question").click()
    office.locator("#id_label_en").fill("Are you a nurse?")
    office.locator("#id_label_ar").fill("هل أنت ممرّضة؟")
    office.get_by_label("How is it answered?").select_option(label="A tick for yes")
    office.get_by_role("button", name="Save").click()
    office.get_by_role("link", name="Add a question").click()
    office.locator("#id_label_en").fill("Which ward?")
    office.locator("#id_label_ar").fill("أي جناح؟")
    office.get_by_label("Ask it").select_option(
        label="Only if they answered “Yes” to “Are you a nurse?”"
    )
    office.get_by_label("It must be answered").check()
    office.get_by_role("button", name="Save").click()
    office.get_by_role("button", name="Publish").click()
    expect(office.get_by_role("heading", name="Open", exact=True)).to_be_visible()
    return office.url.rstrip("/").rsplit("/", 1)[1]


def test_a_form_with_a_condition_without_a_script_in_arabic(plain: Sit, fresh_email: str) -> None:
    office = plain("organiser")
    slug = build(office, "Safe staffing")
    visitor = plain()

    visitor.goto(f"/ar/f/{slug}/?source=leaflet")
    expect(visitor.locator("html")).to_have_attribute("dir", "rtl")
    visitor.locator("input[name=given]").fill("سلمى")
    visitor.locator("input[name=email]").fill(fresh_email)
    visitor.locator("input[type=checkbox]").first.check()
    visitor.wait_for_timeout(3200)  # nobody fills in a form within three seconds
    visitor.locator("main form button").click()
    expect(visitor.locator(".summary")).to_be_visible()
    expect(visitor.locator("input[name=given]")).to_have_value("سلمى")
    visitor.get_by_label("أي جناح؟").fill("السابع")
    visitor.locator("main form button").click()
    expect(visitor.locator("[role=status]")).to_be_visible()

    visitor.goto(steps.newest_mail(visitor, fresh_email).link("/my/form/"))
    visitor.locator("main form button").click()
    expect(visitor.locator(".copy-line")).to_contain_text(f"/f/{slug}/?ref=")
    office.reload()
    expect(office.get_by_text("1 filled it in")).to_be_visible()
    office.goto("/en/office/sources/")
    expect(office.get_by_role("link", name="leaflet")).to_be_visible()


def test_a_conditional_question_hides_until_its_answer(sit: Sit) -> None:
    office = sit("organiser")
    slug = build(office, "Hidden wards")
    visitor = sit()

    visitor.goto(f"/en/f/{slug}/")
    expect(visitor.get_by_label("Which ward?")).to_be_hidden()
    visitor.get_by_label("Are you a nurse?").check()
    expect(visitor.get_by_label("Which ward?")).to_be_visible()


@contextmanager
def website(body: str) -> Iterator[str]:
    """Another website on this machine: one page."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Union</title>{body}".encode())

        def log_message(self, *args: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_frame_of_another_website_and_no_other(sit: Sit, browser: Browser, demo: Served) -> None:
    office = sit("organiser")
    slug = build(office, "Framed")
    frame = f'<iframe src="{demo.origin}/en/f/{slug}/embed/" width="390" height="900"></iframe>'

    with website(frame) as named, website(frame) as stranger:
        office.get_by_role("link", name="Settings").click()
        office.get_by_label("Websites that may show it in a frame").fill(named)
        office.get_by_role("button", name="Save").click()
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()

        page.goto(named)
        inside = page.frame_locator("iframe")
        inside.get_by_label("First name").fill("Dara")
        inside.get_by_role("textbox", name="E-mail").fill("framed@example.org")
        page.wait_for_timeout(3200)
        inside.get_by_role("button", name="Sign it").click()
        expect(inside.get_by_role("heading", name="Look in your e-mail")).to_be_visible()

        page.goto(stranger)
        expect(page.frame_locator("iframe").get_by_label("First name")).to_have_count(0)
        context.close()
    office.goto(f"/en/office/forms/{slug}/")
    expect(office.get_by_text("1 filled it in")).to_be_visible()
