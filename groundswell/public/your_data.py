"""Asking for the link to everything we hold: by typing an address, or from the foot of a mail.

The answer is the same for every address, and the link only ever travels by mail to the address
that we hold. So a mail that was forwarded opens nothing.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.outreach import stopping
from groundswell.outreach.operations.stopping import StopLinkIsBroken
from groundswell.people.operations import asking
from groundswell.web import guards
from groundswell.web.forms import Email, PlainForm
from groundswell.web.requests import HouseRequest


class AskForm(PlainForm):
    """The address that we write to."""

    email = Email(label=_("E-mail"), help_text=_("The address to which you get mails from us."))


@guards.anyone(post=True)
def your_data(request: HouseRequest) -> HttpResponse:
    """What one can do with one's data, and the form that sends the link."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asking.ask_by_address(email=form.cleaned_data["email"], by=request.actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("your_data_sent"))
    status = 422 if form.is_bound else 200
    return render(request, "public/your_data/ask.html", {"form": form}, status=status)


@guards.anyone(post=True)
def from_mail(request: HouseRequest, signed: str) -> HttpResponse:
    """GET shows the button, because mail scanners open links; POST sends the link."""
    found = stopping.read(signed)
    if found is None:
        return render(request, "404.html", {"sentence": StopLinkIsBroken()}, status=404)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asking.ask_from_mail(person_id=found.person_id, by=request.actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("your_data_sent"))
    context = {"form": form, "signed": signed}
    status = 422 if form.is_bound else 200
    return render(request, "public/your_data/from_mail.html", context, status=status)


@guards.anyone()
def sent(request: HouseRequest) -> HttpResponse:
    """The same page for everybody who asked."""
    return render(request, "public/your_data/sent.html")


@guards.anyone()
def erased(request: HouseRequest) -> HttpResponse:
    """The calm page after an erasure; it knows nobody any more."""
    return render(request, "public/your_data/erased.html")


urlpatterns = [
    path("your-data/", your_data, name="your_data"),
    path("your-data/sent/", sent, name="your_data_sent"),
    path("your-data/erased/", erased, name="your_data_erased"),
    path("your-data/<str:signed>", from_mail, name="your_data_from_mail"),
]
