"""``groundswell serve`` keeps answering and keeps working while its processes are killed."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.ledger import operations
from groundswell.ledger.models import Job
from tests.running import jobs
from tests.running.databases import ROOT, environment
from tests.running.processes import children, is_alive, running, wait_until

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]

GROUNDSWELL = "import sys; from groundswell.cli import main; sys.exit(main())"


class Served:
    """A running ``groundswell serve`` and what a test asks of it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def web(self) -> list[int]:
        return [pid for pid, name in children(self.process.pid).items() if "web" in name]

    def worker(self) -> int | None:
        found = [pid for pid, name in children(self.process.pid).items() if "worker" in name]
        return found[0] if found else None

    def get(self, seconds: float = 5.0) -> int:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            wire.request("GET", "/healthz")
            answer = wire.getresponse()
            answer.read()
            return answer.status
        finally:
            wire.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    command = [sys.executable, "-c", GROUNDSWELL, "serve", "--port", "0", "--processes", "3"]
    with running(command, env=environment(tmp_path), cwd=ROOT) as process:
        assert process.stdout is not None
        told = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", told)):
            line = process.stdout.readline()
            assert line, told
            told += line
        server = Served(process, int(found[1]))
        wait_until(lambda: len(server.web()) == 3, seconds=5, what="three web processes")
        wait_until(lambda: server.worker() is not None, seconds=5, what="a worker")
        yield server


def test_killed_web_processes_do_not_end_the_service(served: Served) -> None:
    answered: list[float] = []
    lost: list[float] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            try:
                assert served.get() == 200
                answered.append(time.monotonic())
            except (OSError, http.client.HTTPException):
                lost.append(time.monotonic())
            time.sleep(0.002)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    kills = []
    for _ in range(8):
        os.kill(random.choice(served.web()), signal.SIGKILL)
        kills.append(time.monotonic())
        time.sleep(0.25)
    is_over.set()
    for thread in threads:
        thread.join()

    # A kill may cost the requests that were being answered, at most one per thread.
    assert len(lost) <= len(kills) * len(threads)
    assert [any(kill < at < kill + 1 for at in answered) for kill in kills] == [True] * 8
    wait_until(lambda: len(served.web()) == 3, seconds=2, what="three web processes again")


def test_a_request_that_waits_is_answered_by_the_next_process(served: Served) -> None:
    """Control: with the supervisor stopped, killed processes stay dead and nothing is answered."""
    os.kill(served.process.pid, signal.SIGSTOP)
    for pid in served.web():
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not served.web(), seconds=2, what="all web processes are dead")
    with pytest.raises(TimeoutError):
        served.get(seconds=0.5)

    answer: list[int] = []
    waiting = threading.Thread(target=lambda: answer.append(served.get(seconds=10)))
    waiting.start()
    time.sleep(0.1)
    os.kill(served.process.pid, signal.SIGCONT)
    waiting.join()

    assert answer == [200]


def test_jobs_go_on_after_the_worker_is_killed(served: Served) -> None:
    first = served.worker()
    assert first is not None
    operations.enqueue("tests.running.jobs.slow", {"args": [30]})
    wait_until(
        lambda: Job.objects.filter(state=Job.State.CLAIMED).exists(), seconds=5, what="a claim"
    )

    os.kill(first, signal.SIGKILL)
    later = jobs.nothing.enqueue().id

    wait_until(
        lambda: not Job.objects.filter(id=int(later)).exists(), seconds=5, what="the later job"
    )
    assert served.worker() not in {None, first}


def test_a_stop_is_graceful(served: Served) -> None:
    pids = list(children(served.process.pid))

    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(timeout=5) == 0
    assert [pid for pid in pids if is_alive(pid)] == []


def test_no_process_outlives_a_killed_parent(served: Served) -> None:
    pids = list(children(served.process.pid))
    assert len(pids) == 4

    served.process.kill()
    served.process.wait()

    wait_until(lambda: not any(map(is_alive, pids)), seconds=5, what="all processes end")


def test_a_taken_port_is_a_sentence(served: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-c", GROUNDSWELL, "serve", "--port", str(served.port)]

    done = subprocess.run(
        command, env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert f"Port {served.port} cannot be used" in done.stderr
    assert "Choose another: --port 8001" in done.stderr
