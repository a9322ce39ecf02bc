"""What happened to events and sign-ups, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import KEEP_NINETY_DAYS, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHosted(Fact):
    sentence: ClassVar[str | Promise] = _(
        "Published an event at its own link; it waits for the mail's link to be opened."
    )
    person_id: int
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventProven(Fact):
    sentence: ClassVar[str | Promise] = _("Proved the host's address; the event waits for review.")
    person_id: int
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventListed(Fact):
    sentence: ClassVar[str | Promise] = _("Approved the event; it is on the map.")
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAsked(Fact):
    sentence: ClassVar[str | Promise] = _("Asked the host something about the event.")
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDeclined(Fact):
    sentence: ClassVar[str | Promise] = _("Declined the event.")
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLapsed(Fact):
    sentence: ClassVar[str | Promise] = _(
        "Took the event down: the host's address was not proven in a day."
    )
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed the event.")
    campaign_id: int
    event_id: int
    sequence: int
    has_moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCancelled(Fact):
    sentence: ClassVar[str | Promise] = _("Cancelled the event.")
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpMade(Fact):
    sentence: ClassVar[str | Promise] = _("Signed up for an event.")
    person_id: int
    campaign_id: int
    event_id: int
    rsvp_id: int
    state: str
    is_proven: bool
    is_new_person: bool
    contact_id: int | None = None  # the address it was made by, should two people be told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpRepeated(Fact):
    sentence: ClassVar[str | Promise] = _("Signed up again; the first sign-up stands.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpProven(Fact):
    sentence: ClassVar[str | Promise] = _("Proved the address of a sign-up.")
    person_id: int
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed how many come.")
    person_id: int
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpCancelled(Fact):
    sentence: ClassVar[str | Promise] = _("Cancelled a sign-up.")
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpLapsed(Fact):
    sentence: ClassVar[str | Promise] = _("An unproven seat was given back.")
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPromoted(Fact):
    sentence: ClassVar[str | Promise] = _("Moved up from the waiting list to a seat.")
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpConfirmed(Fact):
    sentence: ClassVar[str | Promise] = _("Said the day before that they are coming.")
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(Fact):
    sentence: ClassVar[str | Promise] = _("Was ticked in at the event.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInUndone(Fact):
    sentence: ClassVar[str | Promise] = _("The tick at the event was taken back.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceTold(Fact):
    sentence: ClassVar[str | Promise] = _("Told us whether they made it.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int
    came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMessaged(Fact):
    sentence: ClassVar[str | Promise] = _("Sent a message to everybody who is going.")
    campaign_id: int
    event_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled(Fact):
    sentence: ClassVar[str | Promise] = _("Reported how the event went.")
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCutOff(Fact):
    """Heard above: whatever names both this event and somebody who signed up for it goes."""

    sentence: ClassVar[str | Promise] = _("Forgot who was at the event; the numbers stay.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpHeld(Fact):
    sentence: ClassVar[str | Promise] = _("A sign-up was held back until somebody confirms it.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int | None
    campaign_id: int
    event_id: int
    rsvp_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHeld(Fact):
    sentence: ClassVar[str | Promise] = _("An event was held back until somebody looks at it.")
    campaign_id: int
    event_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLetIn(Fact):
    sentence: ClassVar[str | Promise] = _("Let an event out of quarantine.")
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCutOff(Fact):
    """Heard above: whatever names both this event and its host goes."""

    sentence: ClassVar[str | Promise] = _("Forgot who held the event.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDeleted(Fact):
    sentence: ClassVar[str | Promise] = _("Deleted something in quarantine.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    campaign_id: int
    event_id: int
    held_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTakenBack(Fact):
    sentence: ClassVar[str | Promise] = _("Took back a deletion in quarantine.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    campaign_id: int
    event_id: int
    held_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReported(Fact):
    sentence: ClassVar[str | Promise] = _("Somebody reported the event.")
    campaign_id: int
    event_id: int
    concern_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPaused(Fact):
    sentence: ClassVar[str | Promise] = _(
        "Paused the host’s messages until an organiser has looked."
    )
    campaign_id: int
    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernsSettled(Fact):
    sentence: ClassVar[str | Promise] = _("Looked into the reports about the event.")
    campaign_id: int
    event_id: int
    count: int
