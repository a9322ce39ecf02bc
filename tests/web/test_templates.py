"""The bases and parts: strict CSP, one language per page, and every part renders in en and ar."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from groundswell import office
from groundswell.web import languages
from groundswell.web.forms import (
    Card,
    ClockTime,
    Day,
    Email,
    FirstName,
    Line,
    OneOf,
    Picture,
    PlainForm,
    WholeNumber,
    Yes,
)  # fmt: skip
from groundswell.web.templatetags.icons import UnknownIcon, icon

TEMPLATES = Path(__file__).resolve().parents[2] / "groundswell"
FORBIDDEN = re.compile(
    r"""\sstyle=|\son[a-z]+=["']|https?://|<script(?![^>]*\ssrc=)[^>]*>|<style"""
)
AT = dt.datetime(2026, 12, 5, 11, tzinfo=dt.UTC)


def _broken(text: str) -> list[str]:
    """Lines that a strict policy would stop. An SVG file's own namespace is no address."""
    allowed = text.replace("http://www.w3.org/2000/svg", "")
    allowed = re.sub(r'<script type="application/ld\+json"[^>]*>', "", allowed)
    return FORBIDDEN.findall(allowed)


def test_no_template_breaks_the_policy() -> None:
    pages = sorted(TEMPLATES.glob("web/templates/**/*.html"))
    assert pages
    assert {
        path.name: _broken(path.read_text()) for path in pages if _broken(path.read_text())
    } == {}


@pytest.mark.parametrize(
    "text", ['<p style="x">', '<a onclick="x">', "https://example.org", "<script>x</script>"]
)
def test_what_breaks_the_policy_is_found(text: str) -> None:
    assert len(_broken(text)) == 1


def test_an_icon_that_is_not_in_the_sprite_is_refused() -> None:
    with pytest.raises(UnknownIcon):
        icon("no-such-icon")


def test_arrows_turn_in_right_to_left_pages_but_not_on_maps() -> None:
    assert 'class="i flip"' in icon("arrow-left")
    assert 'class="i"' in icon("arrow-left", "", True)


class Example(PlainForm):
    name = FirstName()
    email = Email(help_text="Only the host sees it.")
    kind = OneOf(label="Kind", choices=[("a", Card("Meeting", "Neighbours meet.")), ("b", "Ride")])
    day = Day(label="Day")
    at = ClockTime(label="Starts")
    places = WholeNumber(label="Places", required=False, max_value=500)
    more = Yes(label="Write to me about the campaign")


def _rendered(form: PlainForm) -> str:
    return str(form)


def test_a_field_in_error_says_it_above_the_input_and_points_to_it() -> None:
    form = Example(
        {"name": "Amina", "email": "amina@", "kind": "a", "day": "2026-12-05", "at": "11:00"}
    )
    html = _rendered(form)
    assert [(p.sentence, p.input_id) for p in form.problems()] == [
        ("Finish the e-mail address, for example amina@example.org", "id_email")
    ]
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert html.count('aria-invalid="true"') == 1
    assert html.count('class="field bad"') == 1
    error, field = html.index('id="id_email_error"'), html.index('id="id_email"')
    assert error < field
    assert 'value="amina@"' in html


def test_problems_lead_to_the_first_choice_of_a_group() -> None:
    form = Example({"name": "A", "email": "a@example.org", "day": "2026-12-05", "at": "11:00"})
    assert [p.input_id for p in form.problems()] == ["id_kind_0"]
    assert 'id="id_kind_0"' in _rendered(form)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9" * 30, "Write a number of at most 500."),
        ("501", "Write a number of at most 500."),
        ("-1", "Write a number of at least 0."),
        ("x", "Write a whole number, for example 40."),
    ],
)
def test_a_count_out_of_range_is_a_sentence(typed: str, sentence: str) -> None:
    form = Example({"places": typed})
    assert [str(error) for error in form["places"].errors] == [sentence]


def test_what_people_type_is_cleaned_and_a_long_name_is_told_not_cut() -> None:
    class Names(PlainForm):
        name = Line(label="Name", max_length=10)

    clean = Names({"name": " Zo\u0000e\u202e  K "})
    assert clean.is_valid()
    assert clean.cleaned_data == {"name": "Zoe K"}
    long = Names({"name": "x" * 5000})
    assert [p.sentence for p in long.problems()] == [
        "Make this shorter: at most 10 characters, now 5000."
    ]
    assert "maxlength" not in str(long)


