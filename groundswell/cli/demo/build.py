"""Builds the demonstration through the same operations as the pages, with the clock moved.

Five weeks of a campaign pass in a few seconds: events are published and approved, sign-ups come
in with a real rise and a radio interview, some events fill up, a few wait for review.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from groundswell.accounts import operations as accounts_ops
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign
from groundswell.cli.demo import people, profiles, questions, words
from groundswell.events import times
from groundswell.events.models import Event
from groundswell.events.operations import checklist, hosting, proving, reviewing, rsvps
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.ledger import worker
from groundswell.people.operations.persons import Typed
from groundswell.places import gazetteer
from groundswell.site import demonstration
from groundswell.site import operations as site_ops

DAYS_BEFORE, DAYS_AHEAD = 35, 14
EVENTS, WAITING, SIGN_UPS = 96, 4, 760
RADIO_DAYS_AGO = 9

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Wish:
    """An event to come: where, by whom, when it is published, how large."""

    town: str
    country: str
    language: str
    published_days_ago: int
    capacity: int | None
    is_dolores: bool = False


def build(progress: Progress) -> None:
    """Fill an empty, migrated installation. ``progress`` hears step, done and all."""
    today = clock.now().replace(hour=9, minute=0, second=0, microsecond=0)
    draw = people.Names(20)
    site_ops.set_up(name=words.ORGANISATION, language="en", zone="Europe/London", by=SYSTEM)
    with clock.at(today - timedelta(days=DAYS_BEFORE)):
        _priya()
        campaign = _campaign((today + timedelta(days=DAYS_AHEAD)).date())
    events: list[Event] = []
    wishes = sorted(_wishes(draw), key=lambda wish: -wish.published_days_ago)
    for days_ago in range(DAYS_BEFORE - 1, -1, -1):
        with clock.at(today - timedelta(days=days_ago)):
            mine = [wish for wish in wishes if wish.published_days_ago == days_ago]
            is_new = days_ago < 2
            for wish in mine:
                events.append(_event(campaign, wish, draw, waits=is_new and len(events) % 3 == 0))
            _sign_ups(events, days_ago, draw)
            worker.run_until_idle()
        progress("Weeks", DAYS_BEFORE - days_ago, DAYS_BEFORE)
    with clock.at(min(today, clock.now())):  # before nine o'clock, nine is still to come
        profiles.give(random.Random(21))
        worker.run_until_idle()
    questions.ask()


def _priya() -> None:
    accounts_ops.create_account(
        email=demonstration.ORGANISER,
        name="Priya Shah",
        roles=[Role.OWNER, Role.ORGANISER],
        by=SYSTEM,
        zone="Europe/London",
    )


def _campaign(action_on: date) -> Campaign:
    plan = campaign_ops.Plan(
        organisation=words.ORGANISATION,
        slug=words.SLUG,
        action_on=action_on,
        starts_on=action_on - timedelta(days=3),
        ends_on=action_on + timedelta(days=1),
        goal_events=120,
        goal_people=1500,
        languages=["en", "es", "fr", "ar"],
    )
    campaign = campaign_ops.start_campaign(
        plan=plan, title=words.CAMPAIGN["en"]["title"], by=SYSTEM
    )
    for language, text in words.CAMPAIGN.items():
        campaign_ops.write_words(campaign=campaign, language=language, words=text, by=SYSTEM)
    campaign_ops.publish_kit(campaign=campaign, content=words.KIT, by=SYSTEM)
    campaign_ops.publish_campaign(campaign=campaign, by=SYSTEM)
    campaign.refresh_from_db()
    return campaign


def _wishes(draw: random.Random) -> Iterator[_Wish]:
    """Towns with the large ones first and most often; Dolores holds hers in Leeds."""
    yield _Wish("Leeds", "GB", "en", 30, 60, is_dolores=True)
    weights = [1 / (rank + 2) for rank in range(len(people.TOWNS))]
    for number in range(EVENTS - 1):
        town = people.TOWNS[number] if number < len(people.TOWNS) else None
        name, country, language = town or draw.choices(people.TOWNS, weights)[0]
        days_ago = int(min(DAYS_BEFORE - 2, draw.expovariate(1 / 11)))
        capacity = draw.choice([None, None, 8, 12, 20, 40])
        yield _Wish(name, country, language, days_ago, capacity)


def _event(campaign: Campaign, wish: _Wish, draw: people.Names, *, waits: bool) -> Event:
    """Published, proven, and approved unless it is one of the few that wait for review."""
    event = hosting.publish_event(
        campaign=campaign, plan=_plan(campaign, wish, draw), host=_host(wish, draw), by=VISITOR
    )
    assert event.host_id is not None
    host = actor.person(event.host_id, event_id=event.id)
    hosting.prove_host(event_id=event.id, by=host)
    if not waits:
        reviewing.approve(event_id=event.id, by=SYSTEM)
        if draw.random() < 0.8:
            checklist.open_kit(event_id=event.id, by=host)
            checklist.tick(event_id=event.id, key="invite", done=True, by=host)
    event.refresh_from_db()
    return event


def _plan(campaign: Campaign, wish: _Wish, draw: random.Random) -> hosting.HostPlan:
    town = gazetteer.find(wish.town, countries=(wish.country,)).exact[0]
    kind, title = draw.choice(people.TITLES[wish.language])
    day = campaign.action_on
    if kind == "evening":
        day -= timedelta(days=2)
    starts = {"stop": time(11), "ride": time(10, 30), "evening": time(18, 30)}[kind]
    minutes = {"stop": 60, "ride": 150, "evening": 120}[kind]
    ends = (datetime.combine(day, starts) + timedelta(minutes=minutes)).time()
    return hosting.HostPlan(
        kind=kind,
        title=title,
        slot=times.slot(day, starts, ends, town.zone),
        place=hosting.Place(
            town=gazetteer.name(town, wish.language),
            country=town.country,
            latitude=max(-90.0, min(90.0, town.lat + draw.uniform(-0.02, 0.02))),
            longitude=max(-180.0, min(180.0, town.lon + draw.uniform(-0.03, 0.03))),
            venue=draw.choice(people.VENUES[wish.language]),
        ),
        language=wish.language,
        capacity=wish.capacity,
        is_step_free=draw.random() < 0.6,
        is_for_children=draw.random() < 0.4,
        has_hearing_loop=draw.random() < 0.1,
    )


def _host(wish: _Wish, draw: people.Names) -> Typed:
    if wish.is_dolores:
        return Typed(given="Dolores", family="Marín", email=demonstration.HOST, country="GB")
    return _invented(wish.language, wish.country, draw, "host")


def _invented(language: str, country: str, draw: people.Names, part: str) -> Typed:
    """Somebody who does not exist; synthetic people are never handed to a sender."""
    given, family = draw.deal(language)
    return Typed(
        given=given,
        family=family,
        email=f"{part}{draw.getrandbits(60):x}@demo.invalid",
        language=language,
        country=country,
        is_synthetic=True,
    )


def _sign_ups(events: list[Event], days_ago: int, draw: people.Names) -> None:
    """The sign-ups of one day: a rising number, twice as many after the radio interview."""
    running = [event for event in events if event.state == Event.State.LISTED]
    if not running:
        return
    rise = ((DAYS_BEFORE - days_ago) / DAYS_BEFORE) ** 2
    wave = rise * SIGN_UPS * 3 / DAYS_BEFORE * draw.uniform(0.6, 1.3)
    if days_ago in {RADIO_DAYS_AGO, RADIO_DAYS_AGO - 1}:
        wave *= 2.2
    for number in range(round(wave)):
        event = running[int(len(running) * draw.random() ** 1.6)]
        at = clock.now() + timedelta(minutes=draw.randrange(14 * 60))
        if days_ago == 0:
            at = clock.now() - timedelta(minutes=draw.randrange(8 * 60))
        with clock.at(at):
            _sign_up(event, draw, is_amina=number == 0 and days_ago == 20)


def _sign_up(event: Event, draw: people.Names, *, is_amina: bool) -> None:
    typed = _invented(event.language, event.country, draw, "supporter")
    if is_amina:
        typed = Typed(given="Amina", family="Khan", email=demonstration.SUPPORTER, country="GB")
    made = rsvps.make_rsvp(
        event=event,
        typed=typed,
        sign_up=rsvps.SignUp(
            party=draw.choices([1, 2, 3, 4], [70, 20, 7, 3])[0],
            can_help=draw.random() < 0.12,
            wants_campaign_mail=draw.random() < 0.4,
            source=people.SOURCES[sum(typed.email.encode()) % len(people.SOURCES)],
        ),
        by=VISITOR,
        consent_source="demo",
    )
    person_id = made.rsvp.person_id
    assert person_id is not None
    if is_amina or draw.random() < 0.75:
        me = actor.person(person_id, event_id=event.id)
        proving.prove_rsvps(person_id=person_id, by=me)
