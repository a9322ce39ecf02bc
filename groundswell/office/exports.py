"""Exports: asking to take people out, agreeing, fetching the file, and whose a leaked row is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from groundswell.accounts import queries as accounts_queries
from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import clock, formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import csv_file, frame, states
from groundswell.people import queries as people_queries
from groundswell.people import stand_ins
from groundswell.people.exports import deciding, wishes
from groundswell.people.models import Export
from groundswell.people.operations import export_files, exports, looking
from groundswell.web import guards
from groundswell.web.forms import Choice, Day, Email, Line, Paragraphs, PlainForm
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
        choices=list(wishes.COLUMNS.items()),
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

    def __init__(self, *args: Any, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anybody, anywhere = _("Everybody, without addresses"), _("Anywhere")
        self.fields["campaign"].choices = [("", anybody), *campaigns]  # type: ignore[attr-defined]  # a choice field
        self.fields["country"].choices = [("", anywhere), *countries]  # type: ignore[attr-defined]  # as above
        if not stand_ins.domain():
            kept = [pair for pair in wishes.COLUMNS.items() if pair[0] != "stand_in"]
            self.fields["columns"].choices = kept  # type: ignore[attr-defined]  # as above
            self.fields["columns"].help_text = ""
            del self.fields["writes_from"]

    def asked(self) -> exports.Asked:
        """What was typed, for the operation."""
        given = self.cleaned_data
        wish = wishes.Wish(
            campaign_id=int(given["campaign"]) if given["campaign"] else None,
            country=given["country"],
            active_since=given["active_since"],
        )
        return exports.Asked(
            wish=wish,
            columns=given["columns"],
            reason=given["reason"],
            writes_from=given.get("writes_from", ""),
        )


class TraceForm(PlainForm):
    """An address out of a file that turned up somewhere."""

    address = Line(
        label=gettext_lazy("An e-mail address from the file"),
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
    return frame.page(request, "office/exports/index.html", context, current="more", status=status)


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


def _form(request: HouseRequest) -> ExportForm:
    found = list(campaign_queries.visible_campaigns(frame.by(request)).order_by("-action_on")[:50])
    titles = campaign_queries.titles(found, frame.language())
    campaigns = [(str(row.id), titles[row.id]) for row in found]
    data = request.POST if request.method == "POST" else None
    return ExportForm(data, initial={"columns": list(wishes.USUAL)}, campaigns=campaigns)


@guards.office(Right.EXPORT, post=True, is_fresh=True)
def add(request: HouseRequest) -> HttpResponse:
    """The form; first it says how many people it would be and what it takes, then it asks."""
    form, weighed = _form(request), None
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
    context = {"form": form, "weighed": _weighed(weighed) if weighed else None}
    status = 422 if form.errors else 200
    return frame.page(request, "office/exports/add.html", context, current="more", status=status)


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


def _export_or_404(request: HouseRequest, slug: str) -> Export:
    seen = (one for one in deciding.seen_by(frame.by(request)) if one.slug == slug)
    export = next(seen, None)
    if export is None:
        raise Http404
    return export


@guards.office(Right.EXPORT, post=True, is_fresh=True)
def one(request: HouseRequest, export_slug: str) -> HttpResponse:
    """One export: what was asked, how far it is; a post agrees or stops it."""
    export = _export_or_404(request, export_slug)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor, do = frame.by(request), request.POST.get("do", "")
        try:
            if do == "agree":
                exports.agree(export_id=export.id, by=actor)
                messages.success(request, _("You agreed. The file is being made."))
            elif do == "stop":
                exports.stop(export_id=export.id, by=actor)
                messages.success(request, _("Stopped."))
            else:
                raise frame.NoSuchButton
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.path)
    context = {"form": form, **_told(request, export)}
    status = 422 if form.errors else 200
    return frame.page(request, "office/exports/one.html", context, current="more", status=status)


def _told(request: HouseRequest, export: Export) -> dict[str, Any]:
    actor, zone = frame.by(request), frame.zone_of(request)
    people = {export.account_id, *([export.decided_by_id] if export.decided_by_id else [])}
    names = accounts_queries.names_of(people)
    is_own, dies_at = actor.id == export.account_id, stand_ins.dies_at(export)
    is_open = export.state in {Export.State.ASKED, Export.State.MAKING, Export.State.READY}
    has_living = "stand_in" in export.columns and dies_at is not None and clock.now() < dies_at
    may_stop = is_own or deciding.may_refuse(actor, export)
    wish = wishes.Wish.of_json(export.wish)
    found = campaign_queries.by_ids({wish.campaign_id} if wish.campaign_id else set())
    titles = campaign_queries.titles(found.values(), frame.language())
    ready_until = export.ready_at + deciding.FETCHED_WITHIN if export.ready_at else None
    return {
        "export": export,
        "state": STATE_WORDS[export.state],
        "who": names.get(export.account_id, ""),
        "decided_by": names.get(export.decided_by_id or 0, ""),
        "reason": people_queries.reason_of(export),
        "people": states.people_words(export.people_count),
        "columns": formats.listing([str(wishes.COLUMNS[code]) for code in export.columns]),
        "campaign": titles.get(wish.campaign_id or 0, ""),
        "country": countries.name(wish.country) if wish.country else "",
        "active_since": formats.day_and_year(wish.active_since) if wish.active_since else "",
        "is_own": is_own,
        "can_agree": export.state == Export.State.ASKED and deciding.may_agree(actor, export),
        "can_stop": may_stop and is_open,
        "can_end": may_stop and has_living,
        "can_fetch": is_own and export.state == Export.State.READY,
        "opens": formats.moment(export.opens_at, zone) if export.opens_at else "",
        "until": formats.moment(ready_until, zone) if ready_until else "",
        "stand_ins_until": formats.moment(dies_at, zone) if dies_at else "",
        "heard": export.canaries.filter(heard_at__isnull=False).count(),
    }


@guards.office(Right.EXPORT, post=True, is_fresh=True)
def fetch(request: HouseRequest, export_slug: str) -> HttpResponseBase:
    """The file, once. Opening the address without the button's post changes nothing."""
    export = _export_or_404(request, export_slug)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("office:export", args=[export_slug]))
    try:
        export = export_files.fetch(export_id=export.id, by=frame.by(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("office:export", args=[export_slug]))
    head = [str(wishes.COLUMNS[code]) for code in export.columns]
    body = csv_file.lines(head, export_files.lines(export), last=[_mark(request, export)])
    answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="people-{export.slug}.csv"'
    return answer


def _mark(request: HouseRequest, export: Export) -> str:
    """The last row: whose file this is. Whoever finds it lying about knows whom to ask."""
    names = accounts_queries.names_of({export.account_id})
    return _("Export {slug}, made for {name} on {day}: {reason} Do not pass it on.").format(
        slug=export.slug,
        name=names.get(export.account_id, ""),
        day=formats.day_and_year(export.fetched_at or clock.now(), frame.zone_of(request)),
        reason=" ".join(people_queries.reason_of(export).split()).rstrip(".") + ".",
    )


urlpatterns = [
    path("exports/", index, name="exports"),
    path("exports/add/", add, name="export_add"),
    path("exports/<slug:export_slug>/", one, name="export"),
    path("exports/<slug:export_slug>/file/", fetch, name="export_file"),
]
