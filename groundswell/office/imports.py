"""Imports: a file, its columns, what it would do, and what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.accounts import queries as accounts_queries
from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import formats
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import csv_file, frame, progress, states
from groundswell.people import fields, policy
from groundswell.people.imports import formats as known_formats
from groundswell.people.imports.choices import FILL, REPLACE, SOURCES, Choices
from groundswell.people.imports.columns import FIELD, LABELS
from groundswell.people.imports.reasons import REASONS
from groundswell.people.imports.tables import ODDITIES
from groundswell.people.imports.texts import ENCODINGS
from groundswell.people.models import Field, Import
from groundswell.people.operations.imports import (
    checking,
    report,
    rows,
    running,
    undoing,
    uploading,
)
from groundswell.people.operations.imports.counting import Counts
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, OneOf, PlainForm, Yes
from groundswell.web.requests import HouseRequest

SHOWN = 100
FILE_MOST = 50  # MB; it is in memory while it is read
SAMPLES = 3
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


class ColumnsForm(PlainForm):
    """Where each column goes, and what holds for the whole file."""

    consent = OneOf(
        label=gettext_lazy("Where does their consent come from?"),
        choices=list(SOURCES.items()),
        error_messages={"required": checking.WhereDoesConsentComeFrom.sentence},
    )
    about = Choice(label=gettext_lazy("What did they agree to hear about?"))
    texts = Yes(label=gettext_lazy("They agreed to text messages too"))
    answers = OneOf(
        label=gettext_lazy("Where a field is answered already"),
        choices=[
            (FILL, gettext_lazy("Keep the answer")),
            (REPLACE, gettext_lazy("Take the file’s")),
        ],
    )
    without_contact = Yes(
        label=gettext_lazy("Keep people without e-mail and phone too, by their names")
    )
    country = Choice(label=gettext_lazy("Country of rows without one"), required=False)
    tags = Line(
        label=gettext_lazy("Tags for everybody in the file"),
        help_text=gettext_lazy("Separate them with commas."),
        required=False,
    )
    source = Line(
        label=gettext_lazy("Source code for everybody in the file"), max_length=40, required=False
    )

    def __init__(
        self, found: Import, *args: Any, about: list[tuple[str, str]], samples: list[str],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["about"].choices = about  # type: ignore[attr-defined]  # a choice field
        anywhere = [("", _("None")), *countries]
        self.fields["country"].choices = anywhere  # type: ignore[attr-defined]  # as above
        own = [
            (f"{FIELD}{field.key}", fields.label(field))
            for field in Field.objects.filter(is_closed=False).order_by("position", "key")
        ]
        for place, name in enumerate(found.head):
            self.fields[f"column_{place}"] = Choice(
                label=name, choices=[*LABELS.items(), *own], required=False,
                help_text=samples[place], initial=found.columns[place],
            )  # fmt: skip

    def columns(self) -> list[str]:
        """Where each column goes, in the order of the file."""
        return [self.cleaned_data[f"column_{place}"] for place in range(len(self.found.head))]

    def choices(self) -> Choices:
        """The rest, for the operation."""
        given, was = self.cleaned_data, Choices.of_json(self.found.choices)
        campaign_id = read_id(given["about"]) or 0
        installation = site_queries.installation()
        return Choices(
            consent=given["consent"],
            purpose="campaign" if campaign_id else "news",
            about_id=campaign_id,
            texts=given["texts"],
            answers=given["answers"],
            without_contact=given["without_contact"],
            language=installation.language if installation else "en",
            country=given["country"],
            month_first=was.month_first,
            tag_separator=was.tag_separator,
            tags=tuple(given["tags"].split(",")),
            source=given["source"],
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
    return frame.page(request, "office/imports/index.html", {"rows": shown}, current="imports")


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


def _import_or_404(request: HouseRequest, slug: str) -> Import:
    found = Import.objects.filter(slug=slug).first()
    if found is None or not policy.can_import(frame.by(request)):
        raise Http404
    return found


@guards.office(Right.IMPORT, post=True, is_fresh=True)
def columns(request: HouseRequest, import_slug: str) -> HttpResponse:
    """Where each column goes; then the dry run begins."""
    found = _import_or_404(request, import_slug)
    is_open = found.state in {State.COLUMNS, State.CHECKING, State.CHECKED}
    if not is_open and request.method != "POST":
        return HttpResponseRedirect(reverse("office:import", args=[import_slug]))
    form = _columns_form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            checking.decide(
                import_id=found.id, columns=form.columns(), choices=form.choices(),
                by=frame.by(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("office:import", args=[import_slug]))
    context = {
        "form": form,
        "found": found,
        "name": uploading.name_of(found),
        "wrote": known_formats.by_key(found.format).name,
        "oddities": [str(ODDITIES[code]) for code in found.oddities],
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/imports/columns.html", context, current="imports", status=status
    )


def _columns_form(request: HouseRequest, found: Import) -> ColumnsForm:
    seen = list(campaign_queries.visible_campaigns(frame.by(request)).order_by("-action_on")[:50])
    titles = campaign_queries.titles(seen, frame.language())
    about = [("news", _("All news of this organisation"))]
    about += [(str(row.id), titles[row.id]) for row in seen]
    was = Choices.of_json(found.choices)
    initial = {
        "consent": was.consent,
        "about": str(was.about_id or "news"),
        "texts": was.texts,
        "answers": was.answers,
        "without_contact": was.without_contact,
        "country": was.country,
        "tags": ", ".join(was.tags),
        "source": was.source,
    }
    data = request.POST if request.method == "POST" else None
    return ColumnsForm(found, data, initial=initial, about=about, samples=_samples(found))


def _samples(found: Import) -> list[str]:
    """The first cells of each column, so that nobody must open the file beside this page."""
    part = found.parts.order_by("number").first()
    lines = rows.lines_of(part)[:20] if part else []
    told = []
    for place in range(len(found.head)):
        cells = [line.cells[place].strip()[:40] for line in lines if line.cells[place:]]
        told.append(" · ".join([cell for cell in cells if cell][:SAMPLES]))
    return told


@guards.office(Right.IMPORT, post=True, is_fresh=True)
def one(request: HouseRequest, import_slug: str) -> HttpResponse:
    """One import: what it would do, how far it is, what came of it; a post goes on with it."""
    found = _import_or_404(request, import_slug)
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
        "preview": _preview(found) if is_checked else [],
        "can_undo": undoing.can_undo(found),
        "undo_until": formats.moment(until, zone),
        "can_correct": report.has_rows_to_correct(found),
        "gone": found.counts.get("gone", 0),
        "kept": found.counts.get("kept", 0),
    }


def _preview(found: Import) -> list[dict[str, Any]]:
    """The first rows as they will be kept."""
    told = []
    words = {"new": _("New"), "known": _("Known"), "failed": _("Left out")}
    for row, verdict in checking.preview(found):
        clean = row.clean
        told.append(
            {
                "number": clean.number,
                "name": f"{clean.given} {clean.family}".strip(),
                "contacts": formats.listing([*clean.emails, *clean.phones]),
                "place": ", ".join(filter(None, [clean.town, clean.country])),
                "tags": ", ".join(dict.fromkeys(clean.tags)),
                "what": words[verdict.kind],
                "why": str(REASONS.get(verdict.reason, "")),
            }
        )
    return told


@guards.office(Right.IMPORT, is_fresh=True)
def errors(request: HouseRequest, import_slug: str) -> HttpResponseBase:
    """The rows to correct, with what is wrong with each. Made now, and kept nowhere."""
    found = _import_or_404(request, import_slug)
    body = csv_file.lines(report.head_to_correct(found), report.rows_to_correct(found))
    answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="to-correct-{found.slug}.csv"'
    return answer


urlpatterns = [
    path("imports/", index, name="imports"),
    path("imports/add/", add, name="import_add"),
    path("imports/<slug:import_slug>/", one, name="import"),
    path("imports/<slug:import_slug>/columns/", columns, name="import_columns"),
    path("imports/<slug:import_slug>/to-correct/", errors, name="import_errors"),
]
