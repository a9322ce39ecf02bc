"""What happened, in sentences: the timeline of an event and the log of the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from groundswell.accounts import queries as accounts_queries
from groundswell.events.models import Event
from groundswell.events.queries import watching
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.ledger import queries as ledger_queries
from groundswell.ledger import wires
from groundswell.ledger.models import Entry
from groundswell.people import aliases
from groundswell.people.models import Import, Person, Touch

EVENT_LINES = 60
# Who signed up is not told line by line: an event of a thousand people would say nothing else.
_OF_SIGN_UPS = (
    "events.RsvpMade",
    "events.RsvpProven",
    "events.RsvpChanged",
    "events.RsvpCancelled",
    "events.RsvpLapsed",
    "events.SeatPromoted",
    "events.RsvpConfirmed",
    "events.CheckedIn",
    "events.CheckInUndone",
    "events.AttendanceTold",
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, who, what. ``event_id`` and ``campaign_id`` for whoever links to them."""

    entry_id: int
    at: datetime
    who: str
    sentence: str
    campaign_id: int | None
    event_id: int | None


def of_event(event: Event) -> list[Happened]:
    """The newest lines about one event, sign-ups left out."""
    entries = ledger_queries.timeline_of_event(event.id).exclude(kind__in=_OF_SIGN_UPS)
    return told(entries[:EVENT_LINES], host_id=event.host_id)


def of_person(person: Person, by: Actor, *, lines: int = 60) -> list[Happened]:
    """The newest lines about one person, without events that ``by`` does not look after."""
    entries = list(ledger_queries.timeline_of_person(*aliases.ids_of(person.id))[: 3 * lines])
    events = {row.event_id for row in entries if row.event_id is not None}
    seen = watching.ids_seen_by(by, events)
    shown = [row for row in entries if row.event_id is None or row.event_id in seen]
    both = [*told(shown[:lines]), *_lists_with(person)]
    return sorted(both, key=lambda line: (line.at, line.entry_id), reverse=True)[:lines]


def _lists_with(person: Person) -> list[Happened]:
    """An import of thousands writes one entry; whom it brought, or changed, tells their touch."""
    touches = list(Touch.objects.filter(person=person, what=Touch.What.IMPORT))
    of_touch = {touch.about_id for touch in touches if touch.about_id is not None}
    by = dict(Import.objects.filter(id__in=of_touch).values_list("id", "account_id"))
    names = accounts_queries.names_of({each for each in by.values() if each is not None})
    sentence = _("Was in a list that was taken in.")
    return [
        Happened(
            touch.id,
            touch.at,
            names.get(by.get(touch.about_id or 0) or 0, "") or _("Groundswell"),
            sentence,
            None,
            None,
        )
        for touch in touches
    ]


def told(entries: Iterable[Entry], *, host_id: int | None = None) -> list[Happened]:
    """Entries as lines; one question for the names of the organisers among them."""
    rows = list(entries)
    accounts = {
        row.actor_id
        for row in rows
        if row.actor_kind == ActorKind.ACCOUNT and row.actor_id is not None
    }
    names = accounts_queries.names_of(accounts) if accounts else {}
    return [
        Happened(
            row.id,
            row.at,
            _who(row, names, host_id),
            str(wires.facts[row.kind].sentence) if row.kind in wires.facts else row.kind,
            row.campaign_id,
            row.event_id,
        )
        for row in rows
    ]


def _who(row: Entry, names: dict[int, str], host_id: int | None) -> str:
    if row.actor_kind == ActorKind.ACCOUNT and row.actor_id is not None:
        return names.get(row.actor_id) or _("Somebody who has left the team")
    if row.actor_kind == ActorKind.PERSON:
        is_host = host_id is not None and row.actor_id == host_id
        return _("The host") if is_host else _("Somebody by their own link")
    if row.actor_kind == ActorKind.SYSTEM:
        return _("Groundswell")
    if row.actor_kind == ActorKind.TOKEN:
        return _("A program")
    return _("A visitor")
