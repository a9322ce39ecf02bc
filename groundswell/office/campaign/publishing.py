"""Opening a campaign to the public after a look at what is missing; closing it; links to share."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.campaigns import kit_draft
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign, Picture
from groundswell.kernel import clock, formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence of the check list. ``must``: without it the campaign cannot be opened."""

    sentence: str
    is_good: bool
    must: bool
    href: str


def checks(campaign: Campaign) -> list[Check]:
    """What is ready and what is missing, in sentences; what must be there first."""
    at = [campaign.slug]
    words = reverse("office:words", args=at)
    first = campaign_queries.texts_in(campaign, campaign.fallback_language)
    kit = campaign_queries.current_kit(campaign, campaign.fallback_language)
    picture = campaign_queries.picture(campaign, Picture.Kind.PICTURE, campaign.fallback_language)
    plan = reverse("office:plan", args=at)
    return [
        _check(
            bool(first["title"]), _("It has a title."), _("It has no title yet."), words, must=True
        ),
        _check(
            kit.version > 0,
            _("The kit is published."),
            _("The kit is not published yet: hosts choose from its event types."),
            reverse("office:kit", args=at),
            must=True,
        ),
        _check(
            campaign.ends_on >= clock.now().date(),
            _("The action day is on {day}.").format(day=formats.long_day(campaign.action_on)),
            _("The last day has passed. Choose later days."),
            plan,
            must=True,
        ),
        _check(
            bool(first["lead"]),
            _("One sentence says what it is about."),
            _("The sentence under the title is missing: most people read nothing else."),
            words,
        ),
        _check(
            picture is not None,
            _("It has a picture with a description."),
            _("It has no picture. A link with a picture is shared more often."),
            reverse("office:pictures", args=at),
        ),
        _check(
            campaign.goal_events > 0,
            _("The goal is {events}.").format(events=_events(campaign.goal_events)),
            _("It has no goal. A goal shows people that they are needed."),
            plan,
        ),
        *_language_checks(campaign),
    ]


def _events(count: int) -> str:
    words = ngettext("{number} event", "{number} events", count)
    return words.format(number=formats.number(count))


def _check(is_good: bool, good: str, bad: str, href: str, *, must: bool = False) -> Check:
    return Check(good if is_good else bad, is_good, must, href)


def _language_checks(campaign: Campaign) -> list[Check]:
    """One sentence for each further language: words and kit together."""
    of_words = campaign_queries.missing_words(campaign)
    content = campaign_queries.kit_draft(campaign)
    found = []
    for code in campaign.languages[1:]:
        lacking = of_words.get(code, 0) + kit_draft.missing_words(content, code)
        bad = ngettext(
            "{language} lacks {number} text; people read it in {first}.",
            "{language} lacks {number} texts; people read them in {first}.",
            lacking,
        ).format(
            language=formats.endonym(code),
            number=formats.number(lacking),
            first=formats.endonym(campaign.fallback_language),
        )
        good = _("{language} is complete.").format(language=formats.endonym(code))
        href = reverse("office:words_in", args=[campaign.slug, code])
        found.append(_check(not lacking, good, bad, href))
    return found


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def publish(request: HouseRequest, slug: str) -> HttpResponse:
    """Open the campaign, or close it."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        do = request.POST.get("do", "")
        try:
            if do not in {"open", "close"}:
                raise frame.NoSuchButton
            if do == "open":
                campaign_ops.publish_campaign(campaign=campaign, by=frame.by(request))
            else:
                campaign_ops.close_campaign(campaign=campaign, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = (
                _("The campaign is open. Share its link now.")
                if do == "open"
                else _("The campaign is closed. Its page shows what came of it.")
            )
            messages.success(request, said)
            target = "office:share" if do == "open" else "office:campaign"
            return HttpResponseRedirect(reverse(target, args=[slug]))
    found = checks(campaign)
    context = {
        "form": form,
        "checks": found,
        "can_open": all(check.is_good for check in found if check.must),
        "state": parts.STATE_WORDS[campaign.state],
        "is_live": campaign.state == Campaign.State.LIVE,
        "is_closed": campaign.state == Campaign.State.CLOSED,
    }
    return parts.page(request, campaign, "publish", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class SharedLink:
    """One address to copy."""

    language: str
    code: str
    page: str
    host: str


@guards.office(Right.EDIT_CAMPAIGN)
def share(request: HouseRequest, slug: str) -> HttpResponse:
    """The addresses to hand out: the campaign's page, and the page for hosts."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    origin = settings.GROUNDSWELL_ORIGIN
    links = [
        SharedLink(
            formats.endonym(code),
            code,
            origin + parts.public_href(campaign, code),
            origin + parts.public_href(campaign, code, "host_start"),
        )
        for code in campaign.languages
    ]
    context = {"links": links, "is_live": campaign.state == Campaign.State.LIVE}
    return parts.page(request, campaign, "share", context)


urlpatterns = [
    path("c/<slug:slug>/campaign/publish/", publish, name="publish"),
    path("c/<slug:slug>/campaign/share/", share, name="share"),
]
