"""Event rows: what stands in a list of events, with one button by state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.events import policy
from groundswell.events.models import Event
from groundswell.events.seats import NEARLY_FULL
from groundswell.kernel import clock, formats
from groundswell.metrics import floor

FEW_PLACES = 10  # from here on a row says how many places are left


@dataclass(frozen=True, slots=True)
class Tag:
    words: str
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    words: str
    href: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What ``web/components/event_row.html`` shows."""

    slug: str
    title: str
    href: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    country: str
    distance_km: float | None = None
    tags: list[Tag] = field(default_factory=list)
    button: Button | None = None
    is_open: bool = False
    is_over: bool = False
    is_cancelled: bool = False


def event_href(event: Event) -> str:
    """The event's own page in the language of this page."""
    return reverse("event", args=[event.slug])


def shown_place(event: Event) -> str:
    """The place as everybody may know it: the venue of a public event, else the town."""
    if event.publicity == Event.Publicity.ONLINE:
        return _("Online")
    # No comma, which follows the page's script: venue and town may each be in one of their own.
    return "\N{NO-BREAK SPACE}· ".join(filter(None, (event.venue, event.town)))


def places_left(event: Event) -> int | None:
    """Free seats; None where there is no limit."""
    seats = event.seats
    return None if seats.capacity is None else max(0, seats.capacity - seats.taken)


def is_nearly_full(event: Event) -> bool:
    """Whether an unproven seat may lapse here (events.seats)."""
    capacity = event.seats.capacity
    return capacity is not None and event.seats.taken >= NEARLY_FULL * capacity


def is_full(event: Event) -> bool:
    return places_left(event) == 0


def tags(event: Event) -> list[Tag]:
    """How full it is first, while that matters; then what makes it possible to come."""
    found = _seat_tags(event) if event.ends_at > clock.now() else []
    if event.publicity == Event.Publicity.ONLINE:
        found.append(Tag(_("Online"), "video"))
    if event.is_step_free:
        found.append(Tag(_("Step-free"), "accessibility"))
    if event.has_hearing_loop:
        found.append(Tag(_("Hearing loop"), "ear"))
    if event.is_for_children:
        found.append(Tag(_("Children welcome"), "baby"))
    if event.language.split("-")[0] != (get_language() or "en").split("-")[0]:
        found.append(Tag(formats.endonym(event.language), "languages"))
    return found


def _seat_tags(event: Event) -> list[Tag]:
    """Nobody learns of fewer than ten people who are going (promise 8)."""
    seats, left = event.seats, places_left(event)
    if left == 0:
        return [Tag(waiting_words(seats.waiting), "users", "warn")]
    found = []
    if floor.alone(seats.taken) is not None:
        going = ngettext("{number} going", "{number} going", seats.taken)
        found.append(Tag(going.format(number=formats.number(seats.taken)), "users", "ok"))
    if left is not None and left <= FEW_PLACES and not found:
        found.append(Tag(_("Few places left"), "flame", "hot"))
    elif left is not None and left <= FEW_PLACES:
        places = ngettext("{number} place left", "{number} places left", left)
        found.append(Tag(places.format(number=formats.number(left)), "flame", "hot"))
    return found


def waiting_words(waiting: int) -> str:
    """``Full, 16 waiting``; of fewer than ten nobody learns how many they are."""
    if not waiting:
        return _("Full")
    if floor.alone(waiting) is None:
        return _("Full, others are waiting")
    words = ngettext("Full, {number} waiting", "Full, {number} waiting", waiting)
    return words.format(number=formats.number(waiting))


def _page_href(event: Event, reader_zone: str) -> str:
    """The event's page, which is told the reader's zone where the clocks there differ."""
    href = event_href(event)
    if not reader_zone or formats.is_same_clock(event.starts_at, event.zone, reader_zone):
        return href
    return f"{href}?{urlencode({'zone': reader_zone})}"


def row(
    event: Event,
    *,
    sign_up_href: str = "",
    distance_km: float | None = None,
    is_open: bool = False,
    reader_zone: str = "",
) -> Row:
    """The row of an event. ``sign_up_href`` opens the form; without it, the event's page does."""
    is_over = event.ends_at <= clock.now()
    is_cancelled = event.state == Event.State.CANCELLED
    is_online = event.publicity == Event.Publicity.ONLINE
    button = None
    if policy.takes_rsvps(event) and not is_over and not is_open:
        href = sign_up_href or event_href(event)
        button = (
            Button(_("Join the waiting list"), href, "line")
            if is_full(event)
            else Button(_("I’m coming"), href)
        )
    return Row(
        slug=event.slug,
        title=event.title,
        href=_page_href(event, reader_zone),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        place=shown_place(event),
        country=event.country,
        distance_km=None if is_online else distance_km,
        tags=tags(event),
        button=button,
        is_open=is_open,
        is_over=is_over,
        is_cancelled=is_cancelled,
    )
