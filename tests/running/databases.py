"""The test databases of this run, for processes that the tests start."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]


def _url(alias: str) -> str:
    told = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    password = f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else ""
    return (
        f"postgres://{quote(told['USER'])}{password}@{told['HOST']}:{told['PORT'] or 5432}"
        f"/{told['NAME']}"
    )


def environment(data_dir: Path) -> dict[str, str]:
    """An environment in which ``groundswell`` works on this test's databases.

    Only for tests with real transactions: another process cannot see an open one.
    """
    cache = data_dir / "cache"
    if not cache.exists():  # the gazetteer is unpacked once for all runs
        cache.symlink_to(settings.GROUNDSWELL_DATA_DIR / "cache")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(data_dir),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "GROUNDSWELL_MODE": "test",
        "GROUNDSWELL_DATA_DIR": str(data_dir),
        "DATABASE_URL": _url("default"),
        "GROUNDSWELL_KEYS_URL": _url("keys"),
    }
