"""A machine that signs up, changes, cancels, lapses and resizes: seats always add up."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
import time_machine
from django.db.models import Sum
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from groundswell.events import seats
from groundswell.events.models import Rsvp, Seats
from groundswell.events.operations import hosting, lapsing, rsvps
from groundswell.kernel.actor import SYSTEM
from tests.conftest import STILL_AT
from tests.factories import events as make


class SeatMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order, ``taken`` is the sum of parties that are going."""

    def __init__(self) -> None:
        super().__init__()
        self.traveller = time_machine.travel(STILL_AT, tick=False)
        self.clock = self.traveller.start()
        self.rsvps: list[int] = []

    def teardown(self) -> None:
        self.traveller.stop()

    @initialize(capacity=st.integers(1, 12))
    def open_event(self, capacity: int) -> None:
        self.event = make.listed_event(capacity=capacity)

    @rule(party=st.integers(1, 5))
    def sign_up(self, party: int) -> None:
        self.rsvps.append(make.signed_up(self.event, party=party).id)

    @precondition(lambda self: self.rsvps)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        rsvps.cancel_rsvp(rsvp_id=data.draw(st.sampled_from(self.rsvps)), by=SYSTEM)

    @precondition(lambda self: self.rsvps)
    @rule(data=st.data(), party=st.integers(1, 5))
    def change_party(self, data: st.DataObject, party: int) -> None:
        with contextlib.suppress(rsvps.EventIsFull, rsvps.AlreadyCancelled):
            rsvps.change_party(
                rsvp_id=data.draw(st.sampled_from(self.rsvps)), party=party, by=SYSTEM
            )

    @rule(capacity=st.none() | st.integers(1, 15))
    def resize(self, capacity: int | None) -> None:
        with contextlib.suppress(hosting.CapacityTooSmall):
            hosting.change_event(
                event_id=self.event.id, plan=make.plan(capacity=capacity), words="", by=SYSTEM
            )

    @rule(minutes=st.integers(1, 40))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        lapsing.lapse_holds()

    @invariant()
    def seats_add_up(self) -> None:
        if not hasattr(self, "event"):
            return
        counter = Seats.objects.get(event=self.event)
        of_event = Rsvp.objects.filter(event=self.event)
        going = of_event.filter(state="going").aggregate(sum=Sum("party", default=0))["sum"]
        waiting = of_event.filter(state="waiting")
        assert counter.taken == going
        assert counter.waiting == waiting.count()
        if counter.capacity is None:
            assert not waiting.exists()
        else:
            assert going <= counter.capacity
            free = counter.capacity - going
            assert not waiting.filter(party__lte=free).exists()  # nobody waits who would fit


class TestSeats(TestCase, SeatMachine.TestCase):  # type: ignore[misc]  # two TestCase families
    databases = "__all__"
    settings = hypothesis_settings(max_examples=15, stateful_step_count=15, deadline=None)


@pytest.mark.django_db
def test_counting_then_inserting_would_oversell() -> None:
    """The control: without the guarded update, two takers see the same free seat."""
    event = make.listed_event(capacity=1)

    both_saw_room = [seats.has_room(event.id, 1) for _ in range(2)]
    both_took = [seats.take(event.id, 1) is not None for _ in range(2)]

    assert both_saw_room == [True, True]
    assert both_took == [True, False]
