"""The two databases: one for everything, one for the data keys (DESIGN section 9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from groundswell.config import environment as env

SQLITE = "groundswell.site.sqlite"  # Django's backend, with writers that queue

# Measured in trials with simulated power cuts: synchronous=NORMAL lost acknowledged commits,
# Django's DEFERRED default answered 500 under load. See docs/decisions/0003-sqlite-settings.md.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-32000;"
    ),
}


def _database(name: str, file: Path) -> dict[str, Any]:
    url = env.secret(name) or f"sqlite:///{file}"
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url))
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error
    engine = settings["ENGINE"]
    if engine == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {**SQLITE_OPTIONS, **settings.get("OPTIONS", {})}
        settings["ENGINE"] = SQLITE
        settings["CONN_MAX_AGE"] = None
    elif engine == "django.db.backends.postgresql":
        settings["CONN_MAX_AGE"] = 600
        settings["CONN_HEALTH_CHECKS"] = True
        settings.setdefault("OPTIONS", {})
    else:
        raise ImproperlyConfigured(f"{name}: only sqlite:/// and postgres:// are supported")
    return settings


def databases(data_dir: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: ``default`` from DATABASE_URL, ``keys`` from GROUNDSWELL_KEYS_URL."""
    return {
        "default": _database("DATABASE_URL", data_dir / "groundswell.sqlite3"),
        "keys": _database("GROUNDSWELL_KEYS_URL", data_dir / "keys.sqlite3"),
    }
