"""Forms that may be the work of programs: let in, or delete; a day to take it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import ngettext

from groundswell.kernel import clock, formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.office.quarantine import WHY
from groundswell.people import form_queries
from groundswell.people import queries as people_queries
from groundswell.people.models import FormEntry
from groundswell.people.operations import sorting
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

PER_PAGE = 50


@guards.office(Right.MODERATE, post=True, is_everywhere=True)
def waiting(request: HouseRequest) -> HttpResponse:
    """The list, 50 on a page; a post decides about what was ticked."""
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decide(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.get_full_path())
    page = Paginator(sorting.in_quarantine(), PER_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    names = people_queries.names_of([row.person for row in found])
    titles = {row.form_id: form_queries.title(row.form, frame.language()) for row in found}
    rows = [
        {
            "id": row.id,
            "name": names[row.person_id].for_hosts,
            "form": titles[row.form_id],
            "why": str(WHY.get(row.because, "")),
            "since": states.ago(row.at),
        }
        for row in found
    ]
    context = {"form": form, "rows": rows, "page": page, "presses": _presses()}
    status = 422 if form.errors else 200
    return frame.page(request, "office/forms/waiting.html", context, current="more", status=status)


def _presses() -> list[dict[str, Any]]:
    """What was deleted in the last day, press by press."""
    since = clock.now() - sorting.TAKE_BACK_WITHIN
    found = FormEntry.objects.filter(state=FormEntry.State.DELETED, decided_at__gte=since)
    pressed = found.values_list("decided_at").annotate(Count("id")).order_by("-decided_at")[:10]
    return [
        {
            "stamp": at.astimezone(UTC).isoformat(),
            "words": ngettext("{number} deleted {ago}", "{number} deleted {ago}", count).format(
                number=formats.number(count), ago=states.ago(at)
            ),
        }
        for at, count in pressed
        if at is not None
    ]


def _decide(request: HouseRequest) -> str:
    """Do what the pressed button says; the sentence for the toast."""
    do, by = request.POST.get("do", ""), frame.by(request)
    ticked = request.POST.getlist("entry")
    ids = [number for each in ticked if (number := read_id(each)) is not None]
    if do == "take_back":
        count = sorting.take_back(deleted_at=_instant(request.POST.get("stamp", "")), by=by)
        words = ngettext("{number} is back.", "{number} are back.", count)
    elif do == "let_in":
        count = sorting.let_in(entry_ids=ids, by=by)
        words = ngettext("{number} is let in.", "{number} are let in.", count)
    elif do == "delete":
        count = sorting.discard(entry_ids=ids, by=by)
        words = ngettext(
            "{number} is deleted. You can take it back for a day.",
            "{number} are deleted. You can take them back for a day.",
            count,
        )
    else:
        raise frame.NoSuchButton
    return words.format(number=formats.number(count))


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise frame.NoSuchButton from None
    if found.tzinfo is None:
        raise frame.NoSuchButton
    return found


urlpatterns = [path("quarantine/forms/", waiting, name="forms_waiting")]
