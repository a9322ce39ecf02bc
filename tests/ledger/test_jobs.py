"""Jobs: an effect and the job's end are one commit; what fails waits, and blocks nobody."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.models import F
from django.db.models.functions import Now
from django_tasks.base import TaskResultStatus

from groundswell.ledger import operations, queries, wires, worker
from groundswell.ledger.models import Job, ScheduleMark
from tests.conftest import STILL_AT
from tests.running import jobs

Effects = Callable[[], list[int]]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Failing jobs are the subject here, not news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def only_jobs(bare_wires: Any) -> None:
    """No round of another room takes part."""


def put(task: Any, *args: object, **options: Any) -> int:
    return operations.enqueue(task.module_path, {"args": list(args)}, **options)


# --- effect and end ------------------------------------------------------------------------------


def test_a_done_job_is_gone_and_its_effect_is_there(effects: Effects) -> None:
    put(jobs.write, 7)

    assert worker.run_until_idle() == 1
    assert (effects(), Job.objects.count()) == ([7], 0)


def test_a_failing_job_leaves_no_effect_and_stays(effects: Effects) -> None:
    put(jobs.write_then_fall, 7)

    worker.run_until_idle()

    assert effects() == []
    left = Job.objects.values("state", "attempts", "run_after", "lease_token").get()
    assert left == {
        "state": "ready",
        "attempts": 1,
        "run_after": STILL_AT + timedelta(minutes=1),
        "lease_token": None,
    }


def test_the_note_on_a_failed_job_names_the_error_and_never_its_values(effects: Effects) -> None:
    put(jobs.write_then_fall, 7)

    worker.run_until_idle()

    assert Job.objects.get().error.startswith("LookupError at write_then_fall:")
    assert "amina" not in Job.objects.get().error


def test_back_off_grows_and_the_sixth_failure_is_the_last(
    effects: Effects, still_clock: Any
) -> None:
    job_id = put(jobs.write_then_fall, 7)
    waits = []
    for _ in range(5):
        worker.run_until_idle()
        due = Job.objects.get(id=job_id).run_after
        waits.append((due - operations.clock.now()) / timedelta(minutes=1))
        still_clock.move_to(due)
    worker.run_until_idle()

    assert waits == [1, 5, 30, 120, 480]
    assert Job.objects.get(id=job_id).state == Job.State.FAILED
    still_clock.shift(timedelta(days=1))
    assert worker.run_until_idle() == 0


def test_a_poisoned_job_blocks_nobody(effects: Effects) -> None:
    put(jobs.write_then_fall, 1, priority=9)
    for number in (2, 3):
        put(jobs.write, number)

    worker.run_until_idle()

    assert effects() == [2, 3]


def test_a_job_of_an_unknown_name_blocks_nobody(effects: Effects) -> None:
    operations.enqueue("tests.running.jobs.removed_last_year", {})
    put(jobs.write, 2)

    worker.run_until_idle()

    assert (effects(), Job.objects.get().error.split()[0]) == ([2], "ImportError")


def test_more_urgent_jobs_run_first_and_then_older_ones(
    effects: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[int]] = []
    really = worker.run
    monkeypatch.setattr(worker, "run", lambda job: (ran.append(job.args["args"]), really(job))[1])
    put(jobs.write, 1, run_after=STILL_AT)
    put(jobs.write, 2, run_after=STILL_AT - timedelta(hours=1))
    put(jobs.write, 3, priority=5)

    worker.run_until_idle()

    assert ran == [[3], [2], [1]]


def test_a_job_waits_for_its_time(effects: Effects, still_clock: Any) -> None:
    put(jobs.write, 1, run_after=STILL_AT + timedelta(hours=1))

    assert worker.run_until_idle() == 0
    still_clock.shift(timedelta(hours=1))
    assert worker.run_until_idle() == 1


# --- leases --------------------------------------------------------------------------------------


def expire(*claimed: Job) -> None:
    ids = [job.id for job in claimed]
    Job.objects.filter(id__in=ids).update(lease_until=F("lease_until") - timedelta(hours=1))


def test_a_claimed_job_is_not_claimed_again_while_its_lease_holds(effects: Effects) -> None:
    put(jobs.write, 1)

    assert (len(worker.claim()), len(worker.claim())) == (1, 0)


def test_an_expired_lease_is_taken_over_and_the_first_worker_changes_nothing(
    effects: Effects,
) -> None:
    put(jobs.write, 1)
    (first,) = worker.claim()
    expire(first)
    (second,) = worker.claim()

    worker.run(first)
    assert (effects(), Job.objects.count()) == ([], 1)
    worker.run(second)
    assert (effects(), Job.objects.count()) == ([1], 0)


def test_control_without_the_lease_token_the_effect_doubles(
    effects: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(job: Job) -> int:
        with transaction.atomic():
            worker._call(job)
            Job.objects.filter(id=job.id).delete()
        return 1

    put(jobs.write, 1)
    (first,) = worker.claim()
    expire(first)
    (second,) = worker.claim()

    careless(first)
    careless(second)

    assert effects() == [1, 1]


def test_a_lease_is_renewed_while_a_long_batch_runs(
    effects: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put(jobs.write, number)
    held = worker.claim()
    expire(*held)
    seconds = itertools.count(step=25)  # more than a third of the lease between two looks
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    really, still_leased = worker.run, []

    def run(job: Job) -> int:
        still_leased.append(Job.objects.filter(lease_until__gt=Now()).count())
        return really(job)

    monkeypatch.setattr(worker, "run", run)
    worker._run_all(held)

    assert (still_leased, effects()) == ([3, 2, 1], [0, 1, 2])


def test_a_stop_ends_after_the_job_under_way_and_gives_the_rest_back(
    effects: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_is_stopping", False)
    really = worker.run
    monkeypatch.setattr(worker, "run", lambda job: (really(job), worker.stop())[0])
    for number in range(3):
        put(jobs.write, number)

    assert worker.run_round() == 1
    assert len(effects()) == 1
    assert list(Job.objects.values_list("state", "lease_token")) == [("ready", None)] * 2


# --- steps, schedules, the task API --------------------------------------------------------------


def test_a_job_with_more_to_do_stays_and_moves_its_cursor(effects: Effects) -> None:
    put(jobs.count_down, 3)

    seen = []
    while Job.objects.exists():
        worker.run_round()
        seen.append((effects(), [job.args for job in Job.objects.all()]))

    assert seen == [([3], [{"args": [2]}]), ([2, 3], [{"args": [1]}]), ([1, 2, 3], [])]


def _four_at_once(work: Callable[[], None]) -> None:
    gate = threading.Barrier(4)

    def run() -> None:
        gate.wait()
        work()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_schedule_is_due_once_per_period_however_many_workers_look(
    effects: Effects, still_clock: Any
) -> None:
    wires.plug_schedule("nightly", timedelta(hours=1), jobs.nothing)
    counts = []
    for _ in range(4):
        _four_at_once(worker.tick)
        counts.append(Job.objects.count())
        still_clock.shift(timedelta(hours=1))

    assert counts == [1, 2, 3, 4]


def test_control_a_schedule_without_the_guarded_mark_is_due_for_everybody(
    effects: Effects, still_clock: Any
) -> None:
    def careless() -> None:
        due = ScheduleMark.objects.filter(name="nightly", next_at__lte=STILL_AT).exists()
        both_have_looked.wait()
        if due:
            ScheduleMark.objects.update(next_at=STILL_AT + timedelta(hours=1))
            jobs.nothing.enqueue()

    both_have_looked = threading.Barrier(4)
    ScheduleMark.objects.create(name="nightly", next_at=STILL_AT)

    _four_at_once(careless)

    assert Job.objects.count() == 4


def test_a_missed_schedule_runs_once_and_not_once_per_missed_period(
    effects: Effects, still_clock: Any
) -> None:
    wires.plug_schedule("hourly", timedelta(hours=1), jobs.nothing)
    worker.tick()
    still_clock.shift(timedelta(days=3))

    worker.tick()

    assert Job.objects.count() == 2


def test_the_task_api_writes_a_row_that_the_worker_runs(effects: Effects) -> None:
    result = jobs.write.using(priority=3, run_after=STILL_AT).enqueue(5, seconds=0.0)

    assert result.status == TaskResultStatus.READY
    row = Job.objects.values("id", "name", "args", "priority", "run_after").get()
    assert row == {
        "id": int(result.id),
        "name": "tests.running.jobs.write",
        "args": {"args": [5], "kwargs": {"seconds": 0.0}},
        "priority": 3,
        "run_after": STILL_AT,
    }
    worker.run_until_idle()
    assert effects() == [5]


def test_a_task_enqueued_in_a_transaction_that_fails_was_never_enqueued(effects: Effects) -> None:
    with transaction.atomic():
        jobs.nothing.enqueue()
        transaction.set_rollback(True)

    assert Job.objects.count() == 0


def test_what_waits_is_counted(effects: Effects, still_clock: Any) -> None:
    put(jobs.write, 1, run_after=STILL_AT - timedelta(hours=2))
    put(jobs.write, 2)
    Job.objects.filter(run_after=STILL_AT).update(state=Job.State.FAILED)

    waiting = queries.jobs_waiting()

    assert waiting == queries.Waiting(ready=1, failed=1, oldest_at=STILL_AT - timedelta(hours=2))


def test_failed_jobs_are_forgotten_after_a_month(effects: Effects, still_clock: Any) -> None:
    put(jobs.write, 1)
    Job.objects.update(state=Job.State.FAILED)
    still_clock.shift(timedelta(days=30))
    assert operations.forget_failed_jobs() == 0

    still_clock.shift(timedelta(days=1))

    assert operations.forget_failed_jobs() == 1
