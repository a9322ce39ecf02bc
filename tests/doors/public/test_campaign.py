"""The campaign page: nearest events, edge states, figures, and the same work for 1 and 3 rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event, Seats
from groundswell.events.operations import attendance, hosting
from groundswell.kernel.actor import SYSTEM
from groundswell.metrics import operations as metrics_ops
from groundswell.public import totals
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db

PAGE = "/en/bring-back-our-buses"
BRADFORD = {"town": "Bradford", "latitude": 53.79, "longitude": -1.75}
LONDON = {"town": "London", "latitude": 51.51, "longitude": -0.13}


def place(**others: Any) -> hosting.Place:
    return make.leeds(**others)


def three_events() -> Any:
    campaign = live_campaign()
    make.listed_event(campaign, title="In Leeds", host="a@example.org")
    make.listed_event(campaign, title="In London", host="b@example.org", place=place(**LONDON))
    make.listed_event(campaign, title="In Bradford", host="c@example.org", place=place(**BRADFORD))
    return campaign


def test_page_stands_in_the_order_of_the_design(client: Client) -> None:
    three_events()

    page = client.get(PAGE + "?near=Leeds").content.decode()

    marks = [
        'class="when-slip"',
        "<h1>",
        'class="lead"' if 'class="lead"' in page else "<h1>",
        'name="near"',
        'class="tally"',
        'class="map',
        'class="swell"',
        'id="near-h"',
        'class="chips"',
        'class="events"',
        'id="host"',
        'class="the-day"',
        '<footer class="foot"',
    ]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


def test_events_nearest_to_a_town_come_first_with_their_distance(client: Client) -> None:
    three_events()

    response = client.get(PAGE + "?near=Leeds")

    assert reading.titles(response) == ["In Leeds", "In Bradford", "In London"]
    assert "Nearest to Leeds, England" in reading.text(response)
    assert "8.3 miles" in reading.text(response)


def test_town_is_understood_in_any_script(client: Client) -> None:
    three_events()

    response = client.get(PAGE + "?near=ليدز")

    assert reading.titles(response)[0] == "In Leeds"


def test_unknown_town_gets_suggestions_as_links(client: Client) -> None:
    three_events()

    response = client.get(PAGE + "?near=Hexam")

    assert "We could not find “Hexam”. Did you mean one of these?" in reading.text(response)
    assert "Hexham" in reading.text(response)
    chosen = response.context["suggestions"][0].href
    assert "Nearest to" in reading.text(client.get(PAGE + chosen.split("#")[0]))


def test_postcode_without_a_table_gets_a_helpful_sentence(client: Client) -> None:
    three_events()

    response = client.get(PAGE + "?near=LS6 2AB")

    assert (
        "We cannot look up the postcode “LS6 2AB” here. Write the name of your town instead."
        in reading.text(response)
    )
    assert reading.value_of(response, "near") == "LS6 2AB"


def test_shared_place_is_used_in_hundredths_of_a_degree(client: Client) -> None:
    three_events()

    response = client.get(PAGE + "?lat=51.5074&lon=-0.1278")

    assert reading.titles(response)[0] == "In London"
    assert "Nearest to your place" in reading.text(response)


@pytest.mark.parametrize(
    "query", ["lat=91&lon=0", "lat=nan&lon=1", "lat=x&lon=", "lat=1e999&lon=1"]
)
def test_place_that_is_none_on_earth_is_left_out(client: Client, query: str) -> None:
    three_events()

    response = client.get(f"{PAGE}?{query}")

    assert (response.status_code, "Next events" in reading.text(response)) == (200, True)


def test_nothing_near_names_the_nearest_and_offers_to_host(client: Client) -> None:
    campaign = live_campaign()
    make.listed_event(campaign, title="In Leeds")

    response = client.get(PAGE + "?near=Penzance")

    words = reading.text(response)
    assert "No event near Penzance yet. The nearest is in Leeds , 306 miles away." in words
    assert "Start one in Penzance (4 minutes)" in words
    assert "/en/bring-back-our-buses/host?near=Penzance" in response.content.decode()


def test_control_something_near_makes_no_such_offer(client: Client) -> None:
    make.listed_event(live_campaign(), title="In Leeds")

    assert "No event near" not in reading.text(client.get(PAGE + "?near=Leeds"))


def test_online_events_stand_alone_in_the_order_of_time(client: Client) -> None:
    campaign = three_events()
    for hour, title in ((18, "Late"), (9, "Early")):
        make.listed_event(
            campaign,
            title=title,
            host=f"{title}@example.org",
            starts=time(hour),
            ends=time(hour + 1),
            place=place(publicity=Event.Publicity.ONLINE, venue="https://meet.example.org/secret"),
        )

    response = client.get(PAGE + "?online=1")

    assert reading.titles(response) == ["Early", "Late"]
    assert "meet.example.org" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Flat", "Play", "Zwykłe"]),
        ("access=step-free", ["Flat"]),
        ("access=children", ["Play"]),
        ("language=pl", ["Zwykłe"]),
        ("day=action", ["Flat", "Zwykłe"]),
        ("access=step-free&day=action", ["Flat"]),
        ("access=nonsense&language=xx", []),
    ],
)
def test_chips_filter_the_list(client: Client, query: str, titles: list[str]) -> None:
    campaign = live_campaign()
    make.listed_event(campaign, title="Flat", host="a@example.org", is_step_free=True)
    make.listed_event(
        campaign, title="Play", host="b@example.org", is_for_children=True, day=date(2026, 3, 20)
    )
    make.listed_event(campaign, title="Zwykłe", host="c@example.org")
    Event.objects.filter(title="Zwykłe").update(language="pl")

    response = client.get(f"{PAGE}?near=Leeds&{query}")

    assert sorted(reading.titles(response)) == titles


def test_filter_without_an_event_offers_a_way_out(client: Client) -> None:
    make.listed_event(live_campaign())

    words = reading.text(client.get(PAGE + "?access=children"))

    assert "Take the filter away to see all the others, or hold one yourself." in words


def test_campaign_without_events_is_a_flat_sea_and_a_first_step(client: Client) -> None:
    live_campaign()

    words = reading.text(client.get(PAGE))

    assert "A flat sea: the first ten sign-ups make the first wave." in words
    assert "Host the first event" in words


def test_row_button_says_what_the_state_allows(client: Client) -> None:
    campaign = live_campaign()
    full = make.listed_event(campaign, title="Full", host="a@example.org", capacity=1)
    make.signed_up(full)
    make.signed_up(full)
    make.listed_event(campaign, title="Free", host="b@example.org")

    rows = {
        each["row"].title: each["row"] for each in client.get(PAGE + "?near=Leeds").context["rows"]
    }

    assert (rows["Full"].button.words, rows["Full"].tags[0].words) == (
        "Join the waiting list",
        "Full, others are waiting",
    )
    assert rows["Free"].button.words == "I’m coming"


def test_fewer_than_ten_people_going_are_nobodys_business(client: Client) -> None:
    event = make.listed_event(live_campaign())
    shown = []
    for taken in (9, 10):
        Seats.objects.filter(event=event).update(taken=taken)
        totals.forget()
        words = reading.text(client.get(PAGE))
        shown.append((f"{taken} going" in words, "people coming" in words))

    assert shown == [(False, False), (True, True)]


def test_opened_row_holds_the_form_and_three_taps_count_somebody_in(client: Client) -> None:
    event = make.listed_event(live_campaign())
    button = client.get(PAGE + "?near=Leeds&utm_source=flyer").context["rows"][0]["row"].button

    opened = client.get(PAGE + button.href.split("#")[0])

    assert f'action="/en/e/{event.slug}/sign-up"' in opened.content.decode()
    assert reading.value_of(opened, "utm_source") == "flyer"


def _is_ring(sql: str) -> bool:
    """How many rings the search grows through depends on distances, not on rows."""
    return "events_nearness" in sql or "<@ box" in sql


def test_rows_cost_the_same_number_of_queries(client: Client) -> None:
    campaign = live_campaign()
    make.listed_event(campaign, title="One", host="a@example.org")
    counts = []
    for extra in range(3):
        totals.forget()
        client.get(PAGE + "?near=Leeds")
        totals.forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE + "?near=Leeds")
        counts.append(len([each for each in queries if not _is_ring(each["sql"])]))
        make.listed_event(campaign, title=f"More {extra}", host=f"{extra}@example.org")

    assert counts == [counts[0]] * 3


def test_totals_are_kept_for_half_a_minute(client: Client, still_clock: Any) -> None:
    campaign = live_campaign()
    make.listed_event(campaign, host="a@example.org")
    shown = []
    client.get(PAGE)
    make.listed_event(campaign, host="b@example.org")
    for seconds in (29, 1):
        still_clock.shift(seconds)
        shown.append(client.get(PAGE).context["numbers"]["events_listed"].amount.value)

    assert shown == [1, 2]


def test_show_more_shows_more(client: Client) -> None:
    campaign = live_campaign()
    for number in range(14):
        make.listed_event(campaign, title=f"Event {number}", host=f"h{number}@example.org")

    first = client.get(PAGE + "?near=Leeds")
    second = client.get(PAGE + first.context["more_href"].split("#")[0])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (12, 14)
    assert (bool(first.context["more_href"]), second.context["more_href"]) == (True, "")


def test_campaign_that_is_over_tells_what_came_of_it(client: Client, still_clock: Any) -> None:
    campaign = live_campaign()
    event = make.listed_event(campaign)
    campaign_ops.write_words(
        campaign=campaign, language="en", words={"outcome": "The **49** runs again."}, by=SYSTEM
    )
    for number in range(12):
        make.signed_up(event, email=f"s{number}@example.org")
    still_clock.move_to(datetime(2026, 3, 21, 13, tzinfo=UTC))
    attendance.file_report(
        event_id=event.id, low=20, best=31, high=40, sentence="Sun.", by=make.host_of(event)
    )
    still_clock.move_to(datetime(2026, 4, 2, tzinfo=UTC))

    response = client.get(PAGE)

    words = reading.text(response)
    assert "It happened: 21 Mar 2026" in words
    assert "<strong>49</strong>" in response.content.decode()
    told = {each.name: (each.value, bool(each.definition)) for each in response.context["figures"]}
    assert told["People counted"] == ("31", True)
    assert told["Events reported"] == ("1 of 1", True)
    assert 'name="near"' not in response.content.decode()


def test_small_numbers_are_not_told_afterwards(client: Client, still_clock: Any) -> None:
    event = make.listed_event(live_campaign())
    still_clock.move_to(datetime(2026, 3, 21, 13, tzinfo=UTC))
    attendance.file_report(
        event_id=event.id, low=None, best=9, high=None, sentence="", by=make.host_of(event)
    )
    still_clock.move_to(datetime(2026, 4, 2, tzinfo=UTC))

    response = client.get(PAGE)

    told = {each.name: each.value for each in response.context["figures"]}
    assert told["People counted"] == "fewer than 10"
    assert "first wave" not in reading.text(response)  # it is too late for that


def test_wave_is_drawn_from_the_sign_ups(client: Client, work: Any) -> None:
    event = make.listed_event(live_campaign())
    flat = client.get(PAGE).context["swell"]
    for number in range(12):
        make.signed_up(event, email=f"s{number}@example.org")
    work()
    metrics_ops.fold_more()
    totals.forget()

    risen = client.get(PAGE).context["swell"]

    assert (flat.is_flat, risen.is_flat) == (True, False)


def test_wave_ends_with_the_campaign(client: Client, still_clock: Any) -> None:
    campaign = live_campaign()
    still_clock.move_to(datetime(2026, 3, 20, tzinfo=UTC))
    before = totals.daily(campaign).days[-1]
    still_clock.move_to(datetime(2026, 6, 1, tzinfo=UTC))

    after = totals.daily(campaign).days[-1]

    assert (before, after) == (date(2026, 3, 20), campaign.ends_on)


@pytest.mark.parametrize(
    "today", [datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]
)
def test_replay_says_that_its_people_are_invented(
    client: Client, still_clock: Any, today: datetime
) -> None:
    campaign = live_campaign()
    still_clock.move_to(today)
    real = reading.text(client.get(PAGE))
    Campaign.objects.filter(id=campaign.id).update(is_synthetic=True, scale=0.00495)

    replayed = reading.text(client.get(PAGE))

    assert "invented" not in real
    assert "Each of them stands for 202 of those who were counted there." in replayed


def test_draft_campaign_is_seen_by_nobody(client: Client) -> None:
    campaign_ops.start_campaign(
        plan=campaign_ops.Plan(
            organisation="Us",
            action_on=date(2026, 3, 21),
            starts_on=date(2026, 3, 1),
            ends_on=date(2026, 3, 31),
            slug="secret-plan",
        ),
        title="Secret",
        by=SYSTEM,
    )

    paths = ["", "/map", "/host"]
    assert [client.get(f"/en/secret-plan{path}").status_code for path in paths] == [404] * 3
    assert client.get("/c/secret-plan/brand.css").status_code == 404


def test_search_engines_read_the_events(client: Client) -> None:
    make.listed_event(live_campaign(), title="A </script><b>meeting</b>")

    data = reading.linked_data(client.get(PAGE))

    item = data["itemListElement"][0]["item"]
    assert (item["@type"], item["name"], item["startDate"]) == (
        "Event",
        "A </script><b>meeting</b>",
        "2026-03-21T11:00+00:00",
    )
    assert item["location"]["geo"] == {
        "@type": "GeoCoordinates",
        "latitude": 53.8,
        "longitude": -1.55,
    }


def test_page_names_itself_in_each_language(client: Client) -> None:
    live_campaign(languages=["en", "ar"])

    page = client.get(PAGE + "?utm_source=x").content.decode()

    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/bring-back-our-buses">' in page
    assert 'hreflang="ar" href="http://127.0.0.1:8000/ar/bring-back-our-buses"' in page
    assert 'hreflang="fr"' not in page


def test_colours_of_an_organisation_come_as_a_style_sheet(client: Client) -> None:
    live_campaign(poster_colour="#5B1A4A", call_colour="#FFD23F")

    page = client.get(PAGE)
    address = page.context["brand_css"]
    sheet = client.get(address)

    assert address.startswith("/c/bring-back-our-buses/brand.css?v=")
    assert f'<link rel="stylesheet" href="{address}">' in page.content.decode()
    assert "--brand-poster:#5B1A4A;" in sheet.content.decode()
    assert (sheet["Content-Type"], sheet["Cache-Control"]) == (
        "text/css",
        "public, max-age=31536000, immutable",
    )


def test_house_colours_need_no_style_sheet(client: Client) -> None:
    live_campaign()

    assert client.get(PAGE).context["brand_css"] == ""


def test_map_page_shows_what_is_in_view(client: Client) -> None:
    three_events()

    near = client.get(PAGE + "/map?view=53,-2.5,54.5,-1")
    everything = client.get(PAGE + "/map")

    assert sorted(reading.titles(near)) == ["In Bradford", "In Leeds"]
    assert len(reading.titles(everything)) == 3
    assert "2 events in view" in reading.text(near)
    assert next(move.href for move in near.context["map"].moves).startswith(PAGE + "/map?view=")


@pytest.mark.parametrize(
    "view", ["x", "1,2,3", "nan,1,2,3", "99,0,98,1", "1" * 5000, "0,0,1e400,1"]
)
def test_map_window_that_makes_no_sense_shows_everything(client: Client, view: str) -> None:
    three_events()

    response = client.get(PAGE + "/map", {"view": view})

    assert (response.status_code, len(reading.titles(response))) == (200, 3)
