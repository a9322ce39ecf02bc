"""Questions that the doctor asks about an installation, each answered by one sentence."""

from __future__ import annotations

import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connections

from groundswell.cli import safety, serving
from groundswell.cli.finding import Finding
from groundswell.kernel import clock
from groundswell.ledger import chain
from groundswell.ledger import queries as ledger_queries
from groundswell.outreach import queries as outreach_queries
from groundswell.places.gazetteer import building
from groundswell.site import queries as site_queries
from groundswell.site import vault

LONG_WAIT = timedelta(minutes=5)
CLOCKS_APART = timedelta(seconds=5)
CHAIN_LOOK_BACK = 1000
LEAST_FREE_BYTES = 1_000_000_000
SMTP_SECONDS = 5


def findings() -> Iterator[Finding]:
    """Everything the doctor has to say. What needs a database is left out while there is none."""
    yield from _settings()
    yield from _disk()
    has_database = True
    for finding in _databases():
        has_database = has_database and finding.is_good
        yield finding
    if has_database:
        for question in (
            _installation,
            _clock,
            _keys,
            _outbox,
            _relay,
            _jobs,
            _ledger,
            safety.findings,
        ):
            yield from question()
    yield from _gazetteer()
    yield from _mail()


def _settings() -> Iterator[Finding]:
    mode, origin = settings.GROUNDSWELL_MODE, settings.GROUNDSWELL_ORIGIN
    if mode != "live":
        yield Finding(True, f"This is a {mode} installation at {origin}; nothing leaves it.")
    elif origin.startswith("https://"):
        yield Finding(True, f"The address is {origin}.")
    else:
        yield Finding(
            False, f"The address is {origin}: set GROUNDSWELL_ORIGIN to your https address."
        )
    key = Path(settings.GROUNDSWELL_DATA_DIR) / "master.key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding(False, f"Others on this machine can read the master key: chmod 600 {key}")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.GROUNDSWELL_DATA_DIR).free
    told = f"{free / 1e9:.1f} GB of disk are free for {settings.GROUNDSWELL_DATA_DIR}"
    yield Finding(free >= LEAST_FREE_BYTES, f"{told}.")


def _databases() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        vendor = connections[alias].display_name
        try:
            connections[alias].ensure_connection()
        except Error as error:
            yield Finding(False, f"The database “{alias}” ({vendor}) does not answer: {error}")
            return
        yield Finding(True, f"The database “{alias}” answers ({vendor}).")
    try:
        serving.check_databases()
    except serving.NotReady as error:
        yield Finding(False, str(error))


def _installation() -> Iterator[Finding]:
    row = site_queries.installation()
    if row is None:
        yield Finding(False, "This installation has no name yet. Run: groundswell init")
    else:
        yield Finding(True, f"It is called {row.name}.")


def _clock() -> Iterator[Finding]:
    """Leases and schedules compare clocks: several machines must agree about the time."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        return  # the same machine, the same clock
    with connection.cursor() as cursor:
        before = clock.now()
        cursor.execute("SELECT statement_timestamp()")
        there: datetime = cursor.fetchone()[0]
    apart = abs(there - before)
    yield Finding(
        apart < CLOCKS_APART,
        f"This clock and the database's are {apart.total_seconds():.1f} s apart.",
    )


def _keys() -> Iterator[Finding]:
    opens = vault.opens_newest_key()
    if opens is None:
        yield Finding(True, "No data key has been made yet.")
    elif opens:
        yield Finding(True, "The master key opens the data keys.")
    else:
        yield Finding(
            False, "The master key does not open the data keys: it is another installation's."
        )


def _outbox() -> Iterator[Finding]:
    state = outreach_queries.queue_state()
    if not state.has_sender:
        yield Finding(False, "No mail can leave: set GROUNDSWELL_SMTP_URL.")
    waits = timedelta(seconds=int(state.waits_seconds))
    if waits > LONG_WAIT:
        yield Finding(False, f"A mail has been waiting for {waits}. Is a worker running?")
    else:
        yield Finding(True, f"No mail waits longer than it should ({state.ready} in the outbox).")
    if state.unknown or state.failed:
        yield Finding(
            False,
            f"{state.unknown} mails may or may not have arrived, {state.failed} failed: "
            "the office's health page asks what to do with them.",
        )


def _relay() -> Iterator[Finding]:
    """Whether answers to hosts and their people can come in."""
    domain = settings.GROUNDSWELL_RELAY_DOMAIN
    if not domain:
        yield Finding(
            True, "People answer their host on the web: GROUNDSWELL_RELAY_DOMAIN is not set."
        )
        return
    seen_at = outreach_queries.listener_seen_at()
    if seen_at is not None and clock.now() - seen_at < LONG_WAIT:
        yield Finding(True, f"Answers to {domain} are taken by SMTP.")
    elif settings.GROUNDSWELL_INBOUND_SECRETS:
        came_at = outreach_queries.mail_came_at()
        told = f"the last came on {came_at:%Y-%m-%d}" if came_at else "none has come for 14 days"
        yield Finding(True, f"Answers to {domain} are taken by HTTP; {told}.")
    else:
        yield Finding(
            False,
            f"Mails carry addresses at {domain}, and nobody takes their answers. Run groundswell "
            "inbound, or set GROUNDSWELL_INBOUND_SECRETS (docs/operate/inbound-mail.md).",
        )


def _jobs() -> Iterator[Finding]:
    waiting = ledger_queries.jobs_waiting()
    late = clock.now() - waiting.oldest_at if waiting.oldest_at else timedelta()
    if late > LONG_WAIT:
        whole = timedelta(seconds=int(late.total_seconds()))
        yield Finding(
            False, f"Background work has been waiting for {whole}. Run: groundswell worker"
        )
    else:
        yield Finding(True, f"Background work is up to date ({waiting.ready} waiting).")
    if waiting.failed:
        yield Finding(False, f"{waiting.failed} pieces of background work were given up.")


def _ledger() -> Iterator[Finding]:
    start = max(0, chain.last_place() - CHAIN_LOOK_BACK)
    broken = list(chain.verify(from_place=start))
    if broken:
        first = broken[0]
        yield Finding(False, f"The ledger was tampered with: entry {first.entry_id} {first.what}.")
    else:
        yield Finding(True, "The end of the ledger's chain holds.")


def _gazetteer() -> Iterator[Finding]:
    if building.default_path().exists():
        yield Finding(True, "The gazetteer of towns is unpacked.")
    else:
        yield Finding(True, "The gazetteer of towns is unpacked when serve starts.")


def _mail() -> Iterator[Finding]:
    if not settings.GROUNDSWELL_SMTP_URL:
        return
    parts = urlsplit(settings.GROUNDSWELL_SMTP_URL)
    host = parts.hostname or ""
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    opened: Callable[..., Any] = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with opened(host, port, timeout=SMTP_SECONDS) as server:
            server.ehlo()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(False, f"The mail server {host}:{port} does not answer: {error}")
    else:
        yield Finding(True, f"The mail server {host}:{port} answers.")
