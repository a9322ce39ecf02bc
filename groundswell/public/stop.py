"""The page behind the stop link of a mail: one button, no questions, and a way back."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from groundswell.campaigns import queries as campaign_queries
from groundswell.events.queries import finding
from groundswell.kernel.refusal import Refusal
from groundswell.outreach import stopping
from groundswell.outreach.operations import stopping as stopping_ops
from groundswell.people import fields
from groundswell.people.models import Consent, Topic
from groundswell.public.frame import page_language
from groundswell.web import guards
from groundswell.web.requests import HouseRequest


def _about(stop: stopping.Stop) -> str:
    """The event or campaign that the messages are about, by its public name."""
    if stop.purpose == Consent.Purpose.CAMPAIGN:
        campaign = campaign_queries.campaign_by_id(stop.about_id)
        return campaign_queries.words(campaign, page_language()).title if campaign else ""
    if stop.purpose == Consent.Purpose.NEWS:
        topic = Topic.objects.filter(id=stop.about_id).first()
        return fields.in_language(topic.names) if topic else ""
    found = finding.events_by_id([stop.about_id])
    return found[0].title if found else ""


def _page(request: HouseRequest, signed: str, state: str) -> HttpResponse:
    found = stopping.read(signed)
    if found is None:
        refusal = stopping_ops.StopLinkIsBroken()
        return render(request, "404.html", {"sentence": refusal}, status=404)
    context = {"state": state, "stop": found, "about": _about(found), "signed": signed}
    return render(request, "public/stop.html", context)


@csrf_exempt  # a mail provider presses the button for somebody (RFC 8058); the link is the proof
@guards.anyone(post=True)
def stop(request: HouseRequest, signed: str) -> HttpResponse:
    """GET shows the button, because mail scanners open links; POST stops the messages."""
    if request.method != "POST":
        return _page(request, signed, "stopped" if "done" in request.GET else "asking")
    try:
        stopping_ops.stop(signed=signed, by=request.actor)
    except Refusal as refusal:
        return render(request, "404.html", {"sentence": refusal}, status=404)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("stop", args=[signed]) + "?done")


@guards.anyone(post=True)
def again(request: HouseRequest, signed: str) -> HttpResponse:
    """Take a stop back that was pressed by mistake."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("stop", args=[signed]))
    try:
        stopping_ops.take_back(signed=signed, by=request.actor)
    except Refusal as refusal:
        return render(request, "404.html", {"sentence": refusal}, status=404)
    return _page(request, signed, "again")


urlpatterns = [
    path("stop/<str:signed>", stop, name="stop"),
    path("stop/<str:signed>/again", again, name="stop_again"),
]
