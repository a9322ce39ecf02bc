"""Hosting: drafts of the wizard, publishing, proving, changing, cancelling, the checklist."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events import facts, policy, seats, times
from groundswell.events.models import Event, HostDraft, Seats
from groundswell.events.queries.drafts import drafts_due
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import new_id, new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, clean_text
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts
from groundswell.people.models import Consent
from groundswell.people.operations import consents as consent_ops
from groundswell.people.operations import persons as person_ops
from groundswell.people.operations.persons import Typed
from groundswell.places import geometry
from groundswell.site import vault

PROVE_WITHIN = timedelta(hours=24)
REVIEW_AGAIN_KM = 25
CAPACITY_MOST = 100_000


class CampaignTakesNoEvents(Refusal):
    sentence = _("This campaign takes no new events any more. Look at the next campaign.")


class UnknownKind(Refusal):
    sentence = _("Choose what kind of event you want to hold.")
    field = "kind"


class TitleIsMissing(Refusal):
    sentence = _("Give the event a name, for example “Meeting at the market”.")
    field = "title"


class PlaceIsMissing(Refusal):
    sentence = _("Say where people meet, for example “Town library, main door”.")
    field = "venue"


class MovesToAnotherCountry(Refusal):
    sentence = _("This town is in another country. Cancel this event and publish one there.")
    field = "town"


class OutsideTheCountries(Refusal):
    sentence = _("This campaign is not held in that country. Choose a town in another one.")
    field = "town"


class CapacityTooSmall(Refusal):
    sentence = _("More people than that are coming already. Choose a larger number of places.")
    field = "capacity"


class CapacityOutOfRange(Refusal):
    sentence = _("Choose a number of places between 1 and 100,000, or leave it empty.")
    field = "capacity"


class NotYourEvent(Refusal):
    sentence = _("This link belongs to another event. Open the link in your own e-mail.")


class EventIsOver(Refusal):
    sentence = _("This event is over or cancelled, so it cannot be changed any more.")


class WordsAreMissing(Refusal):
    sentence = _("Write one sentence to the people who are coming.")
    field = "words"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event is. ``venue`` is the exact place, or the link of an online event."""

    town: str
    country: str
    latitude: float
    longitude: float
    venue: str
    publicity: Event.Publicity = Event.Publicity.EVERYONE


@dataclass(frozen=True, slots=True)
class HostPlan:
    """Everything a host decides about an event."""

    kind: str
    title: str
    slot: times.Slot
    place: Place
    language: str
    description: str = ""
    capacity: int | None = None
    is_flexible: bool = False
    is_step_free: bool = False
    has_hearing_loop: bool = False
    is_for_children: bool = False


@transaction.atomic
def start_draft(*, campaign: Campaign, by: Actor) -> HostDraft:
    """An empty draft for the wizard. Raises CampaignTakesNoEvents."""
    if campaign.state != Campaign.State.LIVE or campaign_queries.is_over(campaign):
        raise CampaignTakesNoEvents
    now = clock.now()
    draft = HostDraft(campaign=campaign, created_at=now, changed_at=now)
    draft.answers_sealed = _sealed_answers(draft, {})
    draft.save(force_insert=True)
    return draft


def _sealed_answers(draft: HostDraft, answers: Mapping[str, Any]) -> bytes:
    told = json.dumps(dict(answers), ensure_ascii=False)
    return vault.seal(draft, "answers_sealed", told, key_id=vault.house_key_id())


@transaction.atomic
def save_answers(*, draft: HostDraft, answers: Mapping[str, Any], by: Actor) -> None:
    """Keep the answers of one step, beside those of the other steps."""
    kept = json.loads(vault.open_(draft, "answers_sealed") or "{}")
    draft.answers_sealed = _sealed_answers(draft, {**kept, **answers})
    HostDraft.objects.filter(id=draft.id).update(
        answers_sealed=draft.answers_sealed, changed_at=clock.now()
    )


