"""Bad input on the public pages: a sentence beside the field, words kept, nothing half-written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from groundswell.events.models import Rsvp, Seats
from groundswell.events.queries import people
from groundswell.ledger.models import Entry
from groundswell.people.models import Person
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Any:
    return make.listed_event()


def post(client: Client, event: Any, **changes: str) -> Any:
    quiet = reading.quiet(f"sign-up:{event.slug}")
    given = {"given": "Amina", "email": "amina@example.org", "party": "1", **quiet, **changes}
    return client.post(f"/en/e/{event.slug}/sign-up", given)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given": ""}, "Write your first name."),
        ({"given": " \u200e\x07 "}, "Write your first name."),
        ({"given": "x" * 5000}, "Make this shorter: at most 60 characters, now 5000."),
        ({"email": ""}, "Write your e-mail address."),
        ({"email": "amina.k@gmail"}, "Finish the e-mail address, for example amina@example.org"),
        (
            {"email": "a@b\r\nBcc: x@example.org"},
            "Finish the e-mail address, for example amina@example.org",
        ),
        (
            {"email": "x" * 300 + "@example.org"},
            "Make this shorter: at most 254 characters, now 312.",
        ),
        ({"party": "6"}, "Choose a number of people between 1 and 5."),
        ({"party": "0"}, "Choose a number of people between 1 and 5."),
        ({"party": "-1"}, "Choose a number of people between 1 and 5."),
        ({"party": "9" * 40}, "Choose a number of people between 1 and 5."),
        ({"party": "٣x"}, "Choose a number of people between 1 and 5."),
    ],
)
def test_what_does_not_fit_gets_a_sentence_and_writes_nothing(
    client: Client, event: Any, changes: dict[str, str], sentence: str
) -> None:
    before = (Person.objects.count(), Entry.objects.count())

    answer = post(client, event, **changes)

    assert (answer.status_code, reading.errors(answer)[:1]) == (422, [sentence])
    assert answer.content.decode().count("<title>Error: ") == 1
    assert (Person.objects.count(), Entry.objects.count()) == before
    assert Rsvp.objects.count() == 0


def test_typed_values_are_kept(client: Client, event: Any) -> None:
    answer = post(client, event, email="amina@", can_help="on", party="4")

    form = answer.context["form"]
    assert reading.value_of(answer, "given") == "Amina"
    assert reading.value_of(answer, "email") == "amina@"
    assert (form["can_help"].value(), form["party"].value()) == (True, "4")
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "host_sees"),
    [
        ("أمينة", "أمينة"),
        ("\u202eAmina", "Amina"),
        ("Zoë 🌊", "Zoë"),
        ("<b>Amina</b>", "<b>Amina</b>"),
        ("Amina\x00\x07", "Amina"),
        ("Amina\r\nBcc: x", "Amina"),
        ('O\'Neil "Q"', "O'Neil"),
    ],
)
def test_unusual_names_are_taken_and_shown_safely(
    client: Client, event: Any, typed: str, host_sees: str
) -> None:
    answer = post(client, event, given=typed)

    done = client.get(f"/en/e/{event.slug}/done")
    assert answer.status_code == 302
    assert people.people_coming(event)[0].name.split(" ")[0] == host_sees
    assert "<b>Amina</b>" not in done.content.decode()
    assert "\x00" not in done.content.decode()


def test_double_submit_counts_once(client: Client, event: Any) -> None:
    answers = [post(client, event, party="2") for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [f"/en/e/{event.slug}/done"] * 2
    assert (Rsvp.objects.count(), Seats.objects.get(event=event).taken) == (1, 2)


def test_wrong_encoding_is_no_error_of_ours(client: Client, event: Any) -> None:
    def answer(given: bytes) -> Any:
        body = b"given=" + given + b"&email=amina%40example.org&party=1"
        kind = "application/x-www-form-urlencoded"
        return client.generic("POST", f"/en/e/{event.slug}/sign-up", body, kind)

    lost, raw = answer(b"Am%ff%feina"), answer(b"Am\xff\xfeina")

    assert reading.errors(lost) == ["Remove the characters that cannot be shown."]
    assert raw.status_code in {302, 422}


@pytest.mark.parametrize(
    "query",
    [
        {"near": "x" * 5000},
        {"near": "\x00Leeds\x00"},
        {"near": "\u202e\u2066Leeds"},
        {"near": "<script>alert(1)</script>"},
        {"near": "' OR 1=1 --"},
        {"near": "🌊" * 60},
        {"town": "9" * 30},
        {"town": "-1"},
        {"town": "٣"},
        {"show": "9" * 30},
        {"show": "-5"},
        {"open": "x" * 400},
        {"language": "\x00"},
        {"lat": "1", "lon": "9" * 400},
        {"utm_source": "\x00" + "x" * 4000},
    ],
)
def test_nonsense_in_the_address_still_shows_the_page(
    client: Client, event: Any, query: dict[str, str]
) -> None:
    answer = client.get("/en/bring-back-our-buses", query)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert "\x00" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/en/e/" + "x" * 3000,
        "/en/e/%00",
        "/en/host/" + "x" * 3000 + "/when",
        "/en/host/%00/when",
        "/en/stop/%ff%fe",
        "/en/" + "y" * 3000,
        "/c/" + "z" * 3000 + "/brand.css",
        "/e/%20.ics",
    ],
)
def test_nonsense_paths_are_not_found(client: Client, event: Any, path: str) -> None:
    assert client.get(path).status_code in {404, 410}


@pytest.mark.parametrize("path", ["//[", "//[x/", "//\xe2\x84\x80.com/"])
def test_path_that_looks_like_a_broken_host_is_not_found(client: Client, path: str) -> None:
    assert client.get("/", PATH_INFO=path).status_code == 404


def test_sentences_come_in_the_readers_language_folder(client: Client, event: Any) -> None:
    answer = client.post(f"/ar/e/{event.slug}/sign-up", {"given": "", "email": ""})

    assert answer.status_code == 422
    assert 'lang="ar" dir="rtl"' in answer.content.decode()


def test_source_is_cut_and_cleaned_before_it_is_stored(client: Client, event: Any) -> None:
    post(client, event, source="poster\x00" + "x" * 400, utm_term="\x00" + "y" * 400)

    rsvp = Rsvp.objects.get()
    assert (len(rsvp.source), len(rsvp.utm["utm_term"])) == (40, 99)
    assert "\x00" not in rsvp.source + rsvp.utm["utm_term"]


def test_campaign_search_text_is_shown_back_as_text(client: Client) -> None:
    live_campaign()

    response = client.get("/en/bring-back-our-buses", {"near": '"><b>x</b>'})

    assert reading.value_of(response, "near") == '"><b>x</b>'
