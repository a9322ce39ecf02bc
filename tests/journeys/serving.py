"""The demonstration for browsers: built once per run, copied and served by each test process."""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.running.processes import running, wait_until

ROOT = Path(__file__).resolve().parents[2]
GAZETTEER = ROOT / ".pytest_cache" / "gazetteer"
GROUNDSWELL = "import sys; from groundswell.cli import main; sys.exit(main())"
SHELF = ROOT / ".pytest_cache" / "journeys"
BUILT = "built"  # this file says that the folder is complete


@dataclass(frozen=True)
class Served:
    """A demonstration that answers at ``origin``; ``told`` is what the scene prepared."""

    origin: str
    folder: Path
    told: dict[str, Any]

    def url(self, path: str) -> str:
        return self.origin + path


def environment(folder: Path, port: int = 8000) -> dict[str, str]:
    """Nothing of this machine's settings but where programs are."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "GROUNDSWELL_MODE": "demo",
        "GROUNDSWELL_DATA_DIR": str(folder),
        "GROUNDSWELL_WEB_PROCESSES": "1",
        "PORT": str(port),
        "GROUNDSWELL_FORM_SECONDS": "0",  # journeys type faster than people
    }


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, env=environment(folder), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr[-3000:]}"
    return done.stdout


def built(*, with_scene: bool) -> Path:
    """The folder of the demonstration, built by whichever test process comes first.

    It is built again each day and for each change of the code. With the scene, it also holds what
    takes time to happen: an event that is over, a full one, links of every kind
    (tests/journeys/scene.py).
    """
    SHELF.mkdir(parents=True, exist_ok=True)
    with (SHELF / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _drop_old()
        plain = SHELF / f"plain-{_fingerprint(_what_builds())}"
        if not (plain / BUILT).exists():
            _build(plain)
        if not with_scene:
            return plain
        staged = SHELF / f"staged-{_fingerprint([plain, *_what_stages()])}"
        if not (staged / BUILT).exists():
            shutil.rmtree(staged, ignore_errors=True)
            copied(plain, staged)
            told = _run([sys.executable, "-m", "tests.journeys.scene"], staged)
            (staged / BUILT).write_text(told.splitlines()[-1], encoding="ascii")
        return staged


def _build(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    GAZETTEER.mkdir(parents=True, exist_ok=True)
    (folder / "cache").symlink_to(GAZETTEER)
    _run([sys.executable, "-c", GROUNDSWELL, "demo", "--no-serve"], folder)
    (folder / BUILT).write_text("{}", encoding="ascii")


def _what_builds() -> list[Path]:
    """The code that decides what the demonstration holds: rooms and command, and no page."""
    house = ROOT / "groundswell"
    pages = {house / name for name in ("public", "my", "office", "web", "static")}
    return [file for file in sorted(house.rglob("*.py")) if not pages & set(file.parents)]


def _what_stages() -> list[Path]:
    return [ROOT / "tests/journeys/scene.py", *sorted((ROOT / "tests/factories").glob("*.py"))]


def _fingerprint(paths: list[Path]) -> str:
    """Changes with the day, and with the name and content of every file."""
    digest = hashlib.sha256(f"{datetime.now(UTC):%Y-%m-%d}".encode())
    for path in paths:
        digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()[:16]


def _drop_old() -> None:
    """What nobody has used for a day."""
    for folder in SHELF.glob("*-*"):
        if time.time() - folder.stat().st_mtime > 24 * 3600:
            shutil.rmtree(folder, ignore_errors=True)


def copied(source: Path, target: Path) -> None:
    """A copy of a demonstration that nobody serves."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(BUILT))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def served(source: Path, folder: Path) -> Iterator[Served]:
    """A copy of ``source``, answering on a port of its own until the block ends."""
    copied(source, folder)
    told = json.loads((source / BUILT).read_text(encoding="ascii"))
    port = _free_port()
    command = [sys.executable, "-c", GROUNDSWELL, "demo", "--port", str(port)]
    log = folder / "served.log"
    with running(command, env=environment(folder, port), cwd=ROOT, output=log) as process:

        def answers() -> bool:
            assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
            return _is_well(port)

        wait_until(answers, seconds=90, what="the demonstration answers")
        yield Served(f"http://127.0.0.1:{port}", folder, told)


def _is_well(port: int) -> bool:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request("GET", "/healthz")
        return wire.getresponse().status == 200
    except OSError:
        return False
    finally:
        wire.close()
