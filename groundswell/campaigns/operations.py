"""Starting, writing, publishing and closing campaigns; publishing kits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from groundswell.campaigns import colours, kit_draft, pictures, policy
from groundswell.campaigns.facts import (
    CampaignChanged,
    CampaignClosed,
    CampaignPublished,
    CampaignStarted,
    KitPublished,
)
from groundswell.campaigns.models import Campaign, CampaignText, Kit, KitDraft, Picture
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, clean_text
from groundswell.ledger import operations as ledger_ops


class OnlyOrganisers(Refusal):
    sentence = _("Only organisers can change a campaign.")


class NameIsTaken(Refusal):
    sentence = _("Another campaign has this address already. Choose another one.")
    field = "slug"


class AddressIsOdd(Refusal):
    sentence = _("Use letters from a to z, numbers and hyphens only.")
    field = "slug"


class AddressIsReserved(Refusal):
    sentence = _("This address belongs to another page of this site. Choose another one.")
    field = "slug"


class DatesDoNotFit(Refusal):
    sentence = _("Put the action day between the first and the last day.")
    field = "action_on"


class NeedsALanguage(Refusal):
    sentence = _("Choose at least one language.")
    field = "languages"


class NeedsATitle(Refusal):
    sentence = _("Write a title in the first language before you publish.")
    field = "title"


class NeedsAKit(Refusal):
    sentence = _("Publish the kit first: hosts choose from its event types.")


class NeedsADescription(Refusal):
    sentence = _("Say what the picture shows, for people who cannot see it.")
    field = "description"


# A campaign's address is a bare name; these are pages of the house, or may become some.
RESERVED_SLUGS = frozenset(
    """
    about accessibility account accounts admin api c campaign campaigns demo e embed event events
    f health healthz help home host join login logout map my news office p people privacy robots
    search sign-in sign-out sign-up site sitemap static stop t team teams texting training
    unsubscribe verify webhooks your-data
    """.split()
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organiser decides about a campaign."""

    organisation: str
    action_on: date
    starts_on: date
    ends_on: date
    slug: str = ""
    goal_events: int = 0
    goal_people: int = 0
    countries: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=lambda: ["en"])
    poster_colour: str = "#0E3A3B"
    call_colour: str = "#FFB81C"


def _allowed(by: Actor, campaign: Campaign) -> None:
    if not policy.can_edit_campaign(by, campaign):
        raise OnlyOrganisers


def _checked(plan: Plan, *, title: str, campaign_id: int | None) -> dict[str, Any]:
    """The plan as columns. Raises a refusal for what does not fit."""
    poster, call = colours.checked(plan.poster_colour, plan.call_colour)
    if not plan.languages:
        raise NeedsALanguage
    if not plan.starts_on <= plan.action_on <= plan.ends_on:
        raise DatesDoNotFit
    slug = slugify(plan.slug or title)[:60] or new_slug()
    if plan.slug and plan.slug != slug:
        raise AddressIsOdd
    is_reserved = slug in RESERVED_SLUGS
    others = Campaign.objects.filter(slug=slug)
    if campaign_id is not None:
        others = others.exclude(id=campaign_id)
    if is_reserved or others.exists():
        if plan.slug:
            raise AddressIsReserved if is_reserved else NameIsTaken
        slug = f"{slug[:50]}-{new_slug(5)}"
    return {
        "slug": slug,
        "organisation": clean_line(plan.organisation)[:80],
        "goal_events": plan.goal_events,
        "goal_people": plan.goal_people,
        "countries": plan.countries,
        "languages": plan.languages,
        "action_on": plan.action_on,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "poster_colour": poster,
        "call_colour": call,
    }


@transaction.atomic
def start_campaign(
    *, plan: Plan, title: str, by: Actor, is_synthetic: bool = False, scale: float = 1
) -> Campaign:
    """Start a draft campaign with a title in its first language."""
    if not policy.can_start_campaigns(by):
        raise OnlyOrganisers
    campaign = Campaign(
        **_checked(plan, title=title, campaign_id=None),
        is_synthetic=is_synthetic,
        scale=scale,
        created_at=clock.now(),
    )
    campaign.save(force_insert=True)
    CampaignText(
        campaign=campaign, language=campaign.fallback_language, title=clean_line(title)[:80]
    ).save(force_insert=True)
    ledger_ops.record(CampaignStarted(campaign_id=campaign.id), by=by)
    return campaign


@transaction.atomic
def change_plan(*, campaign: Campaign, plan: Plan, by: Actor) -> None:
    """Change goal, dates, countries, languages or colours. Words of a dropped language stay."""
    _allowed(by, campaign)
    columns = _checked(plan, title="", campaign_id=campaign.id)
    if not plan.slug:
        columns["slug"] = campaign.slug
    Campaign.objects.select_for_update().filter(id=campaign.id).update(**columns)
    ledger_ops.record(CampaignChanged(campaign_id=campaign.id, part="plan"), by=by)


