""" "Report this event": what is wrong, in one sentence, without an account and without a trace."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from groundswell.events import policy
from groundswell.events.models import Concern, Event
from groundswell.events.operations import concerns
from groundswell.events.queries import finding
from groundswell.kernel.refusal import Refusal
from groundswell.public import rows
from groundswell.public.frame import campaign_frame
from groundswell.web import form_guard, guards, networks
from groundswell.web.forms import Card, OneOf, Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

_KINDS = [
    (Concern.Kind.FALSE, Card(_("It is not what it says it is"), _("The event or its host."))),
    (Concern.Kind.DANGER, Card(_("Somebody could come to harm"))),
    (Concern.Kind.HATE, Card(_("It is hateful, or threatens people"))),
    (Concern.Kind.MESSAGES, Card(_("The host writes what has no place here"))),
    (Concern.Kind.OTHER, Card(_("Something else"))),
]


class ReportForm(PlainForm):
    """What is wrong. There is no field for who says so."""

    kind = OneOf(label=_("What is wrong?"), choices=_KINDS)
    words = Paragraphs(
        label=_("In your own words"),
        help_text=_("Only organisers read it, never the host. Leave out who you are."),
        error_messages={"required": concerns.SayWhatIsWrong.sentence},
        max_length=concerns.WORDS_MOST,
        rows=4,
    )


def _event_or_404(slug: str) -> Event:
    event = finding.event_by_slug(slug)
    if event is None or not policy.is_open_page(event):
        raise Http404
    return event


@guards.anyone(post=True)
def report(request: HouseRequest, slug: str) -> HttpResponse:
    """The form. The answer is the same however many have reported already."""
    event = _event_or_404(slug)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get(form_guard.TRAP):  # a program: thanked, and not read
            return HttpResponseRedirect(reverse("event_reported", args=[slug]))
        try:
            concerns.report(
                event=event,
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                network=networks.network_of(request),
                by=request.actor,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("event_reported", args=[slug]))
    context = {**campaign_frame(request, event.campaign), "row": rows.row(event), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "public/report.html", context, status=status)


@guards.anyone()
def reported(request: HouseRequest, slug: str) -> HttpResponse:
    """Thank you, and what happens now."""
    event = _event_or_404(slug)
    context = {**campaign_frame(request, event.campaign), "row": rows.row(event)}
    return render(request, "public/reported.html", context)


urlpatterns = [
    path("e/<slug:slug>/report", report, name="event_report"),
    path("e/<slug:slug>/reported", reported, name="event_reported"),
]
