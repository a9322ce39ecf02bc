"""What the coordinating team watches over: events that need somebody, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from groundswell.campaigns.models import Campaign
from groundswell.events import scopes
from groundswell.events.models import Event
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right

SOON = timedelta(days=14)
FEW_PEOPLE = 5
REPORT_FOR = timedelta(days=30)  # how long a missing report is worth a call


def waits_for_approval() -> Q:
    """Proven by the host, and nobody has checked it yet."""
    return Q(state=Event.State.WAITING)


def host_was_asked() -> Q:
    """An organiser asked something, and the host has not changed the event since."""
    return Q(state=Event.State.ASKED, ends_at__gt=clock.now())


def is_soon() -> Q:
    """On the map, and it starts within 14 days."""
    now = clock.now()
    return Q(state=Event.State.LISTED, starts_at__gt=now, starts_at__lte=now + SOON)


def kit_not_opened() -> Q:
    """The event is soon, and its host has not opened the kit."""
    return is_soon() & Q(kit_opened_at=None)


def has_few_people() -> Q:
    """The event is soon, and fewer than five people are coming."""
    return is_soon() & Q(seats__taken__lt=FEW_PEOPLE)


def report_is_missing() -> Q:
    """Over for less than 30 days, and the host has not told how it went."""
    now = clock.now()
    return Q(
        state=Event.State.LISTED,
        ends_at__lte=now,
        ends_at__gt=now - REPORT_FOR,
        report__isnull=True,
    )


# The names under which pages offer them as filters.
NEEDS: Mapping[str, Callable[[], Q]] = {
    "approval": waits_for_approval,
    "answer": host_was_asked,
    "kit": kit_not_opened,
    "people": has_few_people,
    "report": report_is_missing,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which events of a campaign the office wants to see."""

    state: str = ""  # one of Event.State
    day: date | None = None  # by the event's own wall clock
    country: str = ""
    need: str = ""  # one of NEEDS
    words: str = ""  # part of a title or a town


# Never proven and come down again, or in quarantine: only the filter by that state shows them.
_GONE = (Event.State.LAPSED, Event.State.HELD)


def seen_by(by: Actor, campaign: Campaign) -> QuerySet[Event]:
    """The campaign's events that somebody looks after."""
    return Event.objects.filter(scopes.carried(by, Right.SEE_EVENTS), campaign=campaign)


def ids_seen_by(by: Actor, event_ids: Iterable[int]) -> set[int]:
    """Those of these events, of any campaign, that somebody looks after."""
    seen = Event.objects.filter(scopes.carried(by, Right.SEE_EVENTS), id__in=set(event_ids))
    return set(seen.values_list("id", flat=True))


def for_office(campaign: Campaign, by: Actor, wish: Wish | None = None) -> QuerySet[Event]:
    """The events that ``by`` looks after as a wish wants them, the soonest first, with seats
    and host."""
    chosen = wish or Wish()
    found = seen_by(by, campaign).select_related("seats", "host")
    found = found.filter(state=chosen.state) if chosen.state else found.exclude(state__in=_GONE)
    if chosen.day:
        found = found.filter(starts_wall__startswith=chosen.day.isoformat())
    if chosen.country:
        found = found.filter(country=chosen.country)
    if chosen.need in NEEDS:
        found = found.filter(NEEDS[chosen.need]())
    if chosen.words:
        found = found.filter(Q(title__icontains=chosen.words) | Q(town__icontains=chosen.words))
    return found.order_by("starts_at", "id")


def next_ones(campaign: Campaign, by: Actor, *, limit: int = 8) -> list[Event]:
    """The next events on the map that are not over, the soonest first."""
    found = for_office(campaign, by, Wish(state=Event.State.LISTED))
    return list(found.filter(ends_at__gt=clock.now())[:limit])


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the list can be set to."""

    days: tuple[date, ...]
    countries: tuple[str, ...]
    by_state: Mapping[str, int]


def choices(campaign: Campaign, by: Actor, *, most_days: int = 14) -> Choices:
    """The days and countries that occur, and how many events stand in which state."""
    rows = seen_by(by, campaign).exclude(state__in=_GONE).order_by()
    by_state = dict(rows.values_list("state").annotate(many=Count("id")))
    day = Substr("starts_wall", 1, 10)
    days = rows.annotate(day=day).values_list("day", flat=True).distinct().order_by("day")
    countries = rows.exclude(country="").values_list("country", flat=True).distinct()
    return Choices(
        days=tuple(date.fromisoformat(each) for each in days[:most_days]),
        countries=tuple(sorted(countries)),
        by_state=by_state,
    )


def next_to_review(campaign: Campaign, by: Actor, *, after: datetime | None = None) -> Event | None:
    """The event that waits longest; ``after`` goes on to the next one."""
    found = for_office(campaign, by, Wish(state=Event.State.WAITING)).filter(
        scopes.carried(by, Right.REVIEW_EVENTS)
    )
    found = found.order_by("created_at", "id")
    if after is not None:
        found = found.filter(created_at__gt=after)
    return found.first()


def other_events_of_host(event: Event, by: Actor, *, limit: int = 20) -> list[Event]:
    """What the same host published elsewhere where ``by`` looks, the newest first: a reviewer's
    background."""
    if not event.host_id:
        return []
    seen = Event.objects.filter(scopes.carried(by, Right.SEE_EVENTS))
    others = seen.filter(host_id=event.host_id).exclude(id=event.id)
    return list(others.select_related("campaign").order_by("-created_at")[:limit])


def events_by_ids(ids: Iterable[int | None]) -> list[Event]:
    """Events with their campaigns; unknown ids are left out."""
    wanted = [each for each in ids if each is not None]
    return list(Event.objects.filter(id__in=wanted).select_related("campaign"))
