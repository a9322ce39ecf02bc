"""A list from another program: taken in, corrected, paused, gone on with, and taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys.conftest import Sit
from tests.running.processes import wait_until

DESK = {"width": 1280, "height": 900}
# Headings as NationBuilder writes them, cells as people type them, in Windows' encoding.
HEAD = "nationbuilder_id;first_name;last_name;email1;mobile_number;primary_city;tag_list;note"
ROWS = (
    "{0}1;Zoë;Underhill;{0}zoe@example.org;;Leeds;Choir, Stop H;",
    "{0}2;Tomás;Ibarra;{0}tomas@example.org;;Madrid;Choir;",
    "{0}3;Bryn;Maddox;{0}bryn.example.org;;Cardiff;;wrote to us in May",
    "{0}4;Greta;Solheim;;;Leeds;;",
)


def a_file(rows: list[str], name: str = "spring.csv") -> FilePayload:
    text = "\r\n".join([HEAD, *rows])
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}


def a_csv(text: str) -> FilePayload:
    return {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}


def choose(page: Page, file: FilePayload | Path) -> None:
    """From the list of imports to the page that asks what the columns hold."""
    page.goto("/en/office/imports/")
    page.get_by_role("link", name="Take a list in").first.click()
    page.get_by_label("The file").set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="Read the file").click()


def decide(page: Page, tag: str) -> None:
    """Where the consent comes from, a tag for all; then the dry run is waited for."""
    page.get_by_label("They signed a paper form of ours").check()
    page.get_by_label("Tags for everybody in the file").fill(tag)
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("button", name="Take them in")).to_be_visible(timeout=60_000)


def sentence(page: Page) -> str:
    return page.locator("section[aria-labelledby=now-h] p.strong").inner_text()


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, DESK], ids=["phone", "desk"])
def test_a_list_in_another_programs_words_is_taken_in_corrected_and_taken_back(
    sit: Sit, size: dict[str, int], tmp_path: Path
) -> None:
    page = sit("data_manager", viewport=size)
    mark = f"w{size['width']}"
    rows = [row.format(mark) for row in ROWS]
    choose(page, a_file(rows))

    expect(page.get_by_text("It looks like a file of NationBuilder.")).to_be_visible()
    expect(page.get_by_label("primary_city")).to_have_value("town")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator(".summary")).to_contain_text("Say where their consent comes from.")
    decide(page, f"Spring {mark}")

    assert sentence(page) == "2 new people, 0 rows about people we know and 2 rows left out."
    preview = page.get_by_role("table")
    expect(preview.get_by_role("row").filter(has_text="Tomás Ibarra")).to_contain_text("New")
    expect(preview.get_by_role("row").filter(has_text="Bryn")).to_contain_text("Left out")
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible(timeout=60_000)

    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download the rows to correct").click()
    wrong = tmp_path / "wrong.csv"
    fetched.value.save_as(wrong)
    text = wrong.read_text(encoding="utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["Bryn", "Greta"]
    right = tmp_path / "right.csv"
    put_right = text.replace(f"{mark}bryn.example.org", f"{mark}bryn@example.org")
    right.write_text(put_right, encoding="utf-8-sig")

    first = page.url
    choose(page, right)
    decide(page, f"Spring {mark}")
    assert sentence(page).startswith("1 new person")
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible(timeout=60_000)
    second = page.url

    page.goto(f"/en/office/people/?q={mark}zoe@example.org")
    expect(page.get_by_role("link", name="Zoë Underhill")).to_be_visible()
    for address, gone in ((second, 1), (first, 2)):
        page.goto(address)
        page.get_by_role("button", name="Take this list back").click()
        told = page.get_by_text(f"People who are gone again: {gone}.")
        expect(told).to_be_visible(timeout=60_000)
    page.goto(f"/en/office/people/?q={mark}zoe@example.org")
    expect(page.get_by_text("Nobody here fits.")).to_be_visible()


def test_who_must_not_be_written_to_stays_so_whatever_a_later_list_says(sit: Sit) -> None:
    page = sit("data_manager")
    head = "Email,First name,Do not contact\r\n"
    first = a_csv(f"{head}n1@example.org,Nia,yes")
    again = a_csv(f"{head}n1@example.org,Nia,\r\nn2@example.org,Ola,")

    choose(page, first)
    decide(page, "")
    assert "1 is put on the do-not-contact list" in sentence(page)
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible(timeout=60_000)
    choose(page, again)
    decide(page, "")

    assert sentence(page) == (
        "1 new person, 1 row about somebody we know, 0 rows left out and 1 on the do-not-contact "
        "list stays there."
    )
    page.get_by_role("button", name="Throw the file away").click()
    expect(page.get_by_role("heading", name="Thrown away")).to_be_visible()


def many(count: int) -> FilePayload:
    rows = (
        f"h{number};Nn{number};Oo{number};half{number}@example.org;;;;" for number in range(count)
    )
    return a_file(list(rows), "many.csv")


def test_paused_with_the_browser_closed_and_gone_on_with_the_next_morning(sit: Sit) -> None:
    page = sit("data_manager")
    choose(page, many(4_000))
    decide(page, "Half-way")
    page.get_by_role("button", name="Take them in").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    address = page.url
    page.context.close()

    page = sit("data_manager", viewport=DESK)
    page.goto("/en/office/imports/")
    page.get_by_role("link", name="many.csv").click()
    assert page.url == address
    page.get_by_role("button", name="Go on").click()
    far = page.locator("[data-progress] [role=status]")
    expect(far).to_have_text(re.compile(r"of 4,000 rows so far\."))
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible(timeout=60_000)
    assert sentence(page).startswith("4,000 new people")

    page.get_by_role("button", name="Take this list back").click()
    expect(page.get_by_text("People who are gone again: 4,000.")).to_be_visible(timeout=60_000)


def press(button: Locator) -> None:
    """And be on the page that follows, before anything loads it again."""
    with button.page.expect_navigation():
        button.click()


def test_without_a_script_and_in_arabic(plain: Sit) -> None:
    page = plain("data_manager")
    page.goto("/ar/office/imports/add/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("input[type=file]").set_input_files(a_file(["m1;Maha;Zaki;maha1@example.org;;;;"]))
    press(page.locator("main form button"))
    page.locator("input[name=consent]").first.check()
    press(page.locator("main form button"))
    start = page.locator("button[value=start]")
    wait_until(lambda: bool(page.reload()) and start.count() == 1, seconds=60, what="a dry run")
    press(start)
    undo = page.locator("button[value=undo]")
    wait_until(lambda: bool(page.reload()) and undo.count() == 1, seconds=60, what="the list")
    press(undo)
    wait_until(lambda: bool(page.reload()) and undo.count() == 0, seconds=60, what="its end")
    expect(page.locator("main form button")).to_have_count(0)
