"""One web process: it finishes what it began, and its address cannot be taken twice."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from groundswell.cli import web_process
from tests.running.processes import children, running, wait_until

pytestmark = pytest.mark.real_clock

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import time
from groundswell.cli import web_process
from groundswell.cli.supervisor import Slot, Supervisor

def application(environ, start_response):
    time.sleep(0.6)
    start_response("200 OK", [("content-type", "text/plain")])
    return [b"done"]

listener, = web_process.listen("127.0.0.1", 0, 1)
print(listener.getsockname()[1], flush=True)
Supervisor([Slot("web", lambda: web_process.serve(listener, application, threads=2))]).run()
"""


def test_a_stop_lets_the_answer_under_way_finish() -> None:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with running([sys.executable, "-c", SCRIPT], env=env, cwd=ROOT) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        answer: list[bytes] = []

        def ask() -> None:
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            wire.request("GET", "/")
            answer.append(wire.getresponse().read())
            wire.close()

        wait_until(lambda: bool(children(process.pid)), seconds=5, what="the web process")
        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.4)

        process.terminate()
        asking.join()

        assert answer == [b"done"]
        assert process.wait(timeout=5) == 0


def test_each_process_has_a_listening_socket_on_the_same_port() -> None:
    made = web_process.listen("127.0.0.1", 0, 3)

    ports = {one.getsockname()[1] for one in made}
    for one in made:
        one.close()

    assert (len(made), len(ports)) == (3, 1)


def test_a_port_in_use_is_refused_although_it_could_be_shared() -> None:
    first = web_process.listen("127.0.0.1", 0, 2)
    port = first[0].getsockname()[1]

    with pytest.raises(web_process.PortIsTaken):
        web_process.listen("127.0.0.1", port, 2)

    for one in first:
        one.close()


def test_control_the_kernel_would_share_the_port_with_a_second_server() -> None:
    first = web_process.listen("127.0.0.1", 0, 1)
    port = first[0].getsockname()[1]

    second = web_process._bound(socket.AF_INET, "127.0.0.1", port, is_shared=True)

    assert second.getsockname()[1] == port
    second.close()
    first[0].close()
