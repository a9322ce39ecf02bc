"""Finding events: one by its link, the nearest to a place, everything on a map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event
from groundswell.events.queries import nearness
from groundswell.kernel import clock
from groundswell.places import geometry


@dataclass(frozen=True, slots=True)
class Filters:
    """The chips above the list."""

    day: date | None = None
    is_step_free: bool = False
    is_for_children: bool = False
    language: str = ""  # events held in this language
    is_online: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """An event and how far it is."""

    event: Event
    km: float


@dataclass(frozen=True, slots=True)
class Dot:
    """One event on a map."""

    id: int
    latitude: float
    longitude: float
    town: str
    slug: str


def event_by_slug(slug: str) -> Event | None:
    """An event with its campaign, host and seats, in whatever state."""
    related = Event.objects.select_related("campaign", "host", "seats")
    return related.filter(slug=slug).first()


def bare_event(slug: str) -> Event | None:
    """What an operation needs to know about an event, without a page's thirty columns."""
    known = Event.objects.only("campaign_id", "slug", "state", "ends_at")
    for event in known.filter(slug=slug):
        return event
    return None


def event_by_id(event_id: int) -> Event | None:
    """An event with its campaign, host and seats, in whatever state."""
    related = Event.objects.select_related("campaign", "host", "seats")
    return related.filter(id=event_id).first()


def listed(campaign: Campaign, filters: Filters | None = None) -> QuerySet[Event]:
    """Events on the campaign's map that are not over."""
    found = Event.objects.filter(
        campaign=campaign, state=Event.State.LISTED, ends_at__gt=clock.now()
    )
    return _filtered(found, filters or Filters())


def _filtered(found: QuerySet[Event], filters: Filters) -> QuerySet[Event]:
    if filters.day:
        found = found.filter(starts_wall__startswith=filters.day.isoformat())
    if filters.is_step_free:
        found = found.filter(is_step_free=True)
    if filters.is_for_children:
        found = found.filter(is_for_children=True)
    if filters.language:
        found = found.filter(language=filters.language)
    if filters.is_online:
        found = found.filter(publicity=Event.Publicity.ONLINE)
    return found


def nearest(
    campaign: Campaign,
    latitude: float,
    longitude: float,
    *,
    limit: int = 50,
    filters: Filters | None = None,
) -> list[Near]:
    """The nearest events on the map, nearest first, then the soonest.

    Two queries: the ids by the nearness index, then the rows with their seats.
    """
    ids = nearness.nearest_ids(
        campaign.id,
        latitude,
        longitude,
        limit=limit,
        conditions=_conditions(filters or Filters()),
    )
    rows = Event.objects.select_related("seats").in_bulk([each.event_id for each in ids])
    near = [Near(rows[each.event_id], each.km) for each in ids if each.event_id in rows]
    near.sort(key=lambda each: (round(each.km, 1), each.event.starts_at))
    return near


def _conditions(filters: Filters) -> tuple[tuple[str, str | bool], ...]:
    """The chips as comparisons for the nearness index. The texts are ours, the values typed."""
    chosen: list[tuple[str, str | bool]] = []
    if filters.day:
        chosen.append(("e.starts_wall LIKE %s", f"{filters.day.isoformat()}%"))
    if filters.is_step_free:
        chosen.append(("e.is_step_free = %s", True))
    if filters.is_for_children:
        chosen.append(("e.is_for_children = %s", True))
    if filters.language:
        chosen.append(("e.language = %s", filters.language))
    if filters.is_online:
        chosen.append(("e.publicity = %s", Event.Publicity.ONLINE.value))
    return tuple(chosen)


def _within(latitude: float, longitude: float, km: float) -> Q:
    condition = Q()
    for box in geometry.boxes_around(latitude, longitude, km):
        condition |= Q(
            latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
        )
    return condition


def dots(campaign: Campaign, *, include_past: bool = False) -> Sequence[Dot]:
    """Every event of the map as a point, the soonest first (one narrow query)."""
    found = Event.objects.filter(campaign=campaign, state=Event.State.LISTED)
    if not include_past:
        found = found.filter(ends_at__gt=clock.now())
    rows = found.order_by("starts_at", "id").values_list(
        "id", "latitude", "longitude", "town", "slug"
    )
    return [Dot(*row) for row in rows]


def events_by_id(ids: Sequence[int]) -> list[Event]:
    """Events with their seats, in the order of these ids."""
    found = Event.objects.filter(id__in=ids).select_related("seats")
    place = {event_id: number for number, event_id in enumerate(ids)}
    return sorted(found, key=lambda event: place[event.id])


def waiting_for_review(campaign: Campaign | None = None) -> QuerySet[Event]:
    """Events that wait for an organiser, the oldest first."""
    found = Event.objects.filter(state=Event.State.WAITING).select_related("campaign", "host")
    if campaign is not None:
        found = found.filter(campaign=campaign)
    return found.order_by("created_at")


def events_nearby(event: Event, *, km: float = 5) -> list[Near]:
    """Other events of the campaign close by: a duplicate shows here during review."""
    others = (
        Event.objects.filter(campaign=event.campaign)
        .exclude(id=event.id)
        .exclude(state__in=[Event.State.DECLINED, Event.State.LAPSED, Event.State.HELD])
        .filter(_within(event.latitude, event.longitude, km))
    )
    near = [
        Near(
            other,
            geometry.distance_km(event.latitude, event.longitude, other.latitude, other.longitude),
        )
        for other in others[:50]
    ]
    return sorted((each for each in near if each.km <= km), key=lambda each: each.km)


def starting_between(first: datetime, last: datetime) -> QuerySet[Event]:
    """Events that start in a period (end excluded) and are still going to happen."""
    gone = [
        Event.State.CANCELLED,
        Event.State.DECLINED,
        Event.State.LAPSED,
        Event.State.HELD,
    ]
    return Event.objects.filter(starts_at__gte=first, starts_at__lt=last).exclude(state__in=gone)


def hosted_before(events: Iterable[Event]) -> dict[int, int]:
    """How many events each host held before, by person id (one query)."""
    hosts = {event.host_id for event in events}
    rows = (
        Event.objects.filter(host_id__in=hosts, ends_at__lt=clock.now())
        .order_by()
        .values_list("host_id", flat=True)
    )
    held: dict[int, int] = {}
    for host_id in rows:
        if host_id is not None:
            held[host_id] = held.get(host_id, 0) + 1
    return held


def due_soon(days: int = 14) -> QuerySet[Event]:
    """Listed events of the next ``days`` days with their seats, the soonest first."""
    now = clock.now()
    return (
        Event.objects.filter(
            state=Event.State.LISTED, starts_at__range=(now, now + timedelta(days=days))
        )
        .select_related("seats", "host", "campaign")
        .order_by("starts_at", F("id"))
    )
