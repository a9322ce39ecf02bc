"""What sources cost: one row by hand, or a table; every wrong row is named and nothing is lost."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.sources import tables
from groundswell.people import money, spend_files
from groundswell.people.models import Spend
from groundswell.people.operations import sources
from groundswell.web import guards
from groundswell.web.requests import HouseRequest

SHOWN = 200
_EXAMPLE = "source,from,to,amount,currency"


class SpendForm(tables.TableForm):
    """A table with its columns named in the first row."""

    letters_most = spend_files.MOST_LETTERS
    missing = spend_files.NoTable
    table = forms.CharField(
        label=gettext_lazy("Rows"),
        help_text=gettext_lazy(
            "Paste them out of a sheet or a CSV file: source, from, to, amount, currency. The same "
            "source and days again put the new amount in place of the old."
        ),
        widget=tables.lines(),
        strip=False,
        required=False,
        max_length=spend_files.MOST_LETTERS,
    )


def _take(request: HouseRequest, form: SpendForm) -> str:
    """Take all rows in, or none. What is wrong stands beside the field, row by row."""
    costs, problems = spend_files.read(form.text())
    for problem in problems:
        words = _("Row {number}: {problem}").format(
            number=formats.number(problem.row), problem=problem.refusal
        )
        form.add_error(form.given_by(), words)
    if problems:
        return ""
    if not costs:
        raise spend_files.NoTable
    count = sources.note_spend(costs=costs, by=frame.by(request))
    words = ngettext("{number} row is kept.", "{number} rows are kept.", count)
    return words.format(number=formats.number(count))


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def spend(request: HouseRequest) -> HttpResponse:
    """The rows, the newest days first; a post takes rows in or one out."""
    taking = request.method == "POST" and request.POST.get("do") != "remove"
    given = (request.POST, request.FILES) if taking else (None, None)
    form = SpendForm(*given, initial={"table": _EXAMPLE + "\n"})
    said = ""
    try:
        if taking and form.is_valid():
            said = _take(request, form)
        elif request.method == "POST" and not taking:
            spend_id = read_id(request.POST.get("spend", "")) or 0
            sources.remove_spend(spend_id=spend_id, by=frame.by(request))
            said = _("Taken out.")
    except Refusal as refusal:
        form.refuse(refusal)
    if said:
        messages.success(request, said)
        return HttpResponseRedirect(request.path)
    found = Spend.objects.select_related("source").order_by("-to_on", "-id")[:SHOWN]
    rows = [
        {
            "id": row.id,
            "source": row.source.name or row.source.code,
            "days": _days(row),
            "amount": money.shown(row.amount_minor, row.currency),
        }
        for row in found
    ]
    context = {"form": form, "rows": rows}
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/sources/spend.html", context, current="sources", status=status
    )


def _days(row: Spend) -> str:
    first, last = formats.day_and_year(row.from_on), formats.day_and_year(row.to_on)
    return first if row.from_on == row.to_on else f"{first} – {last}"


urlpatterns = [path("sources/spend/", spend, name="source_spend")]
