"""Forgetting what has been kept long enough: each row of this room says how long that is."""

from __future__ import annotations

from django_tasks import task

from groundswell.accounts.limits import sweep_limits
from groundswell.accounts.operations.codes import sweep_codes
from groundswell.accounts.operations.grants import sweep_grants
from groundswell.accounts.operations.links import sweep_links
from groundswell.accounts.operations.second_factors import sweep_used_codes
from groundswell.accounts.operations.sessions import sweep_sessions


def sweep() -> int:
    """Delete expired sessions, codes, links and limits; returns how many rows went.

    Safe to run twice or on several machines. Links go at most 500 at a time.
    """
    return sweep_sessions() + sweep_codes() + sweep_used_codes() + sweep_limits() + sweep_links()


@task()
def tidy_accounts() -> None:
    """Every ten minutes (config/wiring.py)."""
    sweep()
    sweep_grants()
