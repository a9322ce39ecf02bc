"""S27, bounded: fake sign-ups by the hundred over real HTTP, and what is left after half an hour.

Tulsa 2020: 300,000 fakes took the seats of people who wanted to come. The guards are on as they
ship; the control takes them away and the seats are gone. ``./dev bench flood`` sends 20,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FAKES, SEATS = 500, 100


def flood(*, forms: str) -> dict[str, Any]:
    """The flood in processes of its own; what the database holds after half an hour."""
    db = "postgres" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    run = subprocess.run(
        [sys.executable, "-m", "bench.flood", "--db", db, "--count", str(FAKES),
         "--seats", str(SEATS), "--forms", forms],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return {line["bench"]: line for line in map(json.loads, run.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.real_clock
def test_a_flood_blocks_no_seat_and_its_control_takes_them_all() -> None:
    guarded = flood(forms="auto")

    assert guarded["flood_seats_blocked"]["value"] <= 1.0  # per cent
    assert guarded["flood_mails_to_one"]["value"] <= 1
    assert guarded["flood_real_let_in"]["value"] == 100.0

    control = flood(forms="off")
    assert control["flood_seats_blocked"]["value"] > 50.0
