"""``safe``: a live installation with nothing wrong about it (tests/metrics/safe_house.py)."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def safe(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SimpleNamespace:
    from tests.metrics import safe_house  # after Django is set up

    return safe_house.build(settings, tmp_path, monkeypatch)
