"""Whether a message is still wanted: asked of the rooms below, for many messages at once.

Nothing here writes. The gate asks again in its own transaction, so what was withdrawn, cancelled
or moved a moment ago stops the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from groundswell.accounts import queries as account_queries
from groundswell.events.models import Event, Pause, Report, Rsvp
from groundswell.kernel import clock
from groundswell.outreach import kinds
from groundswell.outreach.kinds import BETWEEN_PEOPLE, KINDS, Kind, Reader
from groundswell.outreach.models import Conversation, Line, Message, Silence
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Person

MOST_TRIES = 6  # one and five more, after the waits of delivery/outcomes.py
PAUSED = "paused"
_NOBODY = Kind("unknown", Reader.ACCOUNT, kinds.Priority.NEWS)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A message with everything it speaks about. ``stop`` is empty, or why it is not wanted."""

    message: Message
    kind: Kind
    stop: str = ""
    person: Person | None = None
    contact: Contact | None = None
    rsvp: Rsvp | None = None
    event: Event | None = None
    line: Line | None = None  # with its conversation
    going: frozenset[str] = kinds.GOING

    @property
    def is_paused(self) -> bool:
        """Not now: it waits for the organisers and is asked about again later."""
        return self.stop == PAUSED

    @property
    def is_worn_out(self) -> bool:
        """Tried so often that somebody should look at it."""
        return self.stop == "tried_too_often"


@dataclass(slots=True)
class _Read:
    """The rows behind a batch of messages, in a handful of queries."""

    now: datetime
    persons: dict[int, Person] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    suppressed: set[int] = field(default_factory=set)
    consents: set[people_queries.About] = field(default_factory=set)
    rsvps: dict[int, Rsvp] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    reported: set[int] = field(default_factory=set)
    newer: set[int] = field(default_factory=set)
    lines: dict[int, Line] = field(default_factory=dict)
    silences: set[tuple[int, int | None]] = field(default_factory=set)  # reader, writer
    resting: set[tuple[int, int]] = field(default_factory=set)  # event, person
    paused: set[int] = field(default_factory=set)


def weigh(messages: Sequence[Message]) -> list[Weighed]:
    """Each message with its verdict, in the order given."""
    read = _read(messages)
    return [_weigh(message, read) for message in messages]


def _read(messages: Sequence[Message]) -> _Read:
    read = _Read(clock.now())
    people = _ids(messages, "person_id")
    if not people:
        return read
    read.contacts = people_queries.email_contacts(people)
    read.persons = {contact.person_id: contact.person for contact in read.contacts.values()}
    read.persons |= Person.objects.in_bulk(people - read.persons.keys())
    read.suppressed = people_queries.suppressed_among(read.contacts.values())
    read.consents = people_queries.consents_now(_about(message) for message in messages)
    related = Rsvp.objects.select_related("event", "event__campaign", "event__host")
    read.rsvps = related.in_bulk(_ids(messages, "rsvp_id"))
    read.events = {rsvp.event_id: rsvp.event for rsvp in read.rsvps.values()}
    missing = _ids(messages, "event_id") - read.events.keys()
    if missing:
        read.events |= Event.objects.select_related("campaign", "host").in_bulk(missing)
    read.reported = _reported(messages)
    read.newer = _overtaken(messages)
    _read_conversations([each for each in messages if each.kind in BETWEEN_PEOPLE], read)
    read.paused = _paused(messages)
    return read


def _read_conversations(messages: Sequence[Message], read: _Read) -> None:
    """The words that pass between people, who wants none, and which conversations rest."""
    if not messages:
        return
    line_ids = {each.args["line_id"] for each in messages if "line_id" in each.args}
    read.lines = Line.objects.select_related("conversation").in_bulk(line_ids)
    readers = _ids(messages, "person_id")
    silences = Silence.objects.filter(person_id__in=readers)
    read.silences = set(silences.values_list("person_id", "writer_id"))
    talks = Conversation.objects.filter(
        event_id__in=_ids(messages, "event_id"), person_id__in=readers
    ).exclude(state=Conversation.State.OPEN)
    read.resting = set(talks.values_list("event_id", "person_id"))


def _about(message: Message) -> people_queries.About:
    """The consent that a message stands on; one about nothing is never given."""
    return people_queries.About(message.person_id or 0, message.purpose, message.about_id or 0)


def _ids(messages: Iterable[Message], column: str) -> set[int]:
    return {value for message in messages if (value := getattr(message, column)) is not None}


def _reported(messages: Sequence[Message]) -> set[int]:
    """Events whose host has reported already."""
    asked = _ids((each for each in messages if each.kind == "host_report"), "event_id")
    if not asked:
        return set()
    return set(Report.objects.filter(event_id__in=asked).values_list("event_id", flat=True))


def _paused(messages: Sequence[Message]) -> set[int]:
    """Events whose host's messages wait until an organiser has looked."""
    asked = _ids((each for each in messages if each.kind == "host_message"), "event_id")
    if not asked:
        return set()
    return set(Pause.objects.filter(event_id__in=asked).values_list("event_id", flat=True))


