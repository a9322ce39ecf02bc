"""The packages we stand on: locked by hash, few, and without known holes.

The locks are always looked at. Known holes are asked of OSV (google.github.io/osv.dev/api), which
only learns names and versions that stand in a public file; where it cannot be reached, this says so
and passes, so that nobody's work hangs on somebody else's server. A hole that has been known for
less than two days is told and does not stop anything yet.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from groundswell.kernel import clock

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
RUNTIME_MOST = 54
SERVICE = os.environ.get("GROUNDSWELL_OSV", "https://api.osv.dev")
SECONDS = 15
GRACE = timedelta(hours=48)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


@dataclass(frozen=True)
class Pin:
    """One locked package."""

    name: str
    version: str
    hashes: int


def pins(lock: str) -> list[Pin]:
    """The packages of a lock file. Raises ValueError for a line that pins nothing by hash."""
    found: list[Pin] = []
    for line in lock.replace("\\\n", " ").splitlines():
        bare = line.split(" #")[0].strip()
        if not bare or bare.startswith("#"):
            continue
        match = _PINNED.match(bare)
        if match is None:
            raise ValueError(f"not a pinned package: {bare[:80]}")
        pin = Pin(match[1].lower(), match[2], bare.count("--hash=sha256:"))
        if not pin.hashes:
            raise ValueError(f"{pin.name} {pin.version} has no hash")
        found.append(pin)
    return found


def _ask(path: str, told: object = None) -> dict:
    data = json.dumps(told).encode() if told is not None else None
    request = urllib.request.Request(
        SERVICE + path, data, {"Content-Type": "application/json"}, method="POST" if data else "GET"
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return dict(json.loads(answer.read(4_000_000)))


def holes(found: list[Pin]) -> list[tuple[Pin, str, datetime]]:
    """Known holes: package, name of the hole, since when. Raises OSError when nobody answers."""
    queries = [
        {"package": {"name": pin.name, "ecosystem": "PyPI"}, "version": pin.version}
        for pin in found
    ]
    answers = _ask("/v1/querybatch", {"queries": queries}).get("results", [])
    known = []
    for pin, answer in zip(found, answers, strict=True):
        for hole in answer.get("vulns", []):
            told = _ask(f"/v1/vulns/{hole['id']}")
            if told.get("withdrawn"):
                continue
            since = datetime.fromisoformat(told["published"])
            known.append((pin, hole["id"], since))
    return known


def main() -> int:
    """0 when nothing stops a release."""
    found: dict[str, list[Pin]] = {}
    for name in LOCKS:
        try:
            found[name] = pins((ROOT / name).read_text(encoding="utf-8"))
        except ValueError as wrong:
            print(f"✗ {name}: {wrong}")
            return 1
    runtime = len(found[LOCKS[0]])
    if runtime > RUNTIME_MOST:
        print(f"✗ {runtime} packages run in an installation; {RUNTIME_MOST} are enough.")
        return 1
    print(f"✓ {runtime} packages, and {len(found[LOCKS[1]])} with tests, locked by hash.")
    try:
        known = holes(
            sorted({pin for each in found.values() for pin in each}, key=lambda p: p.name)
        )
    except (OSError, ValueError, KeyError) as gone:
        print(f"→ The list of known holes is not reachable ({type(gone).__name__}). Going on.")
        return 0
    old = [each for each in known if clock.now() - each[2] > GRACE]
    for pin, hole, since in known:
        print(f"{'✗' if (pin, hole, since) in old else '→'} {pin.name} {pin.version}: {hole}")
    if not known:
        print("✓ No known hole in any of them.")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
