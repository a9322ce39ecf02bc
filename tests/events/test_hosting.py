"""Hosting: drafts, publishing, proving, changing, cancelling, messages."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, time, timedelta
from typing import Any

import pytest

from groundswell.events import times
from groundswell.events.models import Event, HostDraft, HostMessage, Rsvp, Seats, Tick
from groundswell.events.operations import checklist, hosting, messages, reviewing
from groundswell.events.queries import changing
from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger.models import Entry
from groundswell.people.models import Consent, Contact
from groundswell.people.operations.persons import Typed
from groundswell.places import geometry
from groundswell.site import vault
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db


def test_publishing_needs_proof_then_review_then_stands_on_the_map() -> None:
    event = make.unproven_event()
    states = [event.state]

    hosting.prove_host(event_id=event.id, by=make.host_of(event))
    event.refresh_from_db()
    states.append(event.state)
    reviewing.approve(event_id=event.id, by=SYSTEM)
    event.refresh_from_db()
    states.append(event.state)

    assert states == ["unproven", "waiting", "listed"]
    kinds = Entry.objects.filter(event_id=event.id).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["events.EventHosted", "events.EventProven", "events.EventListed"]


def test_publishing_asks_consent_for_hosting() -> None:
    event = make.unproven_event()

    consent = Consent.objects.get(person_id=event.host_id)
    assert (consent.purpose, consent.about_id, consent.wording) == ("hosting", event.id, "host-1")


def test_publishing_a_draft_twice_makes_one_event() -> None:
    campaign = live_campaign()
    draft = hosting.start_draft(campaign=campaign, by=VISITOR)

    first, again = (
        hosting.publish_event(
            campaign=campaign,
            plan=make.plan(),
            host=Typed(given="Dolores", email="d@example.org"),
            by=VISITOR,
            draft=draft,
        )
        for _ in range(2)
    )

    assert first.id == again.id
    assert Event.objects.count() == 1


def test_draft_keeps_the_answers_of_every_step_sealed() -> None:
    draft = hosting.start_draft(campaign=live_campaign(), by=VISITOR)

    hosting.save_answers(draft=draft, answers={"kind": "meeting"}, by=VISITOR)
    hosting.save_answers(draft=draft, answers={"email": "d@example.org"}, by=VISITOR)

    draft = HostDraft.objects.get()
    assert json.loads(vault.open_(draft, "answers_sealed")) == {
        "kind": "meeting",
        "email": "d@example.org",
    }
    assert b"example" not in bytes(draft.answers_sealed)


def test_private_place_is_sealed_and_its_point_displaced() -> None:
    place = make.leeds(publicity=Event.Publicity.GOING, venue="12 Cardigan Road")

    event = make.unproven_event(place=place)

    moved = geometry.distance_km(53.8, -1.55, event.latitude, event.longitude)
    assert event.venue == ""
    assert vault.open_(event, "venue_sealed") == "12 Cardigan Road"
    assert 0.49 <= moved <= 1.51


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"kind": "march"}, hosting.UnknownKind),
        ({"title": " \u202e\x00 "}, hosting.TitleIsMissing),
        ({"place": make.leeds(venue="  ")}, hosting.PlaceIsMissing),
        ({"capacity": 0}, hosting.CapacityOutOfRange),
        ({"capacity": 2**64}, hosting.CapacityOutOfRange),
        ({"place": make.leeds(latitude=91)}, geometry.NotOnTheEarth),
        ({"place": make.leeds(country="FR")}, hosting.OutsideTheCountries),
        (
            {"slot": times.slot(date(2026, 3, 2), time(11), time(12), "Europe/London")},
            times.IsInThePast,
        ),
        (
            {"slot": times.slot(date(2026, 4, 1), time(11), time(12), "Europe/London")},
            times.OutsideTheCampaign,
        ),
    ],
)
def test_publishing_refuses_with_a_sentence_and_writes_nothing(
    change: dict[str, Any], refusal: type[Exception]
) -> None:
    campaign = live_campaign(countries=["GB"])

    with pytest.raises(refusal):
        hosting.publish_event(
            campaign=campaign,
            plan=dataclasses.replace(make.plan(), **change),
            host=Typed(given="Dolores", email="d@example.org"),
            by=VISITOR,
        )

    assert (Event.objects.count(), Contact.objects.count()) == (0, 0)


def test_event_never_proven_comes_down_after_a_day(still_clock: Any) -> None:
    event = make.unproven_event()

    still_clock.shift(timedelta(hours=23))
    hosting.tidy_hosting.call()
    event.refresh_from_db()
    before = event.state
    still_clock.shift(timedelta(hours=2))
    hosting.tidy_hosting.call()

    event.refresh_from_db()
    assert (before, event.state) == ("unproven", "lapsed")


def test_moving_an_event_needs_words_and_counts_the_sequence() -> None:
    event = make.listed_event()
    later = make.plan(starts=time(12), ends=time(13))

    with pytest.raises(hosting.WordsAreMissing):
        hosting.change_event(event_id=event.id, plan=later, words=" ", by=make.host_of(event))
    changed = hosting.change_event(
        event_id=event.id, plan=later, words="The hall opens later.", by=make.host_of(event)
    )

    assert (changed.sequence, changed.starts_wall, changed.state) == (
        1,
        "2026-03-21T12:00",
        "listed",
    )
    entry = Entry.objects.get(kind="events.EventChanged")
    assert entry.rest == {"sequence": 1, "has_moved": True}


def test_changing_only_the_description_needs_no_words() -> None:
    event = make.listed_event()

    hosting.change_event(
        event_id=event.id,
        plan=make.plan(description="Bring tea."),
        words="",
        by=make.host_of(event),
    )

    assert Entry.objects.get(kind="events.EventChanged").rest["has_moved"] is False


def test_listed_event_that_moves_far_is_checked_again() -> None:
    event = make.listed_event()
    london = make.leeds(town="London", latitude=51.5, longitude=-0.12)

    changed = hosting.change_event(
        event_id=event.id, plan=make.plan(place=london), words="New town.", by=make.host_of(event)
    )

    assert changed.state == "waiting"


def test_capacity_below_the_people_coming_is_refused_and_nothing_changes() -> None:
    event = make.listed_event(capacity=10)
    make.signed_up(event, party=4)

    with pytest.raises(hosting.CapacityTooSmall):
        hosting.change_event(
            event_id=event.id,
            plan=make.plan(title="Other", capacity=3),
            words="",
            by=make.host_of(event),
        )

    event.refresh_from_db()
    assert (event.title, Seats.objects.get(event=event).capacity) == (
        "Hyde Park Corner bus stop",
        10,
    )


def test_larger_capacity_promotes_the_waiting() -> None:
    event = make.listed_event(capacity=1)
    make.signed_up(event)
    waiting = make.signed_up(event, party=2)

    hosting.change_event(
        event_id=event.id, plan=make.plan(capacity=5), words="", by=make.host_of(event)
    )

    waiting.refresh_from_db()
    assert waiting.state == Rsvp.State.GOING


def test_cancelling_needs_words_and_happens_once() -> None:
    event = make.listed_event()
    host = make.host_of(event)

    with pytest.raises(hosting.WordsAreMissing):
        hosting.cancel_event(event_id=event.id, words="", by=host)
    hosting.cancel_event(event_id=event.id, words="The hall is flooded.", by=host)
    hosting.cancel_event(event_id=event.id, words="Again.", by=host)

    event.refresh_from_db()
    assert (event.state, event.words, event.sequence) == ("cancelled", "The hall is flooded.", 1)
    assert Entry.objects.filter(kind="events.EventCancelled").count() == 1


def test_only_the_host_of_this_event_or_the_office_manages_it() -> None:
    event = make.listed_event()
    other = make.listed_event(event.campaign, host="other@example.org")
    rsvp = make.signed_up(event)
    strangers = [
        VISITOR,
        make.host_of(other),
        make.supporter_of(rsvp),
        actor.person(event.host_id or 0),
        actor.account(7, frozenset()),
    ]

    for stranger in strangers:
        for act in (
            lambda by: hosting.cancel_event(event_id=event.id, words="No.", by=by),
            lambda by: hosting.prove_host(event_id=event.id, by=by),
            lambda by: hosting.change_event(event_id=event.id, plan=make.plan(), words="", by=by),
            lambda by: messages.message_people(event_id=event.id, body="Hello", by=by),
            lambda by: checklist.tick(event_id=event.id, key="invite", done=True, by=by),
            lambda by: checklist.open_kit(event_id=event.id, by=by),
        ):
            with pytest.raises(hosting.NotYourEvent):
                act(stranger)
    checklist.tick(event_id=event.id, key="invite", done=True, by=make.host_of(event))  # control


def test_host_sends_three_messages_at_most() -> None:
    event = make.listed_event()
    make.signed_up(event)
    host = make.host_of(event)

    for hour in ("ten", "eleven", "twelve"):
        messages.message_people(event_id=event.id, body=f"See you at {hour}.", by=host)
    with pytest.raises(messages.EnoughMessages):
        messages.message_people(event_id=event.id, body="One more.", by=host)

    assert list(HostMessage.objects.values_list("recipient_count", flat=True)) == [1, 1, 1]


def test_pressing_twice_sends_one_message(still_clock: Any) -> None:
    event = make.listed_event()
    host = make.host_of(event)

    first = messages.message_people(event_id=event.id, body="See you at eleven.", by=host)
    again = messages.message_people(event_id=event.id, body=" See you at eleven. ", by=host)
    still_clock.shift(timedelta(minutes=11))
    later = messages.message_people(event_id=event.id, body="See you at eleven.", by=host)

    assert (again.id == first.id, later.id == first.id) == (True, False)


def test_event_stays_in_its_country() -> None:
    event = make.listed_event()
    plan = changing.plan_of(event)
    paris = dataclasses.replace(
        plan.place, town="Paris", country="FR", latitude=48.85, longitude=2.35
    )

    with pytest.raises(hosting.MovesToAnotherCountry):
        hosting.change_event(
            event_id=event.id,
            plan=dataclasses.replace(plan, place=paris),
            words="We move.",
            by=make.host_of(event),
        )


def test_line_that_is_not_on_the_list_is_refused() -> None:
    event = make.listed_event()

    with pytest.raises(checklist.NotOnTheList):
        checklist.tick(event_id=event.id, key="nosuch", done=True, by=make.host_of(event))


def test_ticking_twice_and_unticking() -> None:
    event = make.listed_event()
    host = make.host_of(event)

    for _ in range(2):
        checklist.tick(event_id=event.id, key="invite", done=True, by=host)
    ticked = Tick.objects.count()
    checklist.tick(event_id=event.id, key="invite", done=False, by=host)

    assert (ticked, Tick.objects.count()) == (1, 0)


def test_review_sentences_are_kept_for_the_host() -> None:
    event = make.waiting_event()

    with pytest.raises(reviewing.SayWhy):
        reviewing.ask_host(event_id=event.id, words="", by=SYSTEM)
    reviewing.ask_host(event_id=event.id, words="Which door?", by=SYSTEM)
    event.refresh_from_db()
    asked = (event.state, event.review_words)
    reviewing.decline(event_id=event.id, words="It is a private garden.", by=SYSTEM)
    event.refresh_from_db()

    assert asked == ("asked", "Which door?")
    assert (event.state, event.review_words) == ("declined", "It is a private garden.")
    with pytest.raises(reviewing.NothingToReview):
        reviewing.approve(event_id=event.id, by=SYSTEM)


def test_hosts_cannot_review_their_own_event() -> None:
    event = make.waiting_event()

    with pytest.raises(reviewing.OnlyOrganisersReview):
        reviewing.approve(event_id=event.id, by=make.host_of(event))


def test_night_event_ends_on_the_next_day() -> None:
    slot = times.slot(date(2026, 3, 21), time(22), time(1, 30), "Europe/London")

    assert (slot.starts_wall, slot.ends_wall) == ("2026-03-21T22:00", "2026-03-22T01:30")


def test_slot_refuses_an_end_before_the_start() -> None:
    for ends in (time(11), time(10)):
        with pytest.raises(times.EndsBeforeItStarts):
            times.slot(date(2026, 3, 21), time(11), ends, "Europe/London")


def test_edge_of_the_calendar_is_refused() -> None:
    with pytest.raises(times.NoSuchDay):
        times.slot(date(9999, 12, 31), time(23), time(1), "Europe/London")
