"""An event that is over keeps its numbers and loses its people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.events.models import HostMessage, Rsvp
from groundswell.events.operations import forgetting, messages
from tests.factories import events as make

pytestmark = pytest.mark.django_db


def _after(event: Any, days: int, still_clock: Any) -> None:
    still_clock.move_to(event.ends_at + timedelta(days=days, minutes=1))
    forgetting.forget_after_events.func()


def test_a_sign_up_loses_its_person_after_thirty_days(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event, party=3, phone="0113 496 0000", source="poster")

    _after(event, 29, still_clock)
    kept = Rsvp.objects.get(id=rsvp.id)
    _after(event, 30, still_clock)
    cut = Rsvp.objects.get()

    assert (kept.person_id, bytes(kept.phone_sealed) != b"") == (rsvp.person_id, True)
    assert (cut.person_id, cut.state, cut.party) == (None, "going", 3)
    assert (bytes(cut.name_sealed), bytes(cut.phone_sealed), cut.source) == (b"", b"", "")


def test_an_event_loses_its_host_after_ninety_days(still_clock: Any) -> None:
    event = make.listed_event()

    _after(event, 89, still_clock)
    event.refresh_from_db()
    assert event.host_id is not None
    _after(event, 90, still_clock)
    event.refresh_from_db()

    assert (event.host_id, bytes(event.venue_sealed), event.title) == (
        None,
        b"",
        "Hyde Park Corner bus stop",
    )


def test_a_hosts_message_goes_after_ninety_days(still_clock: Any) -> None:
    event = make.listed_event()
    make.signed_up(event)
    messages.message_people(event_id=event.id, body="Bring a scarf.", by=make.host_of(event))
    still_clock.shift(timedelta(days=90, minutes=1))

    forgetting.forget_after_events.func()

    assert HostMessage.objects.count() == 0


def test_invented_events_of_a_replay_stay_whole(still_clock: Any) -> None:
    event = make.listed_event()
    rsvp = make.signed_up(event)
    type(event).objects.filter(id=event.id).update(is_synthetic=True)

    _after(event, 91, still_clock)

    assert Rsvp.objects.get(id=rsvp.id).person_id == rsvp.person_id
