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
from groundswell.events.operations import attendance, holding, proving, rsvps
from groundswell.events.queries import people as events_people
from groundswell.kernel import clock
from groundswell.kernel.refusal import Refusal
from groundswell.people import queries as people_queries
from groundswell.site import vault
from groundswell.web import guards
from groundswell.web.forms import CHOOSE, Phone, PlainForm
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


class PhoneForm(PlainForm):
    """A number for a text when plans change at the last minute."""

    phone = Phone(label=_("Phone"), help_text=_("Begin with the country code, such as +44."))


def _rsvp(request: HouseRequest) -> Rsvp:
    """The sign-up behind the link; the guard has found the link already."""
    found = events_people.rsvp_with_event(request.link.object_id or 0)
    if found is None:
        raise LookupError("a link to a sign-up that is gone")
    return found


def _page(
    request: HouseRequest,
    token: str,
    form: PartyForm | None = None,
    phone_form: PhoneForm | None = None,
) -> HttpResponse:
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
        "form": form or phone_form or PartyForm(initial={"party": rsvp.party}),
        "party_form": form or PartyForm(initial={"party": rsvp.party}),
        "phone_form": phone_form or PhoneForm(),
        "has_phone": bool(rsvp.person_id and people_queries.phone_of(rsvp.person_id)),
        "is_going": rsvp.state == Rsvp.State.GOING,
        "is_waiting": rsvp.state == Rsvp.State.WAITING,
        "is_off": event.state in {Event.State.CANCELLED, Event.State.DECLINED, Event.State.LAPSED},
        "is_over": event.ends_at <= now,
        "has_started": event.starts_at <= now,
        "asks_again": event.starts_at - now <= ASKED_AGAIN,
        "place_in_line": events_people.place_in_line(rsvp),
        "private_place": _private_place(rsvp) if is_private else "",
        "host_messages": _from_host(rsvp),
        "event_href": reverse("event", args=[event.slug]),
    }
    status = 422 if form is not None or phone_form is not None else 200
    return render(request, "my/going/sign_up.html", context, status=status)


def _from_host(rsvp: Rsvp) -> list[str]:
    """What the host wrote to everybody who is going, newest first; a discreet mail leads here."""
    if rsvp.state != Rsvp.State.GOING or not rsvp.is_proven:
        return []
    return [body for _row, body in events_people.host_messages(rsvp.event)]


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
        try:
            state = holding.confirm(rsvp_id=request.link.object_id or 0, by=request.actor)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return _back(token)
        proving.prove_rsvps(person_id=request.link.person_id or 0, by=request.actor)
        if state == Rsvp.State.WAITING:
            messages.success(request, _t("Thank you. You keep your place in the line."))
        else:
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
def phone(request: HouseRequest, token: str) -> HttpResponse:
    """Keep a phone number; whoever stands here came by a link of our mail."""
    if request.method != "POST":
        return _back(token)
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            proving.give_phone(
                rsvp_id=request.link.object_id or 0,
                phone=form.cleaned_data["phone"],
                by=request.actor,
                came_by_link=True,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _t("Thank you. We text you only if plans change."))
            return _back(token)
    return _page(request, token, phone_form=form)


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
    path("my/going/<str:token>/phone", phone, name="my_rsvp_phone"),
    path("my/going/<str:token>/cancel", cancel, name="my_rsvp_cancel"),
    path("my/going/<str:token>/confirm", confirm, name="my_rsvp_confirm"),
    path("my/going/<str:token>/came", came, name="my_rsvp_came"),
]
