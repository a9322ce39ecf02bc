"""Questions about this installation."""

from __future__ import annotations

import time
from datetime import datetime

from groundswell.kernel import clock, rows
from groundswell.site.models import Installation, Lock, Safeguards

_KEEP_SECONDS = 30.0
_name: tuple[str, float] | None = None
_safeguards: tuple[Safeguards, float] | None = None


def installation() -> Installation | None:
    """The one row about this installation; None before ``groundswell init``."""
    return Installation.objects.filter(id=1).first()


def discreet_countries() -> frozenset[str]:
    """Countries where mails and calendars name nothing (ISO 3166)."""
    found = installation()
    return frozenset(found.discreet_countries if found else ())


def installation_name() -> str:
    """Its name, remembered for half a minute, because every page shows it."""
    global _name
    if _name is None or _name[1] < time.monotonic():
        found = installation()
        _name = (found.name if found else "Groundswell", time.monotonic() + _KEEP_SECONDS)
    return _name[0]


def safeguards() -> Safeguards:
    """How public pages are protected, remembered for half a minute: every sign-up asks."""
    global _safeguards
    if _safeguards is None or _safeguards[1] < time.monotonic():
        found = Safeguards.objects.filter(id=1).first() or Safeguards(changed_at=clock.now())
        _safeguards = (found, time.monotonic() + _KEEP_SECONDS)
    return _safeguards[0]


def forget_name() -> None:
    """Ask again next time (after a change, and between tests)."""
    global _name, _safeguards
    _name = _safeguards = None


EVERYTHING = 0  # Lock.account_id of the whole installation


def is_locked() -> bool:
    """Whether the panic lock is on. Never remembered: it must hold from the next request on."""
    held = rows.among(Lock, "account_id", [EVERYTHING], "locked_at")  # by every request: no ORM
    return any(locked_at is not None for (locked_at,) in held)


def lock() -> Lock | None:
    """The panic lock of the installation, while it is on."""
    return Lock.objects.filter(account_id=EVERYTHING, locked_at__isnull=False).first()


def locked_accounts() -> dict[int, datetime]:
    """Since when single accounts are locked, by account id."""
    held = Lock.objects.exclude(account_id=EVERYTHING).filter(locked_at__isnull=False)
    return {row.account_id: row.locked_at for row in held if row.locked_at is not None}
