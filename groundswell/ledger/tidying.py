"""Forgetting what the ledger has kept long enough."""

from __future__ import annotations

from django_tasks import task

from groundswell.ledger import operations
from groundswell.ledger.worker import Again


@task()
def tidy_ledger() -> Again | None:
    """Every hour (config/wiring.py): expired entries, 500 in one transaction; failed jobs."""
    gone = operations.purge_expired()
    if gone == operations.PURGE_AT_ONCE:
        return Again({"args": [], "kwargs": {}})
    operations.forget_failed_jobs()
    return None
