"""The way to choose people that this room offers: who agreed to the news of a campaign."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, gettext_lazy

from groundswell.campaigns import queries
from groundswell.kernel.actor import Actor
from groundswell.people.criteria.choices import CHANNEL
from groundswell.people.criteria.contact import consents
from groundswell.people.models import Consent
from groundswell.people.segments.criterion import Asking, Criterion, Family, Given, Rows
from groundswell.people.segments.parameters import OneOf

CHOICES_MOST = 200


def choices(by: Actor) -> Sequence[tuple[str, str]]:
    """The campaigns that the actor sees, the latest first."""
    found = list(queries.visible_campaigns(by).order_by("-action_on", "id")[:CHOICES_MOST])
    titles = queries.titles(found, get_language() or "en")
    return [(str(one.id), titles[one.id]) for one in found]


def slugs(by: Actor) -> Sequence[tuple[str, str]]:
    """What the same campaigns are called in a file."""
    found = queries.visible_campaigns(by).order_by("-action_on", "id")[:CHOICES_MOST]
    return [(str(one.id), one.slug) for one in found]


def _agreed(given: Given, asking: Asking) -> Rows:
    purpose, campaign_id = Consent.Purpose.CAMPAIGN, int(given["campaign"])
    return consents(purpose, campaign_id, given["channel"], asking)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="campaigns.news",
        family=Family.CONTACT,
        title=gettext_lazy("agreed to news of a campaign"),
        parameters=(
            OneOf(name="campaign", label=gettext_lazy("Campaign"), choices=choices, names=slugs),
            CHANNEL,
        ),
        fits=_agreed,
        says=gettext_lazy("agreed to news of “{campaign}” ({channel})"),
        says_not=gettext_lazy("did not agree to news of “{campaign}” ({channel})"),
    ),
)
