"""Signing up: seats, waiting list, repeats, proof, lapse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.events.models import Rsvp, Seats
from groundswell.events.operations import lapsing, proving, rsvps
from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger.models import Entry
from groundswell.people import contacts
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent, Contact, Person
from groundswell.people.operations.persons import Typed
from tests.factories import events as make

pytestmark = pytest.mark.django_db

AMINA = Typed(given="Amina", family="Khan", email="Amina@Example.org ")


def sign(event: Any, typed: Typed = AMINA, **choices: Any) -> rsvps.Made:
    return rsvps.make_rsvp(event=event, typed=typed, sign_up=rsvps.SignUp(**choices), by=VISITOR)


def seats_of(event: Any) -> tuple[int, int]:
    seats = Seats.objects.get(event=event)
    return seats.taken, seats.waiting


def test_sign_up_holds_its_seats_and_tells_the_ledger() -> None:
    event = make.listed_event(capacity=10)

    made = sign(event, party=3, source="poster", utm={"utm_source": "radio"})

    assert (made.shown, made.is_repeat) == (Rsvp.State.GOING, False)
    assert seats_of(event) == (3, 0)
    assert (made.rsvp.source, made.rsvp.utm) == ("poster", {"utm_source": "radio"})
    assert Entry.objects.filter(kind="events.RsvpMade", person_id=made.rsvp.person_id).count() == 1


def test_sign_up_seals_address_and_name() -> None:
    event = make.listed_event()

    rsvp = sign(event).rsvp

    assert rsvp.person is not None
    contact = Contact.objects.get(person=rsvp.person)
    assert people_queries.address_of(contact) == "amina@example.org"
    assert people_queries.name_of(rsvp.person).for_hosts == "Amina K."
    assert b"amina" not in bytes(contact.value_sealed).lower()


def test_sign_up_gives_consent_for_this_event_only() -> None:
    event = make.listed_event()

    rsvp = sign(event).rsvp

    assert list(Consent.objects.filter(person=rsvp.person).values_list("purpose", "about_id")) == [
        ("event", event.id)
    ]


def test_sign_up_with_campaign_mail_records_the_wording() -> None:
    event = make.listed_event()

    rsvp = sign(event, wants_campaign_mail=True).rsvp

    consent = Consent.objects.get(person=rsvp.person, purpose="campaign")
    assert (consent.about_id, consent.wording, consent.source) == (
        event.campaign_id,
        "rsvp-campaign-1",
        "public.rsvp",
    )


def test_repeat_changes_nothing() -> None:
    event = make.listed_event(capacity=10)
    first = sign(event, party=2).rsvp

    again = sign(event, Typed(given="Eve", email="amina@example.org"), party=5)

    assert (again.is_repeat, again.rsvp.id) == (True, first.id)
    assert seats_of(event) == (2, 0)
    assert Person.objects.count() == 2  # Amina and the host


def test_repeat_at_a_full_event_shows_what_a_stranger_would_see() -> None:
    event = make.listed_event(capacity=1)
    sign(event)

    again = sign(event)

    assert again.rsvp.state == Rsvp.State.GOING
    assert again.shown == Rsvp.State.WAITING


def test_full_event_puts_the_party_into_the_waiting_list() -> None:
    event = make.listed_event(capacity=4)
    make.signed_up(event, party=3)

    made = sign(event, party=2)

    assert made.shown == Rsvp.State.WAITING
    assert seats_of(event) == (3, 1)


def test_cancelling_promotes_the_first_party_that_fits() -> None:
    event = make.listed_event(capacity=3)
    going = make.signed_up(event, party=2)
    make.signed_up(event, party=1)
    large = make.signed_up(event, party=3)
    small = make.signed_up(event, party=1)
    pair = make.signed_up(event, party=1)

    rsvps.cancel_rsvp(rsvp_id=going.id, by=make.supporter_of(going))

    states = {
        rsvp.id: rsvp.state for rsvp in Rsvp.objects.filter(id__in=[large.id, small.id, pair.id])
    }
    assert states == {large.id: "waiting", small.id: "going", pair.id: "going"}
    assert seats_of(event) == (3, 1)
    assert Entry.objects.filter(kind="events.SeatPromoted").count() == 2


def test_cancelling_twice_frees_seats_once() -> None:
    event = make.listed_event(capacity=5)
    rsvp = make.signed_up(event, party=2)

    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))
    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))

    assert seats_of(event) == (0, 0)


def test_signing_up_again_after_cancelling_takes_a_seat() -> None:
    event = make.listed_event(capacity=5)
    rsvp = sign(event, party=2).rsvp
    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))

    again = sign(event, party=1)

    assert (again.rsvp.id, again.rsvp.party, again.shown) == (rsvp.id, 1, Rsvp.State.GOING)
    assert seats_of(event) == (1, 0)


@pytest.mark.parametrize("party", [0, 6, -1, 2**70])
def test_party_out_of_range_is_refused(party: int) -> None:
    event = make.listed_event()

    with pytest.raises(rsvps.PartyTooLarge):
        sign(event, party=party)


@pytest.mark.parametrize("given", ["", "   ", "\x00\u202e"])
def test_sign_up_without_a_name_is_refused(given: str) -> None:
    event = make.listed_event()

    with pytest.raises(rsvps.NameIsMissing):
        sign(event, Typed(given=given, email="a@example.org"))


@pytest.mark.parametrize("email", ["amina.k@gmail", "a@b@c.org", "x" * 300 + "@a.org", "@", "é@"])
def test_sign_up_with_a_bad_address_is_refused_and_writes_nothing(email: str) -> None:
    event = make.listed_event()
    before = Person.objects.count()

    with pytest.raises(contacts.NotAnEmail):
        sign(event, Typed(given="Amina", email=email))

    assert (Person.objects.count(), seats_of(event)) == (before, (0, 0))


def test_sign_up_after_the_event_is_refused(still_clock: Any) -> None:
    event = make.listed_event()
    still_clock.move_to(event.ends_at)

    with pytest.raises(rsvps.EventTakesNoSignUps):
        sign(event)


def test_strangers_cannot_change_a_sign_up() -> None:
    event = make.listed_event()
    rsvp, other = make.signed_up(event), make.signed_up(event)
    strangers = [
        VISITOR,
        make.supporter_of(other),
        make.host_of(event),
        actor.person(rsvp.person_id or 0),  # the right person with a link for nothing
        actor.account(5, frozenset()),
    ]

    for stranger in strangers:
        for act in (
            lambda by: rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=by),
            lambda by: rsvps.change_party(rsvp_id=rsvp.id, party=2, by=by),
            lambda by: rsvps.confirm_rsvp(rsvp_id=rsvp.id, by=by),
            lambda by: proving.give_phone(rsvp_id=rsvp.id, phone="+447700900123", by=by),
        ):
            with pytest.raises(rsvps.NotYourSignUp):
                act(stranger)
    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=SYSTEM)  # the control: the office may


def test_changing_the_party_takes_and_frees_seats() -> None:
    event = make.listed_event(capacity=4)
    rsvp = make.signed_up(event, party=3)
    waiting = make.signed_up(event, party=2)

    with pytest.raises(rsvps.EventIsFull):
        rsvps.change_party(rsvp_id=rsvp.id, party=5, by=make.supporter_of(rsvp))
    rsvps.change_party(rsvp_id=rsvp.id, party=2, by=make.supporter_of(rsvp))

    waiting.refresh_from_db()
    assert (waiting.state, seats_of(event)) == ("going", (4, 0))


def test_unproven_seat_of_a_nearly_full_event_lapses_after_half_an_hour(still_clock: Any) -> None:
    event = make.listed_event(capacity=5)
    early = make.signed_up(event, party=3)
    late = make.signed_up(event, party=1)  # 4 of 5: nearly full
    next_one = make.signed_up(event, party=2)
    assert (early.hold_until, late.hold_until) == (None, late.created_at + timedelta(minutes=30))

    still_clock.shift(timedelta(minutes=31))
    lapsed = lapsing.lapse_holds()

    late.refresh_from_db()
    next_one.refresh_from_db()
    assert (lapsed, late.state, next_one.state) == (1, "lapsed", "going")
    assert seats_of(event) == (5, 0)


def test_proven_seat_never_lapses(still_clock: Any) -> None:
    event = make.listed_event(capacity=1)
    rsvp = make.signed_up(event)
    assert rsvp.person_id is not None

    proven = proving.prove_rsvps(person_id=rsvp.person_id, by=make.supporter_of(rsvp))
    still_clock.shift(timedelta(hours=2))

    rsvp.refresh_from_db()
    assert (proven, lapsing.lapse_holds(), rsvp.state, rsvp.is_proven) == (1, 0, "going", True)


def test_phone_becomes_a_contact_only_once_the_address_is_proven() -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    me = make.supporter_of(rsvp)
    assert rsvp.person_id is not None

    proving.give_phone(rsvp_id=rsvp.id, phone="+44 7400 123456", by=me)
    before = Contact.objects.filter(person_id=rsvp.person_id, kind="phone").count()
    proving.prove_rsvps(person_id=rsvp.person_id, by=me)

    phone = Contact.objects.get(person_id=rsvp.person_id, kind="phone")
    assert (before, people_queries.address_of(phone)) == (0, "+447400123456")


def test_confirming_is_recorded_once() -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)

    rsvps.confirm_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))
    rsvps.confirm_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))

    assert Entry.objects.filter(kind="events.RsvpConfirmed").count() == 1


def test_phone_given_after_signing_up_waits_even_for_a_person_we_know() -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event, email="amina@example.org")
    proving.prove_rsvps(person_id=rsvp.person_id, by=make.supporter_of(rsvp))
    again = make.signed_up(
        make.listed_event(event.campaign, host="h2@example.org"), email="amina@example.org"
    )
    me = make.supporter_of(again)
    counts = []
    for act in (
        lambda: proving.give_phone(rsvp_id=again.id, phone="+44 7400 123456", by=me),
        lambda: proving.prove_rsvps(person_id=again.person_id, by=me),
    ):
        act()
        counts.append(Contact.objects.filter(person_id=again.person_id, kind="phone").count())

    assert (again.is_proven, counts) == (True, [0, 1])


def test_phone_given_on_a_page_behind_a_link_is_kept_at_once() -> None:
    rsvp = make.signed_up(make.listed_event())
    me = make.supporter_of(rsvp)

    proving.give_phone(rsvp_id=rsvp.id, phone="+44 7400 123456", by=me, came_by_link=True)

    assert Contact.objects.filter(person_id=rsvp.person_id, kind="phone").count() == 1
