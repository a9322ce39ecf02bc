"""Quarantine, reports, blocks, and the owner's switch, as organisers use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.accounts.doubts import Doubt, Look
from groundswell.events.models import Concern, Event, Held, Pause, Rsvp
from groundswell.events.operations import concerns, rsvps
from groundswell.kernel.actor import VISITOR
from groundswell.people import queries as people_queries
from groundswell.people.models import Block
from groundswell.people.operations.persons import Typed
from groundswell.site.models import Safeguards
from tests.doors.public import reading
from tests.factories import events as make

pytestmark = pytest.mark.django_db

QUARANTINE, REPORTS, BLOCKS = "/en/office/quarantine/", "/en/office/reports/", "/en/office/blocks/"


def held(event: Event, number: int, doubt: Doubt = Doubt.SURGE) -> Held:
    rsvp = rsvps.make_rsvp(
        event=event,
        typed=Typed(given="Amina", family="Khan", email=f"a{number}@example.org"),
        sign_up=rsvps.SignUp(),
        by=VISITOR,
        look=Look(doubt=doubt),
    ).rsvp
    return Held.objects.get(rsvp=rsvp)


def test_the_list_says_who_and_why_and_never_an_address(organiser: Client) -> None:
    event = make.listed_event()
    held(event, 1, Doubt.TRAP)
    held(event, 2, Doubt.FAST)

    page = organiser.get(QUARANTINE)

    words = reading.text(page)
    assert words.count("Amina K.") >= 2
    assert "It filled in a field that no person sees." in words
    assert "It was sent within three seconds." in words
    assert "example.org" not in page.content.decode()


def test_chosen_ones_are_let_in_and_the_rest_waits(organiser: Client) -> None:
    event = make.listed_event()
    rows = [held(event, number) for number in range(3)]

    answer = organiser.post(QUARANTINE, {"do": "let_in", "held": [rows[0].id, rows[1].id]})

    assert answer.status_code == 302
    assert sorted(Rsvp.objects.values_list("state", flat=True)) == ["going", "going", "held"]


def test_all_of_one_reason_are_deleted_and_taken_back(organiser: Client) -> None:
    event = make.listed_event()
    for number in range(60):
        held(event, number)
    other = held(event, 99, Doubt.TRAP)
    path = f"{QUARANTINE}?why=surge"

    organiser.post(path, {"do": "delete", "all": "yes"})
    assert Held.objects.get(deleted_at=None).id == other.id
    page = organiser.get(QUARANTINE)
    stamp = page.context["presses"][0]["stamp"]
    organiser.post(QUARANTINE, {"do": "take_back", "stamp": stamp})

    assert Held.objects.filter(deleted_at=None).count() == 61


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"do": "explode"}, {"do": "delete"}, {"do": "delete", "held": ["x", "٣", "9" * 30]},
        {"do": "take_back"}, {"do": "take_back", "stamp": "yesterday"},
        {"do": "take_back", "stamp": "2026-03-04T10:00:00"}, {"do": "delete", "all": "yes"},
    ],
)  # fmt: skip
def test_a_strange_press_is_refused_in_words(organiser: Client, sent: dict[str, Any]) -> None:
    held(make.listed_event(), 1)

    answer = organiser.post(QUARANTINE, sent)

    assert (answer.status_code, len(reading.errors(answer))) == (422, 1)
    assert Rsvp.objects.get().state == "held"


def test_the_list_asks_as_often_for_one_as_for_many(organiser: Client) -> None:
    event = make.listed_event()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            organiser.get(QUARANTINE)
        return len(queries)

    held(event, 0)
    organiser.get(QUARANTINE)
    one = asked()
    for number in range(1, 6):
        held(event, number)
    assert asked() == one


def test_what_waits_needs_somebody_today(organiser: Client) -> None:
    event = make.listed_event()
    held(event, 1)
    concerns.report(event=event, kind="hate", words="Read it.", network="a", by=VISITOR)

    words = reading.text(organiser.get("/en/office/"))

    assert "Somebody reported 1 event" in words
    assert "1 sign-up or event is in quarantine" in words


def test_reports_are_read_paused_settled_and_the_host_blocked(organiser: Client) -> None:
    event = make.listed_event(host="troll@example.org")
    concerns.report(event=event, kind="danger", words="A <b>trap</b>.", network="a", by=VISITOR)

    page = organiser.get(REPORTS)
    assert "A <b>trap</b>." in reading.text(page)
    assert "troll@example.org" not in page.content.decode()
    organiser.post(REPORTS, {"do": "pause", "event": event.slug})
    assert Pause.objects.count() == 1
    organiser.post(REPORTS, {"do": "settle", "event": event.slug})
    assert (Pause.objects.count(), Concern.objects.filter(settled_at=None).count()) == (0, 0)
    organiser.post(REPORTS, {"do": "block", "event": event.slug})
    assert (people_queries.is_blocked_person(event.host_id), Pause.objects.count()) == (True, 1)
    assert organiser.post(REPORTS, {"do": "x", "event": event.slug}).status_code == 422
    assert organiser.post(REPORTS, {"do": "settle", "event": "none"}).status_code == 422


def test_an_address_is_blocked_and_unblocked(organiser: Client) -> None:
    organiser.post(BLOCKS, {"email": "troll@example.org", "reason": "threats"})

    page = organiser.get(BLOCKS)
    assert "Threatens or insults people" in reading.text(page)
    assert "Priya Shah" in reading.text(page)
    assert "troll" not in page.content.decode()
    refused = organiser.post(BLOCKS, {"email": "troll", "reason": "threats"})
    assert (refused.status_code, reading.value_of(refused, "email")) == (422, "troll")
    for nonsense in ("", "x", "9" * 40):
        assert organiser.post(BLOCKS, {"unblock": nonsense}).status_code == 302
    assert Block.objects.count() == 1
    organiser.post(BLOCKS, {"unblock": Block.objects.get().id})
    assert Block.objects.count() == 0


def test_the_switch_is_the_owners(owner: Client, organiser: Client) -> None:
    path = "/en/office/safeguards/"
    told = {"forms": "always", "security_contact": "safe@example.org", "security_policy": ""}

    assert organiser.post(path, told).status_code == 404
    assert Safeguards.objects.count() == 0
    assert owner.post(path, told).status_code == 302
    assert Safeguards.objects.get().forms == "always"
    assert reading.value_of(owner.get(path), "security_contact") == "safe@example.org"
    refused = owner.post(path, {**told, "security_contact": "ring me"})
    assert (refused.status_code, reading.value_of(refused, "security_contact")) == (422, "ring me")


def test_no_visitor_reads_or_sorts(client: Client) -> None:
    row = held(make.listed_event(), 1)
    paths: list[Callable[[], Any]] = [
        lambda: client.get(QUARANTINE), lambda: client.get(REPORTS), lambda: client.get(BLOCKS),
        lambda: client.post(QUARANTINE, {"do": "let_in", "held": row.id}),
    ]  # fmt: skip

    assert {ask()["Location"].split("?")[0] for ask in paths} == {"/en/sign-in/"}
    assert Rsvp.objects.get().state == "held"