def test_markup_in_a_name_is_shown_as_text() -> None:
    html = render_to_string("web/components/person.html", {"name": "<b>Amina</b>", "tone": 1})
    assert "<bdi>&lt;b&gt;Amina&lt;/b&gt;</bdi>" in html


def _row() -> SimpleNamespace:
    tag = SimpleNamespace(words="12 going", tone="ok", icon="users")
    button = SimpleNamespace(href="/e/1", words="I’m coming", tone="")
    return SimpleNamespace(
        title="Ride together", href="/e/1", starts_at=AT, ends_at=AT + dt.timedelta(hours=1),
        zone="Europe/London", place="Headingley", distance_km=2.3, country="GB", tags=[tag],
        button=button, is_open=False, is_over=False, is_cancelled=False,
    )  # fmt: skip


PARTS = {
    "event_row": {"row": _row()},
    "tag": {"words": "Full", "tone": "warn", "icon_name": "users"},
    "todo_row": {"icon_name": "phone-call", "what": "9 hosts", "verb": "Ring", "href": "/x"},
    "task_row": {"words": "Open the kit", "state": "To do", "href": "/x", "hint": "Due soon"},
    "figure": {
        "label": "New",
        "value": "3,902",
        "series": [1, 4, 9],
        "compared": "up",
        "trend": "up",
    },
    "empty": {"title": "No event yet", "why": "Start one.", "verb": "Start", "href": "/x"},
    "notice": {"words": "It is live", "tone": "warn"},
    "demo_strip": {"demo_strip": SimpleNamespace(who="Priya", links=[], warning="")},
    "date_block": {"weekday": "Sat", "day": "5", "month": "Dec"},
    "meter": {"width": 60.0},
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_renders_in_both_directions(part: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"web/components/{part}.html", PARTS[part])
    assert html.strip().startswith("<")
    assert _broken(html) == []


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
@pytest.mark.parametrize("base", ["base", "public", "plain", "my", "office"])
def test_each_base_renders_and_says_its_language(base: str, language: str, direction: str) -> None:
    request = RequestFactory().get("/c/buses?near=Leeds")
    with translation.override(language):
        context = {"site_name": "Buses", "languages": languages.choices(request)}
        html = render_to_string(f"web/{base}.html", context)
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert html.count('<main id="main"') == 1
    assert "<title>Buses</title>" in html


def test_the_title_says_error_first_when_the_form_has_one() -> None:
    html = render_to_string("web/plain.html", {"site_name": "Buses", "form": Example({})})
    assert "<title>Error: Buses</title>" in html
    assert "<title>Buses</title>" in render_to_string(
        "web/plain.html", {"site_name": "Buses", "form": Example()}
    )


def test_the_language_menu_names_each_language_in_itself() -> None:
    request = RequestFactory().get("/nowhere?near=Leeds")
    with translation.override("ar"):
        found = languages.choices(request, ["en", "ar"])
    assert [(c.code, c.direction, c.is_current) for c in found] == [
        ("en", "ltr", False),
        ("ar", "rtl", True),
    ]
    assert all(choice.href.endswith("/nowhere?near=Leeds") for choice in found)


@pytest.mark.parametrize("code", ["400", "403", "404", "410", "500"])
def test_error_pages_offer_a_way_on(code: str) -> None:
    html = render_to_string(f"{code}.html", {"site_name": "Buses"})
    assert html.count("<h1>") == 1
    assert '<a class="btn" href="/">' in html


def test_seconds_of_a_clock_time_are_left_out() -> None:
    form = Example({"at": "10:00:45"})

    form.is_valid()

    assert str(form.cleaned_data["at"]) == "10:00:00"


def test_picture_of_billions_of_pixels_is_never_decoded() -> None:
    size = (60_000).to_bytes(4, "big") * 2
    chunks = [(b"IHDR", size + b"\x08\x02\x00\x00\x00"), (b"IDAT", b"x"), (b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(told).to_bytes(4, "big") + name + told + zlib.crc32(name + told).to_bytes(4, "big")
        for name, told in chunks
    )
    bomb = SimpleUploadedFile("huge.png", file, "image/png")

    with pytest.raises(ValidationError, match="too many pixels"):
        Picture().clean(bomb)


def test_an_office_page_says_what_is_wrong_once() -> None:
    """The frame of the office says it above every page (web/office.html)."""
    folder = Path(office.__file__).parent / "templates"
    twice = [
        file.name
        for file in sorted(folder.rglob("*.html"))
        if 'extends "web/office.html"' in (text := file.read_text("utf-8"))
        and 'error_summary.html" %}' in text
    ]
    assert twice == []
