"""Many sign-ups at once over real HTTP, processes killed, and the control: bounded from bench/r4.

``./dev bench r4`` runs the full storm: 10,000 sign-ups, 200 at once, 500 seats.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.real_clock
def test_storm_fills_exactly_and_loses_nothing_and_its_control_oversells() -> None:
    db = "postgres" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    command = [sys.executable, "-m", "bench.r4", "--db", db]
    options = ["--count", "700", "--seats", "60", "--connections", "40"]

    run = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert run.returncode == 0, run.stderr[-2000:]
    figures = {line["bench"]: line["value"] for line in map(json.loads, run.stdout.splitlines())}
    assert (figures["r4_wrong"], figures["r5_wrong"]) == (0, 0), run.stderr[-2000:]
    assert figures["r4_control_oversold"] > 0
