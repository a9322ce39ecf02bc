"""Files for programs: calendar entries, and what search engines may read."""

from __future__ import annotations

from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils import translation

from groundswell.campaigns import queries as campaign_queries
from groundswell.events import discretion, policy
from groundswell.events.calendar_file import calendar_file
from groundswell.events.queries import finding
from groundswell.kernel.actor import VISITOR
from groundswell.public import rows
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

_SITEMAP_MOST = 50_000  # https://www.sitemaps.org/protocol.html
_PRIVATE = ("/*/host/", "/*/stop/", "/*/sign-in/", "/*/office/", "/*/my/")


@guards.anyone()
def event_ics(request: HouseRequest, slug: str) -> HttpResponse:
    """One event for a calendar: what everybody may know of its place, never more."""
    event = finding.event_by_slug(slug)
    if event is None or not policy.is_open_page(event):
        raise Http404
    with translation.override(event.language):
        url = settings.GROUNDSWELL_ORIGIN + reverse("event", args=[slug])
        is_discreet = event.country in site_queries.discreet_countries()
        content = calendar_file(
            event,
            url=url,
            location=rows.shown_place(event),
            discreet=discretion.for_calendar(event) if is_discreet else None,
        )
    name = "event" if is_discreet else slug
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@guards.anyone()
def robots(request: HouseRequest) -> HttpResponse:
    """What search engines should leave alone: pages by personal link, and filtered lists."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _PRIVATE), "Disallow: /*?"]
    lines.append(f"Sitemap: {settings.GROUNDSWELL_ORIGIN}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@guards.anyone()
def sitemap(request: HouseRequest) -> HttpResponse:
    """The campaigns and the events on their maps, in the installation's first language."""
    with translation.override(settings.LANGUAGE_CODE):
        places = [reverse("home")]
        for campaign in campaign_queries.visible_campaigns(VISITOR):
            places.append(reverse("campaign", args=[campaign.slug]))
            events = finding.listed(campaign).values_list("slug", flat=True)
            places += [reverse("event", args=[slug]) for slug in events]
    entries = "".join(
        f"<url><loc>{escape(settings.GROUNDSWELL_ORIGIN + place)}</loc></url>"
        for place in places[:_SITEMAP_MOST]
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


urlpatterns = [
    path("e/<slug:slug>.ics", event_ics, name="event_ics"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
]
