"""Names for rows and links: time-ordered ids made before the insert, slugs, and secret tokens.

Ids are made by the process rather than by the database, because a sealed column is bound to its
row's id, and because a batch of rows that point at each other can then be written in one go.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import secrets
import threading
import time
from pathlib import Path
from typing import IO

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
_PROCESS_BITS = 10
_COUNT_BITS = 12
_DIGITS = 19  # of the largest number of 63 bits
_SLUG_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/l/i, u: read aloud without mistakes


_folder: Path | None = None
_held: list[IO[str]] = []  # lock files, held for as long as this process lives


def number_processes_in(folder: Path) -> None:
    """Let every process that shares this folder have a number of its own (config/apps.py).

    Without it the number is drawn, and two of thirty processes share one in every third start.
    """
    global _folder
    _folder = folder


def _process_number() -> int:
    """A free number, marked by a locked file; a drawn one where there is no folder to share."""
    if _folder is None:
        return secrets.randbits(_PROCESS_BITS)
    most = 1 << _PROCESS_BITS
    # Machines that share a database but no folder begin at different places.
    where = hashlib.sha256(f"{platform.node()} {_folder}".encode()).digest()
    first = int.from_bytes(where[:2]) % most
    _folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number in range(most):
        file = (_folder / str(number)).open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        _held.append(file)
        return (first + number) % most
    raise RuntimeError(f"{most} processes at once in {_folder}")


class _Ids:
    """41 bits of milliseconds, 12 bits of count, 10 bits of process: 63 bits, never twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._process = 0
        self._last_ms = 0
        self._count = 0

    def next(self, many: int) -> list[int]:
        with self._lock:
            if self._pid != os.getpid():  # a forked worker must not continue its parent's series
                self._pid = os.getpid()
                self._process = _process_number()
                self._last_ms = 0
            ms = time.time_ns() // 1_000_000 - _EPOCH_MS
            if ms > self._last_ms:
                self._last_ms, self._count = ms, secrets.randbits(_COUNT_BITS - 1)
            else:
                self._count += 1
            # Milliseconds and count are one number that goes up: a full count takes the next one.
            first = (self._last_ms << _COUNT_BITS) + self._count
            last = first + many - 1
            self._last_ms, self._count = last >> _COUNT_BITS, last & ((1 << _COUNT_BITS) - 1)
            return [each << _PROCESS_BITS | self._process for each in range(first, last + 1)]


_ids = _Ids()


def new_id() -> int:
    """A new 63-bit id, larger than every id this process made before."""
    return _ids.next(1)[0]


def new_ids(many: int) -> list[int]:
    """So many ids at once, each as :func:`new_id` gives it."""
    return _ids.next(many) if many else []


def read_id(text: str) -> int | None:
    """The id that a form sent back; None for anything that no row's id can be."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number < 1 << 63 else None


def new_slug(length: int = 8) -> str:
    """A short name for a public address, for example ``7h2kqm4x`` (about 39 bits at 8 letters)."""
    return "".join(secrets.choice(_SLUG_LETTERS) for _ in range(length))


def new_token() -> str:
    """A link secret of 128 random bits, URL-safe. Only its hash is ever stored."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> bytes:
    """The stored form of a token. A plain hash suffices: the token has 128 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
