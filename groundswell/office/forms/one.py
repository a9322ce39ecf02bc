"""One form: how it stands, its questions in order, its results, publishing, the preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.metrics import floor
from groundswell.office import frame
from groundswell.office.forms.index import (
    KINDS,
    STATE_WORDS,
    LanguagesField,
    counted,
    form_or_404,
)
from groundswell.people import fields, form_queries
from groundswell.people.forms.content import CHOSEN, Content, Kind, Question
from groundswell.people.models import Form
from groundswell.people.operations import building, tallies
from groundswell.web import guards
from groundswell.web.fill_form import FillForm
from groundswell.web.forms import Choice, Paragraphs, PlainForm, WholeNumber
from groundswell.web.requests import HouseRequest

QUESTION_KINDS = {
    Kind.SHORT: gettext_lazy("One line"),
    Kind.LONG: gettext_lazy("Several lines"),
    Kind.ONE: gettext_lazy("One of several answers"),
    Kind.MANY: gettext_lazy("Any of several answers"),
    Kind.NUMBER: gettext_lazy("A number"),
    Kind.DATE: gettext_lazy("A day"),
    Kind.YES: gettext_lazy("A tick for yes"),
}


def _questions(found: Form, content: Content) -> list[dict[str, Any]]:
    last = len(content.questions) - 1
    return [
        {
            "key": one.key,
            "label": fields.in_language(dict(one.labels)),
            "kind": QUESTION_KINDS[one.kind],
            "is_required": one.is_required,
            "is_conditional": one.only_if is not None,
            "href": reverse("office:form_question", args=[found.slug, one.key]),
            "is_first": number == 0,
            "is_last": number == last,
        }
        for number, one in enumerate(content.questions)
    ]


def results(found: Form, content: Content | None, *, sees_rows: bool) -> list[dict[str, Any]]:
    """How many gave each answer; under ten only to whoever may see who they are."""
    counts = tallies.of_form(found.id)
    shown = []
    for question in content.questions if content else ():
        if question.kind not in CHOSEN:
            continue
        cells = {label: counts.get((question.key, key), 0) for key, label in _answers_of(question)}
        published = floor.floor_of_ten(cells).cells
        rows = [
            {"label": label, "number": _cell(count if sees_rows else published[label])}
            for label, count in cells.items()
        ]
        shown.append({"label": fields.in_language(dict(question.labels)), "rows": rows})
    return shown


def _answers_of(question: Question) -> list[tuple[str, str]]:
    if question.kind == Kind.YES:
        return [("yes", _("Yes"))]
    return [(one.key, fields.in_language(dict(one.labels))) for one in question.choices]


def _cell(count: int | None) -> str:
    return _("fewer than 10") if count is None else formats.number(count)


def _published(request: HouseRequest, found: Form) -> str:
    version = building.publish(form_id=found.id, by=frame.by(request))
    return _("Published: version {number}.").format(number=formats.number(version.number))


def _closed(request: HouseRequest, found: Form) -> str:
    building.close(form_id=found.id, by=frame.by(request))
    return _("Closed. Publishing opens it again.")


def _moved(request: HouseRequest, found: Form, steps: int) -> str:
    key = request.POST.get("question", "")
    building.move_question(form_id=found.id, key=key, steps=steps, by=frame.by(request))
    return _("Moved.")


def _removed(request: HouseRequest, found: Form) -> str:
    key = request.POST.get("question", "")
    building.remove_question(form_id=found.id, key=key, by=frame.by(request))
    return _("Removed. Visitors see it until you publish again.")


BUTTONS: dict[str, Callable[[HouseRequest, Form], str]] = {
    "publish": _published,
    "close": _closed,
    "up": lambda request, found: _moved(request, found, -1),
    "down": lambda request, found: _moved(request, found, +1),
    "remove": _removed,
}


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def one(request: HouseRequest, form_slug: str) -> HttpResponse:
    """The form; each button of the page does one thing and comes back."""
    found = form_or_404(form_slug)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            press = BUTTONS.get(request.POST.get("do", ""))
            if press is None:
                raise frame.NoSuchButton
            messages.success(request, press(request, found))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.path)
    draft, published = form_queries.draft(found), form_queries.published(found)
    lacks = [formats.endonym(code) for code in draft.lacking(found.languages)]
    counts = tallies.of_form(found.id)
    context = {
        "form": form,
        "found": found,
        "title": form_queries.title(found, frame.language()),
        "state": STATE_WORDS[found.state],
        "kind": dict(KINDS)[Form.Kind(found.kind)].title,
        "is_open": found.state == Form.State.OPEN,
        "has_changes": published != draft,
        "languages": formats.listing([formats.endonym(code) for code in found.languages]),
        "lacks": formats.listing(lacks),
        "first": formats.endonym(found.languages[0]),
        "questions": _questions(found, draft),
        "count": counted(counts.get(tallies.TOTAL, 0)),
        "results": results(found, published, sees_rows=frame.by(request).may(Right.SEE_ALL)),
    }
    status = 422 if form.errors else 200
    return frame.page(request, "office/forms/one.html", context, current="more", status=status)


class SettingsForm(PlainForm):
    """What is in force at once, without publishing."""

    languages = LanguagesField()
    goal = WholeNumber(
        label=gettext_lazy("Goal"),
        help_text=gettext_lazy("A petition shows it beside the count."),
        min_value=1,
        max_value=100_000_000,
        required=False,
    )
    campaign = Choice(
        label=gettext_lazy("Belongs to"),
        help_text=gettext_lazy("The page wears the colours of the campaign."),
        required=False,
    )
    origins = Paragraphs(
        label=gettext_lazy("Websites that may show it in a frame"),
        help_text=gettext_lazy("One on each line, such as https://example.org."),
        rows=3,
        required=False,
        max_length=1000,
    )

    def __init__(self, *args: Any, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No campaign")), *campaigns]
        self.fields["campaign"].choices = choices  # type: ignore[attr-defined]  # a choice field


def campaign_choices(request: HouseRequest) -> list[tuple[str, str]]:
    """The campaigns that somebody can choose, by id."""
    rows = list(campaign_queries.visible_campaigns(frame.by(request)).order_by("-action_on")[:50])
    titles = campaign_queries.titles(rows, frame.language())
    return [(str(row.id), titles[row.id]) for row in rows]


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def form_settings(request: HouseRequest, form_slug: str) -> HttpResponse:
    """Languages, goal, campaign, and which websites may frame it."""
    found = form_or_404(form_slug)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        campaigns=campaign_choices(request),
        initial={
            "languages": found.languages,
            "goal": found.goal,
            "campaign": str(found.campaign_id or ""),
            "origins": "\n".join(found.origins),
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        first = [code for code in found.languages if code in given["languages"]]
        try:
            building.set_form(
                form_id=found.id,
                languages=[*first, *given["languages"]],
                goal=given["goal"],
                campaign_id=int(given["campaign"]) if given["campaign"] else None,
                origins=given["origins"].splitlines(),
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office:form", args=[found.slug]))
    return edit_page(request, found, form, _("Settings"))


def edit_page(
    request: HouseRequest,
    found: Form,
    form: PlainForm,
    heading: str,
    *,
    template: str = "office/forms/edit.html",
) -> HttpResponse:
    """One form of the builder, with the way back to the whole."""
    context = {
        "form": form,
        "found": found,
        "heading": heading,
        "verb": _("Save"),
        "back": form_queries.title(found, frame.language()),
    }
    status = 422 if form.errors else 200
    return frame.page(request, template, context, current="more", status=status)


@guards.office(Right.TAKE_IN, is_everywhere=True)
def preview(request: HouseRequest, form_slug: str) -> HttpResponse:
    """What visitors will see once it is published. Nothing that is typed here is sent."""
    found = form_or_404(form_slug)
    content = form_queries.draft(found)
    texts = content.texts_in(frame.language(), found.languages)
    form = FillForm(None, content=content, texts=texts)
    context = {"found": found, "texts": texts, "form": form}
    return render(request, "office/forms/preview.html", context)


urlpatterns = [
    path("forms/<slug:form_slug>/", one, name="form"),
    path("forms/<slug:form_slug>/settings/", form_settings, name="form_settings"),
    path("forms/<slug:form_slug>/preview/", preview, name="form_preview"),
]
