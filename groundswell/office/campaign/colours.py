"""Two colours, checked for contrast before they are saved, with a preview drawn by the server."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import colours as colour_rules
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.forms import Line, PlainForm
from groundswell.web.requests import HouseRequest

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


class ColoursForm(PlainForm):
    poster_colour = Line(
        label=gettext_lazy("Ground"),
        help_text=gettext_lazy("White words stand on it; for example #0E3A3B"),
        max_length=20,
    )
    call_colour = Line(
        label=gettext_lazy("Button"),
        help_text=gettext_lazy("Dark words stand on it; for example #FFB81C"),
        max_length=20,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """The poster as these colours print it; ``verdict`` is a sentence, ``is_good`` its tone."""

    poster: str
    call: str
    title: str
    verdict: str
    is_good: bool


def preview_of(campaign: Campaign, poster: str, call: str) -> Preview:
    """Drawn with the house's colour where something else than a colour was typed."""
    title = campaign_queries.words(campaign, frame.language()).title
    try:
        poster, call = colour_rules.checked(poster, call)
    except Refusal as refusal:
        return Preview(
            poster if _HEX.fullmatch(poster) else "#0E3A3B",
            call if _HEX.fullmatch(call) else "#FFB81C",
            title,
            str(refusal),
            is_good=False,
        )
    verdict = _("Easy to read: {words} to 1 for white words, {button} to 1 for the button.")
    return Preview(
        poster,
        call,
        title,
        verdict.format(
            words=formats.number(round(colour_rules.contrast(poster, colour_rules.WHITE), 1)),
            button=formats.number(round(colour_rules.contrast(call, colour_rules.INK), 1)),
        ),
        is_good=True,
    )


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def colours(request: HouseRequest, slug: str) -> HttpResponse:
    """Choose two colours. "Look first" shows them without saving."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    standing = {"poster_colour": campaign.poster_colour, "call_colour": campaign.call_colour}
    form = ColoursForm(request.POST) if request.method == "POST" else ColoursForm(initial=standing)
    typed = {**standing, **(request.POST.dict() if request.method == "POST" else {})}
    if request.method == "POST" and form.is_valid() and request.POST.get("do") != "look":
        try:
            plan = parts.standing(campaign, **form.cleaned_data)
            campaign_ops.change_plan(campaign=campaign, plan=plan, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The colours are saved."))
            return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "preview": preview_of(
            campaign, typed["poster_colour"].strip(), typed["call_colour"].strip()
        ),
        "live_href": reverse("office:colours_preview", args=[campaign.slug]),
    }
    return parts.page(request, campaign, "colours", context, status=422 if form.errors else 200)


@guards.office(Right.EDIT_CAMPAIGN)
def preview(request: HouseRequest, slug: str) -> HttpResponse:
    """The judgement alone, as JSON, while somebody types (static/js/colours.js)."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    shown = preview_of(
        campaign,
        request.GET.get("poster_colour", "").strip(),
        request.GET.get("call_colour", "").strip(),
    )
    return JsonResponse(dataclasses.asdict(shown))


urlpatterns = [
    path("c/<slug:slug>/campaign/colours/", colours, name="colours"),
    path("c/<slug:slug>/campaign/colours/preview/", preview, name="colours_preview"),
]
