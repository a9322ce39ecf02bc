"""The host's page, by the link of a mail: checklist, people coming, message, change, cancel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.kit import on_the_clock
from groundswell.events.models import Event
from groundswell.events.operations import checklist, hosting, messages
from groundswell.events.queries import finding
from groundswell.events.queries import hosting as host_queries
from groundswell.events.queries import people as events_people
from groundswell.kernel import clock
from groundswell.kernel.refusal import Refusal
from groundswell.my.change_form import ChangeForm, typed_now
from groundswell.outreach import talking
from groundswell.web import guards
from groundswell.web.forms import Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

OFF = {Event.State.CANCELLED, Event.State.DECLINED, Event.State.LAPSED}


class MessageForm(PlainForm):
    """One message to everybody who is going."""

    body = Paragraphs(
        label=_("Your message"),
        help_text=_("Everybody who is going gets it by e-mail. Their addresses stay with us."),
        error_messages={"required": _("Write your message.")},
        max_length=2000,
        rows=5,
    )


class CancelForm(PlainForm):
    """The words that everybody receives when an event is off."""

    words = Paragraphs(
        label=_("What shall we tell everybody?"),
        help_text=_("One or two sentences in your own words."),
        error_messages={"required": _("Write one sentence to the people who are coming.")},
        max_length=1000,
        rows=3,
    )


def event_of(request: HouseRequest) -> Event:
    """The event behind the link; the guard has found the link already."""
    found = finding.event_by_id(request.link.object_id or 0)
    if found is None:
        raise LookupError("a link to an event that is gone")
    return found


def frame(request: HouseRequest, event: Event, token: str) -> dict[str, Any]:
    """What every page of the host knows."""
    now = clock.now()
    return {
        "event": event,
        "token": token,
        "words": campaign_queries.words(event.campaign, request.LANGUAGE_CODE),
        "heads": events_people.heads(event),
        "event_href": reverse("event", args=[event.slug]),
        "event_url": request.build_absolute_uri(reverse("event", args=[event.slug])),
        "is_unproven": event.state == Event.State.UNPROVEN,
        "is_waiting": event.state == Event.State.WAITING,
        "is_asked": event.state == Event.State.ASKED,
        "is_listed": event.state == Event.State.LISTED,
        "is_off": event.state in OFF,
        "is_over": event.ends_at <= now,
        "has_started": event.starts_at <= now,
    }


def _back(token: str, name: str = "my_host") -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[token]))


@guards.host()
def host(request: HouseRequest, token: str) -> HttpResponse:
    """The page a host comes back to. Opening it changes nothing."""
    event = event_of(request)
    coming = events_people.people_coming(event, limit=8)
    context = {
        **frame(request, event, token),
        "checklist": host_queries.checklist(event, request.LANGUAGE_CODE),
        "coming": coming,
        "conversations": talking.conversations_of(event)[:3],
        "messages_left": messages.MESSAGES_MOST - event.host_messages.count(),
        "message_form": MessageForm(),
    }
    return render(request, "my/hosting/host.html", context)


@guards.host(post=True)
def prove(request: HouseRequest, token: str) -> HttpResponse:
    """ "Yes, this is my event"."""
    if request.method == "POST":
        hosting.prove_host(event_id=request.link.object_id or 0, by=request.actor)
        notes.success(request, _t("Thank you. We look at it soon, usually the same day."))
    return _back(token)


@guards.host(post=True)
def tick(request: HouseRequest, token: str) -> HttpResponse:
    """Tick a line of the checklist, or take the tick back."""
    if request.method == "POST":
        try:
            checklist.tick(
                event_id=request.link.object_id or 0,
                key=request.POST.get("key", ""),
                done=request.POST.get("done") == "yes",
                by=request.actor,
            )
        except Refusal as refusal:
            notes.error(request, str(refusal))
    return _back(token)


@guards.host()
def people(request: HouseRequest, token: str) -> HttpResponse:
    """Everybody who is coming: first name and initial, never an address."""
    event = event_of(request)
    context = {**frame(request, event, token), "coming": events_people.people_coming(event)}
    return render(request, "my/hosting/people.html", context)


@guards.host()
def kit(request: HouseRequest, token: str) -> HttpResponse:
    """The kit: what happens on the day, and words to use."""
    event = event_of(request)
    found = campaign_queries.current_kit(event.campaign, request.LANGUAGE_CODE)
    moments = [
        (on_the_clock(each.minute, event.starts_wall[11:16]), each) for each in found.moments
    ]
    context = {**frame(request, event, token), "kit": found, "moments": moments}
    return render(request, "my/hosting/kit.html", context)


@guards.host(post=True)
def open_kit(request: HouseRequest, token: str) -> HttpResponse:
    """Open the kit; the coordinating team sees who has not."""
    if request.method == "POST":
        checklist.open_kit(event_id=request.link.object_id or 0, by=request.actor)
    return _back(token, "my_host_kit")


@guards.host(post=True)
def message(request: HouseRequest, token: str) -> HttpResponse:
    """Write to everybody who is going; the server sends it."""
    event = event_of(request)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = messages.message_people(
                event_id=event.id, body=form.cleaned_data["body"], by=request.actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            words = ngettext(
                "On its way to {number} sign-up.",
                "On its way to {number} sign-ups.",
                sent.recipient_count,
            ).format(number=sent.recipient_count)
            notes.success(request, words)
            return _back(token)
    context = {
        **frame(request, event, token),
        "form": form,
        "messages_left": messages.MESSAGES_MOST - event.host_messages.count(),
    }
    return render(request, "my/hosting/message.html", context, status=_status(form))


def _status(form: PlainForm) -> int:
    return 422 if form.is_bound else 200


@guards.host(post=True)
def change(request: HouseRequest, token: str) -> HttpResponse:
    """Change title, time, place or places; everybody is told when time or place move."""
    event = event_of(request)
    form = ChangeForm(
        request.POST if request.method == "POST" else None, initial=typed_now(event), event=event
    )
    if request.method == "POST" and form.is_valid():
        try:
            hosting.change_event(
                event_id=event.id,
                plan=form.plan(),
                words=form.cleaned_data["words"],
                by=request.actor,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            notes.success(request, _t("Changed. Whoever needs to know is told by e-mail."))
            return _back(token)
    context = {**frame(request, event, token), "form": form}
    return render(request, "my/hosting/change.html", context, status=_status(form))


@guards.host(post=True)
def cancel(request: HouseRequest, token: str) -> HttpResponse:
    """Cancel the event; everybody is told with the host's own words."""
    event = event_of(request)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hosting.cancel_event(
                event_id=event.id, words=form.cleaned_data["words"], by=request.actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            notes.success(request, _t("Cancelled. Everybody is told with your words."))
            return _back(token)
    context = {**frame(request, event, token), "form": form}
    return render(request, "my/hosting/cancel.html", context, status=_status(form))


urlpatterns = [
    path("my/event/<str:token>", host, name="my_host"),
    path("my/event/<str:token>/prove", prove, name="my_host_prove"),
    path("my/event/<str:token>/tick", tick, name="my_host_tick"),
    path("my/event/<str:token>/people", people, name="my_host_people"),
    path("my/event/<str:token>/kit", kit, name="my_host_kit"),
    path("my/event/<str:token>/kit/open", open_kit, name="my_host_kit_open"),
    path("my/event/<str:token>/message", message, name="my_host_message"),
    path("my/event/<str:token>/change", change, name="my_host_change"),
    path("my/event/<str:token>/cancel", cancel, name="my_host_cancel"),
]
