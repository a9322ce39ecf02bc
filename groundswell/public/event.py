"""An event's own page, signing up for it, and the page that follows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from groundswell.accounts import doubts
from groundswell.campaigns import queries as campaign_queries
from groundswell.events import policy
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import proving, rsvps
from groundswell.events.queries import finding, people
from groundswell.kernel import actor as actors
from groundswell.kernel import clock, formats
from groundswell.kernel.refusal import Refusal
from groundswell.metrics import floor
from groundswell.people import queries as people_queries
from groundswell.people.wordings import WORDINGS
from groundswell.places import zones
from groundswell.public import linked_data, moments, rows, slips
from groundswell.public.frame import campaign_frame, page_language, source_of
from groundswell.public.sign_up_form import PhoneForm, SignUpForm
from groundswell.web import form_guard, guards
from groundswell.web.requests import HouseRequest


class PageIsTooOld(Refusal):
    sentence = _lazy(
        "This page is too old, so we cannot tell whose number it is, and we have not kept it. "
        "Open the link in our mail: your own page there has a field for it."
    )
    field = "phone"


def _event_or_404(slug: str, *, is_bare: bool = False) -> Event:
    event = finding.bare_event(slug) if is_bare else finding.event_by_slug(slug)
    if event is None or not policy.is_open_page(event):
        raise Http404
    return event


def _host_name(event: Event) -> str:
    """The host's first name, once the address is proven: before, anybody may have typed it."""
    if event.host is None or event.state == Event.State.UNPROVEN:
        return ""
    return people_queries.name_of(event.host).first


def _reader_time(event: Event, zone: str) -> str:
    """The start on the reader's clocks where we know them and they differ; else ""."""
    if not zones.is_known(zone) or formats.is_same_clock(event.starts_at, event.zone, zone):
        return ""
    return _("That is {moment} in {city}.").format(
        moment=formats.moment(event.starts_at, zone), city=formats.zone_city(zone)
    )


def _waiting_sentence(event: Event) -> str:
    """How many wait already, and what happens to somebody who joins them."""
    waiting = event.seats.waiting
    if not waiting:
        return _("All places are taken. You would be the first to get one that becomes free.")
    if floor.alone(waiting) is None:
        return _("All places are taken and others are waiting. We write when it is your turn.")
    return ngettext(
        "All places are taken and {number} sign-up is waiting. We write when it is your turn.",
        "All places are taken and {number} sign-ups are waiting. We write when it is your turn.",
        waiting,
    ).format(number=formats.number(waiting))


def _page(
    request: HouseRequest, event: Event, form: SignUpForm, *, asks: bool = False
) -> HttpResponse:
    """The event's page with the sign-up form in the state it is in.

    ``asks``: the browser begins its second of work at once, so that the next press goes through.
    """
    kit = campaign_queries.current_kit(event.campaign, page_language())
    is_over = event.ends_at <= clock.now()
    frame = campaign_frame(request, event.campaign)
    context = {
        **frame,
        "canonical_url": settings.GROUNDSWELL_ORIGIN + reverse("event", args=[event.slug]),
        "event": event,
        "row": rows.row(event),
        "kind": kit.type(event.kind),
        "host_name": _host_name(event),
        "is_full": rows.is_full(event),
        "is_finished": is_over,
        "is_cancelled": event.state == Event.State.CANCELLED,
        "is_private": event.publicity == Event.Publicity.GOING,
        "is_online": event.publicity == Event.Publicity.ONLINE,
        "takes_sign_ups": policy.takes_rsvps(event) and not is_over,
        "zone_city": formats.zone_city(event.zone),
        "reader_time": _reader_time(event, request.GET.get("zone", "")),
        "place_icon": "video" if event.publicity == Event.Publicity.ONLINE else "map-pin",
        "waiting_sentence": _waiting_sentence(event),
        "moments": moments.of_event(kit, event),
        "event_consent": WORDINGS["rsvp-event-1"],
        "form": form,
        "asks_for_work": asks,
        "source": source_of(request),
        "linked_data": linked_data.event(event, frame["words"], event.campaign.organisation),
    }
    status = 422 if form.is_bound else 200
    return render(request, "public/event.html", context, status=status)


def about(slug: str) -> str:
    """What the stamp of an event's sign-up form is signed for."""
    return f"sign-up:{slug}"


@guards.anyone()
def event(request: HouseRequest, slug: str) -> HttpResponse:
    """Everything about one event, and the form."""
    return _page(request, _event_or_404(slug), SignUpForm())


