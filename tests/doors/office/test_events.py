"""The list, the review queue and one event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundswell.events.models import Event
from groundswell.events.operations import attendance, messages
from groundswell.events.queries import finding
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger.models import Entry
from tests.factories import campaigns, events

pytestmark = pytest.mark.django_db


def at(name: str, event: Event) -> str:
    return reverse(f"office:{name}", args=[event.campaign.slug, event.slug])


def listing(campaign: Any) -> str:
    return reverse("office:events", args=[campaign.slug])


def titles(client: Client, address: str) -> list[str]:
    return [row.title for row in client.get(address).context["rows"]]


# --- the list ------------------------------------------------------------------------------------


def test_list_shows_every_state_and_filters_by_link(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    events.listed_event(campaign, title="Leeds market")
    events.waiting_event(campaign, title="Hull station", host="max@example.org")
    other_day = events.listed_event(
        campaign, title="York wall", day=date(2026, 3, 22), host="jo@example.org"
    )
    here = listing(campaign)

    assert titles(organiser, here) == ["Leeds market", "Hull station", "York wall"]
    assert titles(organiser, f"{here}?state=waiting") == ["Hull station"]
    assert titles(organiser, f"{here}?need=approval") == ["Hull station"]
    assert titles(organiser, f"{here}?day=2026-03-22") == [other_day.title]
    assert titles(organiser, f"{here}?q=station") == ["Hull station"]
    assert titles(organiser, f"{here}?q=leeds") == ["Leeds market", "Hull station", "York wall"]
    assert titles(organiser, f"{here}?country=FR") == []


def test_list_survives_nonsense_in_the_address(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    events.listed_event(campaign)

    page = organiser.get(listing(campaign) + "?state=x&day=no&need=y&page=99999999999&country=éé")

    assert page.status_code == 200


def test_list_without_events_says_how_to_begin(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    page = organiser.get(listing(campaign)).content.decode()

    assert "No event yet" in page
    assert reverse("office:share", args=[campaign.slug]) in page


def test_list_costs_the_same_with_one_and_three_events(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    costs = []
    for number in (1, 2):
        for index in range(number):
            events.listed_event(campaign, host=f"host{number}{index}@example.org")
        organiser.get(listing(campaign))
        with CaptureQueriesContext(connection) as asked:
            assert len(titles(organiser, listing(campaign))) in {1, 3}
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_csv_holds_nothing_about_a_person_and_no_formula(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    event = events.listed_event(campaign, title="=1+1")
    events.signed_up(event, given="Amina", party=3)

    answer = organiser.get(reverse("office:events_csv", args=[campaign.slug]))
    text = answer.content.decode("utf-8-sig")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert text.splitlines()[1] == (
        f"{event.slug},'=1+1,Leeds,GB,2026-03-21 11:00,2026-03-21 12:00,Europe/London,"
        "On the map,,3,0,,,"
    )
    assert not [word for word in ("Amina", "Dolores", "@") if word in text]


def test_map_links_each_dot_to_its_event(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())

    page = organiser.get(reverse("office:events_map", args=[event.campaign.slug]))

    assert at("event", event) in page.content.decode()


# --- review --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "after", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "x", "2026-03-01"]
)
def test_review_from_a_moment_that_is_none_begins_anew(organiser: Client, after: str) -> None:
    event = events.waiting_event()

    page = organiser.get(reverse("office:review", args=[event.campaign.slug]) + f"?after={after}")

    assert page.status_code in {200, 302}


def test_review_without_a_verb_keeps_the_words(organiser: Client) -> None:
    event = events.waiting_event()

    page = organiser.post(at("review_one", event), {"do": "zzz", "words": "Which door?"})

    assert page.status_code == 422
    assert "Which door?" in page.content.decode()


def test_review_shows_the_oldest_first(organiser: Client, still_clock: Any) -> None:
    campaign = campaigns.live_campaign()
    first = events.waiting_event(campaign, title="First")
    still_clock.shift(timedelta(hours=1))
    second = events.waiting_event(campaign, title="Second", host="jo@example.org")
    here = reverse("office:review", args=[campaign.slug])

    page = organiser.get(here)
    following = organiser.get(page.context["next_href"])

    assert page.context["event"] == first
    assert following.context["event"] == second
    assert page.context["came_in"] == "1 hour ago"


def test_approve_puts_the_event_on_the_public_map(organiser: Client) -> None:
    event = events.waiting_event(campaigns.live_campaign())
    before = list(finding.dots(event.campaign))

    answer = organiser.post(at("review_one", event), {"do": "approve", "words": "Thank you."})

    event.refresh_from_db()
    assert before == []
    assert [dot.id for dot in finding.dots(event.campaign)] == [event.id]
    assert (event.state, event.review_words) == (Event.State.LISTED, "Thank you.")
    assert answer["Location"] == reverse("office:review", args=[event.campaign.slug])


@pytest.mark.parametrize(
    ("verb", "state"), [("ask", Event.State.ASKED), ("decline", Event.State.DECLINED)]
)
def test_words_decide_and_reach_the_host(organiser: Client, verb: str, state: str) -> None:
    event = events.waiting_event(campaigns.live_campaign())

    organiser.post(at("review_one", event), {"do": verb, "words": "Where exactly?"})

    event.refresh_from_db()
    assert (event.state, event.review_words) == (state, "Where exactly?")


@pytest.mark.parametrize("verb", ["ask", "decline"])
def test_nobody_is_asked_or_declined_without_a_sentence(organiser: Client, verb: str) -> None:
    event = events.waiting_event(campaigns.live_campaign())

    page = organiser.post(at("review_one", event), {"do": verb, "words": "  "})

    event.refresh_from_db()
    assert page.status_code == 422
    assert event.state == Event.State.WAITING
    assert "Write the sentence that the host will receive." in page.content.decode()


def test_approving_twice_is_refused_in_words(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())

    page = organiser.post(at("review_one", event), {"do": "approve", "words": ""})

    assert page.status_code == 422
    assert "This event does not wait for review any more." in page.content.decode()


@pytest.mark.parametrize("sent", [{}, {"do": "delete"}, {"do": "approve\x00"}])
def test_form_without_its_button_decides_nothing(organiser: Client, sent: dict[str, str]) -> None:
    event = events.waiting_event(campaigns.live_campaign())

    page = organiser.post(at("review_one", event), sent)

    event.refresh_from_db()
    assert page.status_code == 422
    assert "Press one of the buttons on this page." in page.content.decode()
    assert event.state == Event.State.WAITING


def test_suggestions_are_in_the_events_language(organiser: Client) -> None:
    event = events.waiting_event(campaigns.live_campaign())
    Event.objects.update(language="ar")

    page = organiser.get(at("review_one", event) + "?do=ask&words=1")
    field = page.context["forms"]["ask"].fields["words"]

    assert field.widget.attrs["dir"] == "rtl"
    assert field.help_text == "In العربية, the language of the event"


def test_review_shows_duplicates_and_the_hosts_history(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    near = events.listed_event(campaign, title="Same corner")
    event = events.waiting_event(campaign, title="This one")

    page = organiser.get(at("review_one", event))

    assert [each[0] for each in page.context["nearby"]] == [near]
    assert [each[0] for each in page.context["others"]] == [near]
    assert page.context["host_name"] == "Dolores Marín"


def test_review_has_three_keys_and_works_without_script(organiser: Client) -> None:
    event = events.waiting_event(campaigns.live_campaign())

    page = organiser.get(at("review_one", event)).content.decode()

    assert [key for key in "aqd" if f'data-key="{key}"' in page] == ["a", "q", "d"]
    assert f'href="{at("review_one", event)}?do=ask#ask"' in page
    assert "onclick" not in page


def test_empty_queue_says_so(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    page = organiser.get(reverse("office:review", args=[campaign.slug]))

    assert "Nothing waits for approval" in page.content.decode()


# --- one event -----------------------------------------------------------------------------------


def test_event_shows_first_names_and_no_address(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())
    events.signed_up(event, given="Amina", family="Khan", email="amina@example.org", party=2)
    messages.message_people(event_id=event.id, body="Bring a cup.", by=events.host_of(event))

    page = organiser.get(at("event", event))
    text = page.content.decode()

    assert [(each.name, each.party) for each in page.context["coming"]] == [("Amina K.", 2)]
    assert page.context["heads"].going == 2
    assert not [word for word in ("Khan", "amina@", "dolores@") if word in text]
    assert "Bring a cup." in text


def test_timeline_tells_who_did_what_without_sign_ups(organiser: Client) -> None:
    event = events.waiting_event(campaigns.live_campaign())
    organiser.post(at("review_one", event), {"do": "approve", "words": ""})
    events.signed_up(event)

    page = organiser.get(at("event", event))

    assert [each.who for each in page.context["timeline"]] == [
        "Priya Shah",
        "The host",
        "A visitor",
    ]


def test_change_moves_the_event_and_needs_words(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign(), capacity=40)
    form = organiser.get(at("event_change", event)).context["form"]
    typed = {
        name: "" if value is None else value
        for name, value in form.initial.items()
        if value is not False
    }
    moved = {**typed, "starts": "14:00", "ends": "15:00"}

    refused = organiser.post(at("event_change", event), moved)
    done = organiser.post(at("event_change", event), {**moved, "words": "An hour later."})

    event.refresh_from_db()
    assert refused.status_code == 422
    assert refused.context["form"]["starts"].value() == "14:00"
    assert "Write one sentence to the people who are coming." in refused.content.decode()
    assert done.status_code == 302
    assert (event.starts_wall, event.seats.capacity) == ("2026-03-21T14:00", 40)


def test_private_place_keeps_its_point_when_something_else_changes(organiser: Client) -> None:
    event = events.listed_event(
        campaigns.live_campaign(), place=events.leeds(publicity=Event.Publicity.GOING)
    )
    before = (event.latitude, event.longitude)

    organiser.post(at("event_capacity", event), {"capacity": "12"})

    event.refresh_from_db()
    assert (event.latitude, event.longitude) == before
    assert event.seats.capacity == 12


def test_fewer_places_than_people_is_refused(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())
    for _ in range(3):
        events.signed_up(event)

    page = organiser.post(at("event_capacity", event), {"capacity": "2"})

    assert page.status_code == 422
    assert page.context["form"]["capacity"].value() == "2"
    assert "More people than that are coming already" in page.content.decode()


def test_cancel_needs_words(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())

    page = organiser.post(at("event_cancel", event), {"words": ""})
    organiser.post(at("event_cancel", event), {"words": "The hall is closed."})

    event.refresh_from_db()
    assert page.status_code == 422
    assert (event.state, event.words) == (Event.State.CANCELLED, "The hall is closed.")


def test_large_event_is_cancelled_only_with_its_number_typed(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())
    for _ in range(10):
        events.signed_up(event, party=5)
    words = {"words": "The hall is closed."}

    without = organiser.post(at("event_cancel", event), words)
    wrong = organiser.post(at("event_cancel", event), {**words, "typed": "49"})
    event.refresh_from_db()
    standing = event.state
    organiser.post(at("event_cancel", event), {**words, "typed": "50"})

    event.refresh_from_db()
    assert (without.status_code, wrong.status_code) == (422, 422)
    assert "Type 50, the number of people who are coming." in wrong.content.decode()
    assert (standing, event.state) == (Event.State.LISTED, Event.State.CANCELLED)


def test_report_is_shown_after_the_event(sit: Any, still_clock: Any) -> None:
    event = events.listed_event(campaigns.live_campaign())
    still_clock.move_to(event.ends_at)
    attendance.file_report(event_id=event.id, low=8, best=12, high=20, sentence="Warm.", by=SYSTEM)

    page = sit("organiser").get(at("event", event)).content.decode()

    assert "12 people counted" in page


def test_every_decision_is_recorded_once(organiser: Client) -> None:
    event = events.waiting_event(campaigns.live_campaign())

    organiser.post(at("review_one", event), {"do": "approve", "words": ""})
    organiser.post(at("review_one", event), {"do": "approve", "words": ""})

    assert Entry.objects.filter(kind="events.EventListed").count() == 1


def test_event_page_costs_the_same_with_one_and_three_people(organiser: Client) -> None:
    event = events.listed_event(campaigns.live_campaign())
    costs = []
    for number in (1, 2):
        for _ in range(number):
            events.signed_up(event)
        organiser.get(at("event", event))
        with CaptureQueriesContext(connection) as asked:
            organiser.get(at("event", event))
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_review_counts_what_is_left(organiser: Client, counted: Callable[[], int]) -> None:
    campaign = campaigns.live_campaign()
    for number in range(3):
        events.waiting_event(campaign, host=f"host{number}@example.org")

    page = organiser.get(reverse("office:review", args=[campaign.slug]))

    assert page.context["left"] == 3
    assert [item.count for item in page.context["office_menu"] if item.key == "events"] == [3]
