"""Questions about what happened and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from groundswell.ledger.models import Bookmark, Entry, Job


def timeline_of_person(person_id: int) -> QuerySet[Entry]:
    """Everything recorded about one person, newest first."""
    return Entry.objects.filter(person_id=person_id).order_by("-at", "-id")


def timeline_of_event(event_id: int) -> QuerySet[Entry]:
    """Everything recorded about one event, newest first."""
    return Entry.objects.filter(event_id=event_id).order_by("-at", "-id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The state of the job queue: how many wait, since when, how many were given up."""

    ready: int
    failed: int
    oldest_at: datetime | None


def jobs_waiting() -> Waiting:
    found = Job.objects.aggregate(
        ready=Count("id", filter=~Q(state=Job.State.FAILED)),
        failed=Count("id", filter=Q(state=Job.State.FAILED)),
        oldest_at=Min("run_after", filter=~Q(state=Job.State.FAILED)),
    )
    return Waiting(**found)


def failed_jobs(limit: int = 50) -> list[Job]:
    """Jobs that were given up, the latest first: name, tries and the place of the error."""
    return list(Job.objects.filter(state=Job.State.FAILED).order_by("-run_after")[:limit])


def log(*, before: int | None = None, limit: int = 50) -> list[Entry]:
    """What happened, newest first; ``before`` is the id of the last entry already read."""
    found = Entry.objects.order_by("-id")
    return list((found.filter(id__lt=before) if before is not None else found)[:limit])


def place_of(name: str) -> dict[str, Any] | None:
    """Where :func:`operations.keep_place` left a piece of work; None before its first commit."""
    return Bookmark.objects.filter(name=name).values_list("place", flat=True).first()
