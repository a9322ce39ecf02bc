"""Questions about this installation."""

from __future__ import annotations

import time

from groundswell.site.models import Installation

_KEEP_SECONDS = 30.0
_name: tuple[str, float] | None = None


def installation() -> Installation | None:
    """The one row about this installation; None before ``groundswell init``."""
    return Installation.objects.filter(id=1).first()


def installation_name() -> str:
    """Its name, remembered for half a minute, because every page shows it."""
    global _name
    if _name is None or _name[1] < time.monotonic():
        found = installation()
        _name = (found.name if found else "Groundswell", time.monotonic() + _KEEP_SECONDS)
    return _name[0]


def forget_name() -> None:
    """Ask again next time (after a change, and between tests)."""
    global _name
    _name = None
