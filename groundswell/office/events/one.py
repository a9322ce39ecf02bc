"""One event: heads by how sure they are, who is coming, what happened; changing and cancelling."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events import policy, scopes, times
from groundswell.events.models import Event
from groundswell.events.operations import hosting
from groundswell.events.queries import changing, finding
from groundswell.events.queries import people as coming_queries
from groundswell.kernel import clock, formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, past, states
from groundswell.people import sight as people_sight
from groundswell.web import guards
from groundswell.web.forms import ClockTime, Day, Line, Paragraphs, PlainForm, WholeNumber, Yes
from groundswell.web.requests import HouseRequest

PEOPLE_SHOWN = 200
TYPED_FROM = 50  # from so many people on, cancelling asks for their number to be typed
_GONE = {
    Event.State.CANCELLED,
    Event.State.DECLINED,
    Event.State.LAPSED,
    Event.State.HELD,
}


class ChangeForm(PlainForm):
    """What organisers may change for a host. The town stays: another town is another event."""

    title = Line(label=gettext_lazy("Title"), max_length=120)
    description = Paragraphs(
        label=gettext_lazy("What people will do"), required=False, max_length=2000
    )
    day = Day(label=gettext_lazy("Day"))
    starts = ClockTime(label=gettext_lazy("Starts"))
    ends = ClockTime(label=gettext_lazy("Ends"))
    venue = Line(label=gettext_lazy("Where people meet"), max_length=160)
    capacity = WholeNumber(
        label=gettext_lazy("Places"),
        required=False,
        min_value=1,
        max_value=hosting.CAPACITY_MOST,
        help_text=gettext_lazy("Leave it empty when there is room for everybody"),
    )
    is_step_free = Yes(label=gettext_lazy("Step-free"))
    has_hearing_loop = Yes(label=gettext_lazy("Hearing loop"))
    is_for_children = Yes(label=gettext_lazy("Children welcome"))
    words = Paragraphs(
        label=gettext_lazy("One sentence to the people who are coming"),
        required=False,
        rows=3,
        max_length=1000,
        help_text=gettext_lazy("Needed when the time or the place changes: everybody reads it"),
    )


class CapacityForm(PlainForm):
    """The number of places alone: nobody is written to, except who moves up."""

    capacity = WholeNumber(
        label=gettext_lazy("Places"),
        required=False,
        min_value=1,
        max_value=hosting.CAPACITY_MOST,
        help_text=gettext_lazy(
            "Leave it empty when there is room for everybody. Whoever waits moves up at once."
        ),
    )


class CancelForm(PlainForm):
    """Cancelling cannot be undone: everybody is told at once."""

    words = Paragraphs(
        label=gettext_lazy("What everybody reads"),
        rows=3,
        max_length=1000,
        error_messages={"required": hosting.WordsAreMissing.sentence},
    )
    typed = WholeNumber(label=gettext_lazy("How many people are coming"), required=False)

    def __init__(self, *args: Any, going: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.going = going
        if going < TYPED_FROM:
            del self.fields["typed"]
            return
        self.fields["typed"].help_text = _(
            "Type {number} to show that you know how many people read this"
        ).format(number=formats.number(going))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "typed" in self.fields and cleaned.get("typed") != self.going:
            sentence = _("Type {number}, the number of people who are coming.")
            self.add_error("typed", sentence.format(number=formats.number(self.going)))
        return cleaned


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the host to everybody who was going."""

    at: datetime
    recipients: str
    body: str


def _found(request: HouseRequest, slug: str, event_slug: str) -> tuple[Campaign, Event]:
    campaign = frame.campaign_or_404(request, slug)
    event = finding.event_by_slug(event_slug)
    if event is None or event.campaign_id != campaign.id:
        raise Http404
    if not policy.can_see(frame.by(request), event):
        raise Http404
    return campaign, event


def _found_to_change(request: HouseRequest, slug: str, event_slug: str) -> tuple[Campaign, Event]:
    campaign, event = _found(request, slug, event_slug)
    if not policy.can_host_manage(frame.by(request), event):
        raise Http404
    return campaign, event


@guards.office(Right.SEE_EVENTS)
def event(request: HouseRequest, slug: str, event_slug: str) -> HttpResponse:
    """Everything about one event."""
    campaign, found = _found(request, slug, event_slug)
    by = frame.by(request)
    can_change = policy.can_host_manage(by, found)
    heads = coming_queries.heads(found)
    coming = coming_queries.people_coming(found, limit=PEOPLE_SHOWN + 1)
    kind = campaign_queries.current_kit(campaign, frame.language()).type(found.kind)
    context = {
        "event": found,
        "going": states.going(found),
        "state_words": states.STATE_WORDS[found.state],
        "heads": heads,
        "seats": states.seats_words(found),
        "coming": coming[:PEOPLE_SHOWN],
        "has_more_people": len(coming) > PEOPLE_SHOWN,
        "host_name": people_sight.name_for(by, found.host),
        "kind": kind.name if kind else "",
        "place": changing.exact_place(found) if can_change else found.venue,
        "can_change": can_change,
        "can_see_people": by.may_somewhere(Right.SEE_CONTACTS),
        "can_give_roles": scopes.may(by, Right.GRANT, found),
        "language_name": formats.endonym(found.language),
        "report": getattr(found, "report", None),
        "timeline": past.of_event(found),
        "sent": _sent(found) if can_change else [],
        "is_running": can_change and found.state not in _GONE and found.ends_at > clock.now(),
        "waits": policy.can_review(by, found)
        and found.state in {Event.State.WAITING, Event.State.ASKED},
        "public_href": reverse("event", args=[found.slug]),
    }
    return frame.page(
        request, "office/events/event.html", context, campaign=campaign, current="events"
    )


