"""Every export, and whose a row is that turned up somewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.people.exports import deciding
from groundswell.people.models import Export
from groundswell.people.operations import exports
from groundswell.web import guards
from groundswell.web.forms import Line, PlainForm
from groundswell.web.requests import HouseRequest

SHOWN = 100
STATE_WORDS: dict[str, str | Promise] = {
    Export.State.ASKED: gettext_lazy("Waits for somebody to agree"),
    Export.State.MAKING: gettext_lazy("Is being made"),
    Export.State.READY: gettext_lazy("Ready"),
    Export.State.FETCHED: gettext_lazy("Fetched"),
    Export.State.REFUSED: gettext_lazy("Refused"),
    Export.State.WITHDRAWN: gettext_lazy("Withdrawn"),
    Export.State.EXPIRED: gettext_lazy("Run out"),
}


class TraceForm(PlainForm):
    """An address out of a file that turned up somewhere."""

    address = Line(
        label=gettext_lazy("An e-mail address or an external_id from the file"),
        error_messages={"required": gettext_lazy("Write an address from the file.")},
        max_length=320,
    )


@guards.office(Right.EXPORT, post=True)
def index(request: HouseRequest) -> HttpResponse:
    """Every export that the reader may see. A post asks which export an address stands in."""
    form = TraceForm(request.POST if request.method == "POST" else None)
    traced: Export | None = None
    if request.method == "POST" and form.is_valid():
        traced = exports.trace(form.cleaned_data["address"])
        if traced is None:
            sentence = _("This address stands in no export of the last three years.")
            form.add_error("address", sentence)
    rows = deciding.seen_by(frame.by(request))[:SHOWN]
    shown = _rows(rows)
    context = {
        "rows": shown,
        "form": form,
        "traced": _rows([traced])[0] if traced is not None else None,
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/exports/index.html", context, current="exports", status=status
    )


def _rows(found: list[Export]) -> list[dict[str, Any]]:
    names = accounts_queries.names_of({export.account_id for export in found})
    return [
        {
            "export": export,
            "href": reverse("office:export", args=[export.slug]),
            "who": names.get(export.account_id, ""),
            "people": states.people_words(export.people_count),
            "state": STATE_WORDS[export.state],
            "since": states.ago(export.asked_at),
        }
        for export in found
    ]


urlpatterns = [path("exports/", index, name="exports")]