def publish_event(
    *,
    campaign: Campaign,
    plan: HostPlan,
    host: Typed,
    by: Actor,
    draft: HostDraft | None = None,
    phone: str = "",
) -> Event:
    """Publish at its own link; the host gets a mail whose link proves the address.

    Publishing the same draft again returns the event it became. A ``phone`` (for the coach) stays
    sealed with the draft until the address is proven. Raises contacts.NotAPhone among others.
    """
    _check(campaign, plan)
    number = contacts.normalised_phone(phone, country=plan.place.country) if phone else ""
    for last_try in (False, True):
        try:
            with transaction.atomic():
                return _publish(campaign, plan, host, by, draft, number)
        except IntegrityError:
            if last_try or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _publish(
    campaign: Campaign, plan: HostPlan, host: Typed, by: Actor, draft: HostDraft | None, phone: str
) -> Event:
    if draft is not None:
        done = HostDraft.objects.select_for_update().get(id=draft.id).event_id
        if done is not None:
            return Event.objects.get(id=done)
    person = person_ops.recognise(typed=host).person
    event = Event(
        id=new_id(),
        slug=new_slug(),
        campaign=campaign,
        host=person,
        state=Event.State.UNPROVEN,
        language=plan.language,
        is_synthetic=campaign.is_synthetic,
        created_at=clock.now(),
    )
    _apply(event, plan)
    event.save(force_insert=True)
    Seats(event=event, capacity=plan.capacity).save(force_insert=True)
    consent_ops.give(
        person_id=person.id,
        agreements=[consent_ops.Agreement(Consent.Purpose.HOSTING, event.id, "host-1")],
        source="replay" if campaign.is_synthetic else "public.host",
        by=by,
    )
    if draft is not None:
        HostDraft.objects.filter(id=draft.id).update(
            event_id=event.id,
            answers_sealed=_sealed_answers(draft, {"phone": phone} if phone else {}),
        )
    fact = facts.EventHosted(person_id=person.id, campaign_id=campaign.id, event_id=event.id)
    ledger_ops.record(fact, by=by)
    return event


def _check(campaign: Campaign, plan: HostPlan) -> None:
    if campaign.state != Campaign.State.LIVE or campaign_queries.is_over(campaign):
        raise CampaignTakesNoEvents
    if campaign_queries.current_kit(campaign, plan.language).type(plan.kind) is None:
        raise UnknownKind
    times.check_window(plan.slot, campaign.starts_on, campaign.ends_on)
    if campaign.countries and plan.place.country not in campaign.countries:
        raise OutsideTheCountries
    _check_plan(plan)


def _check_plan(plan: HostPlan) -> None:
    if not clean_line(plan.title):
        raise TitleIsMissing
    if not clean_line(plan.place.venue):
        raise PlaceIsMissing
    if plan.capacity is not None and not 1 <= plan.capacity <= CAPACITY_MOST:
        raise CapacityOutOfRange
    geometry.check_point(plan.place.latitude, plan.place.longitude)


def _apply(event: Event, plan: HostPlan) -> None:
    """Copy the plan onto the event; a private place is sealed and its point displaced."""
    event.kind = plan.kind
    event.title = clean_line(plan.title)[:120]
    event.description = clean_text(plan.description)[:2000]
    event.starts_wall, event.ends_wall = plan.slot.starts_wall, plan.slot.ends_wall
    event.starts_at, event.ends_at = plan.slot.starts_at, plan.slot.ends_at
    event.zone = plan.slot.zone
    event.is_flexible = plan.is_flexible
    event.is_step_free = plan.is_step_free
    event.has_hearing_loop = plan.has_hearing_loop
    event.is_for_children = plan.is_for_children
    place = plan.place
    venue = clean_line(place.venue)[:160]
    was_displaced = event.publicity == Event.Publicity.GOING
    stays = (place.latitude, place.longitude) == (event.latitude, event.longitude)
    event.publicity = place.publicity
    event.town, event.country = clean_line(place.town)[:120], place.country
    point = geometry.Point(place.latitude, place.longitude)
    event.venue, event.venue_sealed = venue, b""
    if place.publicity != Event.Publicity.EVERYONE:
        event.venue = ""
        event.venue_sealed = vault.seal(event, "venue_sealed", venue, key_id=vault.house_key_id())
    if place.publicity == Event.Publicity.GOING and not (was_displaced and stays):
        key = vault.derived(f"displace:{event.id}")
        point = geometry.displaced_point(place.latitude, place.longitude, key)
    event.latitude, event.longitude = point.lat, point.lon


@transaction.atomic
def prove_host(*, event_id: int, by: Actor) -> Event:
    """The host opened the link in our mail: the event waits for review. Twice is harmless."""
    event = managed(event_id, by)
    if event.host_id is not None:
        person_ops.prove_mailbox(person_id=event.host_id, by=by)
    _keep_phone(event, by)
    if event.state == Event.State.UNPROVEN:
        event.state = Event.State.WAITING
        Event.objects.filter(id=event.id).update(state=event.state)
        assert event.host_id is not None
        fact = facts.EventProven(
            person_id=event.host_id, campaign_id=event.campaign_id, event_id=event.id
        )
        ledger_ops.record(fact, by=by)
    return event