def _sent(found: Event) -> list[Sent]:
    return [
        Sent(message.created_at, states.people_words(message.recipient_count), body)
        for message, body in coming_queries.host_messages(found)
    ]


def _back(campaign: Campaign, found: Event) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("office:event", args=[campaign.slug, found.slug]))


def _form_page(
    request: HouseRequest, campaign: Campaign, found: Event, form: PlainForm, page: str
) -> HttpResponse:
    context = {
        "event": found,
        "form": form,
        "back": reverse("office:event", args=[campaign.slug, found.slug]),
        "told": states.people_words(found.seats.taken),
        "taken": found.seats.taken,
        "waiting": found.seats.waiting,
    }
    return frame.page(
        request,
        f"office/events/{page}.html",
        context,
        campaign=campaign,
        current="events",
        status=422 if form.errors else 200,
    )


@guards.office(Right.CHANGE_EVENTS, post=True)
def change(request: HouseRequest, slug: str, event_slug: str) -> HttpResponse:
    """Change an event; whoever is coming is told when time or place move."""
    campaign, found = _found_to_change(request, slug, event_slug)
    if request.method != "POST":
        return _form_page(request, campaign, found, ChangeForm(initial=_standing(found)), "change")
    form = ChangeForm(request.POST)
    if form.is_valid():
        try:
            plan = _changed(found, form.cleaned_data)
            hosting.change_event(
                event_id=found.id,
                plan=plan,
                words=form.cleaned_data["words"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return _back(campaign, found)
    return _form_page(request, campaign, found, form, "change")


def _standing(found: Event) -> dict[str, Any]:
    """The event as the form shows it."""
    day, starts = found.starts_wall.split("T")
    return {
        "title": found.title,
        "description": found.description,
        "day": day,
        "starts": starts,
        "ends": found.ends_wall.split("T")[1],
        "venue": changing.exact_place(found),
        "capacity": found.seats.capacity,
        "is_step_free": found.is_step_free,
        "has_hearing_loop": found.has_hearing_loop,
        "is_for_children": found.is_for_children,
    }


def _changed(found: Event, typed: dict[str, Any]) -> hosting.HostPlan:
    """The standing plan with what was typed. Raises times.EndsBeforeItStarts."""
    plan = changing.plan_of(found)
    return dataclasses.replace(
        plan,
        title=typed["title"],
        description=typed["description"],
        slot=times.slot(typed["day"], typed["starts"], typed["ends"], found.zone),
        place=dataclasses.replace(plan.place, venue=typed["venue"]),
        capacity=typed["capacity"],
        is_step_free=typed["is_step_free"],
        has_hearing_loop=typed["has_hearing_loop"],
        is_for_children=typed["is_for_children"],
    )


@guards.office(Right.CHANGE_EVENTS, post=True)
def capacity(request: HouseRequest, slug: str, event_slug: str) -> HttpResponse:
    """More or fewer places."""
    campaign, found = _found_to_change(request, slug, event_slug)
    if request.method != "POST":
        form = CapacityForm(initial={"capacity": found.seats.capacity})
        return _form_page(request, campaign, found, form, "capacity")
    form = CapacityForm(request.POST)
    if form.is_valid():
        plan = dataclasses.replace(changing.plan_of(found), capacity=form.cleaned_data["capacity"])
        try:
            hosting.change_event(event_id=found.id, plan=plan, words="", by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The number of places is changed."))
            return _back(campaign, found)
    return _form_page(request, campaign, found, form, "capacity")


@guards.office(Right.CHANGE_EVENTS, post=True)
def cancel(request: HouseRequest, slug: str, event_slug: str) -> HttpResponse:
    """Cancel an event for its host, with words that everybody reads."""
    campaign, found = _found_to_change(request, slug, event_slug)
    going = found.seats.taken
    if request.method != "POST":
        return _form_page(request, campaign, found, CancelForm(going=going), "cancel")
    form = CancelForm(request.POST, going=going)
    if form.is_valid():
        try:
            hosting.cancel_event(
                event_id=found.id, words=form.cleaned_data["words"], by=frame.by(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("{title} is cancelled. Everybody is told.").format(title=found.title)
            )
            return _back(campaign, found)
    return _form_page(request, campaign, found, form, "cancel")


_EVENT = "c/<slug:slug>/events/<slug:event_slug>/"
urlpatterns = [
    path(_EVENT, event, name="event"),
    path(f"{_EVENT}change/", change, name="event_change"),
    path(f"{_EVENT}places/", capacity, name="event_capacity"),
    path(f"{_EVENT}cancel/", cancel, name="event_cancel"),
]
