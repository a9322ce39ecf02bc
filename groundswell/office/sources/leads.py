"""Leads of ad services: which come in, into which form, what could not be taken and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.sources import tables
from groundswell.people import form_queries, lead_files, lead_queries
from groundswell.people.models import LeadSource
from groundswell.people.operations import leads, sources
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, PlainForm
from groundswell.web.requests import HouseRequest


class LeadSourceForm(PlainForm):
    """Where they come from, and which form of ours takes them."""

    name = Line(
        label=gettext_lazy("Which service, which campaign?"),
        max_length=120,
        error_messages={"required": leads.NameTheService.sentence},
    )
    form = Choice(
        label=gettext_lazy("The form that takes them"),
        help_text=gettext_lazy(
            "People over there must read the very words of consent that this form has."
        ),
    )
    code = Line(
        label=gettext_lazy("Source code"),
        max_length=sources.CODE_MOST,
        error_messages={"required": sources.CodeIsMissing.sentence},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (str(row.id), form_queries.title(row, frame.language()))
            for row in form_queries.forms()[:100]
        ]
        self.fields["form"].choices = found  # type: ignore[attr-defined]  # a choice field


class TableForm(tables.TableForm):
    """The leads of a service."""

    letters_most = lead_files.MOST_LETTERS
    missing = lead_files.NoLeads
    table = forms.CharField(
        label=gettext_lazy("Leads"),
        help_text=gettext_lazy("The whole CSV file as the service gave it, with its first row."),
        widget=tables.lines(),
        strip=False,
        required=False,
        max_length=lead_files.MOST_LETTERS,
    )


@guards.office(Right.TAKE_IN, is_everywhere=True)
def index(request: HouseRequest) -> HttpResponse:
    """Every service with how many came."""
    rows = [
        {
            "name": row.name,
            "href": reverse("office:lead_source", args=[row.key]),
            "is_off": row.is_off,
            "form": form_queries.title(row.form, frame.language()),
            "taken": formats.number(row.taken_count),  # type: ignore[attr-defined]  # annotated
            "failed": formats.number(row.failed_count) if row.failed_count else "",  # type: ignore[attr-defined]  # as above
        }
        for row in lead_queries.lead_sources()[:100]
    ]
    return frame.page(request, "office/sources/leads.html", {"rows": rows}, current="sources")


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True, is_fresh=True)
def add(request: HouseRequest) -> HttpResponse:
    """Begin; the answer shows the secret, once."""
    form = LeadSourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, secret = leads.add(
                name=given["name"],
                form_id=int(given["form"]),
                code=given["code"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            context = {
                "row": made,
                "secret": secret,
                "verify": lead_queries.verify_token(secret).decode(),
                "address": _address(made),
            }
            return frame.page(request, "office/sources/secret.html", context, current="sources")
    context = {"form": form, "heading": _("Take in leads"), "verb": _("Begin")}
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/sources/edit.html", context, current="sources", status=status
    )


def _address(row: LeadSource) -> str:
    return settings.GROUNDSWELL_ORIGIN + reverse("leads", args=[row.key])


def _said(request: HouseRequest, row: LeadSource, form: TableForm) -> str:
    """Do what the pressed button says; the sentence for the toast, or nothing."""
    do, by = request.POST.get("do", ""), frame.by(request)
    if do == "close":
        leads.close(lead_source_id=row.id, by=by)
        return _("Closed: no more leads come in here.")
    if do == "again":
        count = leads.try_again(lead_source_id=row.id, by=by)
        words = ngettext("{number} is tried again.", "{number} are tried again.", count)
        return words.format(number=formats.number(count))
    if do != "take":
        raise frame.NoSuchButton
    if not form.is_valid():
        return ""
    count = leads.take_table(lead_source_id=row.id, text=form.text(), by=by)
    words = ngettext("{number} new lead comes in.", "{number} new leads come in.", count)
    return words.format(number=formats.number(count))


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def one(request: HouseRequest, lead_key: str) -> HttpResponse:
    """One service: its address, taking in a file, and what could not be taken."""
    row = lead_queries.lead_sources().filter(key=lead_key).first()
    if row is None:
        raise Http404
    is_table = request.method == "POST" and request.POST.get("do") == "take"
    form = TableForm(request.POST, request.FILES) if is_table else TableForm()
    said = ""
    if request.method == "POST":
        try:
            said = _said(request, row, form)
        except Refusal as refusal:
            if not form.is_bound:
                form = TableForm({"table": "-"})
                form.full_clean()
            form.refuse(refusal)
    if said:
        messages.success(request, said)
        return HttpResponseRedirect(request.path)
    counts = lead_queries.verdicts(row.id)
    context = {
        "row": row,
        "form": form,
        "address": _address(row),
        "form_title": form_queries.title(row.form, frame.language()),
        "verdicts": [
            {"words": words, "number": formats.number(counts[code])}
            for code, words in (
                ("taken", _("Taken")),
                ("", _("Waiting")),
                *leads.WHY.items(),
            )
            if counts.get(code)
        ],
        "has_failed": any(code in leads.WHY and code != leads.TEST for code in counts),
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/sources/lead.html", context, current="sources", status=status
    )


urlpatterns = [
    path("sources/leads/", index, name="leads"),
    path("sources/leads/add/", add, name="lead_source_add"),
    path("sources/leads/<slug:lead_key>/", one, name="lead_source"),
]
