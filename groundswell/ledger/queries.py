"""Questions about what happened and what waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from groundswell.kernel import clock
from groundswell.kernel.actor import ActorKind
from groundswell.ledger import wires
from groundswell.ledger.models import Bookmark, Entry, Job, ScheduleMark


def timeline_of_person(*person_ids: int) -> QuerySet[Entry]:
    """Everything recorded about one person, newest first, under all the ids they are known by
    (people.aliases): entries are never rewritten when two people turn out to be one."""
    return Entry.objects.filter(person_id__in=person_ids).order_by("-at", "-id")


def entries_naming(*person_ids: int) -> QuerySet[Entry]:
    """Everything recorded about one person or done by their link, oldest first, under all their
    ids."""
    by_them = Q(actor_kind=ActorKind.PERSON.value, actor_id__in=person_ids)
    return Entry.objects.filter(by_them | Q(person_id__in=person_ids)).order_by("at", "id")


def named_among(person_ids: Collection[int], *, but: str) -> set[int]:
    """Those persons about whom anything is recorded, other than facts of one kind."""
    found = Entry.objects.filter(person_id__in=person_ids).exclude(kind=but)
    return {person_id for person_id in found.values_list("person_id", flat=True) if person_id}


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


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part of the log somebody wants to read."""

    kinds: tuple[str, ...] = ()  # of facts; none: all
    account_id: int | None = None  # what this account did
    since: datetime | None = None
    until: datetime | None = None


def log(wish: Wish | None = None, *, before: int | None = None) -> QuerySet[Entry]:
    """What happened, newest first; ``before`` is the id of the last entry already read."""
    asked, found = wish or Wish(), Entry.objects.order_by("-id")
    if asked.kinds:
        found = found.filter(kind__in=asked.kinds)
    if asked.account_id is not None:
        found = found.filter(actor_kind=ActorKind.ACCOUNT, actor_id=asked.account_id)
    if asked.since is not None:
        found = found.filter(at__gte=asked.since)
    if asked.until is not None:
        found = found.filter(at__lt=asked.until)
    return found.filter(id__lt=before) if before is not None else found


def place_of(name: str) -> dict[str, Any] | None:
    """Where :func:`operations.keep_place` left a piece of work; None before its first commit."""
    return Bookmark.objects.filter(name=name).values_list("place", flat=True).first()


def late_schedules(most: timedelta) -> list[str]:
    """Names of schedule lines that nobody has begun although they were due longer than ``most``
    ago; lines of an installation that has never had a worker are all of them."""
    marks = dict(ScheduleMark.objects.values_list("name", "next_at"))
    late = clock.now() - most
    return [
        line.name
        for line in wires.schedules
        if marks.get(line.name) is None or marks[line.name] < late
    ]
