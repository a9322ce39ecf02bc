"""The worker: claims jobs, runs each alone, retries each alone.

A job's effects and its removal are one commit, guarded by the lease, so a worker that is killed
at any line has either done a job or not. Leases compare the database's clock (several machines
may disagree about the time); what is due compares the house's clock (a replay may move it).
"""

from __future__ import annotations

import logging
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from groundswell.kernel import clock, facts
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.ids import new_id
from groundswell.ledger import wires
from groundswell.ledger.models import Entry, Job, ScheduleMark

log = logging.getLogger(__name__)

CLAIM_AT_ONCE = 40
LEASE = timedelta(minutes=1)
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)


_is_stopping = False


class LeaseLost(RuntimeError):
    """Another worker took the job over; everything this one did for it is rolled back."""


def stop() -> None:
    """Let this process's rounds end after the job under way (a signal handler calls this)."""
    global _is_stopping  # a flag rather than an Event, whose lock a signal handler must not take
    _is_stopping = True


def is_stopping() -> bool:
    """True after :func:`stop`; a plugged round that may take long looks at it between two steps."""
    return _is_stopping


@dataclass(frozen=True, slots=True)
class Again:
    """Returned by a task that has more to do: its job stays, with these arguments."""

    args: dict[str, object]


def run_round() -> int:
    """One round: due schedules, a batch of jobs, and the plugged rounds. Returns work done."""
    is_paused = wires.is_paused()
    if not is_paused:
        tick()
    done = run_due()
    for work in wires.rounds_when_paused if is_paused else wires.rounds:
        if not _is_stopping:
            done += work()
    return done


def run_due() -> int:
    """A batch of due jobs and no more: no schedule, no plugged round. Returns work done."""
    return _run_all(claim())


def run_until_idle(most_rounds: int = 100_000) -> int:
    """Rounds until there is nothing left to do now (tests, replay). Returns work done."""
    total = 0
    for _ in range(most_rounds):
        done = run_round()
        if not done:
            return total
        total += done
    raise RuntimeError(f"still busy after {most_rounds} rounds")


def _run_all(jobs: list[Job]) -> int:
    """Run claimed jobs one by one; a stop or a pause gives back those that have not begun."""
    renew_at = time.monotonic() + LEASE.total_seconds() / 3
    for number, job in enumerate(jobs):
        if _is_stopping or (job.priority < wires.URGENT and wires.is_paused()):
            _held(jobs[number:]).update(state=Job.State.READY, lease_token=None)
            return number
        if time.monotonic() > renew_at:
            _held(jobs[number:]).update(lease_until=Now() + LEASE)
            renew_at = time.monotonic() + LEASE.total_seconds() / 3
        run(job)
    return len(jobs)


def _held(jobs: list[Job]) -> QuerySet[Job]:
    return Job.objects.filter(id__in=[job.id for job in jobs], lease_token=jobs[0].lease_token)


def tick() -> None:
    """Enqueue each schedule that is due. The mark moves in the same commit as the job."""
    now = clock.now()
    marks = dict(ScheduleMark.objects.values_list("name", "next_at"))
    for line in wires.schedules:
        due = marks.get(line.name)
        if due is not None and due > now:
            continue
        with transaction.atomic():
            if due is None:
                due = now
                fresh = ScheduleMark(name=line.name, next_at=due)
                ScheduleMark.objects.bulk_create([fresh], ignore_conflicts=True)
            is_mine = ScheduleMark.objects.filter(name=line.name, next_at=due).update(
                next_at=now + line.every
            )
            if not is_mine:
                continue  # another worker was first
            line.task.enqueue()


def claim(limit: int = CLAIM_AT_ONCE) -> list[Job]:
    """Lease up to ``limit`` due jobs, those of dead workers included."""
    token = new_id()
    is_due = Q(state=Job.State.READY, run_after__lte=clock.now()) | Q(
        state=Job.State.CLAIMED, lease_until__lt=Now()
    )
    # The exclusion repeats the condition of the index ledger_job_open, which serves the order.
    due = Job.objects.exclude(state=Job.State.FAILED).filter(is_due)
    if wires.is_paused():
        due = due.filter(priority__gte=wires.URGENT)
    due = due.order_by("-priority", "run_after")
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            due = due.select_for_update(skip_locked=True)
            return _leased(list(due.values_list("id", flat=True)[:limit]), Q(), token)
    # SQLite has one write lock: look without it first; the update asks the question again.
    return _leased(list(due.values_list("id", flat=True)[:limit]), is_due, token)


def _leased(ids: list[int], still: Q, token: int) -> list[Job]:
    if not ids:
        return []
    Job.objects.filter(still, id__in=ids).update(
        state=Job.State.CLAIMED, lease_token=token, lease_until=Now() + LEASE
    )
    held = Job.objects.filter(id__in=ids, lease_token=token)
    return list(held.order_by("-priority", "run_after"))


def run(job: Job) -> int:
    """Run one claimed job; whatever goes wrong is noted on it and retried later. Returns 1."""
    try:
        with transaction.atomic():
            outcome = _call(job)
            mine = Job.objects.filter(id=job.id, lease_token=job.lease_token)
            if isinstance(outcome, Again):
                kept = mine.update(
                    state=Job.State.READY,
                    args=outcome.args,
                    lease_token=None,
                    attempts=0,
                )
            else:
                kept = mine.delete()[0]
            if kept != 1:
                raise LeaseLost(str(job.id))
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job.id)
    except Exception as error:  # noqa: BLE001  # the one place: a poisoned job blocks nobody
        _put_back(job, error)
    return 1


def _call(job: Job) -> object:
    if job.entry_id is None:
        task = import_string(job.name)
        return task.call(*job.args.get("args", ()), **job.args.get("kwargs", {}))
    entry = Entry.objects.filter(id=job.entry_id).first()
    reaction = wires.reactions.get(job.name)
    if entry is None or reaction is None:  # purged meanwhile, or unplugged by an upgrade
        return None
    fact = facts.rebuild(
        wires.facts[entry.kind],
        {name: getattr(entry, name) for name in facts.INDEXED_IDS},
        entry.rest,
    )
    by = Actor(ActorKind(entry.actor_kind), entry.actor_id)
    reaction(wires.Happening(entry.id, entry.at, by, fact))
    return None


def _put_back(job: Job, error: Exception) -> None:
    """Back off, or give up after five repeats. The note names the error, never its values."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    note = f"{type(error).__name__} at {last.name}:{last.lineno}"
    tries = job.attempts + 1
    given_up = tries > len(BACK_OFF)
    Job.objects.filter(id=job.id, lease_token=job.lease_token).update(
        state=Job.State.FAILED if given_up else Job.State.READY,
        attempts=F("attempts") + 1,
        run_after=clock.now() + BACK_OFF[min(tries, len(BACK_OFF)) - 1],
        lease_token=None,
        error=note,
    )
    log.error("job %s (%s) failed, try %s: %s", job.id, job.name, tries, note)
