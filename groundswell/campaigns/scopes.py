"""Campaigns as things that a role can be held over (``accounts.sockets``)."""

from __future__ import annotations

from collections.abc import Iterable

from groundswell.campaigns import queries
from groundswell.campaigns.models import Campaign
from groundswell.kernel.scopes import Scope, ScopeKind

_SHOWN = 200


class CampaignBook:
    """Campaigns by their number."""

    def chain(self, scope_id: str) -> tuple[Scope, ...] | None:
        is_there = scope_id.isdecimal() and Campaign.objects.filter(id=int(scope_id)).exists()
        return (Scope(ScopeKind.CAMPAIGN, scope_id),) if is_there else None

    def names(self, ids: Iterable[str], language: str) -> dict[str, str]:
        numbers = [int(id_) for id_ in ids if id_.isdecimal()]
        titles = queries.titles(Campaign.objects.filter(id__in=numbers), language)
        return {str(campaign_id): title for campaign_id, title in titles.items()}

    def choices(self, language: str, inside: frozenset[Scope] | None) -> list[tuple[str, str]]:
        newest = Campaign.objects.order_by("-action_on", "-id")
        if inside is not None:
            ids = [int(scope.id) for scope in inside if scope.kind == ScopeKind.CAMPAIGN]
            newest = newest.filter(id__in=ids)
        titles = queries.titles(newest[:_SHOWN], language)
        return [(str(campaign_id), title) for campaign_id, title in titles.items()]
