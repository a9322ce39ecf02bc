"""The host wizard without JavaScript: four pages, Back, reload, check, publish."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from groundswell.events.models import Event, HostDraft
from groundswell.events.operations import hosting
from groundswell.events.queries import drafts
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Person
from groundswell.public.host_forms import STEPS
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db

START = "/en/bring-back-our-buses/host"
ANSWERS: dict[str, dict[str, str]] = {
    "kind": {"kind": "meeting"},
    "when": {"day": "2026-03-21", "starts": "11:00", "ends": "12:00"},
    "where": {
        "town": "Hexham",
        "venue": "Market Place",
        "publicity": "everyone",
        "language": "en",
        "is_step_free": "on",
    },
    "you": {"given": "Dolores", "email": "dolores@example.org"},
}


def begin(client: Client) -> str:
    """The address of the wizard after its first page."""
    answer = client.post(START, ANSWERS["kind"])
    assert answer.status_code == 302
    return str(answer["Location"]).removesuffix("/when")


def fill(client: Client, *steps: str, **changes: str) -> tuple[str, Any]:
    """Answer the pages in order; the last answer comes back."""
    address, answer = begin(client), None
    for step in steps:
        given = {**ANSWERS[step], **{k: v for k, v in changes.items() if k in _names(step)}}
        answer = client.post(f"{address}/{step}", given)
    return address, answer


def _names(step: str) -> set[str]:
    return set(STEPS[step].base_fields)


def test_four_pages_then_check_then_live(client: Client) -> None:
    live_campaign()
    address, answer = fill(client, "when", "where", "you")
    assert answer["Location"] == f"{address}/check"
    checked = reading.text(client.get(f"{address}/check"))
    assert "Meeting in Hexham" in checked
    assert "Sat 21 Mar, 11:00 to 12:00" in checked
    assert "Hexham, Northumberland" in checked

    published = client.post(f"{address}/check")

    event = Event.objects.get()
    assert published["Location"] == f"{address}/live"
    assert (event.title, event.state, event.venue, event.zone, event.is_step_free) == (
        "Meeting in Hexham",
        "unproven",
        "Market Place",
        "Europe/London",
        True,
    )
    live = client.get(f"{address}/live")
    assert f"http://127.0.0.1:8000/en/e/{event.slug}" in reading.text(live)
    assert live["Cache-Control"] == "no-store"
    assert client.get(f"/en/e/{event.slug}").status_code == 200
    assert reading.titles(client.get("/en/bring-back-our-buses")) == []


def test_wizard_asks_nine_required_fields_at_most() -> None:
    campaign = live_campaign()
    forms = [form(campaign=campaign, answers={}) for form in STEPS.values()]

    required = [name for form in forms for name, field in form.fields.items() if field.required]

    # The language is chosen for everybody already; nobody has to touch it.
    assert len([name for name in required if name != "language"]) <= 9


def test_answers_are_saved_at_each_step_and_survive_back_and_reload(client: Client) -> None:
    live_campaign()
    address, _answer = fill(client, "when", "where")

    again = [client.get(f"{address}/{step}") for step in ("kind", "when", "where", "where")]

    assert again[0].context["form"]["kind"].value() == "meeting"
    assert [reading.value_of(again[1], name) for name in ("day", "starts", "ends")] == [
        "2026-03-21",
        "11:00",
        "12:00",
    ]
    assert [reading.value_of(each, "venue") for each in again[2:]] == ["Market Place"] * 2


def test_change_leads_back_to_the_list_once_all_is_answered(client: Client) -> None:
    live_campaign()
    address, _answer = fill(client, "when", "where", "you")

    changed = client.post(f"{address}/when", {**ANSWERS["when"], "starts": "10:00"})

    assert changed["Location"] == f"{address}/check"
    assert "10:00 to 12:00" in reading.text(client.get(f"{address}/check"))


def test_forms_guess_the_action_day_and_the_usual_length(client: Client) -> None:
    live_campaign()
    address = begin(client)

    page = client.get(f"{address}/when")

    assert [reading.value_of(page, name) for name in ("day", "starts", "ends")] == [
        "2026-03-21",
        "11:00",
        "12:00",
    ]


def test_town_of_the_search_goes_along(client: Client) -> None:
    live_campaign()
    answer = client.post(START + "?near=Hexham", ANSWERS["kind"])
    address = str(answer["Location"]).removesuffix("/when")

    assert reading.value_of(client.get(f"{address}/where"), "town") == "Hexham"


def test_list_to_check_leads_to_what_is_missing(client: Client) -> None:
    live_campaign()
    address, _answer = fill(client, "when")

    assert client.get(f"{address}/check")["Location"] == f"{address}/where"


def test_publishing_twice_makes_one_event(client: Client) -> None:
    live_campaign()
    address, _answer = fill(client, "when", "where", "you")

    answers = [client.post(f"{address}/check") for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [f"{address}/live"] * 2
    assert Event.objects.count() == 1
    assert client.get(f"{address}/where")["Location"] == f"{address}/live"


def test_phone_becomes_the_hosts_once_the_address_is_proven(client: Client) -> None:
    live_campaign()
    address, _answer = fill(client, "when", "where", "you", phone="07400 123456")
    client.post(f"{address}/check")
    event = Event.objects.get()
    before = Contact.objects.filter(kind="phone").count()

    hosting.prove_host(event_id=event.id, by=make.host_of(event))

    phone = Contact.objects.get(kind="phone")
    assert (before, phone.person_id) == (0, event.host_id)
    assert people_queries.address_of(phone) == "+447400123456"
    assert drafts.answers(HostDraft.objects.get()) == {}


def test_private_home_is_sealed_and_its_point_moved(client: Client) -> None:
    live_campaign()
    address, _answer = fill(client, "when", "where", "you", publicity="going", venue="12 Elm Road")
    client.post(f"{address}/check")

    event = Event.objects.get()
    assert (event.venue, bool(event.venue_sealed)) == ("", True)
    assert "12 Elm Road" not in client.get(f"/en/e/{event.slug}").content.decode()


@pytest.mark.parametrize(
    ("step", "changes", "sentence"),
    [
        ("when", {"day": "2026-04-02"}, "Choose a day on or between 1 Mar 2026 and 31 Mar 2026."),
        ("when", {"day": "2026-03-02"}, "This time has passed. Choose a later day or time."),
        ("when", {"day": "2026-02-30"}, "Choose a day that exists, for example 2026-12-05."),
        ("when", {"day": "9999-12-31"}, "Choose a day on or between 1 Mar 2026 and 31 Mar 2026."),
        ("when", {"ends": "10:00"}, "The event ends before it starts. Choose a later end."),
        ("when", {"ends": "11:00"}, "The event ends before it starts. Choose a later end."),
        ("when", {"starts": "25:00"}, "Write the time as hours and minutes, for example 18:30."),
        (
            "where",
            {"point": "54, 3"},
            "This place is in the sea. Correct the numbers, or leave them empty.",
        ),
        ("where", {"point": "here"}, "Write two numbers, for example 53.8, -1.55."),
        (
            "where",
            {"point": "91, 0"},
            "These coordinates are not on the map. Write the latitude (−90 to 90) first, then the "
            "longitude (−180 to 180).",
        ),
        (
            "where",
            {"point": "48.85, 2.35"},
            "This spot is far from Hexham. Correct the numbers or the town.",
        ),
        (
            "where",
            {"town": "Xqzzk"},
            "We could not find “Xqzzk”. Try the nearest larger town, or check the spelling.",
        ),
        (
            "where",
            {"town": "NE46 3NJ"},
            "We cannot look up the postcode “NE46 3NJ” here. Write the name of your town instead.",
        ),
        ("where", {"town": "Newcastle"}, "Several towns are called “Newcastle”. Choose yours."),
        ("where", {"capacity": "0"}, "Write a number of at least 1."),
        ("where", {"capacity": "9" * 30}, f"Write a number of at most {hosting.CAPACITY_MOST}."),
        ("where", {"venue": " "}, "Say where people meet, for example “Town library, main door”."),
        ("you", {"email": "dolores@"}, "Finish the e-mail address, for example amina@example.org"),
        (
            "you",
            {"phone": "12"},
            "There is no such number. Check its digits, and begin with the country code, "
            "such as +44.",
        ),
        ("you", {"given": "x" * 5000}, "Make this shorter: at most 60 characters, now 5000."),
    ],
)
def test_bad_answer_gets_a_sentence_and_keeps_what_was_typed(
    client: Client, step: str, changes: dict[str, str], sentence: str
) -> None:
    live_campaign()
    steps = ["when", "where", "you"]
    address, _answer = fill(client, *steps[: steps.index(step)])
    before = drafts.answers(HostDraft.objects.get())
    name = next(iter(changes))

    answer = client.post(f"{address}/{step}", {**ANSWERS[step], **changes})

    assert (answer.status_code, reading.errors(answer)) == (422, [sentence])
    assert reading.value_of(answer, name) == changes[name]
    assert drafts.answers(HostDraft.objects.get()) == before


def test_town_of_several_is_chosen_by_a_radio_button(client: Client) -> None:
    live_campaign()
    address, answer = fill(client, "when", "where", town="Newcastle")
    choices = answer.context["form"].fields["town_id"].choices
    number = next(value for value, label in choices if "England" in label)

    chosen = client.post(
        f"{address}/where", {**ANSWERS["where"], "town": "Newcastle", "town_id": number}
    )

    assert chosen["Location"] == f"{address}/you"
    place = drafts.answers(HostDraft.objects.get())["place"]
    assert (place["town"], place["country"]) == ("Newcastle upon Tyne", "GB")


def test_country_outside_the_campaign_is_refused_beside_the_town(client: Client) -> None:
    live_campaign(countries=["GB"])

    _address, answer = fill(client, "when", "where", town="Lyon")

    assert reading.errors(answer) == [
        "This campaign is not held in that country. Choose a town in another one."
    ]


def test_time_that_the_clocks_skip_is_told_on_the_list(client: Client) -> None:
    live_campaign()
    address, _answer = fill(
        client, "when", "where", "you", day="2026-03-29", starts="01:30", ends="03:00"
    )

    assert "On that day the clocks skip this time, so we moved it to 02:00." in reading.text(
        client.get(f"{address}/check")
    )


def test_nothing_is_half_written_before_publishing(client: Client) -> None:
    live_campaign()
    fill(client, "when", "where", "you")

    assert (Person.objects.count(), Event.objects.count()) == (0, 0)


def test_link_that_was_changed_or_has_expired_opens_nothing(
    client: Client, still_clock: Any
) -> None:
    live_campaign()
    address = begin(client)
    wrong = address[:-1] + ("A" if address[-1] != "A" else "B")
    statuses = [client.get(f"{path}/when").status_code for path in (address, wrong)]
    still_clock.shift(14 * 24 * 3600 + 1)

    assert (statuses, client.get(f"{address}/when").status_code) == ([200, 410], 410)


def test_campaign_that_is_over_takes_no_events(client: Client, still_clock: Any) -> None:
    live_campaign()
    still_clock.move_to(date(2026, 4, 2))

    pages = [client.get(START), client.post(START, ANSWERS["kind"])]

    assert ["This campaign is over" in reading.text(page) for page in pages] == [True, True]
    assert HostDraft.objects.count() == 0


def test_unknown_step_is_not_found(client: Client) -> None:
    live_campaign()

    assert client.get(f"{begin(client)}/nonsense").status_code == 404
