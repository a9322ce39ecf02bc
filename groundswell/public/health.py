"""A page for load balancers and monitors: is this process answering? Asks nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from groundswell.web import guards


@guards.anyone()
def healthz(request: HttpRequest) -> HttpResponse:
    """200 and "ok", without session, database or language."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


urlpatterns = [path("healthz", healthz, name="healthz")]
