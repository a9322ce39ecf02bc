"""What waits for a second look: quarantine, reports, pauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet

from groundswell.events.models import Concern, Event, Held, Pause
from groundswell.events.operations.holding import TAKE_BACK_WITHIN
from groundswell.kernel import clock
from groundswell.site import vault


def in_quarantine(*, because: str = "") -> QuerySet[Held]:
    """What is held and not deleted, the newest first, with its event and sign-up."""
    found = Held.objects.filter(deleted_at=None).order_by("-held_at", "-id")
    found = found.filter(because=because) if because else found
    return found.select_related("event", "event__campaign", "event__host", "rsvp")


def count_by_reason() -> dict[str, int]:
    """How many wait for which reason, the commonest first."""
    rows = Held.objects.filter(deleted_at=None).order_by().values_list("because")
    counted = rows.annotate(many=Count("id")).order_by("-many", "because")
    return dict(counted.values_list("because", "many"))


@dataclass(frozen=True, slots=True)
class Deleted:
    """One press of "Delete" that can still be taken back."""

    deleted_at: datetime
    count: int


def deleted_lately() -> list[Deleted]:
    """The presses of the last day, the newest first."""
    since = clock.now() - TAKE_BACK_WITHIN
    rows = Held.objects.filter(deleted_at__gte=since).order_by().values("deleted_at")
    counted = rows.annotate(many=Count("id")).order_by("-deleted_at")
    return [Deleted(row["deleted_at"], row["many"]) for row in counted[:20] if row["deleted_at"]]


@dataclass(frozen=True, slots=True)
class Reported:
    """An event with open reports. ``concerns``: kind, words, when; the newest first."""

    event: Event
    count: int
    is_paused: bool
    concerns: list[tuple[str, str, datetime]]


def reported_events(*, limit: int = 50) -> list[Reported]:
    """Events with open reports or paused messages, the most reported first."""
    waiting = Concern.objects.filter(settled_at=None)
    counted = waiting.order_by().values("event_id").annotate(
        many=Count("id"), first=Min("created_at"), last=Max("created_at")
    )  # fmt: skip
    many = {row["event_id"]: row["many"] for row in counted}
    paused = set(Pause.objects.values_list("event_id", flat=True))
    ids = sorted(many.keys() | paused, key=lambda event_id: (-many.get(event_id, 0), event_id))
    found = Event.objects.select_related("campaign", "host").in_bulk(ids[:limit])
    words: dict[int, list[tuple[str, str, datetime]]] = {event_id: [] for event_id in found}
    rows = list(waiting.filter(event_id__in=found).order_by("-created_at", "-id")[:500])
    vault.load_keys_of(rows, "words_sealed")
    for row in rows:
        told = (row.kind, vault.open_(row, "words_sealed"), row.created_at)
        words[row.event_id].append(told)
    return [
        Reported(found[event_id], many.get(event_id, 0), event_id in paused, words[event_id])
        for event_id in ids
        if event_id in found
    ]


def reported_count() -> int:
    """How many events have open reports."""
    return Concern.objects.filter(settled_at=None).values("event_id").distinct().count()


def quarantined_since() -> datetime | None:
    """Since when the first of what is in quarantine waits."""
    first = Held.objects.filter(deleted_at=None).order_by("held_at")
    return first.values_list("held_at", flat=True).first()


def reported_since() -> datetime | None:
    """Since when the first open report waits."""
    first = Concern.objects.filter(settled_at=None).order_by("created_at")
    return first.values_list("created_at", flat=True).first()
