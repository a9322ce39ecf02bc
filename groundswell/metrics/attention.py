"""What needs a person in a campaign today: the counts behind the list on the Today page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from groundswell.campaigns.models import Campaign
from groundswell.events.queries import watching
from groundswell.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Attention:
    """How many events need what, and what was done since the day began."""

    to_review: int
    oldest_at: datetime | None  # when the host of the oldest one published it
    oldest_town: str
    kit_not_opened: int
    few_people: int
    few_first: str  # wall time of the first and last of those, "2026-12-05T11:00"
    few_last: str
    asked: int
    reports_missing: int
    reviewed_today: int
    kits_opened_today: int
    reported_today: int


def needs_attention(campaign: Campaign, by: Actor, *, since: datetime) -> Attention:
    """The counts of the events that ``by`` looks after, in two questions.

    ``since``: when the reader's day began.
    """
    few = watching.has_few_people()
    rows = watching.seen_by(by, campaign)
    waiting = watching.waits_for_approval()
    counts = rows.aggregate(
        to_review=Count("id", filter=waiting),
        kit_not_opened=Count("id", filter=watching.kit_not_opened()),
        few_people=Count("id", filter=few),
        few_first=Min("starts_wall", filter=few),
        few_last=Max("starts_wall", filter=few),
        asked=Count("id", filter=watching.host_was_asked()),
        reports_missing=Count("id", filter=watching.report_is_missing()),
        reviewed_today=Count("id", filter=Q(listed_at__gte=since)),
        kits_opened_today=Count("id", filter=Q(kit_opened_at__gte=since)),
        reported_today=Count("report", filter=Q(report__filed_at__gte=since)),
    )
    oldest = rows.filter(waiting).order_by("created_at").values_list("created_at", "town").first()
    counts["few_first"] = counts["few_first"] or ""
    counts["few_last"] = counts["few_last"] or ""
    return Attention(
        oldest_at=oldest[0] if oldest else None,
        oldest_town=oldest[1] if oldest else "",
        **counts,
    )
