"""Backups: can there be any, are there any, and did anybody try one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from groundswell.kernel import clock
from groundswell.ledger import queries as ledger_queries
from groundswell.metrics.checkup.finding import Finding, ago, is_live, unsafe, well
from groundswell.site import operations as site_ops
from groundswell.site.backups import sealed_file

BACKUP_EVERY = timedelta(days=2)
DRILL_EVERY = timedelta(days=92)


def restoring() -> Iterator[Finding]:
    place = ledger_queries.place_of(site_ops.RESTORING)
    if place is not None and not place.get("is_over", False):
        yield unsafe(
            _("A restore was interrupted: names cannot be searched and people who were erased may "
              "be back."),
            _("Run the same groundswell restore again; it goes on."),
        )  # fmt: skip


def recipient() -> Iterator[Finding]:
    if not is_live():
        return
    told = settings.GROUNDSWELL_BACKUP_RECIPIENT
    if not told:
        yield unsafe(
            _("There can be no backup: a broken disk would take everything."),
            _("Set GROUNDSWELL_BACKUP_RECIPIENT; groundswell init makes one."),
        )
        return
    try:
        sealed_file.recipient(told)
    except sealed_file.NotARecipient:
        yield unsafe(
            _("There can be no backup: what GROUNDSWELL_BACKUP_RECIPIENT says is no recipient."),
            _("It begins with age1. What begins with AGE-SECRET-KEY opens backups and must not be "
              "on this machine."),
        )  # fmt: skip


def identity() -> Iterator[Finding]:
    file = Path(settings.GROUNDSWELL_DATA_DIR) / sealed_file.IDENTITY_FILE
    if is_live() and file.exists():
        yield unsafe(
            _("What opens the backups lies beside the data: who takes one has the other."),
            _("Move {file} to two places that are not this machine.").format(file=file),
        )


def made() -> Iterator[Finding]:
    if not is_live() or not settings.GROUNDSWELL_BACKUP_RECIPIENT:
        return
    at = _at(site_ops.BACKUP)
    if at is None:
        yield unsafe(
            _("There is no backup yet: a broken disk would take everything."),
            _("Run: groundswell backup, every night."),
        )
    elif clock.now() - at >= BACKUP_EVERY:
        yield unsafe(
            _("The last backup was made {ago}: what came since would be lost.").format(ago=ago(at)),
            _("Run: groundswell backup, every night."),
        )
    else:
        yield well(_("The last backup was made {ago}.").format(ago=ago(at)))


def drilled() -> Iterator[Finding]:
    if not is_live() or _at(site_ops.BACKUP) is None:
        return
    at = _at(site_ops.DRILL)
    if at is None:
        yield unsafe(
            _("No backup was tried yet, so nobody knows whether one can be restored."),
            _("Run: groundswell drill"),
        )
    elif not (ledger_queries.place_of(site_ops.DRILL) or {}).get("is_well", False):
        yield unsafe(
            _("The last drill, {ago}, failed: that backup cannot be restored.").format(ago=ago(at)),
            _("Make a new backup, and run: groundswell drill"),
        )
    elif clock.now() - at >= DRILL_EVERY:
        yield unsafe(
            _("The last drill was {ago}: much may have changed since.").format(ago=ago(at)),
            _("Run: groundswell drill"),
        )
    else:
        yield well(_("The last drill was {ago} and went well.").format(ago=ago(at)))


def _at(bookmark: str) -> datetime | None:
    place = ledger_queries.place_of(bookmark)
    return datetime.fromisoformat(place["at"]) if place else None


QUESTIONS = (restoring, recipient, identity, made, drilled)
