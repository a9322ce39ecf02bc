"""Real processes for tests: started, waited for, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


def wait_until(is_so: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Looks every 10 ms; fails the test when it is not so in time."""
    give_up = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """True for a process that runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children(pid: int) -> dict[int, str]:
    """The living children of a process, with the names they gave themselves."""
    found = {}
    for text in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        try:
            name = Path(f"/proc/{text}/comm").read_text(encoding="ascii").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if is_alive(int(text)):
            found[int(text)] = name
    return found


@contextmanager
def running(
    command: list[str], *, env: dict[str, str], cwd: Path, output: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process in a group of its own; whatever is left of the group is killed at the end.

    What it prints goes to the file ``output``, or to ``process.stdout`` for the test to read.
    """
    with ExitStack() as open_files:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdout=open_files.enter_context(output.open("w")) if output else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
