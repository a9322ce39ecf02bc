"""What the doctor asks about keys, locks and backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from groundswell.cli.finding import Finding
from groundswell.kernel import clock
from groundswell.ledger import queries as ledger_queries
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site.backups.sealed_file import IDENTITY_FILE

BACKUP_EVERY = timedelta(days=2)
DRILL_EVERY = timedelta(days=92)


def findings() -> Iterator[Finding]:
    """The lock, a rotation under way, and for real installations the backups."""
    if site_queries.is_locked():
        yield Finding(False, "The panic lock is on. Open it again with: groundswell unlock")
    if settings.GROUNDSWELL_OTHER_MASTER_KEY is not None:
        yield Finding(
            False, "Two master keys open the data. Finish with: groundswell rotate-key, then take "
            "GROUNDSWELL_OTHER_MASTER_KEY away.",
        )  # fmt: skip
    if settings.GROUNDSWELL_MODE == "live":
        yield from _backups()


def _backups() -> Iterator[Finding]:
    if not settings.GROUNDSWELL_BACKUP_RECIPIENT:
        yield Finding(False, "There can be no backup: set GROUNDSWELL_BACKUP_RECIPIENT.")
        return
    identity = Path(settings.GROUNDSWELL_DATA_DIR) / IDENTITY_FILE
    if identity.exists():
        yield Finding(False, f"What opens the backups lies beside the data: move {identity} away.")
    age = _age(site_ops.BACKUP)
    if age is None:
        yield Finding(False, "There is no backup yet. Run: groundswell backup")
    else:
        yield Finding(age < BACKUP_EVERY, f"The last backup was made {_ago(age)}.")
    drilled = _age(site_ops.DRILL)
    if drilled is None:
        yield Finding(False, "No backup was tried yet. Run: groundswell drill")
    else:
        well = (ledger_queries.place_of(site_ops.DRILL) or {}).get("is_well", False)
        yield Finding(
            well and drilled < DRILL_EVERY,
            f"The last drill was {_ago(drilled)} {'and went well' if well else 'and failed'}.",
        )


def _age(bookmark: str) -> timedelta | None:
    place = ledger_queries.place_of(bookmark)
    return clock.now() - datetime.fromisoformat(place["at"]) if place else None


def _ago(age: timedelta) -> str:
    if age < timedelta(hours=1):
        return "less than an hour ago"
    if age < timedelta(days=2):
        return f"{int(age.total_seconds() // 3600)} hours ago"
    return f"{age.days} days ago"
