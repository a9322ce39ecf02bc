"""Who may do what to a campaign."""

from __future__ import annotations

from groundswell.campaigns.models import Campaign
from groundswell.kernel.actor import Actor


def can_edit_campaigns(actor: Actor) -> bool:
    return actor.is_office


def can_see_campaign(actor: Actor, campaign: Campaign) -> bool:
    return campaign.state != Campaign.State.DRAFT or actor.is_office
