"""Writing to each other without addresses: a supporter and the host of their event, on the web.

The same conversation that mails carry, and the way to answer where an installation takes no mail.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from groundswell.events.models import Rsvp
from groundswell.events.queries import people as events_people
from groundswell.kernel.refusal import Refusal
from groundswell.my import hosting
from groundswell.outreach import talking
from groundswell.outreach.models import Conversation
from groundswell.outreach.operations import conversations as talks
from groundswell.web import guards
from groundswell.web.forms import Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

Side = Conversation.Side


class AnswerForm(PlainForm):
    """One message to the other side."""

    body = Paragraphs(
        label=_("Your message"),
        help_text=_("Your address and number stay with us, even if you write them."),
        error_messages={"required": _("Write your message.")},
        max_length=talks.BODY_MOST,
        rows=5,
    )


def _status(form: PlainForm) -> int:
    return 422 if form.errors else 200


# --- a supporter -------------------------------------------------------------------------------


def _rsvp(request: HouseRequest) -> Rsvp:
    """The sign-up behind the link; the guard has found the link already."""
    found = events_people.rsvp_with_event(request.link.object_id or 0)
    if found is None or found.person is None or found.event.host is None:
        raise Http404  # over for so long that one of the two is cut off
    return found


def _to_host(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("my_rsvp_conversation", args=[token]))


@guards.rsvp(post=True)
def with_host(request: HouseRequest, token: str) -> HttpResponse:
    """The conversation with the host; a post writes one message."""
    rsvp = _rsvp(request)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            talks.write_to_host(rsvp_id=rsvp.id, body=form.cleaned_data["body"], by=request.actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            notes.success(request, _t("Your words are on their way to the host."))
            return _to_host(token)
    talk = talking.of_person(rsvp)
    host_id = rsvp.event.host_id or 0
    is_stopped = talking.is_silenced(reader_id=rsvp.person_id or 0, writer_id=host_id)
    context: dict[str, Any] = {
        "rsvp": rsvp,
        "event": rsvp.event,
        "token": token,
        "form": form,
        "said": talking.thread(talk, Side.PERSON) if talk else [],
        "host_name": talking.host_first_name(rsvp.event),
        "is_open": rsvp.is_proven
        and (talk is None or talking.takes_words(talk, writer=Side.PERSON)),
        "is_paused": talk is not None and talk.state == Conversation.State.PAUSED,
        "is_stopped": is_stopped,
    }
    return render(request, "my/conversations/with_host.html", context, status=_status(form))


@guards.rsvp(post=True)
def report_host(request: HouseRequest, token: str) -> HttpResponse:
    """ "This is not right": the office looks, and until then the conversation rests."""
    rsvp = _rsvp(request)
    if request.method == "POST":
        talks.report_event(event=rsvp.event, by=request.actor)
        notes.success(
            request, _t("Thank you. Nothing more comes until the organisers have looked.")
        )
    return _to_host(token)


@guards.rsvp(post=True)
def stop_host(request: HouseRequest, token: str) -> HttpResponse:
    """Never again from this host, at any event; or from anybody through us."""
    rsvp = _rsvp(request)
    if request.method == "POST":
        is_all = request.POST.get("who") == "everybody"
        talks.stop(writer_id=None if is_all else rsvp.event.host_id, by=request.actor)
        notes.success(request, _t("Done. These messages have stopped."))
    return _to_host(token)


@guards.rsvp(post=True)
def hear_host(request: HouseRequest, token: str) -> HttpResponse:
    """Take the stop back."""
    rsvp = _rsvp(request)
    if request.method == "POST":
        talks.hear_again(writer_id=rsvp.event.host_id or 0, by=request.actor)
        notes.success(request, _t("You get messages from the host again."))
    return _to_host(token)


# --- a host ------------------------------------------------------------------------------------


def _talk(request: HouseRequest, conversation_id: int) -> Conversation:
    found = talking.of_host(hosting.event_of(request), conversation_id)
    if found is None:
        raise Http404
    return found


def _to_one(token: str, conversation_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("my_host_conversation", args=[token, conversation_id]))


@guards.host()
def all_of_host(request: HouseRequest, token: str) -> HttpResponse:
    """Who has written, the newest first: first name and initial."""
    event = hosting.event_of(request)
    context = {**hosting.frame(request, event, token), "rows": talking.conversations_of(event)}
    return render(request, "my/conversations/list.html", context)


@guards.host(post=True)
def one(request: HouseRequest, token: str, conversation_id: int) -> HttpResponse:
    """One conversation; a post answers."""
    talk = _talk(request, conversation_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            talks.answer(conversation_id=talk.id, body=form.cleaned_data["body"], by=request.actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            notes.success(request, _t("Your words are on their way."))
            return _to_one(token, talk.id)
    context = {
        **hosting.frame(request, talk.event, token),
        "talk": talk,
        "form": form,
        "name": talking.name_for_host(talk),
        "said": talking.thread(talk, Side.HOLDER),
        "is_open": talking.takes_words(talk, writer=Side.HOLDER),
        "is_paused": talk.state == Conversation.State.PAUSED,
        "is_stopped": talking.is_silenced(reader_id=talk.holder_id, writer_id=talk.person_id),
    }
    return render(request, "my/conversations/one.html", context, status=_status(form))


@guards.host(post=True)
def report(request: HouseRequest, token: str, conversation_id: int) -> HttpResponse:
    """The host reports what somebody writes."""
    talk = _talk(request, conversation_id)
    if request.method == "POST":
        talks.report(conversation_id=talk.id, by=request.actor)
        notes.success(
            request, _t("Thank you. Nothing more comes until the organisers have looked.")
        )
    return _to_one(token, talk.id)


@guards.host(post=True)
def stop(request: HouseRequest, token: str, conversation_id: int) -> HttpResponse:
    """The host wants no more messages from this person."""
    talk = _talk(request, conversation_id)
    if request.method == "POST":
        talks.stop(writer_id=talk.person_id, by=request.actor)
        notes.success(request, _t("Done. These messages have stopped."))
    return _to_one(token, talk.id)


@guards.host(post=True)
def hear(request: HouseRequest, token: str, conversation_id: int) -> HttpResponse:
    """The host takes the stop back."""
    talk = _talk(request, conversation_id)
    if request.method == "POST":
        talks.hear_again(writer_id=talk.person_id, by=request.actor)
        notes.success(request, _t("You get messages from this person again."))
    return _to_one(token, talk.id)


_ONE = "my/event/<str:token>/conversations/<id:conversation_id>"

urlpatterns = [
    path("my/going/<str:token>/host", with_host, name="my_rsvp_conversation"),
    path("my/going/<str:token>/host/report", report_host, name="my_rsvp_report"),
    path("my/going/<str:token>/host/stop", stop_host, name="my_rsvp_stop"),
    path("my/going/<str:token>/host/again", hear_host, name="my_rsvp_hear"),
    path("my/event/<str:token>/conversations", all_of_host, name="my_host_conversations"),
    path(_ONE, one, name="my_host_conversation"),
    path(f"{_ONE}/report", report, name="my_host_report_person"),
    path(f"{_ONE}/stop", stop, name="my_host_stop"),
    path(f"{_ONE}/again", hear, name="my_host_hear"),
]
