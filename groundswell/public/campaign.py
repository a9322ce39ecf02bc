"""A campaign's page: find the nearest event, or start one; afterwards, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event
from groundswell.events.queries import finding
from groundswell.events.queries.finding import Near
from groundswell.kernel import formats
from groundswell.people.wordings import WORDINGS
from groundswell.public import (
    afterwards,
    campaign_map,
    linked_data,
    moments,
    rows,
    search,
    totals,
    whereabouts,
)
from groundswell.public.frame import campaign_frame, page_language
from groundswell.public.sign_up_form import SignUpForm
from groundswell.web import guards
from groundswell.web.charts import swell
from groundswell.web.requests import HouseRequest

NEAR_KM = 30


def campaign_or_404(request: HouseRequest, slug: str) -> Campaign:
    """The campaign, if this visitor may see it."""
    found = campaign_queries.campaign_by_slug(slug, request.actor)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Chip:
    words: str
    href: str
    icon: str = ""
    is_current: bool = False


def find_place(query: search.Search, found: Campaign) -> whereabouts.Answer:
    """Where the visitor is: a chosen town, a shared place, or what was typed."""
    chosen = whereabouts.by_id(query.town_id) or whereabouts.by_point(query.lat, query.lon)
    if chosen is not None:
        return whereabouts.Answer(chosen)
    return whereabouts.by_text(query.near, countries=found.countries)


def _events(
    found: Campaign, query: search.Search, where: whereabouts.Where | None
) -> tuple[list[Near], bool]:
    """One page of events and whether there are more: the nearest, or else the next ones."""
    filters, limit = query.filters(found), query.show + 1
    if where is not None and not query.online:
        near = finding.nearest(found, where.latitude, where.longitude, limit=limit, filters=filters)
    else:
        soonest = finding.listed(found, filters).select_related("seats").order_by("starts_at", "id")
        near = [Near(event, -1) for event in soonest[:limit]]
    return near[: query.show], len(near) == limit


def _row(each: Near, query: search.Search, reader_zone: str) -> dict[str, Any]:
    """A row, opened with the form in it when the address says so."""
    is_open = each.event.slug == query.open
    href = query.query(open=each.event.slug) + "#sign-up"
    distance = each.km if each.km >= 0 else None
    return {
        "row": rows.row(
            each.event,
            sign_up_href=href,
            distance_km=distance,
            is_open=is_open,
            reader_zone=reader_zone,
        ),
        "is_full": rows.is_full(each.event),
    }


def _chips(found: Campaign, query: search.Search) -> list[Chip]:
    chips = [
        Chip(_("Any time"), query.chip(), is_current=not query.is_filtered),
        Chip(
            formats.day(found.action_on),
            query.chip(day="action"),
            "calendar-days",
            bool(query.day),
        ),
        Chip(
            _("Step-free"),
            query.chip(access="step-free"),
            "accessibility",
            query.access == "step-free",
        ),
        Chip(
            _("Children welcome"), query.chip(access="children"), "baby", query.access == "children"
        ),
    ]
    mine = page_language().split("-")[0]
    others = [code for code in totals.customs(found).languages if code.split("-")[0] != mine]
    chips += [
        Chip(formats.endonym(code), query.chip(language=code), "languages", query.language == code)
        for code in others[:4]
    ]
    return chips


def _swell(found: Campaign, *, is_over: bool) -> dict[str, Any]:
    series = totals.daily(found)
    drawn = swell.draw(series.counts)
    if not drawn.is_flat:
        caption = _(
            "Sign-ups since {date}: the wave behind is the day, the one in front the week."
        ).format(date=formats.short_date(series.days[0]))
    else:
        caption = "" if is_over else _("A flat sea: the first ten sign-ups make the first wave.")
    return {"swell": drawn, "swell_caption": caption}


def _hosts_words(found: Campaign) -> str:
    """``298 people are already hosting.`` Fewer than ten are nobody's business."""
    events = totals.numbers(found)["events_listed"].amount
    if events is None or events.value < 10:
        return ""
    words = ngettext(
        "{number} event is already planned.", "{number} events are already planned.", events.value
    )
    return words.format(number=formats.number(events.value))


