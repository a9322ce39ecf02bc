"""A backup file: lines, compressed, encrypted to an age recipient (age-encryption.org/v1).

Nothing is ever written in the clear on the way: lines go through the compressor and the cipher
into the file, and back the same way.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # it is written in Rust

IDENTITY_FILE = "backup-identity.txt"  # made by ``groundswell init``; it belongs elsewhere


class NotARecipient(ValueError):
    """The text is no age recipient (``age1…``)."""


class NotAnIdentity(ValueError):
    """The file holds no age identity (``AGE-SECRET-KEY-1…``)."""


class CannotRead(ValueError):
    """The file was made for another identity, was changed, or is no backup."""


def new_identity() -> tuple[str, str]:
    """A new identity that opens backups, and its recipient, which makes them."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def recipient(text: str) -> pyrage.x25519.Recipient:
    """Raises NotARecipient."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as wrong:
        raise NotARecipient(text) from wrong


def identities(text: str) -> list[pyrage.x25519.Identity]:
    """Every identity of an age key file. Raises NotAnIdentity."""
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except pyrage.IdentityError as wrong:
        raise NotAnIdentity from wrong
    if not found:
        raise NotAnIdentity
    return found


def recipient_of(key_file: str) -> str:
    """The recipient of the first identity in an age key file. Raises NotAnIdentity."""
    return str(identities(key_file)[0].to_public())


class _Compressed:
    """What age reads from: the compressed form of lines, made as it is asked for."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._press = zlib.compressobj(6)
        self._ready = b""
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        while not self._is_over and (size < 0 or len(self._ready) < size):
            part = next(self._lines, None)
            self._is_over = part is None
            self._ready += self._press.flush() if part is None else self._press.compress(part)
        if size < 0:
            size = len(self._ready)
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def write(path: Path, lines: Iterator[bytes], to: str) -> int:
    """Write a file that only its owner may read, complete or not at all. Returns its size.

    Raises NotARecipient.
    """
    reader = recipient(to)
    unfinished = path.with_name(f"{path.name}.part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            pyrage.encrypt_io(_Compressed(lines), file, [reader])
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path.stat().st_size


class _Lines:
    """What age writes to: hands on whole lines. What goes wrong there waits for the end, because
    the cipher knows no error but its own."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._open = zlib.decompressobj()
        self._rest = b""
        self.error: Exception | None = None

    def write(self, part: bytes) -> int:
        if self.error is None:
            try:
                *lines, self._rest = (self._rest + self._open.decompress(part)).split(b"\n")
                for line in lines:
                    self._heard(line)
            except Exception as error:  # noqa: BLE001  # raised again by read()
                self.error = error
        return len(part)

    def flush(self) -> None:
        """Everything was handed on already."""


def read(path: Path, heard: Callable[[bytes], None], key_file: str) -> None:
    """Hand every line of a backup to ``heard``, without its end.

    Raises NotAnIdentity, CannotRead, and whatever ``heard`` raises.
    """
    keys, lines = identities(key_file), _Lines(heard)
    with path.open("rb") as file:
        try:
            pyrage.decrypt_io(file, lines, keys)
        except (pyrage.DecryptError, OSError) as wrong:
            raise CannotRead(str(path)) from (lines.error or wrong)
    if isinstance(lines.error, zlib.error):
        raise CannotRead(str(path)) from lines.error
    if lines.error is not None:
        raise lines.error
