"""A live installation with nothing wrong about it, for the tests that break one thing each."""

from __future__ import annotations

import os
import resource
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from groundswell.accounts.models import Account
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.ledger import wires
from groundswell.ledger.models import Entry, Job, ScheduleMark
from groundswell.metrics.checkup import databases, machine
from groundswell.site import anchors, auditing
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site.backups import sealed_file
from tests.running.signing_in import make, with_app


def build(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Everything as docs/operate asks for. ``data`` is its folder, ``owners`` its two owners."""
    data, keys = tmp_path / "data", tmp_path / "keys"
    data.mkdir(mode=0o700)
    keys.mkdir(mode=0o700)
    _set(settings, data)
    _calm_machine(monkeypatch, tmp_path)
    safe_server = databases.Server("default", "", False, False, False, False)
    monkeypatch.setattr(databases, "_server", lambda alias: safe_server)
    ages = timedelta(days=36_500)
    monkeypatch.setattr(databases, "CLOCKS_APART", ages)  # the suite's clock stands still
    site_ops.set_up(name="Tide", language="en", zone="UTC", by=SYSTEM)
    site_ops.set_safeguards(
        forms="auto", security_contact="hole@example.org", security_policy="", by=SYSTEM
    )
    monkeypatch.setattr(site_queries, "_safeguards", None)
    owners = [comes(make(f"owner{n}@example.org", Role.OWNER)) for n in range(2)]
    site_ops.note_backup(rows=1, by=SYSTEM)
    site_ops.note_drill(is_well=True, by=SYSTEM)
    every_schedule_ran()
    Entry.objects.all().delete()  # no job waits, nothing is on the chain
    Job.objects.all().delete()
    return SimpleNamespace(data=data, keys=keys, owners=owners, settings=settings)


def _set(settings: Any, data: Path) -> None:
    settings.GROUNDSWELL_MODE = "live"
    settings.GROUNDSWELL_DATA_DIR = data
    settings.GROUNDSWELL_ORIGIN = "https://act.example.org"
    settings.GROUNDSWELL_PROXIES = 1
    settings.GROUNDSWELL_SECRET_FILES = {}
    settings.GROUNDSWELL_PLAIN_SECRETS = []
    settings.GROUNDSWELL_SMTP_URL = "smtps://mail.example.org"
    settings.GROUNDSWELL_MAIL_FROM = "hello@act.example.org"
    settings.GROUNDSWELL_BACKUP_RECIPIENT = sealed_file.new_identity()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # pytest changes it
    settings.ALLOWED_HOSTS = ["act.example.org", "testserver"]
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.CSRF_TRUSTED_ORIGINS = ["https://act.example.org"]


def _calm_machine(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """No root, no core files, no swap, local disks: whatever the machine of the tests is like."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (0, 0))
    swaps, mounts = folder / "swaps", folder / "mounts"
    swaps.write_text("Filename Type Size Used Priority\n", encoding="utf-8")
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(machine, "SWAPS", swaps)
    monkeypatch.setattr(machine, "MOUNTS", mounts)
    monkeypatch.setattr(machine, "BLOCKS", folder / "block")


def comes(account: Account) -> Account:
    """Lets somebody sign in today, with a second step."""
    with_app(account)
    Account.objects.filter(id=account.id).update(last_seen_on=clock.now().date())
    return account


def every_schedule_ran() -> None:
    """As a worker leaves it that has just looked."""
    ScheduleMark.objects.all().delete()
    ScheduleMark.objects.bulk_create(
        ScheduleMark(name=line.name, next_at=clock.now() + line.every) for line in wires.schedules
    )


def look() -> None:
    """Lets the worker anchor the log and look through it."""
    with transaction.atomic():
        anchors.keep()
        auditing.look_through.call()
