"""Questions about conversations: who may hear whom, what was said, what waits for the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import translation

from groundswell.events.models import Event, Rsvp
from groundswell.events.queries import people as event_people
from groundswell.kernel import clock
from groundswell.kernel.sealing import CannotOpen
from groundswell.outreach.models import Conversation, Line, Silence
from groundswell.outreach.relay import redacting
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Person
from groundswell.site import vault

LIVES = timedelta(days=14)  # a conversation outlives its event by this, as its aliases do
LINES_SHOWN = 200
ROWS_SHOWN = 500

Side = Conversation.Side
_State = Conversation.State


def person_of(talk: Conversation, side: str) -> int:
    """The person on one side."""
    return talk.holder_id if side == Side.HOLDER else talk.person_id


def other(side: str) -> Conversation.Side:
    return Side.PERSON if side == Side.HOLDER else Side.HOLDER


def silences_of(person_id: int, writer_id: int) -> Q:
    """The stops of one person that concern one writer."""
    return Q(person_id=person_id) & (Q(writer_id=writer_id) | Q(writer_id=None))


def is_silenced(*, reader_id: int, writer_id: int) -> bool:
    """Whether the reader wants nothing from this writer."""
    return Silence.objects.filter(silences_of(reader_id, writer_id)).exists()


def takes_words(talk: Conversation, *, writer: str) -> bool:
    """Whether one side may still write: open, in time, wanted, and somebody there to read.

    ``talk`` comes with its event.
    """
    if talk.state != _State.OPEN or clock.now() >= talk.event.ends_at + LIVES:
        return False
    if talk.event.host_id != talk.holder_id:
        return False  # the event has another host now, or none
    reader_id, writer_id = person_of(talk, other(writer)), person_of(talk, writer)
    return not is_silenced(reader_id=reader_id, writer_id=writer_id)


def rsvp_of(talk: Conversation) -> Rsvp | None:
    """The sign-up of the person; None once it is cut off."""
    return Rsvp.objects.filter(event_id=talk.event_id, person_id=talk.person_id).first()


def of_person(rsvp: Rsvp) -> Conversation | None:
    """The conversation of somebody who signed up with the event's host, if one has begun."""
    found = Conversation.objects.select_related("event").filter(
        event_id=rsvp.event_id, person_id=rsvp.person_id, holder_id=rsvp.event.host_id
    )
    return found.first()


def of_host(event: Event, conversation_id: int) -> Conversation | None:
    """One conversation of an event's host; None when it is somebody else's."""
    found = Conversation.objects.select_related("event").filter(
        id=conversation_id, event=event, holder_id=event.host_id
    )
    return found.first()


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as one of the two reads it."""

    body: str
    is_mine: bool
    is_held: bool
    has_lost: bool
    written_at: datetime


def thread(talk: Conversation, reader: str) -> list[Said]:
    """What was said, oldest first. What waits for a look is shown to its writer only."""
    lines = talk.lines.filter(Q(state=Line.State.PASSED) | Q(state=Line.State.HELD, writer=reader))
    rows = list(lines.order_by("-written_at", "-id")[:LINES_SHOWN])[::-1]
    return [
        Said(
            _words(row),
            row.writer == reader,
            row.state == Line.State.HELD,
            row.has_lost,
            row.written_at,
        )
        for row in _opened(rows)
    ]


def _opened(rows: list[Line]) -> list[Line]:
    vault.load_keys_of(rows, "body_sealed")
    return rows


def _words(row: Line) -> str:
    try:
        return vault.open_(row, "body_sealed")
    except CannotOpen:  # the writer was erased a moment ago
        return ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the host's list: first name and initial, never an address."""

    id: int
    name: str
    last_at: datetime
    count: int
    is_over: bool


def conversations_of(event: Event) -> list[Row]:
    """The host's conversations in which something was said, the newest first (three queries)."""
    talks = list(
        Conversation.objects.filter(
            event=event, holder_id=event.host_id, last_line_at__isnull=False
        )
        .annotate(said=Count("lines", filter=Q(lines__state=Line.State.PASSED)))
        .order_by("-last_line_at", "-id")[:ROWS_SHOWN]
    )
    names = names_for_hosts(event, [talk.person_id for talk in talks])
    return [
        Row(
            talk.id,
            names.get(talk.person_id, ""),
            talk.last_line_at,
            talk.said,
            talk.state != _State.OPEN,
        )
        for talk in talks
        if talk.last_line_at is not None
    ]


