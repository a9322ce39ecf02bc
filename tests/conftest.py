"""The suite's ground rules.

Every test runs with a still clock, without a way out of this machine, and with an empty vault.
The database is SQLite, or PostgreSQL when ``DATABASE_URL`` says so; both kinds of test database
belong to this run alone. What cannot run here is skipped by name, counted at the end, and
refused under ``CI=true`` (tests/running/needs.py).
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.running import needs
from tests.running.needs import pytest_sessionfinish, pytest_terminal_summary  # noqa: F401 - hooks
from tests.running.slots import free_slot

DATA_DIR = Path(tempfile.mkdtemp(prefix="groundswell-test-"))
os.environ["GROUNDSWELL_MODE"] = "test"
os.environ["GROUNDSWELL_DATA_DIR"] = str(DATA_DIR)
os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.config.settings"
if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("GROUNDSWELL_KEYS_URL", os.environ["DATABASE_URL"])

import hypothesis
import time_machine  # after the environment that Django reads
from django.conf import settings

# The gazetteer takes seconds to unpack: one for all runs, named by its data and code.
GAZETTEER = Path(__file__).parent.parent / ".pytest_cache" / "gazetteer"
GAZETTEER.mkdir(parents=True, exist_ok=True)
(DATA_DIR / "cache").symlink_to(GAZETTEER)
(DATA_DIR / "static").mkdir()  # WhiteNoise looks into it when the first page is asked for
settings.INSTALLED_APPS  # noqa: B018 - reads the settings, so that pytest-django sets Django up

# A busy machine is no reason to fail, and CI draws the same examples for everybody.
hypothesis.settings.register_profile("house", deadline=None, derandomize=needs.IS_CI)
hypothesis.settings.load_profile("house")

STILL_AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday, no zone changes near


# --- the test databases ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Databases that no other run on this machine uses, so several can run side by side."""
    for alias, database in settings.DATABASES.items():
        if "sqlite" in database["ENGINE"]:
            name = str(DATA_DIR / f"test-{alias}.sqlite3")
        else:
            name = f"groundswell_test_{free_slot()}_{alias}"
        database["TEST"] = {**database.get("TEST", {}), "NAME": name}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Whoever still holds a connection at the end (a thread, a process of a test that was
    stopped) must not keep PostgreSQL from dropping the test databases."""
    yield
    from django.db import connections

    with django_db_blocker.unblock():
        for alias in settings.DATABASES:
            if connections[alias].vendor == "postgresql":
                _end_other_sessions(connections[alias])


def _end_other_sessions(connection: Any) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND pid <> pg_backend_pid()",
            [connection.settings_dict["NAME"]],
        )
    connection.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    is_sqlite = not os.environ.get("DATABASE_URL", "").startswith("postgres")
    other = "postgres_only" if is_sqlite else "sqlite_only"
    kept, left = [], []
    for item in items:
        _open_both_databases(item)
        (left if item.get_closest_marker(other) else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _open_both_databases(item: pytest.Item) -> None:
    """A test that may use the database may use the keys database too."""
    mark = item.get_closest_marker("django_db")
    uses = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if mark is None and not uses:
        return
    options = {"databases": "__all__", **(mark.kwargs if mark else {})}
    item.add_marker(pytest.mark.django_db(**options), append=False)


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


# --- the house in every test -------------------------------------------------------------------


@pytest.fixture(autouse=True)
def still_clock(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Time stands still at STILL_AT; ``still_clock.move_to(…)`` and ``.shift(…)`` move it.

    ``@pytest.mark.real_clock`` lets it run, for tests of processes and browsers.
    """
    if request.node.get_closest_marker("real_clock"):
        yield None
        return
    with time_machine.travel(STILL_AT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page in Arabic leaves its language behind in the thread; each test begins anew."""
    from django.core.cache import cache
    from django.utils import translation

    from groundswell.people import queries as people_queries
    from groundswell.site import queries as site_queries
    from groundswell.site.models import Safeguards

    # Every page shows the installation's name, which is asked for once in half a minute:
    # known from the start, it disturbs no count of queries.
    site_queries._name = ("Groundswell", float("inf"))
    site_queries._safeguards = (Safeguards(changed_at=STILL_AT), float("inf"))
    people_queries.forget_blocks()
    cache.clear()  # numbers of segments stand half a minute
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def empty_vault() -> Iterator[None]:
    """No data key of one test is known to the next."""
    yield
    from groundswell.site import vault

    vault.forget()


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine can be reached."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(really: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address[0]):
                raise AssertionError(f"a test tried to reach {address[0]}")
            return really(self, address)

        return call

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


@pytest.fixture
def work(db: None) -> Callable[[], int]:
    """Runs the worker in this process until nothing is left to do now; returns the work done."""
    from groundswell.ledger import worker

    return worker.run_until_idle


@pytest.fixture
def bare_wires() -> Iterator[Any]:
    """The ledger's sockets, empty for one test and filled again after it."""
    from groundswell.ledger import wires

    tables = (wires.facts, wires.reactions, wires.hears, wires.priorities)
    kept = [(dict(table), table) for table in tables]
    rows = (wires.schedules, wires.rounds, wires.rounds_when_paused, wires.pauses)
    kept_lists = [(list(row), row) for row in rows]
    wires.unplug_all()
    yield wires
    wires.unplug_all()
    for before, table in kept:
        table.update(before)
    for row_before, row in kept_lists:
        row.extend(row_before)


@pytest.fixture
def real_data() -> Path:
    """The folder of real public data sets (GROUNDSWELL_REAL_DATA), or the test is skipped."""
    return needs.real_data()