def _nothing_near(near: list[Near], where: whereabouts.Where | None) -> dict[str, Any] | None:
    """The nearest town with an event, when none is within thirty kilometres."""
    if where is None or not near or near[0].km < 0 or near[0].km <= NEAR_KM:
        return None
    return {
        "town": where.town,
        "nearest": near[0].event.town,
        "km": near[0].km,
        "country": where.country,
    }


def _list_context(request: HouseRequest, found: Campaign) -> dict[str, Any]:
    query = search.read(request.GET)
    answer = find_place(query, found)
    near, has_more = _events(found, query, answer.where)
    customs = totals.customs(found)
    kit = campaign_queries.current_kit(found, page_language())
    events = [each.event for each in near]
    return {
        "query": query,
        "where": answer.where,
        "problem": answer.problem,
        "suggestions": [
            Chip(each.label, query.query(near=each.label, town=each.town_id) + "#near")
            for each in answer.suggestions
        ],
        "rows": [_row(each, query, answer.where.zone if answer.where else "") for each in near],
        "more_href": query.query(show=query.show + search.PAGE) + "#near" if has_more else "",
        "more_count": search.PAGE,
        "chips": _chips(found, query),
        "nothing_near": _nothing_near(near, answer.where),
        "online_href": query.query(online="1", near="", lat="", lon="", town="", show="") + "#near",
        "form": SignUpForm(),
        "source": dict(query.source),
        "map": campaign_map.on_page(found, answer.where, include_past=False),
        "all_href": query.chip(),
        "host_near_url": _host_href(found, query, answer.where),
        "event_consent": WORDINGS["rsvp-event-1"],
        "moments": moments.from_start(kit, customs.start),
        "hosts_words": _hosts_words(found),
        "linked_data": linked_data.events(_public(events), found.organisation),
    }


def _host_href(found: Campaign, query: search.Search, where: whereabouts.Where | None) -> str:
    """The wizard, with the town that the visitor searched for and where they came from."""
    address = reverse("host_start", args=[found.slug])
    told = {name: value for name, value in query.source if value}
    told |= {"near": where.town} if where else {}
    return f"{address}?{urlencode(told)}" if told else address


def _public(events: list[Event]) -> list[Event]:
    """The first rows, for search engines: a page need not carry all of them."""
    return events[: search.PAGE]


@guards.anyone()
def campaign(request: HouseRequest, slug: str) -> HttpResponse:
    """The campaign's page while it runs, and after it."""
    found = campaign_or_404(request, slug)
    frame = campaign_frame(request, found)
    is_over = frame["is_over"]
    context = {**frame, "numbers": totals.numbers(found), **_swell(found, is_over=is_over)}
    if is_over:
        context |= {
            "map": campaign_map.on_page(found, None, include_past=True),
            "figures": afterwards.figures(found),
        }
        return render(request, "public/campaign_over.html", context)
    context |= _list_context(request, found)
    return render(request, "public/campaign.html", context)


@guards.anyone()
def map_page(request: HouseRequest, slug: str) -> HttpResponse:
    """The map by itself: links zoom and move it, and the events in view stand below."""
    found = campaign_or_404(request, slug)
    frame = campaign_frame(request, found)
    query = search.read(request.GET)
    answer = find_place(query, found)
    is_over = frame["is_over"]
    view = request.GET.get("view", "")
    window = campaign_map.window_of(found, view, answer.where, include_past=is_over)
    drawn, inside = campaign_map.in_window(found, window, answer.where, include_past=is_over)
    listed = campaign_map.nearest_first(inside, answer.where)
    shown = finding.events_by_id([dot.id for dot, _km in listed[: query.show]])
    distances = {dot.id: km for dot, km in listed}
    context = {
        **frame,
        "query": query,
        "where": answer.where,
        "problem": answer.problem,
        "suggestions": [
            Chip(each.label, query.query(near=each.label, town=each.town_id))
            for each in answer.suggestions
        ],
        "map": drawn,
        "inside_count": len(inside),
        "rows": [rows.row(event, distance_km=distances[event.id]) for event in shown],
        "more_href": (
            query.query(show=query.show + search.PAGE, view=view)
            if len(inside) > len(shown) and query.show < search.MOST
            else ""
        ),
    }
    return render(request, "public/map.html", context)


urlpatterns = [
    path("<slug:slug>", campaign, name="campaign"),
    path("<slug:slug>/map", map_page, name="campaign_map"),
]
