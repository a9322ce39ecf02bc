"""The installation: everything that is not safe about it and what to do, then what is well."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import path, reverse

from groundswell.ledger import queries as ledger_queries
from groundswell.metrics import checkup
from groundswell.metrics.checkup.finding import Finding
from groundswell.office import frame
from groundswell.web import guards
from groundswell.web.requests import HouseRequest


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as the page shows it: its page has become an address."""

    finding: Finding
    href: str


@guards.owner()
def health(request: HouseRequest) -> HttpResponse:
    """What needs the owner first, then what is well, by topic.

    The same questions as ``groundswell doctor``, but for the one that asks the mail server: that
    may take seconds, and here one reads whether mails leave.
    """
    found = [(topic, [_line(each) for each in findings]) for topic, findings in checkup.found()]
    well = [(topic, [line for line in lines if line.finding.is_good]) for topic, lines in found]
    context = {
        "needs": [line for _topic, lines in found for line in lines if not line.finding.is_good],
        "well": [(topic, lines) for topic, lines in well if lines],
        "failed_jobs": ledger_queries.failed_jobs(),
    }
    return frame.page(request, "office/health/health.html", context, current="health")


def _line(finding: Finding) -> Line:
    return Line(finding, reverse(f"office:{finding.page}") if finding.page else "")


@guards.office()
def more(request: HouseRequest) -> HttpResponse:
    """What the bar under the thumb has no room for."""
    actor = frame.by(request)
    pages = [*frame.house_pages(actor), *frame.rarer_pages(actor)]
    return frame.page(request, "office/more.html", {"pages": pages}, current="more")


@guards.office()
def help_page(request: HouseRequest) -> HttpResponse:
    """How each page of the office works, in a few sentences."""
    return frame.page(request, "office/how_it_works.html", {}, current="more")


urlpatterns = [
    path("health/", health, name="health"),
    path("more/", more, name="more"),
    path("help/", help_page, name="help"),
]
