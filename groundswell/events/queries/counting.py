"""What the events of a campaign have in common: the languages they are held in, the usual start."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr

from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event


@dataclass(frozen=True, slots=True)
class Customs:
    """``languages``: the most common first. ``start``: a wall time such as "11:00", or ""."""

    languages: tuple[str, ...] = ()
    start: str = ""


def customs(campaign: Campaign) -> Customs:
    """Two grouped queries over the events on the map, past ones included."""
    listed = Event.objects.filter(campaign=campaign, state=Event.State.LISTED).order_by()
    starts = _commonest(listed, Substr("starts_wall", 12, 5))
    return Customs(
        languages=tuple(_commonest(listed, F("language"))), start=starts[0] if starts else ""
    )


def _commonest(found: QuerySet[Event], word: Combinable) -> list[str]:
    """The values of an expression, the most common first."""
    counted = found.values(word=word).annotate(times=Count("id")).order_by("-times", "word")
    return [row["word"] for row in counted]