def _keep_phone(event: Event, by: Actor) -> None:
    """The number typed in the wizard becomes a contact, now that the address is proven."""
    draft = HostDraft.objects.select_for_update().filter(event_id=event.id).first()
    phone = json.loads(vault.open_(draft, "answers_sealed") or "{}").get("phone") if draft else None
    if draft is None or not phone or event.host is None:
        return
    person_ops.attach_phone(person=event.host, phone=phone, by=by)
    HostDraft.objects.filter(id=draft.id).update(answers_sealed=_sealed_answers(draft, {}))


def managed(event_id: int, by: Actor) -> Event:
    """The event, its counter locked first, if this actor may manage it."""
    seats.lock(event_id)
    event = Event.objects.select_for_update().get(id=event_id)
    if not policy.can_host_manage(by, event):
        raise NotYourEvent
    return event


def running(event: Event) -> Event:
    gone = {Event.State.CANCELLED, Event.State.DECLINED, Event.State.LAPSED}
    if event.state in gone or event.ends_at <= clock.now():
        raise EventIsOver
    return event


@transaction.atomic
def change_event(*, event_id: int, plan: HostPlan, words: str, by: Actor) -> Event:
    """Change an event. A new time or place is told to everybody, with the host's ``words``.

    A listed event that moves more than 25 km leaves the map until it is checked again, and one
    whose host was asked something waits for review again.
    """
    event = running(managed(event_id, by))
    campaign = event.campaign
    times.check_window(plan.slot, campaign.starts_on, campaign.ends_on)
    if plan.place.country != event.country:
        raise MovesToAnotherCountry
    _check_plan(plan)
    before = (event.starts_at, event.ends_at, event.zone, event.publicity)
    where = (event.venue, vault.open_(event, "venue_sealed"), event.town)
    lat, lon = event.latitude, event.longitude
    _apply(event, plan)
    after = (event.starts_at, event.ends_at, event.zone, event.publicity)
    there = (event.venue, vault.open_(event, "venue_sealed"), event.town)
    has_moved = before != after or where != there
    if has_moved and not clean_text(words):
        raise WordsAreMissing
    event.sequence += 1
    event.words = clean_text(words)[:1000]
    event.changed_at = clock.now()
    far = geometry.distance_km(lat, lon, event.latitude, event.longitude) > REVIEW_AGAIN_KM
    is_answer = event.state == Event.State.ASKED
    if (is_answer or (far and event.state == Event.State.LISTED)) and not policy.can_review(
        by, event
    ):
        event.state = Event.State.WAITING
    event.save(force_update=True)
    _set_capacity(event, plan.capacity)
    ledger_ops.record(
        facts.EventChanged(
            campaign_id=event.campaign_id,
            event_id=event.id,
            sequence=event.sequence,
            has_moved=has_moved,
        ),
        by=by,
    )
    return event


def _set_capacity(event: Event, capacity: int | None) -> None:
    fits = Q(taken__lte=capacity) if capacity is not None else Q()
    if not Seats.objects.filter(fits, event=event).update(capacity=capacity):
        raise CapacityTooSmall
    promoted = seats.promote(event.id)
    ledger_ops.record_many(
        [
            facts.SeatPromoted(
                person_id=rsvp.person_id,
                campaign_id=event.campaign_id,
                event_id=event.id,
                rsvp_id=rsvp.id,
            )
            for rsvp in promoted
        ],
        by=SYSTEM,
    )


@transaction.atomic
def cancel_event(*, event_id: int, words: str, by: Actor) -> None:
    """Cancel; everybody who is going or waiting is told, with the host's words."""
    event = managed(event_id, by)
    if event.state == Event.State.CANCELLED:
        return
    running(event)
    if not clean_text(words):
        raise WordsAreMissing
    Event.objects.filter(id=event.id).update(
        state=Event.State.CANCELLED,
        words=clean_text(words)[:1000],
        sequence=F("sequence") + 1,
        changed_at=clock.now(),
    )
    ledger_ops.record(facts.EventCancelled(campaign_id=event.campaign_id, event_id=event.id), by=by)


@task()
def tidy_hosting() -> None:
    """Every ten minutes: events never proven come down after a day; old drafts go."""
    now = clock.now()
    drafts_due(now).delete()
    late = Event.objects.filter(state=Event.State.UNPROVEN, created_at__lt=now - PROVE_WITHIN)
    for event_id, campaign_id in list(late.values_list("id", "campaign_id")[:500]):
        with transaction.atomic():
            gone = Event.objects.filter(id=event_id, state=Event.State.UNPROVEN)
            if gone.update(state=Event.State.LAPSED):
                fact = facts.EventLapsed(campaign_id=campaign_id, event_id=event_id)
                ledger_ops.record(fact, by=SYSTEM)
