"""The campaign's words, language by language, with what readers see where one is missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.forms import Line, Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

FIELDS = ("title", "lead", "about", "host_call", "outcome")


class WordsForm(PlainForm):
    """The words in one language; an empty field falls back to the first language."""

    title = Line(label=gettext_lazy("Title"), required=False, max_length=80)
    lead = Line(label=gettext_lazy("One sentence under the title"), required=False, max_length=240)
    about = Paragraphs(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Plain text; **bold**, links and lists work as in Markdown"),
        required=False,
        rows=10,
        max_length=5000,
    )
    host_call = Line(label=gettext_lazy("Why somebody should host"), required=False, max_length=200)
    outcome = Paragraphs(
        label=gettext_lazy("What came of it"),
        help_text=gettext_lazy("Shown once the campaign is over"),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, campaign: Campaign, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = campaign.fallback_language
        self.fields["title"].required = code == first
        self.fields["title"].error_messages["required"] = _("Write a title.")
        texts = {} if code == first else campaign_queries.texts_in(campaign, first)
        for name, field in self.fields.items():
            field.widget.attrs.update({"lang": code, "dir": formats.direction(code)})
            if texts.get(name):
                field.help_text = _("Where this is empty, people read: {words}").format(
                    words=_shortened(texts[name])
                )


def _shortened(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:119].rstrip()}…"


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def words(request: HouseRequest, slug: str, code: str = "") -> HttpResponse:
    """Write the words in one language."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    code = code or campaign.fallback_language
    if code not in campaign.languages:
        raise Http404
    if request.method == "POST":
        form = WordsForm(request.POST, campaign=campaign, code=code)
    else:
        standing = campaign_queries.texts_in(campaign, code)
        form = WordsForm(initial=standing, campaign=campaign, code=code)
    if request.method == "POST" and form.is_valid():
        try:
            campaign_ops.write_words(
                campaign=campaign, language=code, words=form.cleaned_data, by=frame.by(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Saved in {language}.").format(language=formats.endonym(code))
            )
            return HttpResponseRedirect(request.path)
    missing = campaign_queries.missing_words(campaign)
    context = {
        "form": form,
        "tabs": parts.tabs(campaign, code, name="office:words_in", missing=missing),
        "missing": missing.get(code, 0) if code != campaign.fallback_language else 0,
        "first_name": formats.endonym(campaign.fallback_language),
        "preview_href": parts.public_href(campaign, code),
        "code": code,
    }
    return parts.page(request, campaign, "words", context, status=422 if form.errors else 200)


urlpatterns = [
    path("c/<slug:slug>/campaign/words/", words, name="words"),
    path("c/<slug:slug>/campaign/words/<slug:code>/", words, name="words_in"),
]
