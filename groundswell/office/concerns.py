"""What visitors report about events, and the addresses that are blocked."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as accounts_queries
from groundswell.events.models import Concern, Event
from groundswell.events.operations import concerns
from groundswell.events.queries import finding, guarded
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.office import frame, states
from groundswell.people import queries as people_queries
from groundswell.people.models import Block
from groundswell.people.operations import blocking
from groundswell.web import guards
from groundswell.web.forms import Choice, Email, PlainForm
from groundswell.web.requests import HouseRequest

KIND_WORDS: dict[str, Promise] = {
    Concern.Kind.FALSE: gettext_lazy("Not what it says it is"),
    Concern.Kind.DANGER: gettext_lazy("Somebody could come to harm"),
    Concern.Kind.HATE: gettext_lazy("Hateful, or threatens people"),
    Concern.Kind.MESSAGES: gettext_lazy("What the host writes"),
    Concern.Kind.OTHER: gettext_lazy("Something else"),
}
REASON_WORDS: dict[str, Promise] = {
    Block.Reason.SPAM: gettext_lazy("Advertises, or is a program"),
    Block.Reason.THREATS: gettext_lazy("Threatens or insults people"),
    Block.Reason.FALSE: gettext_lazy("Is not who they say they are"),
    Block.Reason.OTHER: gettext_lazy("Another reason"),
}


class BlockForm(PlainForm):
    """Whom to block, and why."""

    email = Email(label=gettext_lazy("E-mail address"))
    reason = Choice(label=gettext_lazy("Why?"), choices=list(REASON_WORDS.items()))


@dataclass(frozen=True, slots=True)
class Row:
    """An event with what was said about it."""

    event: Event
    href: str
    host: str
    state: states.Going
    is_paused: bool
    concerns: list[tuple[str, str, str]]


def _rows() -> list[Row]:
    found = guarded.reported_events()
    names = people_queries.names_of([each.event.host for each in found if each.event.host])
    return [
        Row(
            each.event,
            reverse("office:event", args=[each.event.campaign.slug, each.event.slug]),
            names[each.event.host_id].for_hosts if each.event.host_id in names else "",
            states.Going(str(states.STATE_WORDS[each.event.state]), "", "calendar-days"),
            each.is_paused,
            [(str(KIND_WORDS[kind]), words, states.ago(at)) for kind, words, at in each.concerns],
        )
        for each in found
    ]


@guards.office(Right.MODERATE, post=True, is_everywhere=True)
def reports(request: HouseRequest) -> HttpResponse:
    """Events with open reports; a post settles them, pauses the host's messages, or blocks."""
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decide(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.path)
    return frame.page(
        request,
        "office/guarding/reports.html",
        {"form": form, "rows": _rows()},
        current="more",
        status=422 if form.errors else 200,
    )


def _decide(request: HouseRequest) -> str:
    event = finding.event_by_slug(clean_line(request.POST.get("event", "")))
    if event is None:  # gone meanwhile, or no button of this page
        raise frame.NoSuchButton
    do, by = request.POST.get("do", ""), frame.by(request)
    if do == "settle":
        concerns.settle(event_id=event.id, by=by)
        return _("Settled. The host’s messages go out as usual.")
    if do == "pause":
        concerns.pause(event_id=event.id, by=by)
        return _("The host’s messages wait until you settle this.")
    if do == "block" and event.host_id is not None:
        blocking.block_person(person_id=event.host_id, reason=Block.Reason.OTHER, by=by)
        concerns.pause(event_id=event.id, by=by)
        return _(
            "The host is blocked and writes to nobody. Cancel the event if it must not happen."
        )
    raise frame.NoSuchButton


@guards.office(Right.MODERATE, post=True, is_everywhere=True)
def blocks(request: HouseRequest) -> HttpResponse:
    """Who is blocked, with a button to unblock, and a form to block an address."""
    if request.method == "POST" and "unblock" in request.POST:
        return _unblock(request)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            blocking.block_email(
                email=form.cleaned_data["email"],
                reason=form.cleaned_data["reason"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Blocked: no sign-ups, no events from this address."))
            return HttpResponseRedirect(request.path)
    found = people_queries.blocks()
    names = accounts_queries.names_of({row.by_id for row in found if row.by_id is not None})
    shown = [
        {
            "id": row.id,
            "reason": REASON_WORDS[row.reason],
            "since": states.ago(row.at),
            "who": names.get(row.by_id or 0) or _("Groundswell"),
        }
        for row in found
    ]
    return frame.page(
        request,
        "office/guarding/blocks.html",
        {"form": form, "rows": shown},
        current="more",
        status=422 if form.errors else 200,
    )


def _unblock(request: HouseRequest) -> HttpResponse:
    block_id = read_id(request.POST["unblock"])
    if block_id is not None and blocking.unblock(block_id=block_id, by=frame.by(request)):
        messages.success(request, _("Unblocked."))
    return HttpResponseRedirect(request.path)


urlpatterns = [
    path("reports/", reports, name="reports"),
    path("blocks/", blocks, name="blocks"),
]
