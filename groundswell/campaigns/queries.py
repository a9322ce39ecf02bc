"""Questions about campaigns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from groundswell.campaigns import kit as kits
from groundswell.campaigns import kit_draft as kit_drafts
from groundswell.campaigns import policy
from groundswell.campaigns.models import Campaign, CampaignText, Kit, KitDraft, Picture
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import ScopeKind


@dataclass(frozen=True, slots=True)
class CampaignWords:
    """A campaign's words as one reader sees them."""

    language: str
    title: str
    lead: str
    about: str
    host_call: str
    outcome: str


def visible_campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns this actor may see, the next action day first."""
    found = Campaign.objects.order_by("action_on", "id")
    if policy.can_start_campaigns(actor):
        return found
    theirs = actor.scopes_of(Right.EDIT_CAMPAIGN)
    ids = [int(scope.id) for scope in theirs if scope.kind == ScopeKind.CAMPAIGN]
    return found.filter(~Q(state=Campaign.State.DRAFT) | Q(id__in=ids))


def campaign_by_slug(slug: str, actor: Actor) -> Campaign | None:
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None or not policy.can_see_campaign(actor, campaign):
        return None
    return campaign


def campaign_by_id(campaign_id: int) -> Campaign | None:
    """A campaign by its id, in whatever state."""
    return Campaign.objects.filter(id=campaign_id).first()


def is_over(campaign: Campaign) -> bool:
    """Closed by hand, or past its last day everywhere on earth (UTC-12 ends 12 hours late)."""
    if campaign.state == Campaign.State.CLOSED:
        return True
    return (clock.now() - timedelta(hours=12)).date() > campaign.ends_on


def words(campaign: Campaign, language: str) -> CampaignWords:
    """The campaign in ``language``, field by field, with its first language as the fall-back."""
    texts = {text.language: text for text in campaign.texts.all()}
    tries = (language, language.split("-")[0], campaign.fallback_language)
    rows = [texts[wanted] for wanted in tries if wanted in texts]
    rows += [text for text in texts.values() if text not in rows]

    def first(name: str) -> str:
        return next((str(getattr(row, name)) for row in rows if getattr(row, name)), "")

    return CampaignWords(
        language=rows[0].language if rows else campaign.fallback_language,
        title=first("title") or campaign.slug,
        lead=first("lead"),
        about=first("about"),
        host_call=first("host_call"),
        outcome=first("outcome"),
    )


def current_kit(campaign: Campaign, language: str) -> kits.KitText:
    """The newest kit in ``language``; an empty one when none is published."""
    newest = Kit.objects.filter(campaign=campaign).order_by("-version").first()
    if newest is None:
        return kits.KitText(0, (), (), (), ())
    return kits.read(
        newest.content,
        version=newest.version,
        language=language,
        fallback=campaign.fallback_language,
    )


def picture(campaign: Campaign, kind: str, language: str) -> Picture | None:
    """The picture for a language, else the one for every language. Without its content."""
    found = {
        each.language: each
        for each in Picture.objects.filter(campaign=campaign, kind=kind).defer("content")
    }
    return found.get(language) or found.get(language.split("-")[0]) or found.get("")


def picture_content(campaign: Campaign, digest: str) -> bytes | None:
    """The content (WebP) of one of the campaign's pictures, by its digest."""
    found = Picture.objects.filter(campaign=campaign, digest=digest)
    content = found.values_list("content", flat=True).first()
    return bytes(content) if content is not None else None


def kit_draft(campaign: Campaign) -> kit_drafts.Content:
    """The kit as organisers are writing it; it begins as a copy of the newest version."""
    draft = KitDraft.objects.filter(campaign=campaign).values_list("content", flat=True).first()
    if draft is not None:
        return {**kit_drafts.empty(), **draft}
    newest = Kit.objects.filter(campaign=campaign).order_by("-version")
    content = newest.values_list("content", flat=True).first()
    return {**kit_drafts.empty(), **(content or {})}


def has_kit_draft(campaign: Campaign) -> bool:
    """Whether changes to the kit wait to be published."""
    return KitDraft.objects.filter(campaign=campaign).exists()


def nearest_campaign(actor: Actor) -> Campaign | None:
    """The campaign that the office opens by itself: the next action day, else the latest one."""
    today = clock.now().date()
    open_ones = visible_campaigns(actor).exclude(state=Campaign.State.CLOSED)
    coming = open_ones.filter(ends_on__gte=today).first()
    return coming or visible_campaigns(actor).order_by("-action_on", "-id").first()


def titles(campaigns: Iterable[Campaign], language: str) -> dict[int, str]:
    """The titles of many campaigns in one question, by campaign id."""
    rows = {campaign.id: campaign for campaign in campaigns}
    found: dict[int, dict[str, str]] = {}
    texts = CampaignText.objects.filter(campaign_id__in=rows).exclude(title="")
    for campaign_id, written_in, title in texts.values_list("campaign_id", "language", "title"):
        found.setdefault(campaign_id, {})[written_in] = title
    return {
        campaign_id: kits.pick(found.get(campaign_id, {}), language, campaign.fallback_language)
        or campaign.slug
        for campaign_id, campaign in rows.items()
    }


_WORDS = ("title", "lead", "about", "host_call", "outcome")


def texts_in(campaign: Campaign, language: str) -> dict[str, str]:
    """What stands in one language, without any fall-back."""
    row = CampaignText.objects.filter(campaign=campaign, language=language).values(*_WORDS).first()
    return dict(row) if row else dict.fromkeys(_WORDS, "")


def missing_words(campaign: Campaign) -> dict[str, int]:
    """How many texts of the first language each other language lacks, by language."""
    rows = {row["language"]: row for row in campaign.texts.values("language", *_WORDS)}
    wanted = [name for name in _WORDS if rows.get(campaign.fallback_language, {}).get(name)]
    return {
        code: sum(not rows.get(code, {}).get(name) for name in wanted)
        for code in campaign.languages[1:]
    }


def by_ids(ids: Iterable[int | None]) -> dict[int, Campaign]:
    """Many campaigns by their ids; unknown ones are left out."""
    return Campaign.objects.in_bulk([each for each in ids if each is not None])
