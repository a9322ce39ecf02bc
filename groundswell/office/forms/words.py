"""The words of a form, its languages side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.forms.index import form_or_404
from groundswell.office.forms.one import edit_page
from groundswell.people import form_queries
from groundswell.people.forms import content as contents
from groundswell.people.forms.content import Texts
from groundswell.people.operations import building
from groundswell.web import guards
from groundswell.web.forms import Line, Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

PARTS = {
    "title": gettext_lazy("Title"),
    "intro": gettext_lazy("Introduction"),
    "button": gettext_lazy("Words of the button"),
    "thanks": gettext_lazy("Thanks, after sending and in the mail"),
    "consent": gettext_lazy("What people agree to"),
}


class WordsForm(PlainForm):
    """A field for each part and language: ``title_en``, ``title_es``…"""

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        for part, code in [(part, code) for part in PARTS for code in codes]:
            self.fields[f"{part}_{code}"] = self._field(part, code, is_first=code == codes[0])

    def _field(self, part: str, code: str, *, is_first: bool) -> Line:
        label = _("{part}: {language}").format(part=PARTS[part], language=formats.endonym(code))
        wrong = {"required": building.FormNeedsATitle.sentence}
        is_long = part in {"intro", "thanks", "consent"}
        most = {"title": contents.TITLE_MOST, "intro": contents.INTRO_MOST, "button": 40}
        field = (Paragraphs if is_long else Line)(
            label=label,
            required=part == "title" and is_first,
            max_length=most.get(part, contents.CONSENT_MOST),
            error_messages=wrong,
        )
        if part == "consent":
            field.help_text = _("Left empty: “Yes, e-mail me now and then. I can stop it.”")
        if part == "intro":
            field.help_text = _("Markdown: **strong**, [a link](https://example.org).")
        field.widget.attrs |= {"lang": code, "dir": formats.direction(code)}
        return field

    def groups(self) -> list[dict[str, Any]]:
        """The fields of each part, language beside language."""
        return [
            {"label": label, "fields": [self[f"{part}_{code}"] for code in self.codes]}
            for part, label in PARTS.items()
        ]

    def texts(self) -> dict[str, Texts]:
        given = self.cleaned_data
        return {
            code: Texts(**{part: given[f"{part}_{code}"] for part in PARTS}) for code in self.codes
        }


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def words(request: HouseRequest, form_slug: str) -> HttpResponse:
    """Every text in every language of the form."""
    found = form_or_404(form_slug)
    content = form_queries.draft(found)
    initial = {
        f"{part}_{code}": getattr(texts, part)
        for code, texts in content.texts.items()
        for part in PARTS
    }
    data = request.POST if request.method == "POST" else None
    form = WordsForm(data, codes=found.languages, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            building.set_texts(form_id=found.id, texts=form.texts(), by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Visitors see it once you publish."))
            return HttpResponseRedirect(reverse("office:form", args=[found.slug]))
    return edit_page(request, found, form, _("Words"), template="office/forms/words.html")


urlpatterns = [path("forms/<slug:form_slug>/words/", words, name="form_words")]
