"""Setting the replayed campaign up, and writing down what came of it."""

from __future__ import annotations

from django.utils import translation

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign
from groundswell.cli.replay import plan as plans
from groundswell.cli.replay import words
from groundswell.cli.replay.plan import Plan
from groundswell.kernel import clock, formats
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.text import clean_line

_ORGANISATION = {
    "en": "Replay of a public table",
    "es": "Reproducción de una tabla pública",
    "fr": "Reprise d’un tableau public",
    "ar": "عرض جدول عام",
}


def start(plan: Plan) -> Campaign:
    """The campaign with its words and kit, published. Raises campaigns' NameIsTaken."""
    first, last = plans.span_of_days(plan)
    languages = list(plan.options.languages)
    counted = sum(each.best or 0 for each in plan.gatherings)
    chosen = campaign_ops.Plan(
        organisation=_ORGANISATION[languages[0]],
        slug=clean_line(plan.options.slug),
        action_on=plan.action_on,
        starts_on=first,
        ends_on=last,
        goal_events=len(plan.gatherings),
        goal_people=counted,
        languages=languages,
    )
    with clock.at(plans.start_of_run(plan)):
        campaign = campaign_ops.start_campaign(
            plan=chosen, title=plan.title, by=SYSTEM, is_synthetic=True, scale=plan.scale
        )
        for language in languages:
            with translation.override(language):
                said = words.campaign_words(
                    language,
                    title=plan.title,
                    events=formats.number(len(plan.gatherings)),
                    has_counts=plan.has_counts,
                )
            campaign_ops.write_words(campaign=campaign, language=language, words=said, by=SYSTEM)
        campaign_ops.publish_kit(campaign=campaign, content=words.KIT, by=SYSTEM)
        campaign_ops.publish_campaign(campaign=campaign, by=SYSTEM)
    campaign.refresh_from_db()
    return campaign


def tell_outcome(plan: Plan, campaign: Campaign) -> None:
    """What came of it, in every language: from the table, so from before the scale."""
    counted = [each for each in plan.gatherings if each.best is not None]
    low = sum(each.best if each.low is None else each.low for each in counted if each.best)
    high = sum(each.best if each.high is None else each.high for each in counted if each.best)
    countries = len({each.country for each in plan.gatherings if each.country})
    for language in plan.options.languages:
        with translation.override(language):
            said = words.outcome(
                language,
                events=formats.number(len(plan.gatherings)),
                countries=formats.number(countries),
                low=formats.number(low) if counted else "",
                high=formats.number(high) if counted else "",
            )
        campaign_ops.write_words(
            campaign=campaign, language=language, words={"outcome": said}, by=SYSTEM
        )
