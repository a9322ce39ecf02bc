"""The list of a campaign's events: filters as links, search, map, CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event
from groundswell.events.queries import watching
from groundswell.kernel import formats
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.office import csv_file, frame, listing, states
from groundswell.web import guards
from groundswell.web.maps import bounds, drawing
from groundswell.web.requests import HouseRequest

PER_PAGE = 50

NEED_WORDS: dict[str, Promise] = {
    "approval": gettext_lazy("Waits for approval"),
    "answer": gettext_lazy("Host was asked"),
    "kit": gettext_lazy("Kit not opened"),
    "people": gettext_lazy("Needs people"),
    "report": gettext_lazy("Report missing"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter as a link; pressing the current one again takes it away."""

    words: str
    href: str
    is_current: bool


def wish_of(request: HouseRequest) -> watching.Wish:
    """The filters of the address; what does not exist is left out."""
    given = request.GET
    return watching.Wish(
        state=given.get("state", "") if given.get("state") in Event.State.values else "",
        day=_day(given.get("day", "")),
        country=clean_line(given.get("country", "")).upper()[:2],
        need=given.get("need", "") if given.get("need") in watching.NEEDS else "",
        words=clean_line(given.get("q", ""))[:80],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _query(wish: watching.Wish, **changes: str) -> str:
    """The address of the list with some filters changed; empty ones are left out."""
    held = {
        "need": wish.need,
        "state": wish.state,
        "day": wish.day.isoformat() if wish.day else "",
        "country": wish.country,
        "q": wish.words,
        **changes,
    }
    return "?" + urlencode({name: value for name, value in held.items() if value})


@guards.office(Right.SEE_EVENTS)
def events(request: HouseRequest, slug: str) -> HttpResponse:
    """Events of one campaign, 50 on a page."""
    campaign = frame.campaign_or_404(request, slug)
    wish = wish_of(request)
    page = Paginator(watching.for_office(campaign, frame.by(request), wish), PER_PAGE).get_page(
        request.GET.get("page")
    )
    choices = watching.choices(campaign, frame.by(request))
    context = {
        "rows": listing.rows(campaign, list(page.object_list)),
        "page": listing.with_links(page, lambda number: _query(wish, page=str(number))[1:]),
        "wish": wish,
        "is_filtered": wish != watching.Wish(),
        "has_any": bool(choices.by_state),
        "sentence": _sentence(choices),
        "to_review": choices.by_state.get(Event.State.WAITING, 0),
        "needs": _need_chips(wish),
        "states": _state_chips(wish, choices),
        "days": _day_chips(wish, choices),
        "countries": _country_chips(wish, choices),
        "csv_href": reverse("office:events_csv", args=[slug]) + _query(wish),
        "map_href": reverse("office:events_map", args=[slug]) + _query(wish),
    }
    return frame.page(
        request, "office/events/index.html", context, campaign=campaign, current="events"
    )


def _sentence(choices: watching.Choices) -> str:
    """The page's state in one line."""
    listed = choices.by_state.get(Event.State.LISTED, 0)
    waiting = choices.by_state.get(Event.State.WAITING, 0)
    if not waiting:
        return _("{listed} on the map, nothing waits for approval").format(
            listed=formats.number(listed)
        )
    return _("{listed} on the map, {waiting} waiting for approval").format(
        listed=formats.number(listed), waiting=formats.number(waiting)
    )


def _need_chips(wish: watching.Wish) -> list[Chip]:
    return [
        Chip(str(words), _query(wish, need="" if wish.need == key else key), wish.need == key)
        for key, words in NEED_WORDS.items()
    ]


def _state_chips(wish: watching.Wish, choices: watching.Choices) -> list[Chip]:
    shown = [state for state in Event.State.values if choices.by_state.get(state)]
    return [
        Chip(
            _("{state}: {number}").format(
                state=states.STATE_WORDS[state], number=formats.number(choices.by_state[state])
            ),
            _query(wish, state="" if wish.state == state else state),
            wish.state == state,
        )
        for state in shown
    ]


def _day_chips(wish: watching.Wish, choices: watching.Choices) -> list[Chip]:
    if len(choices.days) < 2:
        return []
    return [
        Chip(
            formats.day(day),
            _query(wish, day="" if wish.day == day else day.isoformat()),
            wish.day == day,
        )
        for day in choices.days
    ]


def _country_chips(wish: watching.Wish, choices: watching.Choices) -> list[Chip]:
    if len(choices.countries) < 2:
        return []
    chips = [
        Chip(
            countries.name(code) or code,
            _query(wish, country="" if wish.country == code else code),
            wish.country == code,
        )
        for code in choices.countries
    ]
    return sorted(chips, key=lambda chip: chip.words)


@guards.office(Right.SEE_EVENTS)
def events_map(request: HouseRequest, slug: str) -> HttpResponse:
    """The same events as dots; each leads to its event, or nearer."""
    campaign = frame.campaign_or_404(request, slug)
    wish = wish_of(request)
    rows = list(
        watching.for_office(campaign, frame.by(request), wish).values_list(
            "latitude", "longitude", "slug", "title"
        )
    )
    titles = {event_slug: title for _lat, _lon, event_slug, title in rows}
    window = bounds.read(request.GET.get("window", "")) or bounds.fitting(
        (lat, lon) for lat, lon, _slug, _title in rows
    )

    def href(bubble: drawing.Bubble) -> str:
        if bubble.count == 1:
            return reverse("office:event", args=[slug, bubble.keys[0]])
        return _query(wish, window=bubble.bounds.query())

    def label(bubble: drawing.Bubble) -> str:
        if bubble.count == 1:
            return titles[str(bubble.keys[0])]
        return states.events_words(bubble.count)

    context = {
        "map": drawing.draw(
            [(lat, lon, event_slug) for lat, lon, event_slug, _title in rows],
            href=href,
            label=label,
            bounds=window,
            moves=lambda moved: _query(wish, window=moved.query()),
        )
        if rows
        else None,
        "sentence": states.events_words(len(rows)),
        "list_href": reverse("office:events", args=[slug]) + _query(wish),
    }
    return frame.page(
        request, "office/events/map.html", context, campaign=campaign, current="events"
    )


@guards.office(Right.SEE_EVENTS)
def events_csv(request: HouseRequest, slug: str) -> HttpResponse:
    """The same events as a table without anything about a person."""
    campaign = frame.campaign_or_404(request, slug)
    head = [
        _("Address"),
        _("Title"),
        _("Town"),
        _("Country"),
        _("Starts (local time)"),
        _("Ends (local time)"),
        _("Zone"),
        _("State"),
        _("Places"),
        _("People coming"),
        _("Waiting"),
        _("Counted, lowest"),
        _("Counted, best"),
        _("Counted, highest"),
    ]
    found = watching.for_office(campaign, frame.by(request), wish_of(request)).select_related(
        "seats", "report"
    )
    return csv_file.response(f"{slug}-events", head, _cells(campaign, found.iterator(500)))


def _cells(campaign: Campaign, found: Iterator[Event]) -> Iterator[list[object]]:
    for event in found:
        report = getattr(event, "report", None)
        yield [
            event.slug,
            event.title,
            event.town,
            event.country,
            event.starts_wall.replace("T", " "),
            event.ends_wall.replace("T", " "),
            event.zone,
            str(states.STATE_WORDS[event.state]),
            event.seats.capacity,
            event.seats.taken,
            event.seats.waiting,
            report.low_count if report else None,
            report.best_count if report else None,
            report.high_count if report else None,
        ]


urlpatterns = [
    path("c/<slug:slug>/events/", events, name="events"),
    path("c/<slug:slug>/events/map/", events_map, name="events_map"),
    path("c/<slug:slug>/events.csv", events_csv, name="events_csv"),
]
