"""Where the master key comes from. It is never in the database."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from django.core.exceptions import ImproperlyConfigured

from groundswell.config import environment as env
from groundswell.kernel.sealing import KEY_BYTES, new_key

TEST_KEY = bytes(range(KEY_BYTES))
PASSPHRASE_LEAST = 16  # letters; five words drawn by dice are many more
SALT_FILE = "master.salt"


def load_master_key(mode: str, data_dir: Path) -> bytes:
    """The 32-byte master key from GROUNDSWELL_MASTER_KEY, GROUNDSWELL_MASTER_KEY_FILE, a systemd
    credential named ``groundswell-master-key``, a passphrase that is asked for (the value
    ``ask``), or a file beside the data. That file is made for a demo, and by ``groundswell init``,
    which sets GROUNDSWELL_NEW_KEY before the settings are read.

    Raises ImproperlyConfigured when a live installation has none.
    """
    given = env.secret("GROUNDSWELL_MASTER_KEY")
    if given:
        return parsed("GROUNDSWELL_MASTER_KEY", given, data_dir)
    if mode == "test":
        return TEST_KEY
    beside = data_dir / "master.key"
    is_first_start = mode == "demo" or env.flag("GROUNDSWELL_NEW_KEY", False)
    if is_first_start and not beside.exists():
        write_new_key(beside)
    if beside.exists():
        return parsed("GROUNDSWELL_MASTER_KEY", beside.read_text(encoding="ascii"), data_dir)
    raise ImproperlyConfigured(
        "GROUNDSWELL_MASTER_KEY is missing: run `groundswell init`, or set "
        "GROUNDSWELL_MASTER_KEY_FILE to the file with your key"
    )


def load_other_key(data_dir: Path) -> bytes | None:
    """A second master key that opens too, while ``groundswell rotate-key`` is at work."""
    given = env.secret("GROUNDSWELL_OTHER_MASTER_KEY")
    return parsed("GROUNDSWELL_OTHER_MASTER_KEY", given, data_dir) if given else None


def write_new_key(path: Path) -> None:
    """Make a key file that only its owner can read; a second process keeps the first one's key."""
    _write_once(path, new_key().hex())


def _write_once(path: Path, text: str) -> None:
    temporary = path.with_suffix(f".{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process made it in the same moment, and its key is as good
    finally:
        temporary.unlink()


def parsed(name: str, value: str, data_dir: Path) -> bytes:
    """The key behind a value: 64 hexadecimal characters, or ``ask`` for a passphrase."""
    value = value.strip()
    if value == env.ASK:
        return _asked(name, data_dir / SALT_FILE)
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name}: expected 64 hexadecimal characters (32 bytes)")
    return key


def _asked(name: str, salt_file: Path) -> bytes:
    """A key from a passphrase that somebody types now; ``serve`` asks once for all processes."""
    if not sys.stdin.isatty():
        raise ImproperlyConfigured(f"{name} is “ask”: start this in a terminal, to be asked")
    is_first = not salt_file.exists()
    typed = getpass.getpass(f"Passphrase ({name}): ")
    if is_first:
        if len(typed) < PASSPHRASE_LEAST:
            raise ImproperlyConfigured(
                f"A passphrase has at least {PASSPHRASE_LEAST} letters: take five words by chance"
            )
        if getpass.getpass("Once more: ") != typed:
            raise ImproperlyConfigured("The two passphrases differ. Start again.")
        _write_once(salt_file, os.urandom(16).hex())
    return from_passphrase(typed, bytes.fromhex(salt_file.read_text(encoding="ascii").strip()))


def from_passphrase(typed: str, salt: bytes) -> bytes:
    """Argon2id, 3 rounds over 256 MiB (RFC 9106 asks for at least 64): a guess costs a second."""
    return hash_secret_raw(
        typed.encode(), salt, time_cost=3, memory_cost=256 * 1024, parallelism=2,
        hash_len=KEY_BYTES, type=Type.ID,
    )  # fmt: skip
