"""The event page, signing up, and the page that follows, all without JavaScript."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from groundswell.events.models import Event, Rsvp, Seats
from groundswell.events.operations import hosting
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger.models import Entry
from groundswell.people.models import Consent, Contact, Person
from groundswell.public import slips
from groundswell.site import vault
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db

TYPED = {"given": "Amina", "email": "amina@example.org", "party": "1", "wants_reminder": "on"}


def page(event: Event, tail: str = "") -> str:
    return f"/en/e/{event.slug}{tail}"


def sign_up(client: Client, event: Event, **changes: str) -> Any:
    quiet = reading.quiet(f"sign-up:{event.slug}")
    return client.post(page(event, "/sign-up"), {**TYPED, **quiet, **changes})


# --- the page -----------------------------------------------------------------------------------


def test_page_says_when_where_and_who(client: Client) -> None:
    event = make.listed_event(is_step_free=True, description="Bring *one* story.")

    response = client.get(page(event))

    words = reading.text(response)
    assert "Sat 21 Mar, 11:00 to 12:00 (London time)" in words
    assert "Stop H, Woodhouse Street · Leeds" in words
    assert "Held by Dolores" in words
    assert "Marín" not in words
    assert "<em>one</em>" in response.content.decode()
    assert "By pressing the button you agree that we e-mail you about this event" in words


def test_reminder_is_ticked_and_nothing_else(client: Client) -> None:
    response = client.get(page(make.listed_event()))

    form = response.context["form"]
    ticks = {name: form[name].value() for name in ("wants_reminder", "can_help")}
    assert {**ticks, "campaign": form["wants_campaign_mail"].value()} == {
        "wants_reminder": True,
        "can_help": None,
        "campaign": None,
    }


def test_name_of_a_host_who_has_proven_nothing_is_not_shown(client: Client) -> None:
    event = make.unproven_event()

    words = reading.text(client.get(page(event)))

    assert "Dolores" not in words
    assert "Its host has not yet opened the link in our e-mail" in words


@pytest.mark.parametrize(
    ("publicity", "sentence"),
    [
        ("going", "The address goes by e-mail to people who are going."),
        ("online", "The link goes by e-mail to people who are going."),
    ],
)
def test_private_place_is_on_no_public_page(client: Client, publicity: str, sentence: str) -> None:
    place = make.leeds(venue="12 Elm Road", publicity=Event.Publicity(publicity))
    event = make.listed_event(place=place)

    pages = [page(event), f"/e/{event.slug}.ics", "/en/bring-back-our-buses", page(event, "/done")]
    sign_up(client, event)

    assert sentence in reading.text(client.get(pages[0]))
    assert ["12 Elm Road" in client.get(path).content.decode() for path in pages] == [False] * 4
    assert reading.linked_data(client.get(pages[0]))["location"].get("geo") is None


def test_cancelled_event_shows_the_words_of_the_host(client: Client) -> None:
    event = make.listed_event()
    hosting.cancel_event(event_id=event.id, words="The hall is\nflooded <3", by=make.host_of(event))

    response = client.get(page(event))

    assert "This event is cancelled. The hall is flooded <3" in reading.text(response)
    assert 'name="email"' not in response.content.decode()
    assert reading.linked_data(response)["eventStatus"] == "https://schema.org/EventCancelled"


def test_event_that_is_over_takes_nobody(client: Client, still_clock: Any) -> None:
    event = make.listed_event()
    still_clock.move_to(datetime(2026, 3, 21, 12, 0, 1, tzinfo=UTC))

    response = client.get(page(event))
    answer = sign_up(client, event)

    assert "This event is over." in reading.text(response)
    assert 'name="email"' not in response.content.decode()
    assert (answer.status_code, reading.errors(answer), Rsvp.objects.count()) == (
        422,
        ["This event takes no sign-ups any more. Find another one near you."],
        0,
    )


@pytest.mark.parametrize(
    ("waiting", "told"),
    [
        (6, "All places are taken and others are waiting."),  # nobody learns of fewer than ten
        (10, "All places are taken and 10 sign-ups are waiting."),
    ],
)
def test_full_event_offers_the_waiting_list(client: Client, waiting: int, told: str) -> None:
    event = make.listed_event(capacity=1)
    make.signed_up(event)
    for _ in range(waiting):
        make.signed_up(event)

    words = reading.text(client.get(page(event)))

    assert told in words
    assert words.count("Join the waiting list") == 2


@pytest.mark.parametrize("state", [Event.State.DECLINED, Event.State.LAPSED])
def test_event_that_came_down_is_gone(client: Client, state: str) -> None:
    event = make.listed_event()
    Event.objects.filter(id=event.id).update(state=state)

    paths = [page(event), page(event, "/done"), f"/e/{event.slug}.ics"]
    assert [client.get(path).status_code for path in paths] == [404] * 3
    assert sign_up(client, event).status_code == 404


def test_page_costs_the_same_for_many_guests(client: Client) -> None:
    event = make.listed_event()
    counts = []
    client.get(page(event))
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(page(event))
        counts.append(len(queries))
        make.signed_up(event)

    assert counts == [counts[0]] * 3


# --- signing up ---------------------------------------------------------------------------------


def test_signing_up_takes_two_fields(client: Client) -> None:
    event = make.listed_event()

    quiet = reading.quiet(f"sign-up:{event.slug}")
    typed = {"given": "Amina", "email": "amina@example.org"}
    answer = client.post(page(event, "/sign-up"), {**typed, **quiet})

    rsvp = Rsvp.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(event, "/done"))
    assert (rsvp.state, rsvp.party, rsvp.wants_reminder, rsvp.can_help) == (
        "going",
        1,
        False,
        False,
    )
    assert Consent.objects.filter(person=rsvp.person).count() == 1


def test_choices_and_source_are_kept(client: Client) -> None:
    event = make.listed_event()

    sign_up(
        client,
        event,
        party="3",
        can_help="on",
        wants_campaign_mail="on",
        source="poster-7",
        utm_campaign="spring",
        utm_evil="x",
    )

    rsvp = Rsvp.objects.get()
    assert (rsvp.party, rsvp.wants_reminder, rsvp.can_help) == (3, True, True)
    assert (rsvp.source, rsvp.utm) == ("poster-7", {"utm_campaign": "spring"})
    purposes = (
        Consent.objects.filter(person=rsvp.person)
        .order_by("purpose")
        .values_list("purpose", "wording", "source")
    )
    assert list(purposes) == [
        ("campaign", "rsvp-campaign-1", "public.rsvp"),
        ("event", "rsvp-event-1", "public.rsvp"),
    ]


def test_source_goes_through_the_form_of_the_page(client: Client) -> None:
    event = make.listed_event()

    response = client.get(page(event) + "?source=poster-7&utm_source=mail")

    assert [reading.value_of(response, name) for name in ("source", "utm_source")] == [
        "poster-7",
        "mail",
    ]


def test_done_page_greets_and_goes_on_in_order(client: Client) -> None:
    event = make.listed_event()
    sign_up(client, event, party="2")

    words = reading.text(client.get(page(event, "/done")))

    steps = [
        "You’re going, Amina .",
        "We count on 2 of you.",
        "Add to calendar",
        "We have sent you a mail.",
        f"http://127.0.0.1:8000/en/e/{event.slug}",
        "For a text if plans change at the last minute.",
        "What happens there",
    ]
    places = [words.index(step) for step in steps]
    assert places == sorted(places)


def test_repeat_gets_the_same_page_and_changes_nothing(client: Client) -> None:
    event = make.listed_event()
    sign_up(client, event)
    first = reading.text(client.get(page(event, "/done")))

    for _ in range(2):
        answer = sign_up(client, event)
    again = reading.text(client.get(page(event, "/done")))

    assert (answer.status_code, again) == (302, first)
    assert (Rsvp.objects.count(), Seats.objects.get(event=event).taken) == (1, 1)
    assert Entry.objects.filter(kind="events.RsvpMade").count() == 1


def test_waiting_says_so(client: Client) -> None:
    event = make.listed_event(capacity=1)
    make.signed_up(event)
    sign_up(client, event)

    words = reading.text(client.get(page(event, "/done")))

    assert "You’re on the waiting list, Amina ." in words
    assert "Add to calendar" not in words


def test_nearly_full_event_warns_everybody_alike(client: Client) -> None:
    event = make.listed_event(capacity=10)
    for number in range(8):
        make.signed_up(event, email=f"s{number}@example.org")
    known = make.signed_up(
        make.listed_event(event.campaign, host="x@example.org"), email="k@example.org"
    )
    Contact.objects.filter(person=known.person).update(proven_at=datetime(2026, 3, 1, tzinfo=UTC))
    pages = []
    for email in ("new@example.org", "k@example.org"):
        sign_up(client, event, email=email)
        pages.append(reading.text(client.get(page(event, "/done"))))

    assert "within 30 minutes" in pages[0]
    assert pages[0] == pages[1]


def test_done_page_without_a_slip_is_general(client: Client) -> None:
    event = make.listed_event()

    words = reading.text(client.get(page(event, "/done")))

    assert "Look in your e-mail If you have just signed up" in words
    assert 'name="phone"' not in client.get(page(event, "/done")).content.decode()


def test_slip_is_for_one_event_for_half_an_hour(client: Client, still_clock: Any) -> None:
    campaign = live_campaign()
    event = make.listed_event(campaign, host="a@example.org")
    other = make.listed_event(campaign, host="b@example.org")
    sign_up(client, event)
    greeted = ["Amina" in reading.text(client.get(page(each, "/done"))) for each in (event, other)]
    still_clock.shift(1800)

    assert greeted == [True, False]
    assert "Amina" not in reading.text(client.get(page(event, "/done")))


def test_slip_holds_no_readable_word_and_no_script_reaches_it(client: Client) -> None:
    event = make.listed_event()

    answer = sign_up(client, event)

    cookie = answer.cookies[slips.cookie()]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 1800)
    assert "Amina" not in cookie.value
    assert "amina" not in answer["Location"].lower()


@pytest.mark.parametrize("value", ["", "x", "AAAA", "é", "A" * 3000, "!" * 80])
def test_slip_that_was_changed_is_ignored(client: Client, value: str) -> None:
    event = make.listed_event()
    client.cookies[slips.cookie()] = value

    assert client.get(page(event, "/done")).status_code == 200


def test_phone_waits_on_the_sign_up_until_the_address_is_proven(client: Client) -> None:
    event = make.listed_event()
    sign_up(client, event)

    answer = client.post(page(event, "/phone"), {"phone": "07400 123456"})

    rsvp = Rsvp.objects.get()
    assert answer["Location"] == page(event, "/done?phone=kept")
    assert vault.open_(rsvp, "phone_sealed") == "+447400123456"
    assert Contact.objects.filter(kind="phone").count() == 0
    assert "We text you only if plans change." in reading.text(client.get(answer["Location"]))


def test_phone_of_a_repeat_gets_the_same_answers_and_is_not_kept(client: Client) -> None:
    event = make.listed_event()
    sign_up(client, event)
    sign_up(client, event)

    wrong = client.post(page(event, "/phone"), {"phone": "12"})
    right = client.post(page(event, "/phone"), {"phone": "07400 123456"})

    assert (wrong.status_code, reading.errors(wrong), reading.value_of(wrong, "phone")) == (
        422,
        [
            "There is no such number. Check its digits, and begin with the country code, "
            "such as +44."
        ],
        "12",
    )
    assert right["Location"] == page(event, "/done?phone=kept")
    assert bytes(Rsvp.objects.get().phone_sealed) == b""


def test_phone_without_a_slip_is_kept_nowhere_and_the_page_says_so(client: Client) -> None:
    rsvp = make.signed_up(make.listed_event())

    answer = client.post(page(rsvp.event, "/phone"), {"phone": "07400 123456"})

    rsvp.refresh_from_db()
    assert (answer.status_code, bytes(rsvp.phone_sealed)) == (422, b"")
    assert "we have not kept it" in reading.text(answer)
    assert 'value="07400 123456"' in answer.content.decode()


def test_phone_of_a_page_left_open_is_kept_by_the_forms_own_slip(
    client: Client, still_clock: Any
) -> None:
    event = make.listed_event()
    sign_up(client, event)
    shown = client.get(page(event, "/done")).content.decode()
    slip = re.search(r'name="slip" value="([^"]+)"', shown)
    assert slip is not None
    still_clock.shift(23 * 3600)
    client.cookies.clear()

    answer = client.post(page(event, "/phone"), {"phone": "07400 123456", "slip": slip[1]})

    rsvp = Rsvp.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(event, "/done?phone=kept"))
    assert vault.open_(rsvp, "phone_sealed") == "+447400123456"


@pytest.mark.parametrize("slip", ["", "x", "x" * 3000, "\x00", "ééé"])
def test_a_slip_that_is_none_keeps_nothing(client: Client, slip: str) -> None:
    rsvp = make.signed_up(make.listed_event())

    answer = client.post(page(rsvp.event, "/phone"), {"phone": "07400 123456", "slip": slip})

    rsvp.refresh_from_db()
    assert (answer.status_code, bytes(rsvp.phone_sealed)) == (422, b"")


def test_reading_writes_nothing(client: Client) -> None:
    event = make.listed_event()
    before = (Entry.objects.count(), Person.objects.count(), Rsvp.objects.count())

    for path in (page(event), page(event, "/sign-up"), page(event, "/done"), page(event, "/phone")):
        assert client.get(path).status_code in {200, 302}
        assert client.head(path).status_code in {200, 302}

    assert (Entry.objects.count(), Person.objects.count(), Rsvp.objects.count()) == before


# --- the calendar file --------------------------------------------------------------------------


def test_calendar_file_has_zone_version_and_place(client: Client) -> None:
    event = make.listed_event()
    hosting.change_event(
        event_id=event.id, plan=make.plan(starts=time(12), ends=time(13)), words="Later.", by=SYSTEM
    )

    response = client.get(f"/e/{event.slug}.ics")

    calendar = Calendar.from_ical(response.content)
    entry = calendar.walk("VEVENT")[0]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (str(entry["uid"]), int(entry["sequence"]), str(entry["status"])) == (
        f"{event.slug}@127.0.0.1",
        1,
        "CONFIRMED",
    )
    assert entry.decoded("dtstart").isoformat() == "2026-03-21T12:00:00+00:00"
    assert str(calendar.walk("VTIMEZONE")[0]["tzid"]) == "Europe/London"
    assert str(entry["location"]) == "Stop H, Woodhouse Street\N{NO-BREAK SPACE}· Leeds"
    assert str(entry["url"]) == f"http://127.0.0.1:8000/en/e/{event.slug}"


def test_calendar_file_of_a_cancelled_event_says_so(client: Client) -> None:
    event = make.listed_event()
    hosting.cancel_event(event_id=event.id, words="Ill.", by=make.host_of(event))

    entry = Calendar.from_ical(client.get(f"/e/{event.slug}.ics").content).walk("VEVENT")[0]

    assert (str(entry["status"]), int(entry["sequence"])) == ("CANCELLED", 1)


# --- other clocks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("Asia/Kolkata", "That is Sat 21 Mar, 16:30 in Kolkata."),
        ("Africa/Accra", ""),
        ("Nowhere/Land", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_time_is_told_on_the_readers_clocks_where_they_differ(
    client: Client, zone: str, sentence: str
) -> None:
    event = make.listed_event()

    response = client.get(page(event), {"zone": zone})

    assert response.context["reader_time"] == sentence


def test_place_that_was_searched_tells_the_zone_to_far_events(client: Client) -> None:
    event = make.listed_event()

    rows = client.get("/en/bring-back-our-buses?near=Mumbai").context["rows"]

    assert rows[0]["row"].href == page(event, "?zone=Asia%2FKolkata")
