"""Held sign-ups and events: no seat, no number; let in, deleted, taken back, gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts import doubts
from groundswell.accounts.doubts import Doubt, Look
from groundswell.events.models import Event, Held, Rsvp, Seats
from groundswell.events.operations import holding, hosting, lapsing, publishing, rsvps
from groundswell.events.queries import finding, guarded, people, watching
from groundswell.kernel import actor as actors
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.ledger.models import Entry
from groundswell.metrics.models import DayCount, EventCount
from groundswell.outreach.models import Message
from groundswell.people import finding as people_finding
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent, Contact, Person
from groundswell.people.operations import blocking
from groundswell.people.operations.persons import Typed
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db

ORGANISER = actors.account(7, frozenset({Role.ORGANISER}))


def sign_up(
    event: Event, email: str = "amina@example.org", *, look: Look | None = None, **chosen: Any
) -> rsvps.Made:
    return rsvps.make_rsvp(
        event=event,
        typed=Typed(given="Amina", email=email),
        sign_up=rsvps.SignUp(**chosen),
        by=VISITOR,
        look=look or Look(),
    )


def held(event: Event, email: str = "amina@example.org", **chosen: Any) -> Rsvp:
    return sign_up(event, email, look=Look(doubt=Doubt.FAST), **chosen).rsvp


def counts(event: Event) -> tuple[int, int]:
    row = Seats.objects.get(event=event)
    return row.taken, row.waiting


def test_without_a_doubt_a_look_changes_nothing() -> None:
    event = make.listed_event(capacity=10)

    made = sign_up(event, party=2)

    assert (made.rsvp.state, made.shown, counts(event)) == ("going", Rsvp.State.GOING, (2, 0))
    assert Held.objects.count() == 0


def test_a_held_sign_up_takes_no_seat_and_stands_in_no_number(work: Any) -> None:
    event = make.listed_event(capacity=10)

    made = sign_up(event, look=Look(doubt=Doubt.FAST), party=2, wants_campaign_mail=True)
    work()

    assert (made.rsvp.state, made.shown, counts(event)) == ("held", Rsvp.State.HELD, (0, 0))
    assert people.people_coming(event) == []
    assert people.heads(event) == people.Head()
    assert DayCount.objects.filter(measure="sign_ups").count() == 0
    assert EventCount.objects.filter(event=event, sign_ups__gt=0).count() == 0
    # What was agreed to beyond the event waits as well.
    assert list(Consent.objects.values_list("purpose", flat=True).filter(
        person_id=made.rsvp.person_id)) == ["event"]  # fmt: skip


def test_the_list_of_people_leaves_out_whoever_is_in_quarantine_only() -> None:
    event = make.listed_event()
    waiting = held(event, "waiting@example.org")
    both = held(event, "both@example.org")
    make.signed_up(make.listed_event(), email="both@example.org")
    owner = actors.account(7, [Role.OWNER])

    listed = {person.id for person in people_finding.find("", by=owner)}

    assert waiting.person_id not in listed
    assert {both.person_id, event.host_id} <= listed
    holding.let_in(held_ids=[Held.objects.get(rsvp=waiting).id], by=owner)
    assert waiting.person_id in {person.id for person in people_finding.find("", by=owner)}


def test_control_a_sign_up_that_is_not_held_stands_in_the_numbers(work: Any) -> None:
    event = make.listed_event(capacity=10)
    sign_up(event, party=2)
    work()

    assert DayCount.objects.get(measure="sign_ups").count == 1
    assert EventCount.objects.get(event=event).sign_ups == 1


def test_its_owner_lets_it_in_with_everything_that_was_typed(work: Any) -> None:
    event = make.listed_event(capacity=10)
    rsvp = held(event, party=3, can_help=True, wants_campaign_mail=True)

    state = holding.confirm(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))
    work()

    rsvp.refresh_from_db()
    assert (state, rsvp.state, rsvp.is_proven, rsvp.party, rsvp.can_help) == (
        Rsvp.State.GOING, "going", True, 3, True,
    )  # fmt: skip
    assert counts(event) == (3, 0)
    assert Held.objects.count() == 0
    assert DayCount.objects.get(measure="sign_ups").count == 1
    assert people_queries.has_consent(
        rsvp.person_id or 0, purpose="campaign", about_id=event.campaign_id
    )
    assert Contact.objects.get(person_id=rsvp.person_id).proven_at is not None
    assert holding.confirm(rsvp_id=rsvp.id, by=make.supporter_of(rsvp)) == Rsvp.State.GOING
    assert counts(event) == (3, 0)


def test_a_full_event_gives_a_place_in_the_line() -> None:
    event = make.listed_event(capacity=1)
    rsvp = held(event)
    make.signed_up(event)

    assert holding.confirm(rsvp_id=rsvp.id, by=make.supporter_of(rsvp)) == Rsvp.State.WAITING
    assert counts(event) == (1, 1)


def test_nobody_confirms_for_another() -> None:
    event = make.listed_event()
    rsvp, other = held(event), make.signed_up(event)

    for by in (VISITOR, make.supporter_of(other), make.host_of(event)):
        with pytest.raises(rsvps.NotYourSignUp):
            holding.confirm(rsvp_id=rsvp.id, by=by)
    assert Rsvp.objects.get(id=rsvp.id).state == "held"


def test_an_event_that_is_over_lets_nobody_in(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = held(event)
    still_clock.move_to(event.ends_at)

    with pytest.raises(rsvps.EventTakesNoSignUps):
        holding.confirm(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))


def test_signing_up_again_without_a_doubt_takes_the_seat() -> None:
    event = make.listed_event(capacity=10)
    first = held(event)

    again = sign_up(event, party=2)

    assert (again.rsvp.id, again.rsvp.state, counts(event)) == (first.id, "going", (2, 0))
    assert Held.objects.count() == 0


def test_signing_up_again_on_a_doubt_stays_one_row() -> None:
    event = make.listed_event()
    first, second = held(event), sign_up(event, look=Look(doubt=Doubt.TRAP))

    assert (first.id, second.is_repeat, second.shown) == (second.rsvp.id, True, Rsvp.State.HELD)
    assert Held.objects.get().because == "trap"
    assert Consent.objects.filter(person_id=first.person_id).count() == 1


def test_a_doubt_never_touches_a_sign_up_that_stands() -> None:
    event = make.listed_event(capacity=10)
    sign_up(event, party=2)

    again = sign_up(event, look=Look(doubt=Doubt.TRAP))

    assert (again.shown, again.rsvp.state, counts(event)) == (Rsvp.State.HELD, "going", (2, 0))
    assert Held.objects.count() == 0


def test_cancelling_what_is_held_leaves_nothing_to_let_in() -> None:
    event = make.listed_event()
    rsvp = held(event)

    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))

    assert (Rsvp.objects.get().state, Held.objects.count(), counts(event)) == (
        "cancelled", 0, (0, 0),
    )  # fmt: skip


def test_one_unproven_address_signs_up_for_five_events_and_then_waits() -> None:
    campaign = live_campaign()
    many = [make.listed_event(campaign, host=f"h{n}@example.org") for n in range(7)]

    states = [sign_up(event).rsvp.state for event in many[:6]]
    assert states == ["going"] * 5 + ["held"]
    assert Held.objects.get().because == "often"
    # Control: a proven address goes where it likes.
    Contact.objects.filter(person_id=Rsvp.objects.latest("id").person_id).update(
        proven_at=many[0].created_at
    )
    assert sign_up(many[6]).rsvp.state == "going"


def test_a_name_that_holds_a_link_is_refused_and_keeps_its_field() -> None:
    event = make.listed_event()

    with pytest.raises(rsvps.NameHoldsALink) as refused:
        rsvps.make_rsvp(
            event=event,
            typed=Typed(given="Win https://x.example", email="a@example.org"),
            sign_up=rsvps.SignUp(),
            by=VISITOR,
            look=Look(),
        )

    assert refused.value.field == "given"


def test_a_surge_puts_its_first_minutes_on_hold_too(still_clock: Any) -> None:
    event = make.listed_event()  # room for everybody: nothing would lapse otherwise
    proven = make.signed_up(event, email="proven@example.org")
    Rsvp.objects.filter(id=proven.id).update(is_proven=True)
    made = [sign_up(event, f"a{n}@example.org").rsvp for n in range(doubts.PER_THING)]
    assert {rsvp.hold_until for rsvp in made} == {None}

    assert sign_up(event, "late@example.org").rsvp.state == "held"
    worker = sign_up(event, "worked@example.org", look=Look(has_worked=True)).rsvp
    assert (worker.state, worker.hold_until is not None) == ("going", True)
    still_clock.shift(timedelta(minutes=31))

    assert lapsing.lapse_holds() == doubts.PER_THING + 1
    assert counts(event) == (1, 0)


# --- organisers ---------------------------------------------------------------------------------


def test_an_organiser_lets_in_and_the_address_stays_unproven(work: Any) -> None:
    event = make.listed_event(capacity=2)
    rows = [held(event, f"a{n}@example.org") for n in range(3)]

    count = holding.let_in(held_ids=list(Held.objects.values_list("id", flat=True)), by=ORGANISER)

    states = [Rsvp.objects.get(id=rsvp.id).state for rsvp in rows]
    assert (count, states, counts(event)) == (3, ["going", "going", "waiting"], (2, 1))
    assert Rsvp.objects.filter(is_proven=True).count() == 0
    assert Entry.objects.filter(kind="events.RsvpMade").count() == 3


def test_deleting_can_be_taken_back_for_a_day_and_is_gone_then(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = held(event)
    ids = [Held.objects.get().id]

    assert holding.discard(held_ids=ids, by=ORGANISER) == 1
    assert (list(guarded.in_quarantine()), Rsvp.objects.get().state) == ([], "cancelled")
    still_clock.shift(timedelta(hours=23))
    holding.tidy_quarantine.call()
    (press,) = guarded.deleted_lately()
    assert holding.take_back(deleted_at=press.deleted_at, by=ORGANISER) == 1
    assert (guarded.in_quarantine().get().id, Rsvp.objects.get().state) == (ids[0], "held")

    holding.discard(held_ids=ids, by=ORGANISER)
    still_clock.shift(timedelta(hours=24, seconds=1))
    (press_again,) = Held.objects.values_list("deleted_at", flat=True)
    with pytest.raises(holding.ChooseSome):
        holding.take_back(deleted_at=press_again, by=ORGANISER)
    holding.tidy_quarantine.call()
    assert (Rsvp.objects.count(), Held.objects.count()) == (0, 0)
    assert Person.objects.filter(id=rsvp.person_id).count() == 0
    assert Contact.objects.filter(person_id=rsvp.person_id).count() == 0


def test_what_nobody_confirms_goes_after_a_week_and_people_we_know_stay(still_clock: Any) -> None:
    event, other = make.listed_event(), make.listed_event(host="b@example.org")
    stranger, known = held(event, "a@example.org"), held(event, "known@example.org")
    make.signed_up(other, email="known@example.org")
    still_clock.shift(timedelta(days=7))
    holding.tidy_quarantine.call()
    assert Held.objects.count() == 2
    still_clock.shift(timedelta(seconds=1))
    holding.tidy_quarantine.call()

    assert Held.objects.count() == 0
    assert Person.objects.filter(id=stranger.person_id).count() == 0
    assert Person.objects.filter(id=known.person_id).count() == 1
    assert Rsvp.objects.get().event_id == other.id


def test_a_seat_taken_meanwhile_is_never_swept(still_clock: Any) -> None:
    event = make.listed_event()
    held(event)
    holding.discard(held_ids=[Held.objects.get().id], by=ORGANISER)
    sign_up(event)  # the same person, without a doubt
    still_clock.shift(timedelta(days=8))

    holding.tidy_quarantine.call()

    assert (Rsvp.objects.get().state, counts(event)) == ("going", (1, 0))


@pytest.mark.parametrize("by", [VISITOR, actors.account(3, frozenset()), actors.person(5)])
def test_nobody_else_sorts(by: actors.Actor) -> None:
    held(make.listed_event())
    ids = [Held.objects.get().id]

    for sort in (holding.let_in, holding.discard):
        with pytest.raises(holding.OnlyOrganisersSort):
            sort(held_ids=ids, by=by)
    with pytest.raises(holding.OnlyOrganisersSort):
        holding.take_back(deleted_at=make.STILL, by=by)
    assert Rsvp.objects.get().state == "held"


def test_nothing_chosen_or_too_much_is_refused() -> None:
    with pytest.raises(holding.ChooseSome):
        holding.discard(held_ids=[], by=ORGANISER)
    with pytest.raises(holding.TooManyAtOnce):
        holding.let_in(held_ids=range(501), by=ORGANISER)


# --- events -------------------------------------------------------------------------------------


def publish(look: Look | None = None, *, email: str = "max@example.org", **plan: Any) -> Event:
    return publishing.publish(
        campaign=live_campaign(),
        plan=make.plan(**plan),
        host=Typed(given="Max", email=email),
        look=look or Look(),
        by=VISITOR,
    )


def test_an_event_on_a_doubt_has_no_page_until_it_is_let_in(work: Any) -> None:
    event = publish(Look(doubt=Doubt.TRAP))
    work()
    assert (event.state, finding.waiting_for_review().count()) == ("held", 0)
    assert list(watching.for_office(event.campaign, SYSTEM)) == []
    with pytest.raises(rsvps.EventTakesNoSignUps):
        sign_up(event)
    Message.objects.all().delete()

    holding.let_in(held_ids=[guarded.in_quarantine().get().id], by=ORGANISER)
    work()

    event.refresh_from_db()
    assert (event.state, Held.objects.count()) == ("unproven", 0)
    assert Message.objects.get().kind == "host_link"
    hosting.prove_host(event_id=event.id, by=make.host_of(event))
    assert Event.objects.get().state == "waiting"


def test_an_event_without_a_doubt_is_live_at_its_link() -> None:
    assert publish().state == "unproven"
    assert Held.objects.count() == 0


@pytest.mark.parametrize("haste", [Doubt.FAST, Doubt.STALE, Doubt.UNSTAMPED])
def test_haste_alone_holds_no_event(haste: Doubt) -> None:
    assert publish(Look(doubt=haste)).state == "unproven"


@pytest.mark.parametrize(
    ("plan", "state"),
    [
        ({"title": "Win at www.example.com"}, "held"),
        ({"description": "https://a.example https://b.example www.c.example"}, "held"),
        ({"description": "Our page: https://a.example"}, "unproven"),
    ],
)
def test_an_event_that_advertises_is_held(plan: dict[str, str], state: str) -> None:
    assert publish(**plan).state == state


def test_a_deleted_event_comes_back_or_goes_with_its_host(still_clock: Any) -> None:
    event = publish(Look(doubt=Doubt.TRAP))
    ids = [Held.objects.get().id]
    holding.discard(held_ids=ids, by=ORGANISER)
    assert Event.objects.get().state == "lapsed"
    holding.take_back(deleted_at=guarded.deleted_lately()[0].deleted_at, by=ORGANISER)
    assert Event.objects.get().state == "held"
    holding.discard(held_ids=ids, by=ORGANISER)
    still_clock.shift(timedelta(days=2))

    holding.tidy_quarantine.call()

    assert (Event.objects.count(), Person.objects.filter(id=event.host_id).count()) == (0, 0)


# --- blocked ------------------------------------------------------------------------------------


def test_somebody_blocked_is_held_and_gets_no_mail(work: Any) -> None:
    blocking.block_email(email="Troll@Example.org", reason="threats", by=SYSTEM)
    event = make.listed_event()
    work()
    Message.objects.all().delete()

    made = sign_up(event, "troll@example.org", look=Look(can_work=True, has_worked=True))
    work()

    assert (made.rsvp.state, Held.objects.get().because) == ("held", "blocked")
    assert Message.objects.count() == 0
    with pytest.raises(rsvps.AlreadyCancelled):
        holding.confirm(rsvp_id=made.rsvp.id, by=make.supporter_of(made.rsvp))
    assert publish(email="troll@example.org").state == "held"
    # Control: unblocked, they come in like anybody else.
    blocking.unblock(block_id=people_queries.blocks()[0].id, by=SYSTEM)
    assert sign_up(event, "troll@example.org").rsvp.state == "going"
