"""What the columns of a file hold, and what holds for everybody in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.imports.guarding import import_or_404
from groundswell.people import fields
from groundswell.people.imports import formats as known_formats
from groundswell.people.imports.choices import FILL, REPLACE, SOURCES, Choices
from groundswell.people.imports.columns import FIELD, LABELS
from groundswell.people.imports.tables import ODDITIES
from groundswell.people.models import Field, Import, Topic
from groundswell.people.operations.imports import checking, rows, uploading
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.forms import Choice, Day, Line, OneOf, PlainForm, Yes
from groundswell.web.requests import HouseRequest

SAMPLES = 3
TOPIC = "topic:"  # before the id of one, among what they agreed to hear about
State = Import.State


class ColumnsForm(PlainForm):
    """Where each column goes, and what holds for the whole file."""

    consent = OneOf(
        label=gettext_lazy("Where does their consent come from?"),
        choices=list(SOURCES.items()),
        error_messages={"required": checking.WhereDoesConsentComeFrom.sentence},
    )
    about = Choice(label=gettext_lazy("What did they agree to hear about?"))
    texts = Yes(label=gettext_lazy("They agreed to text messages too"))
    ends_on = Day(
        label=gettext_lazy("Last day of their consent, where it has one"),
        help_text=gettext_lazy("From the day after, nobody writes to them for it."),
        required=False,
    )
    answers = OneOf(
        label=gettext_lazy("Where one of our own questions is answered already"),
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

    def of_file(self) -> list[forms.BoundField]:
        """The fields that hold for everybody in the file."""
        return [field for field in self if not field.name.startswith("column_")]

    def of_columns(self) -> list[forms.BoundField]:
        """One field for each column."""
        return [field for field in self if field.name.startswith("column_")]

    def columns(self) -> list[str]:
        """Where each column goes, in the order of the file."""
        return [self.cleaned_data[f"column_{place}"] for place in range(len(self.found.head))]

    def choices(self) -> Choices:
        """The rest, for the operation."""
        given, was = self.cleaned_data, Choices.of_json(self.found.choices)
        is_topic = given["about"].startswith(TOPIC)
        about_id = read_id(given["about"].removeprefix(TOPIC)) or 0
        installation = site_queries.installation()
        return Choices(
            consent=given["consent"],
            purpose="campaign" if about_id and not is_topic else "news",
            about_id=about_id,
            texts=given["texts"],
            ends_on=given["ends_on"].isoformat() if given["ends_on"] else "",
            answers=given["answers"],
            without_contact=given["without_contact"],
            language=installation.language if installation else "en",
            country=given["country"],
            month_first=was.month_first,
            tag_separator=was.tag_separator,
            tags=tuple(given["tags"].split(",")),
            source=given["source"],
        )


@guards.office(Right.IMPORT, post=True, is_fresh=True)
def columns(request: HouseRequest, import_slug: str) -> HttpResponse:
    """Where each column goes; then the dry run begins."""
    found = import_or_404(request, import_slug)
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
    topics = Topic.objects.filter(is_closed=False).order_by("position", "id")
    about = [("news", _("All news of this organisation"))]
    about += [(f"{TOPIC}{row.id}", fields.in_language(row.names)) for row in topics]
    about += [(str(row.id), titles[row.id]) for row in seen]
    was = Choices.of_json(found.choices)
    is_topic = was.purpose == "news" and was.about_id
    initial = {
        "consent": was.consent,
        "about": f"{TOPIC if is_topic else ''}{was.about_id or 'news'}",
        "texts": was.texts,
        "ends_on": was.ends_on,
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


urlpatterns = [
    path("imports/<slug:import_slug>/columns/", columns, name="import_columns"),
]
