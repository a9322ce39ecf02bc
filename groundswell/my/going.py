"""A supporter's own sign-up, by the link of a mail: confirm, change, cancel, say how it went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from groundswell.campaigns import queries as campaign_queries
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import attendance, rsvps
from groundswell.events.queries import people as events_people
from groundswell.kernel import clock
from groundswell.kernel.refusal import Refusal
from groundswell.site import vault
from groundswell.web import guards
from groundswell.web.forms import CHOOSE, PlainForm
from groundswell.web.requests import HouseRequest

ASKED_AGAIN = timedelta(days=2)  # before the start: the reminder of the day before leads here

_PARTIES = [
    (size, ngettext_lazy("{number} person", "{number} people", size))
    for size in range(1, rsvps.PARTY_MOST + 1)
]


class PartyForm(PlainForm):
    """How many come, the person included."""

    party = forms.TypedChoiceField(
        label=_("How many are coming?"), coerce=int, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(size, str(words).format(number=size)) for size, words in _PARTIES]


def _rsvp(request: HouseRequest) -> Rsvp:
    """The sign-up behind the link; the guard has found the link already."""
    found = events_people.rsvp_with_event(request.link.object_id or 0)
    if found is None:
        raise LookupError("a link to a sign-up that is gone")
    return found


def _page(request: HouseRequest, token: str, form: PartyForm | None = None) -> HttpResponse:
    rsvp = _rsvp(request)
    event = rsvp.event
    now = clock.now()
    is_private = event.publicity != Event.Publicity.EVERYONE
    context = {
        "rsvp": rsvp,
        "event": event,
        "words": campaign_queries.words(event.campaign, request.LANGUAGE_CODE),
        "name": events_people.first_name(rsvp),
        "token": token,
        "form": form or PartyForm(initial={"party": rsvp.party}),
        "is_going": rsvp.state == Rsvp.State.GOING,
        "is_waiting": rsvp.state == Rsvp.State.WAITING,
        "is_off": event.state in {Event.State.CANCELLED, Event.State.DECLINED, Event.State.LAPSED},
        "is_over": event.ends_at <= now,
        "has_started": event.starts_at <= now,
        "asks_again": event.starts_at - now <= ASKED_AGAIN,
        "place_in_line": events_people.place_in_line(rsvp),
        "private_place": _private_place(rsvp) if is_private else "",
        "event_href": reverse("event", args=[event.slug]),
    }
    status = 422 if form is not None else 200
    return render(request, "my/going/sign_up.html", context, status=status)


def _private_place(rsvp: Rsvp) -> str:
    """The exact place, or the online link, for people who are going and proved their address."""
    if rsvp.state != Rsvp.State.GOING or not rsvp.is_proven:
        return ""
    return vault.open_(rsvp.event, "venue_sealed")


def _back(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("my_rsvp", args=[token]))


@guards.rsvp()
def rsvp(request: HouseRequest, token: str) -> HttpResponse:
    """Everything about one sign-up. Opening it changes nothing: scanners open links too."""
    return _page(request, token)


@guards.rsvp(post=True)
def prove(request: HouseRequest, token: str) -> HttpResponse:
    """ "Yes, this is me": the address is proven."""
    if request.method == "POST":
        rsvps.prove_rsvps(person_id=request.link.person_id or 0, by=request.actor)
        messages.success(request, _t("Thank you. Your place is safe."))
    return _back(token)


@guards.rsvp(post=True)
def party(request: HouseRequest, token: str) -> HttpResponse:
    """Change how many come."""
    if request.method != "POST":
        return _back(token)
    form = PartyForm(request.POST)
    if not form.is_valid():
        return _page(request, token, form)
    try:
        rsvps.change_party(
            rsvp_id=request.link.object_id or 0,
            party=form.cleaned_data["party"],
            by=request.actor,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, token, form)
    messages.success(request, _t("Changed. See you there."))
    return _back(token)


@guards.rsvp(post=True)
def cancel(request: HouseRequest, token: str) -> HttpResponse:
    """ "I can't come": the place goes to whoever waits."""
    if request.method == "POST":
        rsvps.cancel_rsvp(rsvp_id=request.link.object_id or 0, by=request.actor)
        messages.success(request, _t("Cancelled. Thank you for telling us."))
    return _back(token)


@guards.rsvp(post=True)
def confirm(request: HouseRequest, token: str) -> HttpResponse:
    """ "I am coming", the day before."""
    if request.method == "POST":
        _tell(request, lambda: rsvps.confirm_rsvp(
            rsvp_id=request.link.object_id or 0, by=request.actor
        ))  # fmt: skip
    return _back(token)


@guards.rsvp(post=True)
def came(request: HouseRequest, token: str) -> HttpResponse:
    """ "Did you make it?" with yes or no."""
    if request.method == "POST":
        if request.POST.get("came") not in {"yes", "no"}:
            messages.error(request, _t("Choose one of the answers shown."))
            return _back(token)
        made_it = request.POST.get("came") == "yes"
        _tell(request, lambda: attendance.tell_attendance(
            rsvp_id=request.link.object_id or 0, came=made_it, by=request.actor
        ))  # fmt: skip
    return _back(token)


def _tell(request: HttpRequest, act: Any) -> None:
    """Do it, and say thank you; or say why not."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _t("Thank you for telling us."))


urlpatterns = [
    path("my/going/<str:token>", rsvp, name="my_rsvp"),
    path("my/going/<str:token>/prove", prove, name="my_rsvp_prove"),
    path("my/going/<str:token>/party", party, name="my_rsvp_party"),
    path("my/going/<str:token>/cancel", cancel, name="my_rsvp_cancel"),
    path("my/going/<str:token>/confirm", confirm, name="my_rsvp_confirm"),
    path("my/going/<str:token>/came", came, name="my_rsvp_came"),
]
