"""Rows of events as the office's tables show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event
from groundswell.office import states
from groundswell.people import queries as people_queries


@dataclass(frozen=True, slots=True)
class Row:
    """One event in a table. ``host`` is the first name and an initial; organisers may see more
    on the event's own page."""

    title: str
    town: str
    country: str
    href: str
    starts_at: datetime
    zone: str
    seats: str
    taken: int
    capacity: int | None
    host: str
    going: states.Going


def rows(campaign: Campaign, events: Sequence[Event]) -> list[Row]:
    """Rows of loaded events (with seats and host); one question for all names."""
    hosts = [event.host for event in events if event.host is not None]
    names = people_queries.names_of(hosts)
    return [
        Row(
            title=event.title,
            town=event.town,
            country=event.country,
            href=reverse("office:event", args=[campaign.slug, event.slug]),
            starts_at=event.starts_at,
            zone=event.zone,
            seats=states.seats_words(event),
            taken=event.seats.taken,
            capacity=event.seats.capacity,
            host=names[event.host.id].for_hosts if event.host is not None else "",
            going=states.going(event),
        )
        for event in events
    ]


class LongList(Paginator[Any]):
    """Pages of a list that may hold a million. It is counted no further than ``most``, for nobody
    turns that many pages, and counting all takes longer than finding the first."""

    def __init__(self, found: QuerySet[Any], per_page: int, *, most: int) -> None:
        super().__init__(found, per_page)
        self.found, self.most = found, most

    @cached_property
    def _counted(self) -> int:
        return self.found.order_by()[: self.most + 1].count()

    @property
    def has_more(self) -> bool:
        """Whether there are more than are counted and shown."""
        return self._counted > self.most

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)


def with_links(page: Page[Any], query: Callable[[int], str]) -> Page[Any]:
    """The page with the queries of its neighbours, as ``web/components/pages.html`` reads them."""
    if page.has_previous():
        page.query_before = query(page.previous_page_number())  # type: ignore[attr-defined]  # for the template
    if page.has_next():
        page.query_after = query(page.next_page_number())  # type: ignore[attr-defined]  # as above
    return page