@transaction.atomic
def write_words(*, campaign: Campaign, language: str, words: Mapping[str, str], by: Actor) -> None:
    """Write title, lead, about, host_call or outcome in one language."""
    _allowed(by, campaign)
    cleaned = {
        "title": clean_line(words.get("title", ""))[:80],
        "lead": clean_line(words.get("lead", ""))[:240],
        "about": clean_text(words.get("about", ""))[:5000],
        "host_call": clean_line(words.get("host_call", ""))[:200],
        "outcome": clean_text(words.get("outcome", ""))[:2000],
    }
    given = {name: text for name, text in cleaned.items() if name in words}
    CampaignText.objects.update_or_create(campaign=campaign, language=language, defaults=given)
    ledger_ops.record(CampaignChanged(campaign_id=campaign.id, part="words"), by=by)


@transaction.atomic
def put_picture(
    *, campaign: Campaign, kind: str, language: str, raw: bytes, description: str, by: Actor
) -> Picture:
    """Keep an uploaded logo or picture. Raises NotAPicture, PictureTooBig, NeedsADescription."""
    _allowed(by, campaign)
    if not clean_line(description):
        raise NeedsADescription
    picture = pictures.cleaned(raw)
    kept, _new = Picture.objects.update_or_create(
        campaign=campaign,
        kind=kind,
        language=language,
        defaults={
            "description": clean_line(description)[:200],
            "width": picture.width,
            "height": picture.height,
            "content": picture.content,
            "digest": picture.digest,
        },
    )
    ledger_ops.record(CampaignChanged(campaign_id=campaign.id, part="picture"), by=by)
    return kept


@transaction.atomic
def remove_picture(*, campaign: Campaign, kind: str, language: str, by: Actor) -> None:
    """Take a logo or picture away. Twice is harmless."""
    _allowed(by, campaign)
    gone = Picture.objects.filter(campaign=campaign, kind=kind, language=language)
    if gone.delete()[0]:
        ledger_ops.record(CampaignChanged(campaign_id=campaign.id, part="picture"), by=by)


@transaction.atomic
def save_kit_draft(*, campaign: Campaign, content: dict[str, Any], by: Actor) -> None:
    """Keep the kit as it is being written (campaigns/kit_draft.py). Hosts see nothing of it."""
    _allowed(by, campaign)
    KitDraft.objects.update_or_create(
        campaign=campaign, defaults={"content": content, "changed_at": clock.now()}
    )


@transaction.atomic
def publish_kit_draft(*, campaign: Campaign, by: Actor) -> Kit:
    """Publish what stands in the draft as the next version.

    Raises kit_draft.KitNeedsTypes, kit_draft.KitNeedsWords.
    """
    _allowed(by, campaign)
    draft = KitDraft.objects.select_for_update().filter(campaign=campaign).first()
    content = draft.content if draft else kit_draft.empty()
    kit_draft.check(content, campaign.fallback_language)
    kit = publish_kit(campaign=campaign, content=content, by=by)
    KitDraft.objects.filter(campaign=campaign).delete()
    return kit


@transaction.atomic
def publish_kit(*, campaign: Campaign, content: dict[str, Any], by: Actor) -> Kit:
    """Publish the next version of the kit (shape: campaigns/kit.py). Old versions stay."""
    _allowed(by, campaign)
    Campaign.objects.select_for_update().get(id=campaign.id)
    version = campaign.kits.count() + 1
    kit = Kit(campaign=campaign, version=version, content=content, created_at=clock.now())
    kit.save(force_insert=True)
    ledger_ops.record(KitPublished(campaign_id=campaign.id, version=version), by=by)
    return kit


@transaction.atomic
def publish_campaign(*, campaign: Campaign, by: Actor) -> None:
    """Open the campaign to the public. It needs a title in its first language and a kit."""
    _allowed(by, campaign)
    first = campaign.texts.filter(language=campaign.fallback_language).first()
    if first is None or not first.title:
        raise NeedsATitle
    if not campaign.kits.exists():
        raise NeedsAKit
    Campaign.objects.filter(id=campaign.id).update(
        state=Campaign.State.LIVE, published_at=clock.now()
    )
    ledger_ops.record(CampaignPublished(campaign_id=campaign.id), by=by)


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: Actor) -> None:
    """Close the campaign by hand: its page shows what came of it. Publishing opens it again."""
    _allowed(by, campaign)
    Campaign.objects.filter(id=campaign.id).update(state=Campaign.State.CLOSED)
    ledger_ops.record(CampaignClosed(campaign_id=campaign.id), by=by)
