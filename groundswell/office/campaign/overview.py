"""The editor's first page, and the list of all campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.kernel import formats
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.requests import HouseRequest


@dataclass(frozen=True, slots=True)
class Task:
    """What ``web/components/task_row.html`` shows."""

    words: str
    href: str
    state: str
    tone: str
    icon: str
    hint: str


def _task(words: str, name: str, campaign: Campaign, is_done: bool, hint: str) -> Task:
    state = _("Done") if is_done else _("To do")
    return Task(
        words,
        reverse(name, args=[campaign.slug]),
        state,
        "ok" if is_done else "warn",
        "circle-check" if is_done else "circle",
        hint,
    )


@guards.office(Right.EDIT_CAMPAIGN)
def campaign(request: HouseRequest, slug: str) -> HttpResponse:
    """The parts of a campaign, each with its state."""
    found = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    words = campaign_queries.texts_in(found, found.fallback_language)
    kit = campaign_queries.current_kit(found, found.fallback_language)
    has_draft = campaign_queries.has_kit_draft(found)
    lacking = sum(campaign_queries.missing_words(found).values())
    days = _("{first} to {last}, in {languages}").format(
        first=formats.day(found.starts_on),
        last=formats.day(found.ends_on),
        languages=formats.listing([formats.endonym(code) for code in found.languages]),
    )
    tasks = [
        _task(_("Plan"), "office:plan", found, True, days),
        _task(
            _("Words"),
            "office:words",
            found,
            bool(words["title"] and words["lead"]) and not lacking,
            _("Some texts are not translated yet") if lacking else "",
        ),
        _task(_("Pictures"), "office:pictures", found, found.pictures.exists(), ""),
        _task(_("Colours"), "office:colours", found, True, ""),
        _task(
            _("Kit"),
            "office:kit",
            found,
            kit.version > 0 and not has_draft,
            _("Changes wait to be published") if has_draft else "",
        ),
        _task(
            _("Open to the public"),
            "office:publish",
            found,
            found.state != Campaign.State.DRAFT,
            str(parts.STATE_WORDS[found.state]),
        ),
    ]
    context = {
        "tasks": tasks,
        "state": parts.STATE_WORDS[found.state],
        "share_href": reverse("office:share", args=[slug]),
    }
    return parts.page(request, found, "overview", context)


@guards.office(Right.SEE_EVENTS)
def campaigns(request: HouseRequest) -> HttpResponse:
    """Every campaign, the latest action day first."""
    rows = list(campaign_queries.visible_campaigns(frame.by(request)).order_by("-action_on", "-id"))
    titles = campaign_queries.titles(rows, frame.language())
    context = {
        "rows": [
            {
                "title": titles[row.id],
                "href": reverse("office:today", args=[row.slug]),
                "day": formats.day_and_year(row.action_on),
                "organisation": row.organisation,
                "state": parts.STATE_WORDS[row.state],
                "is_live": row.state == Campaign.State.LIVE,
            }
            for row in rows
        ]
    }
    return frame.page(request, "office/campaign/all.html", context, current="campaigns")


urlpatterns = [
    path("campaigns/", campaigns, name="campaigns"),
    path("c/<slug:slug>/campaign/", campaign, name="campaign"),
]
