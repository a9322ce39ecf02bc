"""A number that no other test run on this machine holds, for the names of its databases.

A fixed set of names means that a run that was killed leaves nothing behind for ever: the next
holder of its number replaces its databases.
"""

from __future__ import annotations

import fcntl
import tempfile
from functools import cache
from pathlib import Path
from typing import IO

_held: list[IO[str]] = []  # open for as long as this process lives, and so are their locks


@cache
def free_slot() -> int:
    for number in range(256):
        file = Path(tempfile.gettempdir(), f"groundswell-test-slot-{number}.lock").open("w")  # noqa: SIM115 - held open
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        _held.append(file)
        return number
    raise RuntimeError("256 test runs at once on one machine")
