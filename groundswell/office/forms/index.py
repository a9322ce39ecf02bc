"""Every form, and beginning one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.people import form_queries
from groundswell.people.forms.content import TITLE_MOST
from groundswell.people.models import Form
from groundswell.people.operations import building
from groundswell.web import guards
from groundswell.web.forms import CHOOSE, Card, Line, OneOf, PlainForm
from groundswell.web.requests import HouseRequest

SHOWN = 100
STATE_WORDS: dict[str, Promise] = {
    Form.State.DRAFT: gettext_lazy("Not published yet"),
    Form.State.OPEN: pgettext_lazy("a form", "Open"),
    Form.State.CLOSED: gettext_lazy("Closed"),
}
KINDS = [
    (Form.Kind.SIGN_UP, Card(gettext_lazy("Sign-up"), gettext_lazy("People join something."))),
    (
        Form.Kind.PETITION,
        Card(gettext_lazy("Petition"), gettext_lazy("People sign, and the page counts them.")),
    ),
    (Form.Kind.SURVEY, Card(gettext_lazy("Survey"), gettext_lazy("People answer questions."))),
]


class LanguagesField(forms.MultipleChoiceField):
    """Some of the languages of the house."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        wrong = {**CHOOSE, "required": building.FormNeedsALanguage.sentence}
        kwargs.setdefault("label", gettext_lazy("Languages"))
        super().__init__(error_messages=wrong, **kwargs)
        self.choices = [(code, formats.endonym(code)) for code, _name in settings.LANGUAGES]


class AddForm(PlainForm):
    """What it is called and what kind of form it is."""

    title = Line(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("People read it; the address is made of it."),
        max_length=TITLE_MOST,
        error_messages={"required": building.FormNeedsATitle.sentence},
    )
    kind = OneOf(label=gettext_lazy("What is it?"), choices=KINDS)
    languages = LanguagesField()


def form_or_404(form_slug: str) -> Form:
    """The form that the address names."""
    found = form_queries.by_slug(form_slug)
    if found is None:
        raise Http404
    return found


def counted(number: int) -> str:
    """How many entries count."""
    words = ngettext("{number} filled it in", "{number} filled it in", number)
    return words.format(number=formats.number(number))


@guards.office(Right.TAKE_IN, is_everywhere=True)
def index(request: HouseRequest) -> HttpResponse:
    """All forms, the newest first, with how many filled them in."""
    rows = [
        {
            "title": form_queries.title(found, frame.language()),
            "href": reverse("office:form", args=[found.slug]),
            "state": STATE_WORDS[found.state],
            "is_open": found.state == Form.State.OPEN,
            "count": counted(found.in_count),  # type: ignore[attr-defined]  # annotated
        }
        for found in form_queries.forms()[:SHOWN]
    ]
    return frame.page(request, "office/forms/index.html", {"rows": rows}, current="more")


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def add(request: HouseRequest) -> HttpResponse:
    """Begin a form; its own page follows."""
    form = AddForm(
        request.POST if request.method == "POST" else None,
        initial={"languages": [frame.language()]},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = building.add(
                title=given["title"],
                kind=given["kind"],
                languages=given["languages"],
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("office:form", args=[made.slug]))
    context = {"form": form, "heading": _("Begin a form"), "verb": _("Begin")}
    status = 422 if form.errors else 200
    return frame.page(request, "office/forms/edit.html", context, current="more", status=status)


urlpatterns = [
    path("forms/", index, name="forms"),
    path("forms/add/", add, name="form_add"),
]
