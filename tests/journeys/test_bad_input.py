"""What nobody should type, typed into a browser: a sentence beside the field, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Sit

BIDI = "Noor \u202egnorw\u202c <b>Reed</b>"


def _beside(page: Page, field: str) -> str:
    """The sentence beside a field, without the word for those who cannot see its colour."""
    return page.locator(f"#id_{field}_error .err").inner_text().removeprefix("Error:").strip()


def _open_form(page: Page) -> None:
    page.goto(steps.CAMPAIGN)
    page.locator("ol.events > li h3 a").first.click()


def test_a_name_of_five_thousand_letters_stays_and_is_explained(sit: Sit) -> None:
    page = sit()
    _open_form(page)
    page.locator("#id_given").evaluate("field => field.removeAttribute('maxlength')")
    steps.sign_up(page, "long@example.org", "N" * 5000)

    assert "60" in _beside(page, "given")
    expect(page.locator("#id_given")).to_have_value("N" * 5000)
    expect(page.locator("#id_email")).to_have_value("long@example.org")


def test_marks_that_turn_text_around_and_tags_are_only_letters(sit: Sit, fresh_email: str) -> None:
    page = sit()
    _open_form(page)
    steps.sign_up(page, fresh_email, BIDI)

    heading = page.get_by_role("heading", level=1)
    assert "<b>Reed</b>" in heading.inner_text()
    assert heading.locator("b").count() == 0
    assert heading.locator("bdi").count() == 1


def test_a_null_byte_and_a_header_are_taken_out(sit: Sit, fresh_email: str) -> None:
    page = sit()
    _open_form(page)
    page.locator("#id_email").fill(fresh_email)
    page.locator("#id_given").evaluate(
        "field => { field.value = 'Noor\\u0000'; const area = document.createElement('textarea');"
        " area.name = 'given'; area.value = 'Noor\\u0000\\r\\nBcc: everybody';"
        " field.replaceWith(area); }"
    )
    page.locator("form[action$='/sign-up'] button").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("going, Noor")
    mail = steps.newest_mail(page, fresh_email)
    assert "\n" not in mail.subject


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/my/going/tampered", 410),
        ("/en/my/event/" + "a" * 22, 410),
        ("/en/host/nothing/when", 410),
        ("/en/e/no-such-event", 404),
        ("/en/stop/tampered", 404),
        ("/en/bring-back-our-buses?lat=1e999&lon=x&show=99999999999999999999", 200),
        ("/en/bring-back-our-buses?near=%00%FF%FE", 200),
    ],
)
def test_an_address_that_was_changed_is_answered_in_words(sit: Sit, path: str, status: int) -> None:
    page = sit()

    answer = page.goto(path)

    assert answer is not None
    assert answer.status == status
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("main a[href]").first).to_be_visible()


def test_pressing_twice_signs_up_once(sit: Sit, fresh_email: str) -> None:
    page = sit()
    event = steps.host_event(page, steps.Hosting("twice-host@example.org", title="Twice"))
    page.goto(event)
    page.locator("#id_given").fill("Noor")
    page.locator("#id_email").fill(fresh_email)
    page.locator("form[action$='/sign-up'] button").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("going, Noor")

    mine = steps.prove_host(page, "twice-host@example.org")
    page.goto(mine + "/people")
    assert page.locator("tbody th").all_inner_texts() == ["Noor"]
