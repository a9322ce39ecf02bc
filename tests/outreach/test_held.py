"""Mails to what is held: one link for a sign-up, none for an event or somebody blocked; pauses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts.doubts import Doubt, Look
from groundswell.events.models import Event, Held, Rsvp
from groundswell.events.operations import concerns, holding, messages, publishing, rsvps
from groundswell.events.queries import guarded
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.outreach.delivery import deliver_round
from groundswell.outreach.models import Message
from groundswell.people.operations import consents
from groundswell.people.operations.persons import Typed
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db


def held(event: Event, doubt: Doubt = Doubt.FAST, email: str = "amina@example.org") -> Rsvp:
    return rsvps.make_rsvp(
        event=event,
        typed=Typed(given="Amina", email=email),
        sign_up=rsvps.SignUp(),
        by=VISITOR,
        look=Look(doubt=doubt),
    ).rsvp


def kinds(sender: Any) -> list[str]:
    while deliver_round():
        pass
    return [mail.kind for mail in sender.mails]


def quiet_event(work: Any, sender: Any) -> Event:
    """A listed event whose own mails are out of the way."""
    event = make.listed_event()
    work()
    sender.mails.clear()
    return event


def test_a_held_sign_up_gets_one_link_and_nothing_else(work: Any, sender: Any) -> None:
    event = quiet_event(work, sender)
    going = make.signed_up(event, email="going@example.org")
    rsvp = held(event)
    messages.message_people(event_id=event.id, body="Bring a cup.", by=make.host_of(event))
    work()
    kinds(sender)

    to_held = [mail for mail in sender.mails if mail.to_address == "amina@example.org"]
    assert [mail.kind for mail in to_held] == ["rsvp_held"]
    assert to_held[0].text.count("/my/going/") == 1
    assert "Amina" not in to_held[0].text + to_held[0].html + to_held[0].subject
    assert going.person_id != rsvp.person_id  # control: whoever is going hears from the host
    assert {mail.to_address for mail in sender.mails} == {"amina@example.org", "going@example.org"}


def test_an_unproven_address_gets_one_mail_a_day_and_three_a_week(
    work: Any, sender: Any, still_clock: Any
) -> None:
    event = quiet_event(work, sender)
    for day in range(14):
        for _again in range(5):
            held(event)
            work()
            kinds(sender)
            still_clock.shift(timedelta(hours=1))
        assert len(sender.mails) <= (day // 7 + 1) * 3
        still_clock.shift(timedelta(hours=19))

    assert len(sender.mails) == 6


def test_control_without_the_weekly_limit_it_would_be_fourteen(
    work: Any, sender: Any, still_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consents, "UNPROVEN_A_WEEK", 1000)
    event = quiet_event(work, sender)
    for _day in range(14):
        held(event)
        work()
        kinds(sender)
        still_clock.shift(timedelta(days=1))

    assert len(sender.mails) == 14


def test_a_deleted_sign_up_gets_no_mail_any_more(work: Any, sender: Any) -> None:
    event = quiet_event(work, sender)
    held(event)
    holding.discard(held_ids=[Held.objects.get().id], by=SYSTEM)
    work()

    assert kinds(sender) == []
    assert Message.objects.get(kind="rsvp_held").error == "sign_up_changed"


def test_the_host_of_a_held_event_gets_the_link_when_it_is_let_in(work: Any, sender: Any) -> None:
    publishing.publish(
        campaign=live_campaign(),
        plan=make.plan(),
        host=Typed(given="Max", email="max@example.org"),
        look=Look(doubt=Doubt.TRAP),
        by=VISITOR,
    )
    work()
    assert kinds(sender) == []

    holding.let_in(held_ids=[guarded.in_quarantine().get().id], by=SYSTEM)
    work()
    assert kinds(sender) == ["host_link"]


def test_a_paused_hosts_message_waits_and_goes_when_it_is_settled(
    work: Any, sender: Any, still_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = quiet_event(work, sender)
    rsvp = make.signed_up(event)
    from tests.outreach.making import prove

    prove(rsvp)
    work()
    kinds(sender)
    sender.mails.clear()
    messages.message_people(event_id=event.id, body="Bring a cup.", by=make.host_of(event))
    concerns.pause(event_id=event.id, by=SYSTEM)
    work()

    assert kinds(sender) == []
    message = Message.objects.get(kind="host_message")
    assert (message.state, message.error) == (Message.State.READY, "paused")
    with pytest.raises(messages.MessagesArePaused):
        messages.message_people(event_id=event.id, body="Once more.", by=make.host_of(event))

    concerns.settle(event_id=event.id, by=SYSTEM)
    work()
    assert kinds(sender) == ["host_message"]
