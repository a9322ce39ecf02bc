"""Who may do what to a campaign."""

from __future__ import annotations

from groundswell.campaigns.models import Campaign
from groundswell.kernel import scopes
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import ScopeKind


def can_start_campaigns(actor: Actor) -> bool:
    """Begin a new one: the coordinating team of the whole installation."""
    return actor.may(Right.EDIT_CAMPAIGN)


def carries(actor: Actor, right: Right, campaign: Campaign) -> bool:
    """Does the actor carry ``right`` over the whole of this campaign?"""
    return actor.may(right, scopes.of(ScopeKind.CAMPAIGN, campaign.id))


def can_edit_campaign(actor: Actor, campaign: Campaign) -> bool:
    return carries(actor, Right.EDIT_CAMPAIGN, campaign)


def can_see_campaign(actor: Actor, campaign: Campaign) -> bool:
    """One that is not public yet only by those who prepare it."""
    return campaign.state != Campaign.State.DRAFT or can_edit_campaign(actor, campaign)


def can_see_numbers(actor: Actor, campaign: Campaign) -> bool:
    """Exact numbers of the whole campaign."""
    return carries(actor, Right.SEE_NUMBERS, campaign)
