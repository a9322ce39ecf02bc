"""``groundswell serve`` for a benchmark, and orders to the load generator."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.rig import load


def order_load(order: load.Order) -> dict[str, Any]:
    """Run the load generator in its own process; its answer as :class:`load.Result`'s fields."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.rig.load"],
        input=json.dumps(asdict(order)) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=load.SECONDS_MOST + 60,
        cwd=Path(__file__).parents[2],
    )
    return dict(json.loads(answer.stdout))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    options: Sequence[str] = (), *, module: str = "groundswell.cli"
) -> Iterator[tuple[int, int]]:
    """Serve this environment's installation; yields the port and the supervisor's pid.

    Without its worker, which would share the cores for work that a surge leaves for later.
    """
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    code = f"import sys; from {module} import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", "--port", str(port), "--no-worker", *options]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up")
