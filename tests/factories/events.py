"""Events and sign-ups for tests."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time
from typing import Any

from groundswell.campaigns.models import Campaign
from groundswell.events import times
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import hosting, reviewing, rsvps
from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.people.operations.persons import Typed
from tests.factories.campaigns import ACTION_DAY, live_campaign

_numbers = itertools.count(1)
STILL = datetime(2026, 3, 4, 10, tzinfo=UTC)  # the suite's still clock


def plan(
    *,
    title: str = "Hyde Park Corner bus stop",
    day: date = ACTION_DAY,
    starts: time = time(11),
    ends: time = time(12),
    zone: str = "Europe/London",
    place: hosting.Place | None = None,
    **others: Any,
) -> hosting.HostPlan:
    """A host's plan in Leeds."""
    return hosting.HostPlan(
        kind="meeting",
        title=title,
        slot=times.slot(day, starts, ends, zone),
        place=place or leeds(),
        language="en",
        **others,
    )


def leeds(**others: Any) -> hosting.Place:
    given: dict[str, Any] = {
        "town": "Leeds",
        "country": "GB",
        "latitude": 53.8,
        "longitude": -1.55,
        "venue": "Stop H, Woodhouse Street",
        **others,
    }
    return hosting.Place(**given)


def unproven_event(
    campaign: Campaign | None = None, *, host: str = "dolores@example.org", **others: Any
) -> Event:
    """Published by the host a moment ago; the mail's link is not opened yet."""
    return hosting.publish_event(
        campaign=campaign or live_campaign(),
        plan=plan(**others),
        host=Typed(given="Dolores", family="Marín", email=host),
        by=VISITOR,
    )


def waiting_event(campaign: Campaign | None = None, **others: Any) -> Event:
    """Proven by its host; waits for review."""
    event = unproven_event(campaign, **others)
    hosting.prove_host(event_id=event.id, by=host_of(event))
    event.refresh_from_db()
    return event


def listed_event(campaign: Campaign | None = None, **others: Any) -> Event:
    """On the map."""
    event = waiting_event(campaign, **others)
    reviewing.approve(event_id=event.id, by=SYSTEM)
    event.refresh_from_db()
    return event


def host_of(event: Event) -> actor.Actor:
    """The host behind the link of this event."""
    assert event.host_id is not None
    return actor.person(event.host_id, event_id=event.id)


def supporter_of(rsvp: Rsvp) -> actor.Actor:
    """The supporter behind the link of this sign-up."""
    assert rsvp.person_id is not None
    return actor.person(rsvp.person_id, event_id=rsvp.event_id)


def signed_up(
    event: Event, *, email: str = "", given: str = "Amina", family: str = "", **sign_up: Any
) -> Rsvp:
    """Somebody new signs up through the operation behind the page."""
    email = email or f"supporter{next(_numbers)}@example.org"
    return rsvps.make_rsvp(
        event=event,
        typed=Typed(given=given, family=family, email=email),
        sign_up=rsvps.SignUp(**sign_up),
        by=VISITOR,
    ).rsvp
