"""Starting a campaign, and its plan: who, when, where, in which languages, how many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import fold
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.forms import Choice, Day, Line, PlainForm, WholeNumber
from groundswell.web.requests import HouseRequest


class CountryNames(Line):
    """Countries by name or ISO 3166 code, separated by commas; a list of codes comes out."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        known = _codes_by_name()
        codes: list[str] = []
        for name in (part.strip() for part in typed.replace("،", ",").split(",")):
            if not name:
                continue
            code = known.get(fold(name))
            if code is None:
                raise forms.ValidationError(
                    _(
                        "We do not know the country “{name}”. Write its name, or two letters."
                    ).format(name=name)
                )
            codes += [] if code in codes else [code]
        return codes


def _codes_by_name() -> dict[str, str]:
    """Names in the language of the page, then codes."""
    named = {fold(str(name)): code for code, name in countries}
    return {**named, **{code.lower(): code for code, _name in countries}}


def country_names(codes: list[str]) -> str:
    """Codes as the field shows them."""
    return ", ".join(str(countries.name(code) or code) for code in codes)


class PlanForm(PlainForm):
    """Everything about a campaign but its words and looks."""

    organisation = Line(
        label=gettext_lazy("Who calls people to it"),
        help_text=gettext_lazy("The name of your organisation or alliance"),
        max_length=80,
    )
    action_on = Day(label=gettext_lazy("Action day"))
    starts_on = Day(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Hosts may hold events from this day on"),
    )
    ends_on = Day(label=gettext_lazy("Last day"))
    goal_events = WholeNumber(label=gettext_lazy("How many events we want"), required=False)
    goal_people = WholeNumber(label=gettext_lazy("How many people we want"), required=False)
    main_language = Choice(
        label=gettext_lazy("First language"),
        help_text=gettext_lazy("Whatever is not translated is shown in it"),
        choices=settings.LANGUAGES,
    )
    other_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    countries = CountryNames(
        label=gettext_lazy("Only in these countries"),
        help_text=gettext_lazy("Names with commas between them; leave it empty for everywhere"),
        required=False,
        max_length=4000,
    )

    def plan(self, **more: Any) -> campaign_ops.Plan:
        """What was typed, as the operation takes it."""
        typed = dict(self.cleaned_data)
        first = typed.pop("main_language")
        others = [code for code in typed.pop("other_languages") if code != first]
        typed.pop("title", None)
        typed["goal_events"] = typed["goal_events"] or 0
        typed["goal_people"] = typed["goal_people"] or 0
        return campaign_ops.Plan(**{**typed, "languages": [first, *others], **more})


class StartForm(PlanForm):
    title = Line(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What people will call it, for example “Bring back our buses”"),
        max_length=80,
    )
    field_order = ["title"]


class ChangeForm(PlanForm):
    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "The end of the page’s address. Links that were shared stop working when it changes."
        ),
        max_length=60,
        error_messages={
            "required": gettext_lazy("Write the address."),
            "invalid": gettext_lazy("Use letters from a to z, numbers and hyphens only."),
        },
    )


@guards.office(Right.EDIT_CAMPAIGN, post=True, is_everywhere=True)
def start(request: HouseRequest) -> HttpResponse:
    """A new campaign begins as a draft with a title and a plan."""
    first = {"main_language": frame.language()}
    form = StartForm(request.POST) if request.method == "POST" else StartForm(initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = campaign_ops.start_campaign(
                plan=form.plan(), title=form.cleaned_data["title"], by=frame.by(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The campaign is started. Only the team sees it so far."))
            return HttpResponseRedirect(reverse("office:today", args=[campaign.slug]))
    return frame.page(
        request,
        "office/campaign/start.html",
        {"form": form},
        current="campaign",
        status=422 if form.errors else 200,
    )


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def plan(request: HouseRequest, slug: str) -> HttpResponse:
    """Change the plan of a campaign."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    form = ChangeForm(request.POST) if request.method == "POST" else _standing(campaign)
    if request.method == "POST" and form.is_valid():
        colours = {
            "poster_colour": campaign.poster_colour,
            "call_colour": campaign.call_colour,
        }
        try:
            campaign_ops.change_plan(
                campaign=campaign, plan=form.plan(**colours), by=frame.by(request)
            )
        except Refusal as refusal:
            form.refuse(_shown_at(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(
                reverse("office:campaign", args=[form.cleaned_data["slug"]])
            )
    context = {"form": form, "is_live": campaign.state == Campaign.State.LIVE}
    return parts.page(request, campaign, "plan", context, status=422 if form.errors else 200)


def _shown_at(refusal: Refusal) -> Refusal:
    """The operation knows languages as one list; the form asks for the first one first."""
    if refusal.field == "languages":
        refusal.field = "main_language"
    return refusal


def _standing(campaign: Campaign) -> ChangeForm:
    return ChangeForm(
        initial={
            "slug": campaign.slug,
            "organisation": campaign.organisation,
            "action_on": campaign.action_on,
            "starts_on": campaign.starts_on,
            "ends_on": campaign.ends_on,
            "goal_events": campaign.goal_events or None,
            "goal_people": campaign.goal_people or None,
            "main_language": campaign.fallback_language,
            "other_languages": campaign.languages[1:],
            "countries": country_names(campaign.countries),
        }
    )


urlpatterns = [
    path("campaigns/new/", start, name="campaign_start"),
    path("c/<slug:slug>/campaign/plan/", plan, name="plan"),
]