@guards.anyone(post=True)
def sign_up(request: HouseRequest, slug: str) -> HttpResponse:
    """Count somebody in. The answer is the same whether the address was known or not."""
    found = _event_or_404(slug, is_bare=True)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("event", args=[slug]))
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _page(request, _event_or_404(slug), form)
    chosen = form.sign_up(source_of(request))
    try:
        made = rsvps.make_rsvp(
            event=found,
            typed=form.typed(),
            sign_up=chosen,
            by=request.actor,
            look=form_guard.look(request, about(slug), email=request.POST.get("email", "")),
        )
    except doubts.OneMoment as refusal:
        form.refuse(refusal)
        return _page(request, _event_or_404(slug), form, asks=True)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, _event_or_404(slug), form)
    response = HttpResponseRedirect(reverse("event_done", args=[slug]))
    rsvp_id = 0 if made.is_repeat else made.rsvp.id
    given = form.cleaned_data["given"]
    slip = slips.Slip(
        found.id, given, made.shown.value, chosen.party, rsvp_id, made.rsvp.hold_until is not None
    )
    slips.put(response, slip)
    return response


def _may_lapse(slip: slips.Slip, found: Event) -> bool:
    """The event is nearly full, or this sign-up came in a surge: half an hour to open the mail."""
    is_going = slip.state == Rsvp.State.GOING
    return is_going and (rows.is_nearly_full(found) or slip.may_lapse)


def _done_page(request: HouseRequest, found: Event, form: PhoneForm, **more: Any) -> HttpResponse:
    slip = slips.read(request, found.id)
    kit = campaign_queries.current_kit(found.campaign, page_language())
    context = {
        **campaign_frame(request, found.campaign),
        "event": found,
        "row": rows.row(found),
        "slip": slip,
        "form_slip": _form_slip(request, slip, found.id),
        "is_waiting": slip is not None and slip.state == Rsvp.State.WAITING,
        "is_held": slip is not None and slip.state == Rsvp.State.HELD,
        "may_lapse": slip is not None
        and slip.state == Rsvp.State.GOING
        and _may_lapse(slip, found),
        "kind": kit.type(found.kind),
        "moments": kit.moments,
        "share_url": settings.GROUNDSWELL_ORIGIN + reverse("event", args=[found.slug]),
        "form": form,
        **more,
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "public/done.html", context, status=status)


def _form_slip(request: HouseRequest, slip: slips.Slip | None, event_id: int) -> str:
    """The slip that the form for a number carries; a refused form keeps the one it brought."""
    held = slip or slips.read_form(request, event_id)
    return slips.for_form(held) if held else ""


@guards.anyone()
def done(request: HouseRequest, slug: str) -> HttpResponse:
    """What comes next, in order: calendar, mail, friends, phone, what to bring."""
    found = _event_or_404(slug)
    form = PhoneForm(country=found.country)
    return _done_page(request, found, form, has_phone="phone" in request.GET)


@guards.anyone(post=True)
def phone(request: HouseRequest, slug: str) -> HttpResponse:
    """Keep a number for the sign-up just made; a repeat gets the same answer and keeps nothing.

    Whose number it is says the slip. Without one nothing is kept, and the page says so, with what
    was typed still in the field and the way to give it all the same.
    """
    found = _event_or_404(slug)
    here = reverse("event_done", args=[slug])
    if request.method != "POST":
        return HttpResponseRedirect(here)
    form = PhoneForm(request.POST, country=found.country)
    slip = slips.read_form(request, found.id)
    if form.is_valid() and slip is None:
        form.refuse(PageIsTooOld())
    if not form.is_valid() or slip is None:
        return _done_page(request, found, form)
    rsvp = people.rsvp_with_event(slip.rsvp_id) if slip.rsvp_id else None
    if rsvp is not None and rsvp.person_id is not None:
        by = actors.person(rsvp.person_id, event_id=found.id)
        proving.give_phone(rsvp_id=rsvp.id, phone=form.cleaned_data["phone"], by=by)
    return HttpResponseRedirect(here + "?phone=kept")


urlpatterns = [
    path("e/<slug:slug>", event, name="event"),
    path("e/<slug:slug>/sign-up", sign_up, name="event_sign_up"),
    path("e/<slug:slug>/done", done, name="event_done"),
    path("e/<slug:slug>/phone", phone, name="event_phone"),
]