def _overtaken(messages: Sequence[Message]) -> set[int]:
    """Change notices behind which a newer one for the same sign-up waits: that one says it all."""
    changes = [message for message in messages if message.kind == "event_changed"]
    if not changes:
        return set()
    later = Message.objects.filter(
        kind="event_changed",
        state__in=[Message.State.READY, Message.State.CLAIMED],
        person_id__in={message.person_id for message in changes},
    ).values_list("rsvp_id", "entry_id")
    newest: dict[int | None, int] = {}
    for rsvp_id, entry_id in later:
        newest[rsvp_id] = max(newest.get(rsvp_id, 0), entry_id or 0)
    return {
        message.id
        for message in changes
        if newest.get(message.rsvp_id, 0) > (message.entry_id or 0)
    }


def _weigh(message: Message, read: _Read) -> Weighed:
    kind = KINDS.get(message.kind)
    if kind is None:
        return Weighed(message, _NOBODY, "unknown_kind")
    if message.expires_at <= read.now:
        return Weighed(message, kind, "expired")
    if message.attempts >= MOST_TRIES:
        return Weighed(message, kind, "tried_too_often")
    if kind.reader == Reader.ACCOUNT:
        return Weighed(message, kind, _stop_account(message))
    if kind.reader == Reader.PERSON:
        return _weigh_own(message, kind, read)
    person_id = message.person_id or 0
    rsvp = read.rsvps.get(message.rsvp_id or 0)
    event = read.events.get(message.event_id or 0)
    return Weighed(
        message,
        kind,
        _stop_person(message, read)
        or _stop_event(kind, message, event, read)
        or _stop_sign_up(kind, message, rsvp)
        or _stop_conversation(message, event, read),
        read.persons.get(person_id),
        read.contacts.get(person_id),
        rsvp,
        event,
        read.lines.get(message.args.get("line_id", 0)),
    )


def _weigh_own(message: Message, kind: Kind, read: _Read) -> Weighed:
    """About what we hold: asked for by the person, or owed to them, so it needs no consent; or a
    mail to a stand-in of theirs, which does."""
    person_id = message.person_id or 0
    person, contact = read.persons.get(person_id), read.contacts.get(person_id)
    if kind.name == "new_address":
        waiting = people_queries.new_address(message.args["new_address_id"])
        return Weighed(message, kind, "" if waiting else "told_already", person)
    stop = _stop_person(message, read) if kind.purpose else _stop_address(person, contact, read)
    if kind.name == "forgotten_soon" and person is not None and person.warned_on is None:
        stop = stop or "told_already"
    return Weighed(message, kind, stop, person, contact)


def _stop_account(message: Message) -> str:
    if message.account_id is None or account_queries.email_of(message.account_id) is None:
        return "no_address"
    if message.kind == "sign_in_code":
        return "" if account_queries.pending_code(message.args["code_id"]) else "code_is_over"
    return ""


def _stop_person(message: Message, read: _Read) -> str:
    """Invented people, no address, an address that must be left alone, no consent."""
    person_id = message.person_id or 0
    stop = _stop_address(read.persons.get(person_id), read.contacts.get(person_id), read)
    return stop or ("" if _about(message) in read.consents else "no_consent")


def _stop_address(person: Person | None, contact: Contact | None, read: _Read) -> str:
    """Whether there is nobody to write to."""
    if person is None:
        return "no_person"
    if person.is_synthetic:
        return "synthetic"
    if contact is None:
        return "no_address"
    return "suppressed" if contact.id in read.suppressed else ""


def _stop_event(kind: Kind, message: Message, event: Event | None, read: _Read) -> str:
    """The event is off, has moved, or needs this message no more."""
    if event is None:
        return "no_event"
    if event.state not in kind.event_states:
        return "event_state"
    if kind.is_reminder and message.args.get("starts") != int(event.starts_at.timestamp()):
        return "event_moved"
    if kind.reader == Reader.HOST and event.host_id != message.person_id:
        return "not_the_host"
    if kind.name == "host_message" and event.id in read.paused:
        return PAUSED
    if kind.name == "host_report" and event.id in read.reported:
        return "told_already"
    return "overtaken" if message.id in read.newer else ""


def _stop_sign_up(kind: Kind, message: Message, rsvp: Rsvp | None) -> str:
    """The sign-up is not what this message speaks about any more."""
    if kind.reader != Reader.SUPPORTER:
        return ""
    if rsvp is None or rsvp.person_id != message.person_id:
        return "no_sign_up"
    if rsvp.state not in kind.rsvp_states:
        return "sign_up_changed"
    if kind.can_be_declined and not rsvp.wants_reminder:
        return "declined"
    if kind.name == "did_you_make_it" and rsvp.came is not None:
        return "told_already"
    return ""


def _stop_conversation(message: Message, event: Event | None, read: _Read) -> str:
    """The reader wants no more of this writer, or the conversation rests until somebody looked."""
    if message.kind not in BETWEEN_PEOPLE or event is None:
        return ""
    reader_id = message.person_id or 0
    if message.kind == "host_message":
        writer_id = event.host_id
        is_resting = (event.id, reader_id) in read.resting
    else:
        line = read.lines.get(message.args["line_id"])
        if line is None or line.state != Line.State.PASSED:
            return "no_words"
        talk = line.conversation
        writer_id = talk.holder_id if line.writer == "holder" else talk.person_id
        is_resting = talk.state != Conversation.State.OPEN
    if is_resting:
        return "reported"
    is_silenced = bool({(reader_id, writer_id), (reader_id, None)} & read.silences)
    return "silenced" if is_silenced else ""
