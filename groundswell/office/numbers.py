"""Numbers: each with its definition beside it, the course of sign-ups, where it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_countries import countries

from groundswell.campaigns.models import Campaign
from groundswell.events.queries import finding
from groundswell.kernel import formats
from groundswell.kernel.roles import Right
from groundswell.metrics import definitions
from groundswell.metrics import queries as metrics_queries
from groundswell.office import charts, csv_file, frame, states
from groundswell.web import guards
from groundswell.web.charts import bars
from groundswell.web.maps import bounds, drawing
from groundswell.web.requests import HouseRequest

COUNTRIES_SHOWN = 12
_GROUPS = (
    ("events", definitions.events.NUMBERS),
    ("coming", definitions.coming.NUMBERS),
    ("after", definitions.after.NUMBERS),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One number as the page shows it."""

    key: str
    name: str | Promise
    definition: str | Promise
    value: str
    detail: str


def line(figure: metrics_queries.Figure) -> Line:
    """A number in words: its value, and what it is a part of or lies between."""
    number, amount = figure.number, figure.amount
    value, detail = "", ""
    if amount is None:
        value = _("Fewer than 10") if figure.is_hidden else _("Nothing yet")
    elif amount.whole is not None:
        value = formats.percent(amount.value, amount.whole)
        detail = _("{part} of {whole}").format(
            part=formats.number(amount.value), whole=formats.number(amount.whole)
        )
    else:
        value = formats.number(amount.value)
    if amount is not None and amount.low is not None and amount.high is not None:
        detail = _("between {low} and {high}").format(
            low=formats.number(amount.low), high=formats.number(amount.high)
        )
    return Line(number.key, number.name, number.definition, value, detail)


@guards.office(Right.SEE_NUMBERS)
def numbers(request: HouseRequest, slug: str) -> HttpResponse:
    """Every number of a campaign."""
    campaign = frame.campaign_or_404(request, slug, Right.SEE_NUMBERS)
    actor = frame.by(request)
    figures = {
        figure.number.key: line(figure)
        for figure in metrics_queries.campaign_numbers(campaign, actor)
    }
    days = charts.wanted_days(request)
    titles = {"events": _("Events"), "coming": _("People"), "after": _("The day and after")}
    context = {
        "groups": [
            (titles[key], [figures[number.key] for number in group]) for key, group in _GROUPS
        ],
        "chart": charts.sign_ups(metrics_queries.series(campaign), days=days),
        "periods": charts.periods(days),
        "csv_href": reverse("office:sign_ups_csv", args=[slug]),
        "numbers_csv_href": reverse("office:numbers_csv", args=[slug]),
        "events_csv_href": reverse("office:events_csv", args=[slug]),
        "countries": _countries(campaign, request),
        "map": _map(campaign),
    }
    return frame.page(
        request, "office/numbers/numbers.html", context, campaign=campaign, current="numbers"
    )


def _countries(campaign: Campaign, request: HouseRequest) -> bars.Bars | None:
    """People coming by country, the largest first; nothing to compare with one country."""
    found = metrics_queries.by_country(campaign, frame.by(request)).cells
    rows = sorted(found.items(), key=lambda cell: -(cell[1] or 0))
    if len(rows) < 2:
        return None
    return bars.draw(
        [
            bars.Row(str(countries.name(code) or code or _("Online")), people or 0)
            for code, people in rows[:COUNTRIES_SHOWN]
        ],
        title=_("People coming, by country"),
    )


def _map(campaign: Campaign) -> drawing.Drawing | None:
    """Where it happens or happened; each dot leads to its events in the list."""
    dots = finding.dots(campaign, include_past=True)
    if not dots:
        return None
    towns = {str(dot.id): dot.town for dot in dots}
    at = reverse("office:events", args=[campaign.slug])
    on_map = reverse("office:events_map", args=[campaign.slug])

    def href(bubble: drawing.Bubble) -> str:
        if bubble.count == 1:
            return f"{at}?{urlencode({'q': towns[str(bubble.keys[0])]})}"
        return f"{on_map}?window={bubble.bounds.query()}"

    def label(bubble: drawing.Bubble) -> str:
        return _("{events}, {town}").format(
            events=states.events_words(bubble.count), town=towns[str(bubble.keys[0])]
        )

    return drawing.draw(
        [(dot.latitude, dot.longitude, str(dot.id)) for dot in dots],
        href=href,
        label=label,
        bounds=bounds.fitting((dot.latitude, dot.longitude) for dot in dots),
    )


@guards.office(Right.SEE_NUMBERS)
def numbers_csv(request: HouseRequest, slug: str) -> HttpResponse:
    """Every number with its definition."""
    campaign = frame.campaign_or_404(request, slug, Right.SEE_NUMBERS)
    head = [_("Number"), _("Value"), _("Of"), _("Lowest"), _("Highest"), _("Definition")]
    rows = []
    for figure in metrics_queries.campaign_numbers(campaign, frame.by(request)):
        amount = figure.amount
        cells: list[Any] = [None] * 4
        if amount is not None:
            cells = [amount.value, amount.whole, amount.low, amount.high]
        rows.append([str(figure.number.name), *cells, str(figure.number.definition)])
    return csv_file.response(f"{slug}-numbers", head, rows)


@guards.office(Right.SEE_NUMBERS)
def sign_ups_csv(request: HouseRequest, slug: str) -> HttpResponse:
    """Sign-ups and new events per UTC day since the campaign began."""
    campaign = frame.campaign_or_404(request, slug, Right.SEE_NUMBERS)
    measures = metrics_queries.Measure
    wanted = [measures.SIGN_UPS, measures.NEW_PEOPLE, measures.EVENTS]
    found = metrics_queries.many_series(campaign, wanted)
    head = [_("Day"), _("Sign-ups"), _("New to us"), _("New events")]
    days = found[measures.SIGN_UPS].days
    columns = [found[measure].counts for measure in wanted]
    rows = (
        (day.isoformat(), *(column[index] for column in columns)) for index, day in enumerate(days)
    )
    return csv_file.response(f"{slug}-sign-ups", head, rows)


urlpatterns = [
    path("c/<slug:slug>/numbers/", numbers, name="numbers"),
    path("c/<slug:slug>/numbers.csv", numbers_csv, name="numbers_csv"),
    path("c/<slug:slug>/sign-ups.csv", sign_ups_csv, name="sign_ups_csv"),
]
