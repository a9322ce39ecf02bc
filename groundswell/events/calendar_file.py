"""The calendar file (``.ics``) of an event, as RFC 5545 and RFC 5546 (iTIP) want it.

A pure function: it reads nothing and writes nothing. Wall time and zone are what people agreed
on, so the file carries both, with the zone's rules beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vCalAddress, vText
from icalendar import Event as CalendarEvent

from groundswell.events.models import Event

_PRODUCT = "-//Groundswell//Groundswell//EN"
_NO_PRODUCT = "-//Calendar//EN"
_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Zulu", "UCT", "Universal"})


class Method(StrEnum):
    """What a calendar should do with the file (RFC 5546). A download has no method."""

    NONE = ""
    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Discreet:
    """What stands in a calendar that must give nobody away: a word, and a number for the entry."""

    summary: str
    uid: str


@dataclass(frozen=True, slots=True)
class Organiser:
    """Whom a calendar names as the organiser: ours, never the host's own address."""

    name: str
    email: str


def calendar_file(
    event: Event,
    *,
    url: str,
    location: str,
    method: Method = Method.NONE,
    organiser: Organiser | None = None,
    discreet: Discreet | None = None,
) -> bytes:
    """The event as one calendar file in UTF-8.

    ``url`` is the absolute address of the event's page; its host names the event together with
    the slug (UID), so a later file replaces an earlier one. ``location`` is what this reader may
    know of the place. ``organiser`` is required by RFC 5546 for any ``method``; without one the
    file is a plain one. A cancelled event says so, whatever the method. ``discreet`` leaves only
    the time: no title, no place, no page.
    """
    calendar = Calendar()
    calendar.add("prodid", _NO_PRODUCT if discreet else _PRODUCT)
    calendar.add("version", "2.0")
    if method and organiser is not None:
        calendar.add("method", method.value)
    entry = _bare(event, discreet) if discreet else _entry(event, url, location)
    if organiser is not None:
        entry.add("organizer", _address(organiser))
    starts, ends = _moments(event)
    entry.add("dtstart", starts)
    entry.add("dtend", ends)
    if starts.tzinfo is not UTC:
        calendar.add_component(_zone_rules(event.zone, starts.year))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _bare(event: Event, discreet: Discreet) -> CalendarEvent:
    """What a calendar needs to keep an entry and to replace it, and nothing else."""
    entry = CalendarEvent()
    entry.add("uid", discreet.uid)
    entry.add("dtstamp", event.changed_at or event.created_at)
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if _is_off(event) else "CONFIRMED")
    entry.add("summary", discreet.summary)
    return entry


def _entry(event: Event, url: str, location: str) -> CalendarEvent:
    touched = event.changed_at or event.created_at
    uid = f"{event.slug}@{urlsplit(url).hostname}"
    entry = _bare(event, Discreet(event.title, uid))
    entry.add("created", event.created_at)
    entry.add("last-modified", touched)
    if event.description:
        entry.add("description", f"{event.description}\n\n{url}")
    else:
        entry.add("description", url)
    if location:
        entry.add("location", location)
    if event.publicity == Event.Publicity.EVERYONE:
        entry.add("geo", (event.latitude, event.longitude))
    entry.add("url", url)
    return entry


def _is_off(event: Event) -> bool:
    return event.state in {Event.State.CANCELLED, Event.State.DECLINED, Event.State.LAPSED}


def _address(organiser: Organiser) -> vCalAddress:
    address = vCalAddress(f"mailto:{organiser.email}")
    address.params["cn"] = vText(organiser.name)
    return address


def _moments(event: Event) -> tuple[datetime, datetime]:
    """Start and end in the event's zone; in UTC where the wall time alone would be misread.

    A wall time that clocks show twice means the first one (RFC 5545 section 3.3.5), so an instant
    in the second is written in UTC.
    """
    if event.zone not in _UTC_NAMES:
        there = ZoneInfo(event.zone)
        starts, ends = event.starts_at.astimezone(there), event.ends_at.astimezone(there)
        if not starts.fold and not ends.fold:
            return starts, ends
    return event.starts_at.astimezone(UTC), event.ends_at.astimezone(UTC)


@lru_cache(maxsize=512)
def _zone_rules(zone: str, year: int) -> Timezone:
    """The zone's rules around a year; a calendar that knows the zone's name has its own."""
    first, last = date(year - 1, 1, 1), date(year + 2, 1, 1)
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, first, last)
