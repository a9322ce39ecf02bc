"""Processes come back when they die, at once or with back-off, and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running.processes import children, is_alive, running, wait_until

pytestmark = pytest.mark.real_clock

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import sys, time
from groundswell.cli.supervisor import Slot, Supervisor

def sleeps():
    time.sleep(60)

def falls():
    print("start", flush=True)
    sys.exit(3)

{change}
Supervisor([Slot("one", {work}), Slot("two", sleeps)], grace=1.0).run()
"""


@contextmanager
def supervisor(work: str = "sleeps", change: str = "") -> Iterator[subprocess.Popen[str]]:
    code = SCRIPT.format(work=work, change=change)
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with running([sys.executable, "-c", code], env=env, cwd=ROOT) as process:
        wait_until(lambda: "gs two" in names(process), seconds=10, what="the slots start")
        yield process


def names(process: subprocess.Popen[str]) -> list[str]:
    return sorted(children(process.pid).values())


def pid_of(process: subprocess.Popen[str], name: str) -> int | None:
    return {found: pid for pid, found in children(process.pid).items()}.get(name)


def test_a_killed_process_is_back() -> None:
    with supervisor() as process:
        wait_until(lambda: "gs one" in names(process), seconds=10, what="it has its name")
        before = pid_of(process, "gs one")
        assert before is not None

        os.kill(before, signal.SIGKILL)

        wait_until(
            lambda: pid_of(process, "gs one") not in {None, before},
            seconds=10,
            what="another process takes the slot",
        )


def test_a_process_that_falls_at_once_is_started_ever_more_slowly() -> None:
    with supervisor("falls") as process:
        time.sleep(1.3)
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=5)

    # Waits of 0.1, 0.2, 0.4 and 0.8 s lie between the first five starts.
    assert 3 <= told.count("start\n") <= 5


def test_a_stop_ends_the_children_and_then_the_parent() -> None:
    with supervisor() as process:
        pids = list(children(process.pid))

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=3) == 0
        assert [is_alive(pid) for pid in pids] == [False, False]


def test_a_child_that_will_not_stop_is_killed_after_the_grace() -> None:
    change = (
        "import signal\n"
        "def deaf():\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    time.sleep(60)\n"
    )
    with supervisor("deaf", change) as process:
        pids = list(children(process.pid))

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=5) == 0
        assert [is_alive(pid) for pid in pids] == [False, False]


def test_children_end_when_the_parent_is_killed() -> None:
    with supervisor() as process:
        pids = list(children(process.pid))

        process.kill()
        process.wait()

        wait_until(lambda: not any(map(is_alive, pids)), seconds=3, what="the children end")


def test_control_without_the_watch_children_outlive_a_killed_parent() -> None:
    with supervisor(change="Supervisor._follow_parent = lambda self: None") as process:
        pids = list(children(process.pid))

        process.kill()
        process.wait()

        with pytest.raises(AssertionError):
            wait_until(lambda: not any(map(is_alive, pids)), seconds=1, what="the children end")
