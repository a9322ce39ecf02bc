"""A supporter's own page: nothing happens by opening it, everything by pressing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import hosting, proving
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger.models import Entry
from groundswell.people import queries
from tests.factories import events as make
from tests.factories.links import host_token, rsvp_token

pytestmark = pytest.mark.django_db


def page(token: str) -> str:
    return f"/en/my/going/{token}"


def proven(event: Event, **sign_up: Any) -> Rsvp:
    rsvp = make.signed_up(event, **sign_up)
    assert rsvp.person_id is not None
    proving.prove_rsvps(person_id=rsvp.person_id, by=make.supporter_of(rsvp))
    rsvp.refresh_from_db()
    return rsvp


def test_opening_the_link_changes_nothing(client: Client) -> None:
    rsvp = make.signed_up(make.listed_event())
    token, before = rsvp_token(rsvp), Entry.objects.count()

    for path in ("", "/prove", "/cancel", "/confirm", "/came", "/party"):
        client.get(page(token) + path)
        client.head(page(token) + path)

    rsvp.refresh_from_db()
    assert (Entry.objects.count(), rsvp.is_proven, rsvp.state) == (before, False, "going")


def test_one_press_proves_the_address(client: Client) -> None:
    rsvp = make.signed_up(make.listed_event())
    token = rsvp_token(rsvp)

    asked = client.get(page(token)).content.decode()
    client.post(page(token) + "/prove")

    rsvp.refresh_from_db()
    assert "Yes, this is me" in asked
    assert rsvp.is_proven


def test_confirming_changing_and_cancelling(client: Client) -> None:
    rsvp = proven(make.listed_event(capacity=5))
    token = rsvp_token(rsvp)

    client.post(page(token) + "/confirm")
    client.post(page(token) + "/party", {"party": "3"})
    rsvp.refresh_from_db()
    after_change = (rsvp.confirmed_at is not None, rsvp.party)
    client.post(page(token) + "/cancel")

    rsvp.refresh_from_db()
    assert after_change == (True, 3)
    assert rsvp.state == "cancelled"


def test_more_people_than_places_is_said_beside_the_field(client: Client) -> None:
    rsvp = proven(make.listed_event(capacity=2))

    answer = client.post(page(rsvp_token(rsvp)) + "/party", {"party": "4"})

    assert answer.status_code == 422
    assert "There are not that many places left" in answer.content.decode()


@pytest.mark.parametrize("party", ["", "0", "6", "x", "9" * 400, "\x00"])
def test_nonsense_party_is_refused(client: Client, party: str) -> None:
    rsvp = proven(make.listed_event())

    answer = client.post(page(rsvp_token(rsvp)) + "/party", {"party": party})

    rsvp.refresh_from_db()
    assert (answer.status_code, rsvp.party) == (422, 1)


def test_did_you_make_it(client: Client, still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = proven(event)
    token = rsvp_token(rsvp)
    still_clock.move_to(event.ends_at + timedelta(hours=1))

    asked = client.get(page(token)).content.decode()
    client.post(page(token) + "/came", {"came": "yes"})

    rsvp.refresh_from_db()
    assert "did you make it?" in asked
    assert rsvp.came is True


def test_exact_place_of_a_private_event_shows_only_to_proven_people(client: Client) -> None:
    place = make.leeds(publicity=Event.Publicity.GOING, venue="12 Cardigan Road")
    event = make.listed_event(place=place)
    unproven, sure = make.signed_up(event), proven(event)

    seen = ["12 Cardigan Road" in client.get(page(rsvp_token(r))).content.decode()
            for r in (unproven, sure)]  # fmt: skip

    assert seen == [False, True]


def test_cancelled_event_says_so_with_the_hosts_words(client: Client) -> None:
    event = make.listed_event()
    rsvp = proven(event)
    hosting.cancel_event(event_id=event.id, words="The hall is flooded.", by=SYSTEM)

    text = client.get(page(rsvp_token(rsvp))).content.decode()

    assert "This event is off" in text
    assert "The hall is flooded." in text


@pytest.mark.parametrize("token", ["x", "a" * 22, "%00", "a" * 5000])
def test_link_that_is_none_answers_410_with_what_to_do(client: Client, token: str) -> None:
    answer = client.get(f"/en/my/going/{token}")

    assert answer.status_code == 410
    assert "Open the newest mail" in answer.content.decode()


def test_links_open_only_what_they_are_for(client: Client, still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    wrong, old = host_token(event), rsvp_token(rsvp, days=1)
    still_clock.shift(timedelta(days=2))

    assert [client.get(page(token)).status_code for token in (wrong, old)] == [410, 410]


def test_personal_pages_are_not_stored_by_browsers(client: Client) -> None:
    answer = client.get(page(rsvp_token(make.signed_up(make.listed_event()))))

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_number_given_here_is_theirs_at_once(client: Client) -> None:
    rsvp = proven(make.listed_event())
    path = page(rsvp_token(rsvp))

    refused = client.post(path + "/phone", {"phone": "12"})
    kept = client.post(path + "/phone", {"phone": "+44 7400 123456"})

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert 'value="12"' in refused.content.decode()
    assert queries.phone_of(rsvp.person_id or 0) == "+447400123456"
    assert "Another phone number?" in client.get(path).content.decode()
