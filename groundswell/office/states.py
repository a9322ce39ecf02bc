"""How an event is going, in a word with its tone and icon; and how long ago something was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_timedelta
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.events.models import Event, Rsvp
from groundswell.events.queries import watching
from groundswell.events.seats import NEARLY_FULL
from groundswell.kernel import clock, formats

STATE_WORDS: dict[str, Promise] = {
    Event.State.UNPROVEN: gettext_lazy("E-mail not proven"),
    Event.State.WAITING: gettext_lazy("Waits for approval"),
    Event.State.ASKED: gettext_lazy("Host was asked"),
    Event.State.LISTED: gettext_lazy("On the map"),
    Event.State.DECLINED: gettext_lazy("Declined"),
    Event.State.CANCELLED: gettext_lazy("Cancelled"),
    Event.State.LAPSED: gettext_lazy("Lapsed"),
    Event.State.HELD: gettext_lazy("In quarantine"),
}
_STATE_LOOKS: dict[str, tuple[str, str]] = {
    Event.State.UNPROVEN: ("", "mail"),
    Event.State.WAITING: ("warn", "hourglass"),
    Event.State.ASKED: ("warn", "circle-help"),
    Event.State.DECLINED: ("", "ban"),
    Event.State.CANCELLED: ("", "calendar-x-2"),
    Event.State.LAPSED: ("", "ban"),
    Event.State.HELD: ("warn", "hourglass"),
}


# How somebody took part in an event (events.queries.people.took_part).
PART_WORDS: dict[str, Promise] = {
    "hosts": gettext_lazy("Host"),
    "came": gettext_lazy("Came"),
    Rsvp.State.GOING: gettext_lazy("Signed up"),
    Rsvp.State.WAITING: gettext_lazy("On the waiting list"),
    Rsvp.State.CANCELLED: gettext_lazy("Cancelled"),
    Rsvp.State.LAPSED: gettext_lazy("Seat given back"),
}


@dataclass(frozen=True, slots=True)
class Going:
    """What ``web/components/tag.html`` shows."""

    words: str
    tone: str
    icon: str


def going(event: Event) -> Going:
    """The one thing about an event that matters most now. Its seats must be loaded."""
    if event.state != Event.State.LISTED:
        tone, icon = _STATE_LOOKS[event.state]
        return Going(str(STATE_WORDS[event.state]), tone, icon)
    now = clock.now()
    if event.ends_at <= now:
        return Going(_("Over"), "", "check")
    seats, is_soon = event.seats, event.starts_at <= now + watching.SOON
    if seats.capacity is not None and seats.taken >= seats.capacity:
        return Going(_("Full"), "ok", "users")
    if is_soon and seats.taken < watching.FEW_PEOPLE:
        return Going(_("Needs people"), "hot", "triangle-alert")
    if is_soon and event.kit_opened_at is None:
        return Going(_("Kit not opened"), "warn", "mail-open")
    if seats.capacity is not None and seats.taken >= NEARLY_FULL * seats.capacity:
        return Going(_("Nearly full"), "ok", "circle-check")
    return Going(_("On track"), "ok", "circle-check")


def seats_words(event: Event) -> str:
    """``38 of 60``, or ``38`` where there is no limit."""
    seats = event.seats
    if seats.capacity is None:
        return formats.number(seats.taken)
    return _("{taken} of {capacity}").format(
        taken=formats.number(seats.taken), capacity=formats.number(seats.capacity)
    )


def people_words(count: int) -> str:
    """``38 people``."""
    words = ngettext("{number} person", "{number} people", count)
    return words.format(number=formats.number(count))


def ago(moment: datetime) -> str:
    """``19 hours ago``, in the language of the page."""
    return format_timedelta(moment - clock.now(), add_direction=True, locale=formats.locale())


def events_words(count: int) -> str:
    """``38 events``."""
    words = ngettext("{number} event", "{number} events", count)
    return words.format(number=formats.number(count))
