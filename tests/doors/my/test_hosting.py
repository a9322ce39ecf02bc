"""The host's page: no account, no address of anybody, everything by the link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.events.models import Event, HostMessage, Report, Tick
from groundswell.ledger.models import Entry
from tests.factories import events as make
from tests.factories.links import host_token

pytestmark = pytest.mark.django_db

PAGES = ("", "/people", "/kit", "/message", "/change", "/cancel", "/door", "/report")
ACTS = ("/prove", "/tick", "/kit/open", "/message", "/change", "/cancel", "/report")


def page(token: str, rest: str = "") -> str:
    return f"/en/my/event/{token}{rest}"


def changes(**change: str) -> dict[str, str]:
    """What the change form holds, with some fields typed over."""
    return {
        "title": "Hyde Park Corner bus stop",
        "description": "",
        "day": "2026-03-21",
        "starts": "11:00",
        "ends": "12:00",
        "town": "Leeds",
        "venue": "Stop H, Woodhouse Street",
        "capacity": "",
        "words": "",
        **change,
    }


@pytest.mark.parametrize("rest", PAGES)
def test_every_page_shows_without_any_address(client: Client, rest: str) -> None:
    event = make.listed_event()
    make.signed_up(event, email="amina@example.org", given="Amina", family="Khan")

    answer = client.get(page(host_token(event), rest))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "amina@" not in text
    assert "Khan" not in text


def test_opening_pages_changes_nothing(client: Client) -> None:
    event = make.unproven_event()
    token, before = host_token(event), Entry.objects.count()

    for rest in {*PAGES, *ACTS}:
        client.get(page(token, rest))
        client.head(page(token, rest))

    event.refresh_from_db()
    assert (Entry.objects.count(), event.state, event.kit_opened_at) == (before, "unproven", None)


def test_one_press_proves_the_host(client: Client) -> None:
    event = make.unproven_event()

    client.post(page(host_token(event), "/prove"))

    event.refresh_from_db()
    assert event.state == Event.State.WAITING


def test_people_are_shown_by_first_name_and_initial(client: Client) -> None:
    event = make.listed_event()
    make.signed_up(event, given="Amina", family="Khan", party=2)

    text = client.get(page(host_token(event))).content.decode()

    assert "Amina K." in text
    assert "2 people coming" in text


def test_same_queries_with_one_and_three_people(client: Client) -> None:
    event = make.listed_event()
    token, counts = host_token(event), []
    for more in (1, 2):
        for _ in range(more):
            make.signed_up(event)
        client.get(page(token, "/people"))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(token, "/people"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_ticking_the_checklist_and_taking_it_back(client: Client) -> None:
    event = make.listed_event()
    token = host_token(event)

    client.post(page(token, "/tick"), {"key": "invite", "done": "yes"})
    ticked = Tick.objects.count()
    text = client.get(page(token)).content.decode()
    client.post(page(token, "/tick"), {"key": "invite", "done": "no"})

    assert (ticked, Tick.objects.count()) == (1, 0)
    assert "1 of 2 done" in text


def test_opening_the_kit_is_noted(client: Client) -> None:
    event = make.listed_event()

    answer = client.post(page(host_token(event), "/kit/open"), follow=True)

    event.refresh_from_db()
    assert event.kit_opened_at is not None
    assert "What happens on the day" in answer.content.decode()


def test_message_is_kept_for_the_server_to_send(client: Client) -> None:
    event = make.listed_event()
    make.signed_up(event)

    answer = client.post(page(host_token(event), "/message"), {"body": "Bring a whistle."})

    assert answer.status_code == 302
    assert HostMessage.objects.get().recipient_count == 1


def test_empty_message_is_refused_with_a_sentence(client: Client) -> None:
    answer = client.post(page(host_token(make.listed_event()), "/message"), {"body": " \x00 "})

    assert answer.status_code == 422
    assert "Write your message." in answer.content.decode()


def test_moving_the_event_without_words_keeps_what_was_typed(client: Client) -> None:
    event = make.listed_event()

    answer = client.post(
        page(host_token(event), "/change"), changes(starts="13:00", ends="14:00", title="Later")
    )

    event.refresh_from_db()
    text = answer.content.decode()
    assert (answer.status_code, event.starts_wall) == (422, "2026-03-21T11:00")
    assert "Write one sentence to the people who are coming." in text
    assert 'value="Later"' in text
    assert 'value="13:00"' in text


def test_moving_the_event_with_words(client: Client) -> None:
    event = make.listed_event()

    client.post(
        page(host_token(event), "/change"),
        changes(starts="13:00", ends="14:00", words="The hall opens later."),
    )

    event.refresh_from_db()
    assert (event.starts_wall, event.sequence, event.words) == (
        "2026-03-21T13:00",
        1,
        "The hall opens later.",
    )


def test_unknown_town_is_refused_with_a_suggestion(client: Client) -> None:
    event = make.listed_event()

    answer = client.post(page(host_token(event), "/change"), changes(town="Hexam", words="Moved."))

    assert answer.status_code == 422
    assert "Hexham" in answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "2026-02-30"},
        {"starts": "25:00"},
        {"ends": "10:00"},
        {"capacity": "9" * 400},
        {"capacity": "-3"},
        {"title": "\x00\u202e"},
        {"title": "x" * 5000},
        {"venue": ""},
        {"day": "2020-01-01", "words": "Back then."},
    ],
)
def test_bad_changes_are_refused_and_write_nothing(client: Client, typed: dict[str, str]) -> None:
    event = make.listed_event()

    answer = client.post(page(host_token(event), "/change"), changes(**typed))

    after = Event.objects.get(id=event.id)
    assert answer.status_code == 422
    assert (after.title, after.starts_wall, after.sequence) == (
        event.title,
        event.starts_wall,
        0,
    )


def test_cancelling_needs_words(client: Client) -> None:
    event = make.listed_event()
    token = host_token(event)

    refused = client.post(page(token, "/cancel"), {"words": ""})
    client.post(page(token, "/cancel"), {"words": "The hall is flooded."})

    event.refresh_from_db()
    assert (refused.status_code, event.state) == (422, "cancelled")


def test_door_list_ticks_people_in(client: Client, still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    other = make.signed_up(make.listed_event(event.campaign, host="b@example.org"))
    token = host_token(event)
    still_clock.move_to(event.starts_at)

    client.post(page(token, f"/door/{rsvp.id}"), {"here": "yes"})
    foreign = client.post(page(token, f"/door/{other.id}"), {"here": "yes"})
    absent = [client.post(page(token, f"/door/{n}"), {"here": "yes"}).status_code
              for n in (12, 2**63, 10**18)]  # fmt: skip

    rsvp.refresh_from_db()
    assert rsvp.checked_in_at == event.starts_at
    assert (foreign.status_code, absent) == (404, [404, 404, 404])


def test_report_with_a_range(client: Client, still_clock: Any) -> None:
    event = make.listed_event()
    token = host_token(event)
    still_clock.move_to(event.ends_at + timedelta(hours=1))

    wrong = client.post(
        page(token, "/report"), {"best_count": "30", "low_count": "40", "high_count": ""}
    )
    right = client.post(
        page(token, "/report"),
        {"best_count": "30", "low_count": "25", "high_count": "", "sentence": "It rained."},
    )

    report = Report.objects.get()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (report.low_count, report.best_count, report.sentence) == (25, 30, "It rained.")
