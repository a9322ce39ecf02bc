"""On the day and after, by the host's link: ticking people in, and the report."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from groundswell.events.operations import attendance
from groundswell.events.queries import people as events_people
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import fold
from groundswell.my.hosting import event_of, frame
from groundswell.web import guards
from groundswell.web.forms import Line, PlainForm, WholeNumber
from groundswell.web.requests import HouseRequest


class ReportForm(PlainForm):
    """How many came, with how sure the host is, and one sentence."""

    best_count = WholeNumber(
        label=_("How many people came?"),
        help_text=_("Your best guess, children included."),
        error_messages={"required": _("Write how many people came, as a number such as 25.")},
        max_value=attendance.COUNT_MOST,
    )
    low_count = WholeNumber(label=_("At least"), required=False, max_value=attendance.COUNT_MOST)
    high_count = WholeNumber(label=_("At most"), required=False, max_value=attendance.COUNT_MOST)
    sentence = Line(
        label=_("One sentence about it"),
        help_text=_("It may stand on the campaign's page. Name nobody."),
        required=False,
        max_length=300,
    )


@guards.host()
def door(request: HouseRequest, token: str) -> HttpResponse:
    """The list for the door, by name: large rows, one tap each."""
    event = event_of(request)
    coming = sorted(events_people.people_coming(event), key=lambda each: fold(each.name))
    context = {**frame(request, event, token), "coming": coming}
    return render(request, "my/hosting/door.html", context)


@guards.host(post=True)
def door_tick(request: HouseRequest, token: str, rsvp_id: int) -> HttpResponse:
    """Tick somebody in, or take the tick back."""
    if request.method == "POST":
        if events_people.event_id_of_rsvp(rsvp_id) != request.link.object_id:
            raise Http404  # somebody of another event
        try:
            attendance.check_in(
                rsvp_id=rsvp_id, here=request.POST.get("here") == "yes", by=request.actor
            )
        except Refusal as refusal:
            notes.error(request, str(refusal))
    return HttpResponseRedirect(reverse("my_host_door", args=[token]) + f"#p{rsvp_id}")


@guards.host(post=True)
def report(request: HouseRequest, token: str) -> HttpResponse:
    """Tell how it went; telling again replaces it."""
    event = event_of(request)
    filed = getattr(event, "report", None)
    names = ("best_count", "low_count", "high_count", "sentence")
    initial = {name: getattr(filed, name) for name in names} if filed else None
    form = ReportForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            attendance.file_report(
                event_id=event.id,
                low=data["low_count"],
                best=data["best_count"],
                high=data["high_count"],
                sentence=data["sentence"],
                by=request.actor,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            notes.success(request, _t("Thank you. Your number counts."))
            return HttpResponseRedirect(reverse("my_host", args=[token]))
    context = {**frame(request, event, token), "form": form, "filed": filed}
    status = 422 if form.is_bound else 200
    return render(request, "my/hosting/report.html", context, status=status)


urlpatterns = [
    path("my/event/<str:token>/door", door, name="my_host_door"),
    path("my/event/<str:token>/door/<id:rsvp_id>", door_tick, name="my_host_door_tick"),
    path("my/event/<str:token>/report", report, name="my_host_report"),
]