def names_for_hosts(event: Event, person_ids: Iterable[int]) -> dict[int, str]:
    """``Amina K.`` by person id, as each typed it when signing up."""
    rows = list(Rsvp.objects.filter(event=event, person_id__in=set(person_ids)))
    vault.load_keys_of(rows, "name_sealed")
    return {row.person_id: event_people.shown_name(row) for row in rows if row.person_id}


def name_for_host(talk: Conversation) -> str:
    """``Amina K.``"""
    return names_for_hosts(talk.event, [talk.person_id]).get(talk.person_id, "")


def host_first_name(event: Event) -> str:
    """The host's first name, which is all that their people see."""
    return people_queries.name_of(event.host).first if event.host else ""


# --- for the office ----------------------------------------------------------------------------


def _to_look_at() -> Q:
    held = Line.objects.filter(conversation=OuterRef("pk"), state=Line.State.HELD)
    return Q(state=_State.PAUSED) | Q(Exists(held))


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A conversation that was reported, or in which something is held. No names, no words."""

    id: int
    event: Event
    reported_by: str
    reported_at: datetime | None
    held: int
    held_for: tuple[str, ...]


def to_look_at(conversation_id: int | None = None) -> list[ToLookAt]:
    """What the office must look at, the oldest report first (three queries)."""
    found = Conversation.objects.filter(_to_look_at()).select_related("event__campaign")
    if conversation_id is not None:
        found = found.filter(id=conversation_id)
    talks = list(found.order_by("reported_at", "id")[:ROWS_SHOWN])
    held: dict[int, list[str]] = {talk.id: [] for talk in talks}
    lines = Line.objects.filter(conversation__in=held, state=Line.State.HELD)
    for talk_id, why in lines.order_by("id").values_list("conversation_id", "held_for"):
        held[talk_id].append(why)
    return [
        ToLookAt(
            talk.id,
            talk.event,
            talk.reported_by if talk.state == _State.PAUSED else "",
            talk.reported_at,
            len(held[talk.id]),
            tuple(sorted(set(held[talk.id]))),
        )
        for talk in talks
    ]


def count_to_look_at() -> int:
    return Conversation.objects.filter(_to_look_at()).count()


def to_look_at_since() -> datetime | None:
    """Since when the first of them waits: its report, or the message that is held."""
    reported = Conversation.objects.filter(state=_State.PAUSED).aggregate(first=Min("reported_at"))
    held = Line.objects.filter(state=Line.State.HELD).aggregate(first=Min("written_at"))
    return min(filter(None, (reported["first"], held["first"])), default=None)


# --- what must not get through -----------------------------------------------------------------


def without_addresses(words: str, talk: Conversation, *, reader: str) -> str:
    """Words as they may reach the other side: no address, no number, no family name of either.

    ``talk`` comes with its event. What is taken out is named in the reader's language.
    """
    both = Person.objects.in_bulk([talk.holder_id, talk.person_id])
    countries = {talk.event.country, *(one.country for one in both.values())} - {""}
    with translation.override(both[person_of(talk, reader)].language):
        return redacting.redact(
            words,
            tuple(_secrets_of(one) for one in both.values()),
            countries=tuple(sorted(countries)),
        )


def _secrets_of(person: Person) -> redacting.Secrets:
    name = people_queries.name_of(person)
    contacts = list(Contact.objects.filter(person=person))
    return redacting.Secrets(
        emails=tuple(
            people_queries.address_of(one) for one in contacts if one.kind == Contact.Kind.EMAIL
        ),
        phones=tuple(
            people_queries.address_of(one) for one in contacts if one.kind == Contact.Kind.PHONE
        ),
        given=name.first,
        family=" ".join([*name.given.split()[1:], name.family]).strip(),
    )
