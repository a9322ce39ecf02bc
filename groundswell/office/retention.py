"""What goes by itself: every rule, how many rows today, how many within thirty days."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import path

from groundswell.kernel import clock, retention
from groundswell.office import frame
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

AHEAD = timedelta(days=30)


@guards.owner()
def what_goes(request: HouseRequest) -> HttpResponse:
    """The preview. There is no button: the worker does it by the hour, and nothing undoes it."""
    now = clock.now()
    context = {"lines": retention.preview(now, now + AHEAD)}
    return frame.page(request, "office/health/retention.html", context, current="health")


urlpatterns = [path("retention/", what_goes, name="retention")]
