"""Public figures of a campaign, at most half a minute old.

They are the same for every visitor, so each process keeps them for a moment; what a visitor acts
on (free seats, states) is always read fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from django.conf import settings

from groundswell.campaigns.models import Campaign
from groundswell.events.queries import counting, finding
from groundswell.kernel import clock
from groundswell.kernel.actor import VISITOR
from groundswell.metrics import floor
from groundswell.metrics import queries as metrics_queries

# In a demonstration somebody approves an event and watches the map gain its dot.
KEPT = timedelta(seconds=1 if settings.GROUNDSWELL_MODE == "demo" else 30)
_MOST = 200

Kept = TypeVar("Kept")
_kept: dict[Hashable, tuple[datetime, object]] = {}


def kept(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """What ``make`` gave for this key less than half a minute ago, or gives now."""
    now = clock.now()
    found = _kept.get(key)
    if found is not None and abs(now - found[0]) < KEPT:
        return cast("Kept", found[1])
    figure = make()
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (now, figure)
    return figure


def forget() -> None:
    """Drop everything that is kept (tests)."""
    _kept.clear()


def numbers(campaign: Campaign) -> dict[str, metrics_queries.Figure]:
    """The public numbers by key, as anybody may see them: the floor of ten is applied."""

    def read() -> dict[str, metrics_queries.Figure]:
        found = metrics_queries.campaign_numbers(campaign, VISITOR)
        return {figure.number.key: figure for figure in found}

    return kept(("numbers", campaign.id), read)


def daily(campaign: Campaign) -> metrics_queries.Series:
    """Sign-ups per day since the campaign began, to its last day at most, as anybody may see them:
    in tens, so that no drawing tells of a single one."""

    def read() -> metrics_queries.Series:
        exact = metrics_queries.series(campaign).until(campaign.ends_on)
        return replace(exact, counts=tuple(floor.in_tens(exact.counts)))

    return kept(("daily", campaign.id), read)


def customs(campaign: Campaign) -> counting.Customs:
    """Languages and the usual start of its events."""
    return kept(("customs", campaign.id), lambda: counting.customs(campaign))


def dots(campaign: Campaign, *, include_past: bool) -> list[finding.Dot]:
    """Every event of the map as a point."""
    return kept(
        ("dots", campaign.id, include_past),
        lambda: list(finding.dots(campaign, include_past=include_past)),
    )
