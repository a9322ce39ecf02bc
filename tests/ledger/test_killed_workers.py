"""kill -9 of real workers at random moments: nothing is lost and nothing is done twice."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from groundswell.ledger import operations
from groundswell.ledger.models import Job
from tests.running.databases import ROOT, environment
from tests.running.processes import children, running, wait_until

pytestmark = [pytest.mark.real_clock, pytest.mark.slow]

# Two workers under a supervisor that forks a new one as soon as one dies. The lease is short, so
# that the jobs of the dead come back within the test.
WORKERS = """
from datetime import timedelta
import django
django.setup()
from groundswell.cli import worker_process
from groundswell.cli.supervisor import Slot, Supervisor
from groundswell.ledger import worker
import logging
logging.disable(logging.CRITICAL)
worker.LEASE = timedelta(seconds=0.6)
worker.CLAIM_AT_ONCE = 5
{change}
slots = [Slot(f"worker {{n}}", worker_process.run) for n in (1, 2)]
Supervisor(slots, grace=2.0).run()
"""
# The control takes the promise away: a job ends before its effect, as brokers that acknowledge
# early do.
CARELESS = """
def careless(job):
    worker.Job.objects.filter(id=job.id).delete()
    worker._call(job)
    return 1
worker.run = careless
"""
JOBS = 300
KILLS = 15


def _run_under_kills(tmp_path: Path, change: str, least_kills: int) -> int:
    """Put JOBS jobs in, kill workers while they run, wait until all are gone; returns the kills."""
    for number in range(JOBS):
        operations.enqueue("tests.running.jobs.write", {"args": [number, 0.006]})
    env = {**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "groundswell.config.settings"}
    command = [sys.executable, "-c", WORKERS.format(change=change)]
    kills = 0
    with running(command, env=env, cwd=ROOT) as process:
        wait_until(lambda: Job.objects.count() < JOBS, seconds=15, what="the first job is done")
        while kills < least_kills and Job.objects.exists():
            time.sleep(random.uniform(0.02, 0.15))
            victims = list(children(process.pid))
            if victims:
                os.kill(random.choice(victims), signal.SIGKILL)
                kills += 1
        wait_until(lambda: not Job.objects.exists(), seconds=20, what="every job is done")
    return kills


def test_killed_workers_lose_and_double_nothing(
    effects: Callable[[], list[int]], tmp_path: Path
) -> None:
    kills = _run_under_kills(tmp_path, "", KILLS)

    assert kills == KILLS
    assert Counter(effects()) == Counter(range(JOBS))


def test_control_a_worker_that_ends_the_job_first_loses_effects(
    effects: Callable[[], list[int]], tmp_path: Path
) -> None:
    _run_under_kills(tmp_path, CARELESS, 2 * KILLS)

    assert len(effects()) < JOBS
