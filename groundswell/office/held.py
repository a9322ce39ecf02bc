"""Messages that wait for a person, perhaps sent or refused: send them again, or let them be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.office import frame, states
from groundswell.outreach import queries as outreach_queries
from groundswell.outreach.models import Message
from groundswell.outreach.operations import held as held_ops
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

STATE_WORDS: dict[str, Promise] = {
    Message.State.UNKNOWN: gettext_lazy(
        "The line broke while they were handed over: they may have arrived."
    ),
    Message.State.FAILED: gettext_lazy("The mail server refused them, or did not answer for long."),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one kind with one fate."""

    kind: str
    state: str
    error: str
    what: str
    why: str | Promise
    since: str
    oldest_at: datetime


def groups() -> list[Group]:
    """What waits for a decision, the oldest first."""
    return [
        Group(
            group.kind,
            group.state,
            group.error,
            ngettext(
                "{number} message of the kind “{kind}”",
                "{number} messages of the kind “{kind}”",
                group.count,
            ).format(number=formats.number(group.count), kind=group.kind.replace("_", " ")),
            STATE_WORDS[group.state],
            states.ago(group.oldest_at),
            group.oldest_at,
        )
        for group in outreach_queries.held_groups()
    ]


@guards.office(Right.MODERATE, post=True, is_everywhere=True)
def held(request: HouseRequest) -> HttpResponse:
    """The groups; a post decides about one of them, at most 500 messages at a time."""
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        do = request.POST.get("do", "")
        found = outreach_queries.held_messages(
            kind=clean_line(request.POST.get("kind", "")),
            state=clean_line(request.POST.get("state", "")),
            error=clean_line(request.POST.get("error", "")),
        )
        ids = list(found.values_list("id", flat=True)[: held_ops.AT_ONCE])
        try:
            if do not in {"resend", "give_up"}:
                raise frame.NoSuchButton
            decide = held_ops.resend if do == "resend" else held_ops.give_up
            count = decide(message_ids=ids, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _said(do, count))
            return HttpResponseRedirect(request.path)
    return frame.page(
        request,
        "office/health/held.html",
        {"form": form, "groups": groups()},
        current="more",
        status=422 if form.errors else 200,
    )


def _said(do: str, count: int) -> str:
    if do == "resend":
        words = ngettext(
            "{number} message goes out again.", "{number} messages go out again.", count
        )
    else:
        words = ngettext("{number} message is let be.", "{number} messages are let be.", count)
    return words.format(number=formats.number(count))


urlpatterns = [path("messages/held/", held, name="held")]
