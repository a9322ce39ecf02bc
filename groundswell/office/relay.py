"""Conversations that somebody reported, and messages that wait to be passed on.

The list names nobody. The words are opened with a reason, which is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.outreach import talking
from groundswell.outreach.models import Conversation
from groundswell.outreach.operations import conversations, relay_review
from groundswell.web import guards
from groundswell.web.forms import OneOf, PlainForm
from groundswell.web.requests import HouseRequest

WHY_HELD: dict[str, Promise] = {
    conversations.UNKNOWN_SENDER: gettext_lazy("It came from an address that we do not know."),
    conversations.LINKS: gettext_lazy("It holds a link, and the event is not approved yet."),
}
WRITERS: dict[str, Promise] = {
    Conversation.Side.HOLDER: gettext_lazy("The host"),
    Conversation.Side.PERSON: gettext_lazy("Somebody who signed up"),
}
DECIDING = ("resume", "close", "pass_on", "drop")


class WhyForm(PlainForm):
    """Why somebody needs to read what two people wrote to each other."""

    because = OneOf(
        label=gettext_lazy("Why do you need to read it?"),
        help_text=gettext_lazy("Your name and the reason are recorded."),
        choices=list(relay_review.REASONS.items()),
        error_messages={"required": relay_review.SayWhy.sentence},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation of the list."""

    id: int
    title: str
    what: str
    why: str
    href: str


def _line(row: talking.ToLookAt) -> Line:
    what = _("Messages wait to be passed on")
    if row.reported_by == Conversation.Side.HOLDER:
        what = _("A host reported what somebody writes")
    elif row.reported_by:
        what = _("Somebody reported their host")
    told = [str(WHY_HELD[code]) for code in row.held_for if code in WHY_HELD]
    if row.held:
        words = ngettext("{number} message waits.", "{number} messages wait.", row.held)
        why = " ".join([words.format(number=formats.number(row.held)), *told])
    else:
        why = states.ago(row.reported_at) if row.reported_at else ""
    return Line(row.id, row.event.title, what, why, reverse("office:relay_one", args=[row.id]))


@guards.office(Right.MODERATE, is_everywhere=True)
def relay(request: HouseRequest) -> HttpResponse:
    """What needs a look, the oldest first."""
    rows = [_line(row) for row in talking.to_look_at()]
    return frame.page(request, "office/relay/relay.html", {"rows": rows}, current="more")


@guards.office(Right.MODERATE, post=True, is_everywhere=True)
def one(request: HouseRequest, conversation_id: int) -> HttpResponse:
    """One conversation: a post opens its words with a reason, or decides about it."""
    found = talking.to_look_at(conversation_id)
    if not found:
        raise Http404
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do in DECIDING:
        return _decide(request, found[0], do)
    form = WhyForm(request.POST if request.method == "POST" else None)
    shown: list[relay_review.Shown] = []
    if request.method == "POST" and form.is_valid():
        try:
            shown = relay_review.read(
                conversation_id=conversation_id,
                because=form.cleaned_data["because"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(request, found[0], form, shown)


def _page(
    request: HouseRequest,
    row: talking.ToLookAt,
    form: WhyForm,
    shown: list[relay_review.Shown],
) -> HttpResponse:
    context = {
        "row": _line(row),
        "event": row.event,
        "form": form,
        "is_paused": bool(row.reported_by),
        "is_open": form.is_bound and not form.errors,
        "shown": [
            {
                "line": line,
                "who": WRITERS[line.writer],
                "why": WHY_HELD.get(line.held_for, "") if line.is_held else "",
            }
            for line in shown
        ],
    }
    status = 422 if form.errors else 200
    return frame.page(request, "office/relay/one.html", context, current="more", status=status)


def _decide(request: HouseRequest, row: talking.ToLookAt, do: str) -> HttpResponse:
    by, line_id = frame.by(request), read_id(request.POST.get("line", "")) or 0
    try:
        if do == "resume":
            relay_review.resume(conversation_id=row.id, by=by)
        elif do == "close":
            relay_review.close(conversation_id=row.id, by=by)
        else:
            relay_review.decide(
                conversation_id=row.id, line_id=line_id, pass_on=do == "pass_on", by=by
            )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(SAID[do]))
    is_left = bool(talking.to_look_at(row.id))
    return HttpResponseRedirect(request.path if is_left else reverse("office:relay"))


SAID: dict[str, Promise] = {
    "resume": gettext_lazy("The conversation goes on."),
    "close": gettext_lazy("The conversation is over; neither can write to the other here."),
    "pass_on": gettext_lazy("Passed on."),
    "drop": gettext_lazy("Not passed on; the words are gone."),
}


urlpatterns = [
    path("relay/", relay, name="relay"),
    path("relay/<id:conversation_id>/", one, name="relay_one"),
]
