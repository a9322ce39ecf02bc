"""Asking for an export: for which tool, whom, which columns, what for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.people import fields, stand_ins
from groundswell.people.exports import layouts, wishes
from groundswell.people.exports.wishes import Kind, Tool
from groundswell.people.operations import exports, looking
from groundswell.web import guards
from groundswell.web.forms import Card, Choice, Day, Email, OneOf, Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

TOOL_WORDS = {
    Tool.OURS: Card(
        gettext_lazy("People who read it"), gettext_lazy("Columns named in your language.")
    ),
    Tool.ACTION_NETWORK: Card("Action Network"),
    Tool.NATIONBUILDER: Card("NationBuilder"),
    Tool.SPOKE: Card("Spoke", gettext_lazy("Only people who agreed to texts.")),
}
KIND_WORDS = {
    Kind.CSV: Card("CSV", gettext_lazy("Every tool reads it.")),
    Kind.XLSX: Card("XLSX", gettext_lazy("A workbook for a spreadsheet, up to 20,000 people.")),
}


class ToolForm(PlainForm):
    """What the file will be opened with; the next page asks for what that can take."""

    layout = OneOf(
        label=gettext_lazy("Who or what will read the file?"), choices=list(TOOL_WORDS.items())
    )
    kind = OneOf(label=gettext_lazy("What kind of file?"), choices=list(KIND_WORDS.items()))


class ExportForm(PlainForm):
    """Whom, which columns, what for."""

    campaign = Choice(
        label=gettext_lazy("People who agreed to news of"),
        help_text=gettext_lazy("Needed for every file with addresses."),
        required=False,
    )
    country = Choice(label=gettext_lazy("Living in"), required=False)
    active_since = Day(label=gettext_lazy("Active since"), required=False)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("What the file holds"),
        help_text=gettext_lazy(
            "A stand-in address reaches its person through us, names this export when it turns up "
            "somewhere else, and dies after 90 days."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": exports.NoColumns.sentence},
    )
    writes_from = Email(
        label=gettext_lazy("From which address will you write to them?"),
        help_text=gettext_lazy(
            "Only mail from this address reaches stand-in addresses; any other tells the owners "
            "that the file is in other hands."
        ),
        required=False,
    )
    reason = Paragraphs(
        label=gettext_lazy("What is the file for?"),
        help_text=gettext_lazy("Whoever must agree reads it, and it stands in the file."),
        rows=3,
        max_length=exports.REASON_MOST,
        error_messages={"required": exports.SayWhy.sentence},
    )

    def __init__(
        self,
        *args: Any,
        tool: str,
        kind: str,
        columns: list[tuple[str, str]],
        campaigns: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tool, self.kind = tool, kind
        anybody, anywhere = _("Everybody, without addresses"), _("Anywhere")
        if tool == Tool.SPOKE:
            anybody = _("Everybody who agreed to texts with our news")
            self.fields["campaign"].label = _("People who agreed to texts about")
            self.fields["campaign"].help_text = ""
        self.fields["campaign"].choices = [("", anybody), *campaigns]  # type: ignore[attr-defined]  # a choice field
        self.fields["country"].choices = [("", anywhere), *countries]  # type: ignore[attr-defined]  # as above
        self.fields["columns"].choices = columns  # type: ignore[attr-defined]  # as above
        if "stand_in" not in dict(columns):
            self.fields["columns"].help_text = ""
            del self.fields["writes_from"]

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with the tool stands above: it is asked for on the page before."""
        if refusal.field == "layout":
            self.add_error(None, str(refusal))
            return
        super().refuse(refusal)

    def asked(self) -> exports.Asked:
        """What was typed, for the operation."""
        given = self.cleaned_data
        wish = wishes.Wish(
            campaign_id=int(given["campaign"]) if given["campaign"] else None,
            country=given["country"],
            active_since=given["active_since"],
            layout=self.tool,
            kind=self.kind,
        )
        return exports.Asked(
            wish=wish,
            columns=given["columns"],
            reason=given["reason"],
            writes_from=given.get("writes_from", ""),
        )


def _form(request: HouseRequest, tool: str, kind: str) -> ExportForm:
    actor = frame.by(request)
    found = list(campaign_queries.visible_campaigns(actor).order_by("-action_on")[:50])
    titles = campaign_queries.titles(found, frame.language())
    layout = layouts.LAYOUTS[tool]
    has_stand_ins = bool(stand_ins.domain())
    columns = [
        (code, str(wishes.COLUMNS[code]))
        for code in layout.codes
        if has_stand_ins or code != "stand_in"
    ]
    own = [(wishes.code_of(field), fields.label(field)) for field in wishes.fields_for(actor)]
    return ExportForm(
        request.POST if request.method == "POST" else None,
        initial={"columns": list(layout.usual)},
        tool=tool,
        kind=kind,
        columns=columns + own,
        campaigns=[(str(row.id), titles[row.id]) for row in found],
    )


def _asked_tool(request: HouseRequest) -> tuple[str, str] | None:
    """The tool and the kind of file that stand in the address; a post without them means ours."""
    if not request.GET and request.method == "POST":
        return Tool.OURS, Kind.CSV
    form = ToolForm(request.GET)
    return (form.cleaned_data["layout"], form.cleaned_data["kind"]) if form.is_valid() else None


@guards.office(Right.EXPORT, post=True, is_fresh=True)
def add(request: HouseRequest) -> HttpResponse:
    """For which tool; then the form, which first says how many people it would be and what it
    takes, then asks."""
    chosen = _asked_tool(request)
    if chosen is None:
        first = ToolForm(initial={"layout": Tool.OURS, "kind": Kind.CSV})
        return frame.page(request, "office/exports/tool.html", {"form": first}, current="exports")
    form, weighed = _form(request, *chosen), None
    if request.method == "POST" and form.is_valid():
        actor = frame.by(request)
        try:
            if request.POST.get("do") == "ask":
                export = exports.ask(form.asked(), by=actor)
                messages.success(request, _("Asked. This page follows what becomes of it."))
                return HttpResponseRedirect(reverse("office:export", args=[export.slug]))
            weighed = exports.weigh(form.asked(), by=actor)
        except looking.EnoughForToday as refusal:
            looking.note_enough(by=actor)
            form.refuse(refusal)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "weighed": _weighed(weighed) if weighed else None,
        "tool": tool_words(*chosen),
    }
    status = 422 if form.errors else 200
    return frame.page(request, "office/exports/add.html", context, current="exports", status=status)


def tool_words(tool: str, kind: str) -> str:
    """For whom or what a file is, and of which kind."""
    return f"{TOOL_WORDS[Tool(tool)]} · {KIND_WORDS[Kind(kind)]}"


def _weighed(found: exports.Weighed) -> dict[str, str]:
    words = ngettext(
        "This file would hold {number} person.",
        "This file would hold {number} people.",
        found.count,
    )
    if not found.needs_agreement:
        takes = _("It is made at once, and the owners hear when it is fetched.")
    elif found.others:
        takes = _("Somebody else with the right to export must agree first. They get a mail.")
    else:
        takes = _(
            "Nobody else could agree, so everybody with a role gets a mail, and the file is made "
            "in 24 hours unless it is stopped."
        )
    return {"count": words.format(number=formats.number(found.count)), "takes": takes}


urlpatterns = [path("exports/add/", add, name="export_add")]
