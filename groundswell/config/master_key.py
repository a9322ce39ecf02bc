"""Where the master key comes from. It is never in the database."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from groundswell.config import environment as env
from groundswell.kernel.sealing import KEY_BYTES, new_key

TEST_KEY = bytes(range(KEY_BYTES))


def load_master_key(mode: str, data_dir: Path) -> bytes:
    """The 32-byte master key from GROUNDSWELL_MASTER_KEY, GROUNDSWELL_MASTER_KEY_FILE, a systemd
    credential named ``groundswell-master-key``, or a file beside the data. That file is made for a
    demo, and by ``groundswell init``, which sets GROUNDSWELL_NEW_KEY before the settings are read.

    Raises ImproperlyConfigured when a live installation has none.
    """
    given = env.secret("GROUNDSWELL_MASTER_KEY") or _credential()
    if given:
        return _parsed(given)
    if mode == "test":
        return TEST_KEY
    beside = data_dir / "master.key"
    is_first_start = mode == "demo" or env.flag("GROUNDSWELL_NEW_KEY", False)
    if is_first_start and not beside.exists():
        write_new_key(beside)
    if beside.exists():
        return _parsed(beside.read_text(encoding="ascii").strip())
    raise ImproperlyConfigured(
        "GROUNDSWELL_MASTER_KEY is missing: run `groundswell init`, or set "
        "GROUNDSWELL_MASTER_KEY_FILE to the file with your key"
    )


def write_new_key(path: Path) -> None:
    """Make a key file that only its owner can read; a second process keeps the first one's key."""
    temporary = path.with_suffix(f".{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key().hex() + "\n")
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process made it in the same moment, and its key is as good
    finally:
        temporary.unlink()


def _credential() -> str | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, "groundswell-master-key") if folder else None
    return path.read_text(encoding="ascii").strip() if path and path.exists() else None


def _parsed(value: str) -> bytes:
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(
            "GROUNDSWELL_MASTER_KEY: expected 64 hexadecimal characters (32 bytes)"
        )
    return key
