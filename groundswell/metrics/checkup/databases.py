"""The two databases: do they answer, are they up to date, and who else could read on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from groundswell.kernel import clock, formats
from groundswell.metrics.checkup.finding import Finding, is_live, unsafe, well
from groundswell.metrics.checkup.settings_of import is_this_machine
from groundswell.site.sqlite.pragmas import wrong_pragmas

_MODE_OTHERS = 0o077
CLOCKS_APART = timedelta(seconds=5)
_CHECKED_TLS = {"verify-ca", "verify-full"}  # PostgreSQL, "SSL Support", table of modes


def answers() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        kind = connections[alias].display_name
        if _answers(alias):
            yield well(_("The database “{alias}” answers ({kind}).").format(alias=alias, kind=kind))
        else:
            yield unsafe(
                _("The database “{alias}” ({kind}) does not answer, so nothing works.").format(
                    alias=alias, kind=kind
                ),
                _("See whether it runs, and whether DATABASE_URL and GROUNDSWELL_KEYS_URL are "
                  "right."),
            )  # fmt: skip


def _answers(alias: str) -> bool:
    try:
        connections[alias].ensure_connection()
    except Error:
        return False
    return True


def migrations_wait(alias: str) -> bool:
    """Whether this database is older than the code; it must answer."""
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def can_be_asked() -> bool:
    """Whether both databases answer and have every table."""
    return all(_answers(alias) and not migrations_wait(alias) for alias in settings.DATABASES)


def up_to_date() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        if not _answers(alias):
            continue
        if migrations_wait(alias):
            yield unsafe(
                _("The database “{alias}” is older than the program, which may fail at any page.")
                .format(alias=alias),
                _("Run: groundswell migrate"),
            )  # fmt: skip
        for problem in wrong_pragmas(alias):
            yield unsafe(
                _("A power cut or a second writer could lose data. {problem}").format(
                    problem=problem
                ),
                _("See docs/decisions/0003-sqlite-settings.md."),
            )


def apart() -> Iterator[Finding]:
    places = [
        (told["ENGINE"], told.get("HOST"), str(told.get("PORT")), str(told["NAME"]))
        for told in (connections[alias].settings_dict for alias in settings.DATABASES)
    ]
    if not is_live():
        return
    if len(set(places)) == len(places):
        yield well(_("The data keys lie in a database of their own."))
    else:
        yield unsafe(
            _("The data keys lie in the same database as what they seal: one copy has both, and "
              "nobody who is erased is gone from old backups."),
            _("Set GROUNDSWELL_KEYS_URL to a database with backups of its own."),
        )  # fmt: skip


def clocks() -> Iterator[Finding]:
    """Leases and schedules compare clocks: several machines must agree about the time."""
    connection = connections["default"]
    if connection.vendor == "sqlite" or not _answers("default"):
        return  # the same machine, the same clock
    with connection.cursor() as cursor:
        before = clock.now()
        cursor.execute("SELECT statement_timestamp()")
        there: datetime = cursor.fetchone()[0]
    yield told_of_clocks(abs(there - before))


def told_of_clocks(apart: timedelta) -> Finding:
    """What it means that the clocks differ by so much."""
    seconds = formats.number(round(apart.total_seconds(), 1))
    if apart < CLOCKS_APART:
        return well(_("This clock and the database's agree."))
    return unsafe(
        _("This clock and the database's are {number} seconds apart: work is done twice or late, "
          "and codes to sign in fail.").format(number=seconds),
        _("Let both machines take the time from the network (timedatectl set-ntp true)."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Server:
    """What a connection to PostgreSQL tells about the way there and our rights."""

    alias: str
    host: str
    is_encrypted: bool
    is_checked: bool  # its certificate is
    is_superuser: bool
    has_used_password: bool


def servers() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        if is_live() and connections[alias].vendor == "postgresql" and _answers(alias):
            yield from told_of_server(_server(alias))


def _server(alias: str) -> Server:
    connection: Any = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), "
            "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
        )
        is_encrypted, is_superuser = cursor.fetchone()
    told = connection.settings_dict
    return Server(
        alias=alias,
        host=str(told.get("HOST") or ""),
        is_encrypted=bool(is_encrypted),
        is_checked=told["OPTIONS"].get("sslmode") in _CHECKED_TLS,
        is_superuser=bool(is_superuser),
        has_used_password=bool(connection.connection.pgconn.used_password),
    )


def told_of_server(server: Server) -> Iterator[Finding]:
    """Every weakness of one server. A host that is empty or a path is a socket of this machine."""
    is_socket = not server.host or server.host.startswith("/")
    is_here = is_socket or is_this_machine(server.host)
    name = {"alias": server.alias}
    if not is_here and not server.is_encrypted:
        yield unsafe(
            _("The way to the database “{alias}” is not encrypted: whoever is on the network reads "
              "and changes everything.").format(**name),
            _("Add ?sslmode=verify-full to its address, and give PostgreSQL a certificate."),
        )  # fmt: skip
    elif not is_here and not server.is_checked:
        yield unsafe(
            _("The way to the database “{alias}” is encrypted, but nobody checks to whom: another "
              "machine could stand in between.").format(**name),
            _("Add ?sslmode=verify-full&sslrootcert=… to its address."),
        )  # fmt: skip
    if server.is_superuser:
        yield unsafe(
            _("Groundswell is a superuser of the database “{alias}”: a hole in it opens every "
              "other database, and files of that machine.").format(**name),
            _("Give it a role of its own that owns only this database."),
        )  # fmt: skip
    if not is_socket and not server.has_used_password:
        yield unsafe(
            _("The database “{alias}” lets us in without a password, and so everybody who can "
              "reach it.").format(**name),
            _("Write scram-sha-256 instead of trust into pg_hba.conf, and set a password."),
        )  # fmt: skip


def files() -> Iterator[Finding]:
    """A file of SQLite outside of the data folder is only as private as its own folder."""
    for alias in settings.DATABASES:
        told = connections[alias].settings_dict
        file = Path(str(told["NAME"]))
        if not is_live() or not told["ENGINE"].endswith(("sqlite", "sqlite3")) or not file.exists():
            continue
        is_own_folder = Path(settings.GROUNDSWELL_DATA_DIR).resolve() in file.resolve().parents
        open_for_others = _MODE_OTHERS & file.stat().st_mode & file.parent.stat().st_mode
        if open_for_others and not is_own_folder:
            yield unsafe(
                _("Others on this machine can read the database “{alias}”.").format(alias=alias),
                _("Run: chmod 700 {folder}").format(folder=file.parent),
            )


def cache() -> Iterator[Finding]:
    """Redis holds counters and nothing that cannot be lost; who can write there can still lie."""
    parts = urlsplit(settings.REDIS_URL)
    if not is_live() or not parts.hostname or is_this_machine(parts.hostname):
        return
    if parts.scheme != "rediss" or not parts.password:
        yield unsafe(
            _("Redis is reached over a network without encryption or without a password: others "
              "there can read and change what it holds."),
            _("Write REDIS_URL as rediss://name:password@host."),
        )  # fmt: skip


QUESTIONS = (answers, up_to_date, apart, files, clocks, servers, cache)
