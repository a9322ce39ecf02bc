"""Saved segments: the list by folder, older versions, the sentences as a text, the end of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.office.segments.builder import segment_or_404
from groundswell.people import policy
from groundswell.people.operations import segments
from groundswell.people.segments import shelf, wording
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

SHOWN = 50
LATELY = timedelta(days=30)


@guards.office(Right.SEGMENT, post=True)
def index(request: HouseRequest) -> HttpResponse:
    """Every segment that the reader sees, by folder. A post brings a deleted one back."""
    actor = frame.by(request)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number = request.POST.get("segment", "")
            back = segments.bring_back(segment_id=read_id(number) or 0, by=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It is back."))
            return HttpResponseRedirect(reverse("office:segment", args=[back.id]))
    folders: dict[str, list[dict[str, Any]]] = {}
    for one in shelf.visible_to(actor):
        row = {
            "name": one.name,
            "href": reverse("office:segment", args=[one.id]),
            "since": states.ago(one.changed_at),
            "is_own": not one.is_shared,
        }
        folders.setdefault(one.folder, []).append(row)
    context = {
        "folders": list(folders.items()),
        "deleted": list(shelf.deleted_lately(actor)[:SHOWN]),
        "form": form,
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/segments/index.html", context, current="segments", status=status
    )


@guards.office(Right.SEGMENT, post=True)
def versions(request: HouseRequest, segment_id: int) -> HttpResponse:
    """Every version in sentences. A post goes back to one, which makes a new one."""
    segment, actor = segment_or_404(request, segment_id), frame.by(request)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = request.POST.get("number", "")
        try:
            segments.go_back(
                segment_id=segment.id,
                number=int(number)
                if number.isascii() and number.isdigit() and len(number) < 9
                else 0,
                by=actor,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It asks as it did then."))
            return HttpResponseRedirect(reverse("office:segment", args=[segment.id]))
    found = list(segment.versions.order_by("-number")[:SHOWN])
    names = accounts_queries.names_of({one.account_id for one in found})
    told = {one.number: wording.told(one.rows, actor) for one in found}
    rows = [
        {
            "number": one.number,
            "who": names.get(one.account_id, ""),
            "when": formats.moment(one.at, frame.zone_of(request)),
            "came": _new(told[one.number], told.get(one.number - 1)),
            "went": _new(told.get(one.number - 1, []), told[one.number]),
            "sentences": told[one.number],
            "is_now": one.number == segment.version,
        }
        for one in found
    ]
    context = {
        "segment": segment,
        "rows": rows,
        "form": form,
        "can_change": policy.can_change_segment(actor, segment),
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/segments/versions.html", context, current="segments", status=status
    )


def _new(lines: list[str], before: list[str] | None) -> list[str]:
    return [line for line in lines if line not in before] if before is not None else []


@guards.office(Right.SEGMENT)
def text(request: HouseRequest, segment_id: int) -> HttpResponse:
    """The segment in sentences, as a file to take along. It holds nobody."""
    segment = segment_or_404(request, segment_id)
    body = wording.as_text(segment, frame.by(request))
    answer = HttpResponse(body, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="segment-{segment.id}.txt"'
    return answer


@guards.office(Right.SEGMENT, post=True)
def delete(request: HouseRequest, segment_id: int) -> HttpResponse:
    """Take a segment away. For thirty days the list offers it back."""
    segment, actor = segment_or_404(request, segment_id), frame.by(request)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            segments.put_away(segment_id=segment.id, by=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Deleted. For thirty days you can bring it back."))
            return HttpResponseRedirect(reverse("office:segments"))
    context = {"segment": segment, "form": form}
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/segments/delete.html", context, current="segments", status=status
    )


urlpatterns = [
    path("segments/", index, name="segments"),
    path("segments/<id:segment_id>/versions/", versions, name="segment_versions"),
    path("segments/<id:segment_id>/text/", text, name="segment_text"),
    path("segments/<id:segment_id>/delete/", delete, name="segment_delete"),
]
