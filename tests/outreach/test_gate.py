"""The gate: what it stops, what it delays, what it writes in its own commit.

Each check ships with its control: with the check taken away, the same message is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from groundswell.events.models import Rsvp
from groundswell.events.operations import hosting, rsvps
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import worker
from groundswell.outreach import weighing
from groundswell.outreach.delivery import claiming, deliver_round, gate
from groundswell.outreach.models import Message
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent, Contact, Person, Suppression
from groundswell.people.operations import consents
from tests.factories import events as make
from tests.outreach.making import prove, ready, result
from tests.outreach.senders import NotingSender, use

pytestmark = pytest.mark.django_db
State = Message.State


def test_a_wanted_message_is_sent(sender: NotingSender, rsvp: Rsvp) -> None:
    assert result(ready(rsvp)) == (State.SENT, "")
    assert [mail.to_address for mail in sender.mails] == ["amina@example.org"]


# --- each reason to stop, with its control -----------------------------------------------------


def _withdraw(rsvp: Rsvp) -> None:
    consents.withdraw(
        person_id=rsvp.person_id or 0,
        purpose=Consent.Purpose.EVENT,
        about_id=rsvp.event_id,
        source="test",
        by=SYSTEM,
    )


def _expire_consent(rsvp: Rsvp) -> None:
    Consent.objects.filter(person_id=rsvp.person_id, purpose="event").update(expires_at=clock.now())


def _suppress_elsewhere(rsvp: Rsvp) -> None:
    blind = bytes(Contact.objects.get(person_id=rsvp.person_id).blind)
    Suppression.objects.create(blind=blind, reason="complained", at=clock.now())


def _bounce(rsvp: Rsvp) -> None:
    contact = Contact.objects.get(person_id=rsvp.person_id)
    consents.suppress(contact_id=contact.id, reason="bounced", by=SYSTEM)


def _invent(rsvp: Rsvp) -> None:
    Person.objects.filter(id=rsvp.person_id).update(is_synthetic=True)


def _cancel_sign_up(rsvp: Rsvp) -> None:
    rsvps.cancel_rsvp(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))


def _cancel_event(rsvp: Rsvp) -> None:
    hosting.cancel_event(event_id=rsvp.event_id, words="Flooded.", by=SYSTEM)


def _expire(rsvp: Rsvp) -> None:
    Message.objects.update(expires_at=clock.now())


def _wear_out(rsvp: Rsvp) -> None:
    Message.objects.update(attempts=weighing.MOST_TRIES)


_STOPS: list[tuple[Callable[[Rsvp], None], str, str]] = [
    (_withdraw, State.CANCELLED, "no_consent"),
    (_expire_consent, State.CANCELLED, "no_consent"),
    (_suppress_elsewhere, State.CANCELLED, "suppressed"),
    (_bounce, State.CANCELLED, "no_address"),
    (_invent, State.CANCELLED, "synthetic"),
    (_cancel_sign_up, State.CANCELLED, "sign_up_changed"),
    (_cancel_event, State.CANCELLED, "event_state"),
    (_expire, State.CANCELLED, "expired"),
    (_wear_out, State.FAILED, "tried_too_often"),
]


@pytest.mark.parametrize(("happens", "state", "why"), _STOPS)
def test_a_message_that_is_not_wanted_is_stopped(
    sender: NotingSender, rsvp: Rsvp, happens: Callable[[Rsvp], None], state: str, why: str
) -> None:
    message = ready(rsvp)
    happens(rsvp)

    assert result(message) == (state, why)
    assert sender.mails == []


@pytest.mark.parametrize(("happens", "state", "why"), _STOPS)
def test_what_happens_after_the_claim_stops_it_at_the_gate(
    sender: NotingSender, rsvp: Rsvp, happens: Callable[[Rsvp], None], state: str, why: str
) -> None:
    message = ready(rsvp)
    claimed = claiming.claim()
    happens(rsvp)
    for name in ("expires_at", "attempts"):
        setattr(claimed[0], name, Message.objects.values_list(name, flat=True).get(id=message.id))

    assert gate.pass_gate(claimed) == []

    message.refresh_from_db()
    assert (message.state, message.error, message.lease_token) == (state, why, None)


@pytest.mark.parametrize(
    ("happens", "guard"),
    [
        (_withdraw, "_stop_person"),
        (_expire_consent, "_stop_person"),
        (_suppress_elsewhere, "_stop_person"),
        (_invent, "_stop_person"),
        (_cancel_sign_up, "_stop_sign_up"),
        (_cancel_event, "_stop_event"),
    ],
)
def test_control_without_its_guard_the_same_message_is_sent(
    monkeypatch: pytest.MonkeyPatch,
    sender: NotingSender,
    rsvp: Rsvp,
    happens: Callable[[Rsvp], None],
    guard: str,
) -> None:
    message = ready(rsvp)
    happens(rsvp)
    monkeypatch.setattr(weighing, guard, lambda *_given: "")

    assert result(message) == (State.SENT, "")
    assert len(sender.mails) == 1


def test_the_consents_of_many_are_those_of_one_by_one(rsvp: Rsvp) -> None:
    other = make.signed_up(make.listed_event(rsvp.event.campaign), email="b@example.org")
    _withdraw(other)
    abouts = [
        people_queries.About(each.person_id or 0, purpose, about)
        for each in (rsvp, other)
        for purpose in ("event", "campaign")
        for about in (rsvp.event_id, other.event_id)
    ]

    one_by_one = {
        about
        for about in abouts
        if people_queries.has_consent(
            about.person_id, purpose=about.purpose, about_id=about.about_id
        )
    }

    assert people_queries.consents_now(abouts) == one_by_one
    assert one_by_one == {people_queries.About(rsvp.person_id or 0, "event", rsvp.event_id)}


# --- one mail a day to an unproven address -----------------------------------------------------


def _unproven() -> Rsvp:
    return make.signed_up(make.listed_event(), email="new@example.org")


def test_an_unproven_address_gets_one_mail(sender: NotingSender) -> None:
    rsvp = _unproven()
    first, second = ready(rsvp), ready(rsvp)

    deliver_round()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.error) == (State.SENT, State.READY, "turn")
    assert second.not_before == clock.now() + timedelta(hours=24)
    assert len(sender.mails) == 1


def test_control_without_turns_an_unproven_address_gets_both(
    sender: NotingSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    rsvp = _unproven()
    ready(rsvp), ready(rsvp)
    monkeypatch.setattr(consents, "use_unproven_turn", lambda *, contact_id: True)

    deliver_round()

    assert len(sender.mails) == 2


def test_what_waits_for_a_turn_goes_the_next_day_and_what_waits_again_does_not(
    sender: NotingSender, time_frozen_at_will: Any
) -> None:
    rsvp = _unproven()
    ready(rsvp), ready(rsvp), ready(rsvp)
    deliver_round()

    time_frozen_at_will.shift(timedelta(hours=24))
    deliver_round()

    states = Message.objects.order_by("id").values_list("state", "error")
    assert sorted(states) == sorted(
        [(State.SENT, ""), (State.SENT, ""), (State.CANCELLED, "no_turn")]
    )


@pytest.fixture
def time_frozen_at_will() -> Any:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def test_a_proven_address_releases_what_waited(sender: NotingSender) -> None:
    rsvp = _unproven()
    worker.run_until_idle()
    waits = ready(rsvp)
    assert result(waits) == (State.READY, "turn")

    prove(rsvp)
    worker.run_until_idle()

    waits.refresh_from_db()
    assert waits.state == State.SENT


def test_a_reminder_without_a_turn_is_dropped(sender: NotingSender) -> None:
    rsvp = _unproven()
    ready(rsvp)
    deliver_round()

    assert result(ready(rsvp, "reminder_day_before")) == (State.CANCELLED, "no_turn")


def test_a_message_that_would_come_too_late_for_its_turn_is_dropped(sender: NotingSender) -> None:
    rsvp = _unproven()
    ready(rsvp)
    deliver_round()

    late = ready(rsvp, expires_at=clock.now() + timedelta(hours=24))

    assert result(late) == (State.CANCELLED, "no_turn")


def test_a_retry_keeps_the_turn_that_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.outreach.senders import Outcome, Result

    sender = NotingSender(Outcome(Result.NOT_NOW, "rcpt_450"), Outcome(Result.TAKEN))
    use(monkeypatch, sender)
    message = ready(_unproven())
    assert result(message) == (State.READY, "rcpt_450")

    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert result(message) == (State.SENT, "")

    assert message.has_turn is True
    assert {mail.message_id for mail in sender.mails} == {f"<{message.provider_ref}@127.0.0.1>"}
