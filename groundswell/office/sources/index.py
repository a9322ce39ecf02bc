"""Every source with what it brought: by people's first source and their last, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.metrics import sources as source_numbers
from groundswell.metrics.sources import Brought, SourceRow
from groundswell.office import frame
from groundswell.people import money
from groundswell.people.models import SourceCode
from groundswell.people.operations import sources
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, PlainForm
from groundswell.web.requests import HouseRequest

PER_PAGE = 50
_C = SourceCode.Channel
CHANNELS: dict[str, Promise] = {
    _C.EMAIL: gettext_lazy("E-mail"),
    _C.TEXT: gettext_lazy("Text message"),
    _C.SOCIAL: gettext_lazy("Social media"),
    _C.AD: gettext_lazy("Advertisement"),
    _C.PAPER: gettext_lazy("Paper"),
    _C.EVENT: gettext_lazy("Event"),
    _C.PARTNER: gettext_lazy("Partner"),
    _C.PERSON: gettext_lazy("Somebody we know"),
    _C.WEBSITE: gettext_lazy("Website"),
    _C.IMPORT: gettext_lazy("Import"),
    _C.OTHER: gettext_lazy("Something else"),
}


class SourceForm(PlainForm):
    """A code and what it means."""

    code = Line(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("It stands in links and on paper: letters, digits, hyphens."),
        max_length=sources.CODE_MOST,
        error_messages={"required": sources.CodeIsMissing.sentence},
    )
    name = Line(label=gettext_lazy("What it is"), max_length=sources.NAME_MOST, required=False)
    channel = Choice(label=gettext_lazy("By which way"), choices=list(CHANNELS.items()))


def _cells(brought: Brought, spent: Mapping[str, int]) -> list[dict[str, str]]:
    """People, came, hosts, each with what one of them cost in each currency."""
    return [
        {
            "label": str(label),
            "number": formats.number(count),
            "cost": _each(spent, count) if spent and count else "",
        }
        for label, count in (
            (_("People"), brought.people),
            (_("Came"), brought.came),
            (_("Hosts"), brought.hosts),
        )
    ]


def _each(spent: Mapping[str, int], count: int) -> str:
    amounts = [money.shown(minor / count, currency) for currency, minor in spent.items()]
    return _("{amount} each").format(amount=" · ".join(amounts))


def _row(row: SourceRow) -> dict[str, Any]:
    spent = [money.shown(minor, currency) for currency, minor in row.spent.items()]
    return {
        "name": row.source.name or row.source.code,
        "code": row.source.code,
        "href": reverse("office:source", args=[row.source.code]),
        "channel": "" if row.source.is_found else CHANNELS[row.source.channel],
        "is_found": row.source.is_found,
        "first": _cells(row.first, row.spent),
        "last": _cells(row.last, row.spent),
        "spent": " · ".join(spent),
    }


@guards.office(Right.TAKE_IN, is_everywhere=True)
def index(request: HouseRequest) -> HttpResponse:
    """Fifty on a page, the newest codes first."""
    codes = SourceCode.objects.order_by("-created_at", "-id")
    page = Paginator(codes, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(row) for row in source_numbers.by_source(list(page.object_list))]
    context = {"rows": rows, "page": page, "definitions": source_numbers.DEFINITIONS.values()}
    return frame.page(request, "office/sources/index.html", context, current="sources")


def _edit(request: HouseRequest, found: SourceCode | None) -> HttpResponse:
    initial: dict[str, str] = {"channel": _C.PAPER}
    if found is not None:
        initial = {"code": found.code, "name": found.name, "channel": found.channel}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=initial)
    if found is not None:
        del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, frame.by(request)
        try:
            if found is None:
                sources.add(**given, by=by)
            else:
                sources.rename(source_id=found.id, **given, by=by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office:sources"))
    heading = found.code if found else _("Add a source")
    context = {"form": form, "heading": heading, "verb": _("Save")}
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/sources/edit.html", context, current="sources", status=status
    )


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def add(request: HouseRequest) -> HttpResponse:
    """A new code, or a name for one that came in with a link."""
    return _edit(request, None)


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def one(request: HouseRequest, source_code: str) -> HttpResponse:
    """Name a code, or say it better."""
    found = SourceCode.objects.filter(code=source_code).first()
    if found is None:
        raise Http404
    return _edit(request, found)


urlpatterns = [
    path("sources/", index, name="sources"),
    path("sources/add/", add, name="source_add"),
    path("sources/code/<str:source_code>/", one, name="source"),
]
