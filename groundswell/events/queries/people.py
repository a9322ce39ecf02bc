"""Who is coming: what hosts may see (first name and initial), and counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from groundswell.events import scopes
from groundswell.events.models import Event, HostMessage, Rsvp
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.kernel.text import first_name_and_initial
from groundswell.people import contacts
from groundswell.site import vault


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of the host's list. Never an address, never a surname."""

    rsvp_id: int
    name: str  # "Amina K."
    party: int
    is_waiting: bool
    is_proven: bool
    can_help: bool
    confirmed_at: datetime | None
    checked_in_at: datetime | None


def people_coming(event: Event, *, limit: int = 2000) -> list[Coming]:
    """Everybody who is going or waiting, in the order of signing up (two queries)."""
    rows = list(
        Rsvp.objects.filter(event=event, state__in=[Rsvp.State.GOING, Rsvp.State.WAITING])
        .order_by("state", "created_at", "id")
        .defer("phone_sealed", "utm")[:limit]
    )
    vault.load_keys_of(rows, "name_sealed")
    return [
        Coming(
            rsvp_id=rsvp.id,
            name=shown_name(rsvp),
            party=rsvp.party,
            is_waiting=rsvp.state == Rsvp.State.WAITING,
            is_proven=rsvp.is_proven,
            can_help=rsvp.can_help,
            confirmed_at=rsvp.confirmed_at,
            checked_in_at=rsvp.checked_in_at,
        )
        for rsvp in rows
    ]


def shown_name(rsvp: Rsvp) -> str:
    """First name and initial, as the host sees it."""
    given, _space, family = vault.open_(rsvp, "name_sealed").partition(" ")
    return first_name_and_initial(given, family)


def first_name(rsvp: Rsvp) -> str:
    """The first name as the person typed it, for a page or mail to that person."""
    return vault.open_(rsvp, "name_sealed").partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Head:
    """Heads of one event, by how sure they are."""

    going: int = 0  # people, the parties included
    proven: int = 0
    unproven: int = 0
    confirmed: int = 0
    waiting_parties: int = 0
    checked_in: int = 0
    helpers: int = 0


def heads(event: Event) -> Head:
    """The counts of one event in one query."""
    going = Q(state=Rsvp.State.GOING)
    row = Rsvp.objects.filter(event=event).aggregate(
        going=Sum("party", filter=going, default=0),
        proven=Sum("party", filter=going & Q(is_proven=True), default=0),
        unproven=Sum("party", filter=going & Q(is_proven=False), default=0),
        confirmed=Sum("party", filter=going & Q(confirmed_at__isnull=False), default=0),
        waiting_parties=Count("id", filter=Q(state=Rsvp.State.WAITING)),
        checked_in=Sum("party", filter=Q(checked_in_at__isnull=False), default=0),
        helpers=Count("id", filter=going & Q(can_help=True)),
    )
    return Head(**row)


def rsvp_with_event(rsvp_id: int) -> Rsvp | None:
    """An RSVP with its event, seats, campaign and person."""
    related = Rsvp.objects.select_related("event", "event__seats", "event__campaign", "person")
    return related.filter(id=rsvp_id).first()


def place_in_line(rsvp: Rsvp) -> int:
    """1 for the first of the waiting list; 0 for somebody who is not waiting."""
    if rsvp.state != Rsvp.State.WAITING:
        return 0
    waiting = Rsvp.objects.filter(event_id=rsvp.event_id, state=Rsvp.State.WAITING)
    ahead = waiting.filter(
        Q(created_at__lt=rsvp.created_at) | Q(created_at=rsvp.created_at, id__lte=rsvp.id)
    )
    return ahead.count()


def event_id_of_rsvp(rsvp_id: int) -> int | None:
    """The event of a sign-up, for a link that opens it."""
    return Rsvp.objects.filter(id=rsvp_id).values_list("event_id", flat=True).first()


def host_messages(event: Event) -> list[tuple[HostMessage, str]]:
    """What the host wrote to everybody, newest first, with the words opened."""
    rows = list(HostMessage.objects.filter(event=event).order_by("-created_at"))
    vault.load_keys_of(rows, "body_sealed")
    return [(row, vault.open_(row, "body_sealed")) for row in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """Something a person has, by ids: for a link that opens it."""

    person_id: int
    object_id: int


def hosted_by_email(email: str) -> Held | None:
    """The newest event that the owner of an address hosts."""
    row = (
        Event.objects.filter(host__contacts__blind=contacts.blind_email(email))
        .order_by("-id")
        .values_list("host_id", "id")
        .first()
    )
    return Held(*row) if row and row[0] is not None else None


class SignedUp(NamedTuple):
    """A sign-up as ids, with its state."""

    rsvp_id: int
    person_id: int
    state: str


def signed_up(asked: Iterable[tuple[int, str]]) -> dict[tuple[int, str], SignedUp]:
    """The sign-ups behind pairs of an event's id and a normalised address, in one query."""
    wanted = set(asked)
    addresses = {contacts.blind_email(email): email for _event_id, email in wanted}
    rows = Rsvp.objects.filter(
        event_id__in={event_id for event_id, _email in wanted},
        person__contacts__blind__in=addresses,
    ).values_list("event_id", "person__contacts__blind", "id", "person_id", "state")
    found = {
        (event_id, addresses.get(bytes(blind), "")): SignedUp(rsvp_id, person_id, state)
        for event_id, blind, rsvp_id, person_id, state in rows
    }
    return {pair: found[pair] for pair in wanted if pair in found}


def hosted_events(campaign_id: int, emails: Iterable[str]) -> dict[str, int]:
    """The events of a campaign that the owners of normalised addresses host, in one query."""
    addresses = {contacts.blind_email(email): email for email in emails}
    hosted = Event.objects.filter(campaign_id=campaign_id, host__contacts__isnull=False)
    rows = hosted.values_list("host__contacts__blind", "id")
    return {
        addresses[bytes(blind)]: event_id for blind, event_id in rows if bytes(blind) in addresses
    }


def rsvp_by_email(email: str) -> Held | None:
    """The newest sign-up of the owner of an address."""
    row = (
        Rsvp.objects.filter(person__contacts__blind=contacts.blind_email(email))
        .order_by("-id")
        .values_list("person_id", "id")
        .first()
    )
    return Held(*row) if row and row[0] is not None else None


class Part(NamedTuple):
    """How somebody took part in an event: ``hosts``, ``came``, or a state of their sign-up."""

    event: Event
    what: str


def took_part(person_id: int, by: Actor, *, limit: int = 50) -> list[Part]:
    """The events that a person hosts or signed up for, of those that ``by`` looks after."""
    seen = scopes.carried(by, Right.SEE_EVENTS)
    hosted = Event.objects.filter(seen, host_id=person_id).select_related("campaign")
    coming = Rsvp.objects.filter(
        scopes.carried(by, Right.SEE_EVENTS, to_event="event__"), person_id=person_id
    ).select_related("event__campaign")
    parts = [Part(event, "hosts") for event in hosted.order_by("-starts_at")[:limit]]
    parts += [
        Part(rsvp.event, "came" if rsvp.checked_in_at else rsvp.state)
        for rsvp in coming.order_by("-event__starts_at")[:limit]
    ]
    return sorted(parts, key=lambda part: part.event.starts_at, reverse=True)[:limit]
