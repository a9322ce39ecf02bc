"""Imports: the list of them, a file, what it would do, and what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import queries as accounts_queries
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import csv_file, frame, progress, states
from groundswell.office.imports import preview
from groundswell.office.imports.guarding import import_or_404
from groundswell.people import policy
from groundswell.people.imports import formats as known_formats
from groundswell.people.imports.texts import ENCODINGS
from groundswell.people.models import Import
from groundswell.people.operations.imports import report, running, undoing, uploading
from groundswell.people.operations.imports.counting import Counts
from groundswell.web import guards
from groundswell.web.forms import Choice, PlainForm
from groundswell.web.requests import HouseRequest

SHOWN = 100
FILE_MOST = 50  # MB; it is in memory while it is read
State = Import.State
STATE_WORDS: dict[str, str | Promise] = {
    State.READING: gettext_lazy("Is being read"),
    State.COLUMNS: gettext_lazy("Waits for its columns"),
    State.CHECKING: gettext_lazy("Dry run under way"),
    State.CHECKED: gettext_lazy("Waits for your word"),
    State.RUNNING: gettext_lazy("Is being taken in"),
    State.PAUSED: gettext_lazy("Paused"),
    State.DONE: gettext_lazy("Taken in"),
    State.UNDOING: gettext_lazy("Is being taken back"),
    State.UNDONE: gettext_lazy("Taken back"),
    State.DROPPED: gettext_lazy("Thrown away"),
}


class FileForm(PlainForm):
    """A file, and its encoding where the guess was wrong."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "CSV, XLSX, XLS or ODS, of at most 50 MB: about 400,000 people. For more, whoever runs "
            "the installation uses the command groundswell import."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file of at most 50 MB. Cut a larger one in two."),
            "empty": gettext_lazy("The file is empty. Choose another."),
        },
    )
    encoding = Choice(
        label=gettext_lazy("Encoding"),
        help_text=gettext_lazy("Change it only when names looked wrong."),
        choices=[("", gettext_lazy("Guess it")), *[(name, name) for name in ENCODINGS]],
        required=False,
    )


@guards.office(Right.IMPORT)
def index(request: HouseRequest) -> HttpResponse:
    """Every import, the newest first."""
    found: list[Import] = []
    if policy.can_import(frame.by(request)):
        found = list(Import.objects.order_by("-made_at")[:SHOWN])
    names = accounts_queries.names_of({row.account_id for row in found if row.account_id})
    shown = [
        {
            "href": reverse("office:import", args=[row.slug]),
            "name": uploading.name_of(row),
            "who": names.get(row.account_id or 0, _("Command line")),
            "rows": formats.number(row.row_count),
            "state": STATE_WORDS[row.state],
            "since": states.ago(row.made_at),
        }
        for row in found
    ]
    programs = ", ".join(each.name for each in known_formats.FORMATS)
    context = {"rows": shown, "programs": programs}
    return frame.page(request, "office/imports/index.html", context, current="imports")


@guards.office(Right.IMPORT, post=True, is_fresh=True, upload_mb=FILE_MOST)
def add(request: HouseRequest) -> HttpResponse:
    """Choose a file. It is read at once into sealed parts; nothing is taken in yet."""
    is_post = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_post else FileForm()
    if is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = uploading.upload(
                name=str(file.name or ""),
                file=file,
                encoding=form.cleaned_data["encoding"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("office:import_columns", args=[found.slug]))
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/imports/add.html", {"form": form}, current="imports", status=status
    )


@guards.office(Right.IMPORT, post=True, is_fresh=True)
def one(request: HouseRequest, import_slug: str) -> HttpResponse:
    """One import: what it would do, how far it is, what came of it; a post goes on with it."""
    found = import_or_404(request, import_slug)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _pressed(request, found)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(request.path)
    told = _told(request, found)
    if progress.is_asked(request):
        return progress.answer(told["done"], found.row_count, is_over=not told["is_moving"])
    context = {"form": form, **told}
    status = 422 if form.errors else 200
    return frame.page(request, "office/imports/one.html", context, current="imports", status=status)


def _pressed(request: HouseRequest, found: Import) -> str:
    """Do what a button says, and what was done in a sentence."""
    by, do = frame.by(request), request.POST.get("do", "")
    if do == "start":
        running.start(import_id=found.id, by=by)
        return _("Begun. This page shows how far it is; you can close it.")
    if do == "pause":
        running.pause(import_id=found.id, by=by)
        return _("Paused. Nothing is lost.")
    if do == "go_on":
        running.go_on(import_id=found.id, by=by)
        return _("It goes on.")
    if do == "undo":
        undoing.undo(import_id=found.id, by=by)
        return _("It is being taken back.")
    if do == "drop":
        uploading.drop(import_id=found.id, by=by)
        return _("Thrown away. Nothing was taken in.")
    raise frame.NoSuchButton


def _told(request: HouseRequest, found: Import) -> dict[str, Any]:
    counts = Counts.of_json({k: v for k, v in found.counts.items() if k not in {"gone", "kept"}})
    expected = Counts.of_json(found.expected)
    zone = frame.zone_of(request)
    is_checked = found.state == State.CHECKED
    began = found.state not in {State.READING, State.COLUMNS, State.CHECKING, State.CHECKED}
    shown = expected if is_checked else counts
    done = expected.rows if found.state == State.CHECKING else counts.rows
    if found.state == State.CHECKING:
        done = min(found.place * uploading.AT_ONCE, found.row_count)
    until = (found.done_at or found.changed_at) + undoing.KEPT
    return {
        "found": found,
        "name": uploading.name_of(found),
        "wrote": known_formats.by_key(found.format).name,
        "state": STATE_WORDS[found.state],
        "row_count": found.row_count,
        "done": done,
        "progress": progress.rows(done, found.row_count),
        "is_moving": found.state in {State.CHECKING, State.RUNNING, State.UNDOING},
        "sentence": report.sentence(shown) if is_checked or began else "",
        "reasons": report.reasons(shown) if is_checked or began else [],
        **preview.shown(found, is_checked=is_checked),
        "can_undo": undoing.can_undo(found),
        "undo_until": formats.moment(until, zone),
        "can_correct": report.has_rows_to_correct(found),
        "gone": found.counts.get("gone", 0),
        "kept": found.counts.get("kept", 0),
    }


@guards.office(Right.IMPORT, is_fresh=True)
def errors(request: HouseRequest, import_slug: str) -> HttpResponseBase:
    """The rows to correct, with what is wrong with each. Made now, and kept nowhere."""
    found = import_or_404(request, import_slug)
    body = csv_file.lines(report.head_to_correct(found), report.rows_to_correct(found))
    answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="to-correct-{found.slug}.csv"'
    return answer


urlpatterns = [
    path("imports/", index, name="imports"),
    path("imports/add/", add, name="import_add"),
    path("imports/<slug:import_slug>/", one, name="import"),
    path("imports/<slug:import_slug>/to-correct/", errors, name="import_errors"),
]
