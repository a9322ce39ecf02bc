"""Recording facts, enqueueing jobs, and removing what has been kept long enough."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from groundswell.kernel import clock, rows
from groundswell.kernel.actor import SYSTEM, Actor, ActorKind
from groundswell.kernel.facts import Fact
from groundswell.kernel.ids import new_id
from groundswell.ledger import chain, wires
from groundswell.ledger.facts import EntriesRemoved, fingerprint_of
from groundswell.ledger.models import Bookmark, Digest, Entry, Job


class NotInATransaction(RuntimeError):
    """A fact must commit together with what it tells: a bug in the calling operation."""


def record(fact: Fact, *, by: Actor) -> int:
    """Write one fact and one job per wired reaction into the caller's transaction.

    Returns the entry's id. Raises NotInATransaction outside ``transaction.atomic``.
    """
    return record_many([fact], by=by)[0]


def record_many(facts: Iterable[Fact], *, by: Actor) -> list[int]:
    """Like :func:`record` for many facts of one actor, in two statements."""
    if not connection.in_atomic_block:
        raise NotInATransaction("record() belongs inside transaction.atomic()")
    now = clock.now()
    entries, jobs = [], []
    for fact in facts:
        entry = Entry(
            kind=fact.kind(),
            at=now,
            actor_kind=by.kind.value,
            actor_id=by.id,
            rest=fact.rest(),
            keep_until=(now + timedelta(days=fact.keep_days)).date(),
            **fact.ids(),
        )
        entries.append(entry)
        jobs += [
            _job(name, entry_id=entry.id, priority=wires.priorities[name], now=now)
            for name in wires.hears.get(fact.kind(), ())
        ]
    if len(entries) == 1:  # nearly always, and in the hot path of every sign-up
        rows.insert(*entries, *jobs)
    else:
        Entry.objects.bulk_create(entries)
        Job.objects.bulk_create(jobs)
    return [entry.id for entry in entries]


def _job(
    name: str,
    *,
    now: datetime,
    entry_id: int | None = None,
    args: Mapping[str, Any] | None = None,
    priority: int = 0,
    run_after: datetime | None = None,
    dedupe_key: str | None = None,
) -> Job:
    return Job(
        id=new_id(),
        name=name,
        entry_id=entry_id,
        args=dict(args or {}),
        priority=priority,
        run_after=run_after or now,
        dedupe_key=dedupe_key,
        created_at=now,
    )


def enqueue(
    name: str,
    args: Mapping[str, Any],
    *,
    priority: int = 0,
    run_after: datetime | None = None,
    dedupe_key: str | None = None,
) -> int:
    """Write one job. A second job with the same ``dedupe_key`` is dropped while the first waits.

    Returns the job's id (the new one's, even when it was dropped).
    """
    job = _job(
        name,
        now=clock.now(),
        args=args,
        priority=priority,
        run_after=run_after,
        dedupe_key=dedupe_key,
    )
    Job.objects.bulk_create([job], ignore_conflicts=dedupe_key is not None)
    return job.id


def keep_place(name: str, place: Mapping[str, Any]) -> None:
    """Note how far a piece of work has come, in the commit of the work (DESIGN section 9).

    Raises NotInATransaction outside ``transaction.atomic``.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction("a bookmark belongs into the commit of the work that it follows")
    Bookmark.objects.update_or_create(
        name=name, defaults={"place": dict(place), "changed_at": clock.now()}
    )


PURGE_AT_ONCE = 500


def expired(at: datetime) -> QuerySet[Entry]:
    """Entries whose time is over at that moment, and that the chain has reached."""
    chained = Digest.objects.filter(entry_id=OuterRef("id"))
    return Entry.objects.filter(Exists(chained), keep_until__lt=at.date())


@transaction.atomic
def purge_expired() -> int:
    """Delete up to 500 entries whose time is over; their digests stay, with the reason.

    Entries that have no digest yet wait for the chain. Returns the number of deleted entries.
    """
    due = expired(clock.now()).order_by("keep_until")
    ids = list(due.values_list("id", flat=True)[:PURGE_AT_ONCE])
    remove_entries(ids, because="retention")
    return len(ids)


def remove_entries(entry_ids: list[int], *, because: str, by: Actor = SYSTEM) -> None:
    """Delete entries (purge, erasure). Their digests keep the reason and who recorded it.

    The removal is a fact itself; ``proof.removals`` accepts no missing entry without one.
    """
    if not entry_ids:
        return
    chain.hold()
    told = EntriesRemoved(
        purpose=because, count=len(entry_ids), fingerprint=fingerprint_of(entry_ids)
    )
    removed_by = record(told, by=by)
    Digest.objects.filter(entry_id__in=entry_ids).update(
        removed_because=because, removed_by=removed_by
    )
    Entry.objects.filter(id__in=entry_ids).delete()


def remove_entries_of(person_id: int, *, because: str) -> None:
    """Delete what is recorded about one person or done by them, in the caller's transaction.

    An entry that the chain has not reached yet keeps its row and loses the person: its digest is
    then made of what stays.
    """
    chain.hold()  # what has no digest now must have none when its row is changed
    about = Entry.objects.filter(person_id=person_id)
    done = Entry.objects.filter(actor_kind=ActorKind.PERSON.value, actor_id=person_id)
    remove_entries(_chained_among(about | done), because=because)
    about.update(person_id=None)
    done.update(actor_id=None)


def cut_entries_of_event(event_id: int, *, but_of: Collection[int | None], because: str) -> int:
    """Delete entries that name both an event and a person, up to 500, in the caller's transaction.

    Those of the persons ``but_of`` (its host) stay for now. One that the chain has not reached
    keeps its row and loses the person. Returns how many went.
    """
    chain.hold()
    about = Q(person_id__isnull=False) & ~Q(person_id__in=but_of)
    done = Q(actor_kind=ActorKind.PERSON.value, actor_id__isnull=False) & ~Q(actor_id__in=but_of)
    found = Entry.objects.filter(event_id=event_id)
    ids = _chained_among(found.filter(about | done), most=PURGE_AT_ONCE)
    remove_entries(ids, because=because)
    if len(ids) < PURGE_AT_ONCE:  # only what has no digest is left
        found.filter(about).update(person_id=None)
        found.filter(done).update(actor_id=None)
    return len(ids)


def _chained_among(entries: QuerySet[Entry], *, most: int | None = None) -> list[int]:
    chained = Digest.objects.filter(entry_id=OuterRef("id"))
    ids = entries.filter(Exists(chained)).order_by("id").values_list("id", flat=True)
    return list(ids[:most])


@transaction.atomic
def forget_failed_jobs() -> int:
    """Delete jobs that failed more than 30 days ago."""
    old = clock.now() - timedelta(days=30)
    return Job.objects.filter(state=Job.State.FAILED, run_after__lt=old).delete()[0]
