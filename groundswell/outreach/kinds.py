"""Every kind of message: how urgent, on whose word, and what a crash may do to it.

Sign-in, security and transactional mail goes *at least once*: after a crash in the moment of
handing over it is sent again. Reminders and everything sent to many go *at most once*: they are
never sent again silently, but listed to a person (docs/operate/mail.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from groundswell.events import policy
from groundswell.events.models import Event, Rsvp
from groundswell.people.models import Consent


class Priority(IntEnum):
    """What is claimed first. Sign-in never waits behind ten thousand reminders."""

    NEWS = 0
    REMINDER = 10
    CHANGE = 20
    CONFIRMATION = 30
    SIGN_IN = 40


class Promise(StrEnum):
    """What happens to a message that was perhaps handed over."""

    AT_LEAST_ONCE = "at_least_once"
    AT_MOST_ONCE = "at_most_once"


class Reader(StrEnum):
    """Whose mail it is."""

    SUPPORTER = "supporter"
    HOST = "host"
    ACCOUNT = "account"
    PERSON = "person"  # somebody, about what we hold about them and no event


RUNNING = policy.RUNNING

GOING = frozenset({Rsvp.State.GOING})
WAITING = frozenset({Rsvp.State.WAITING})
ON_THE_LIST = GOING | WAITING

OFF = frozenset({Event.State.CANCELLED, Event.State.DECLINED, Event.State.LAPSED})
ANY_STATE = RUNNING | OFF


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message and the conditions under which it is still wanted."""

    name: str
    reader: Reader
    priority: Priority
    promise: Promise = Promise.AT_LEAST_ONCE
    purpose: str = ""  # Consent.Purpose; "" needs none: sign-in and security
    rsvp_states: frozenset[str] = frozenset()  # supporters: the sign-up is still like this
    event_states: frozenset[str] = RUNNING
    is_reminder: bool = False  # planned; dies when the event moves
    can_be_declined: bool = False  # left out for who does not want reminders
    waits_for_turn: bool = True  # an unproven address: wait for the next day's turn, once

    @property
    def passes_lock(self) -> bool:
        """Leaves even while everything is locked: owners must be able to sign in and unlock."""
        return self.reader == Reader.ACCOUNT


def _supporter(name: str, priority: Priority, **others: object) -> Kind:
    return Kind(name, Reader.SUPPORTER, priority, purpose=Consent.Purpose.EVENT, **others)  # type: ignore[arg-type]  # by name


def _host(name: str, priority: Priority, **others: object) -> Kind:
    return Kind(name, Reader.HOST, priority, purpose=Consent.Purpose.HOSTING, **others)  # type: ignore[arg-type]  # by name


def _reminder(name: str, **others: object) -> Kind:
    return _supporter(
        name,
        Priority.REMINDER,
        promise=Promise.AT_MOST_ONCE,
        rsvp_states=GOING,
        is_reminder=True,
        waits_for_turn=False,
        **others,
    )


_ALL = (
    Kind("sign_in_code", Reader.ACCOUNT, Priority.SIGN_IN),
    Kind("account_invited", Reader.ACCOUNT, Priority.SIGN_IN),
    Kind("new_device", Reader.ACCOUNT, Priority.SIGN_IN),
    Kind("your_data", Reader.PERSON, Priority.SIGN_IN),
    Kind("new_address", Reader.PERSON, Priority.SIGN_IN),
    Kind("form_thanks", Reader.PERSON, Priority.CONFIRMATION),
    Kind("forgotten_soon", Reader.PERSON, Priority.NEWS, promise=Promise.AT_MOST_ONCE),
    Kind(
        "passed_on",
        Reader.PERSON,
        Priority.NEWS,
        promise=Promise.AT_MOST_ONCE,
        purpose=Consent.Purpose.CAMPAIGN,
        waits_for_turn=False,
    ),
    Kind("panic_lock", Reader.ACCOUNT, Priority.SIGN_IN),
    Kind("owner_notice", Reader.ACCOUNT, Priority.SIGN_IN),
    Kind("export_notice", Reader.ACCOUNT, Priority.SIGN_IN),
    _supporter("rsvp_going", Priority.CONFIRMATION, rsvp_states=GOING),
    _supporter("rsvp_waiting", Priority.CONFIRMATION, rsvp_states=WAITING),
    _supporter("rsvp_held", Priority.CONFIRMATION, rsvp_states=frozenset({Rsvp.State.HELD})),
    _supporter("seat_promoted", Priority.CONFIRMATION, rsvp_states=GOING),
    _supporter(
        "rsvp_cancelled",
        Priority.CONFIRMATION,
        rsvp_states=frozenset({Rsvp.State.CANCELLED}),
    ),
    _supporter("event_changed", Priority.CHANGE, rsvp_states=ON_THE_LIST),
    _supporter("event_cancelled", Priority.CHANGE, rsvp_states=ON_THE_LIST, event_states=OFF),
    _reminder("reminder_day_before", can_be_declined=True),
    _reminder("reminder_day", can_be_declined=True),
    _reminder("did_you_make_it"),
    _supporter(
        "host_message",
        Priority.REMINDER,
        promise=Promise.AT_MOST_ONCE,
        rsvp_states=GOING,
        waits_for_turn=False,
    ),
    _supporter(
        "host_answer",
        Priority.CHANGE,
        promise=Promise.AT_MOST_ONCE,
        rsvp_states=ON_THE_LIST | {Rsvp.State.CANCELLED},
        event_states=ANY_STATE,
    ),
    _host(
        "supporter_words",
        Priority.CHANGE,
        promise=Promise.AT_MOST_ONCE,
        event_states=ANY_STATE,
    ),
    _host("host_link", Priority.CONFIRMATION),
    _host(
        "host_listed",
        Priority.CONFIRMATION,
        event_states=frozenset({Event.State.LISTED}),
    ),
    _host("host_asked", Priority.CONFIRMATION, event_states=frozenset({Event.State.ASKED})),
    _host(
        "host_declined",
        Priority.CONFIRMATION,
        event_states=frozenset({Event.State.DECLINED}),
    ),
    _host(
        "host_cancelled",
        Priority.CONFIRMATION,
        event_states=frozenset({Event.State.CANCELLED}),
    ),
    _host(
        "host_report",
        Priority.REMINDER,
        promise=Promise.AT_MOST_ONCE,
        is_reminder=True,
        waits_for_turn=False,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}

# Words of one person to another: they come from the writer by name, and can be answered.
BETWEEN_PEOPLE = frozenset({"host_message", "host_answer", "supporter_words"})
