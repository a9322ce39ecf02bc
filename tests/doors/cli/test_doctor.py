"""The doctor finds what is wrong, one fault at a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from groundswell.cli import checkup, pragmas, serving
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import chain, operations
from groundswell.ledger.models import Entry, Job
from groundswell.outreach.operations import inbound
from groundswell.site import operations as site_ops
from groundswell.site import vault
from groundswell.site.models import DataKey
from tests.conftest import STILL_AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(settings: Any, tmp_path: Path) -> None:
    """An installation that has nothing wrong with it."""
    settings.GROUNDSWELL_DATA_DIR = tmp_path
    site_ops.set_up(name="Tide", language="en", zone="UTC", by=SYSTEM)


@pytest.fixture(autouse=True)
def a_still_clock_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite's clock stands still in another year than PostgreSQL's."""
    monkeypatch.setattr(checkup, "CLOCKS_APART", timedelta(days=36_500))


def faults() -> list[str]:
    return [found.sentence for found in checkup.findings() if not found.is_good]


def test_a_well_installation_has_no_faults(well: None) -> None:
    assert faults() == []


def test_a_live_installation_without_https_and_mail(well: None, settings: Any) -> None:
    settings.GROUNDSWELL_MODE = "live"
    settings.GROUNDSWELL_ORIGIN = "http://act.example.org"

    assert faults() == [
        "The address is http://act.example.org: set GROUNDSWELL_ORIGIN to your https address.",
        "No mail can leave: set GROUNDSWELL_SMTP_URL.",
        "There can be no backup: set GROUNDSWELL_BACKUP_RECIPIENT.",
    ]


def test_a_readable_master_key(well: None, tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    key.touch(mode=0o644)

    assert faults() == [f"Others on this machine can read the master key: chmod 600 {key}"]


def test_another_installations_master_key(well: None, settings: Any) -> None:
    vault.take_key_id()
    settings.GROUNDSWELL_MASTER_KEY = bytes(32)

    assert faults() == ["The master key does not open the data keys: it is another installation's."]
    assert DataKey.objects.exists()


def test_no_installation_yet(settings: Any, tmp_path: Path) -> None:
    settings.GROUNDSWELL_DATA_DIR = tmp_path

    assert faults() == ["This installation has no name yet. Run: groundswell init"]


@pytest.mark.postgres_only
def test_a_clock_that_differs_from_the_databases(
    well: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "CLOCKS_APART", timedelta(seconds=5))

    (fault,) = faults()

    assert fault.startswith("This clock and the database's are ")


def test_jobs_that_wait_and_jobs_given_up(well: None) -> None:
    operations.enqueue("x", {}, run_after=STILL_AT - timedelta(minutes=7))
    operations.enqueue("y", {})
    Job.objects.filter(name="y").update(state=Job.State.FAILED)

    assert faults() == [
        "Background work has been waiting for 0:07:00. Run: groundswell worker",
        "1 pieces of background work were given up.",
    ]


def test_a_changed_ledger(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.ledger.test_chain import SeedSown

    (entry_id,) = operations.record_many([SeedSown(person_id=1)], by=SYSTEM)
    chain.chain_more()
    Entry.objects.update(person_id=2)

    assert faults() == [f"The ledger was tampered with: entry {entry_id} changed."]


@pytest.fixture
def mail_server() -> Iterator[int]:
    """A server that greets, answers one EHLO and a QUIT."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        wire, _ = listener.accept()
        with wire, wire.makefile("rwb") as lines:
            lines.write(b"220 hello\r\n")
            lines.flush()
            while line := lines.readline():
                lines.write(b"221 bye\r\n" if line.lower().startswith(b"quit") else b"250 well\r\n")
                lines.flush()

    thread = threading.Thread(target=talk)
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
    listener.close()


def test_a_mail_server_that_answers(well: None, settings: Any, mail_server: int) -> None:
    settings.GROUNDSWELL_SMTP_URL = f"smtp://127.0.0.1:{mail_server}"

    told = [found.sentence for found in checkup.findings()]

    assert told[-1] == f"The mail server 127.0.0.1:{mail_server} answers."


def test_a_mail_server_that_does_not(well: None, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.GROUNDSWELL_SMTP_URL = f"smtp://127.0.0.1:{port}"

    (fault,) = faults()

    assert fault.startswith(f"The mail server 127.0.0.1:{port} does not answer:")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("pragma", ["synchronous=1", "foreign_keys=0", "secure_delete=0"])
def test_unsafe_sqlite_settings_are_refused(
    transactional_db: None, well: None, pragma: str
) -> None:
    """Control for the settings themselves: each one taken away is found, and stops ``serve``."""
    assert pragmas.wrong_pragmas("default") == []
    name = pragma.partition("=")[0]
    with connections["default"].cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")

    (problem,) = pragmas.wrong_pragmas("default")
    with pytest.raises(serving.NotReady):
        serving.check_databases()
    connections["default"].close()

    assert problem.startswith(f"default: PRAGMA {name} is")


@pytest.mark.sqlite_only
def test_a_deferred_transaction_mode_and_a_short_wait_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = connections["default"].settings_dict["OPTIONS"]
    monkeypatch.setitem(told, "transaction_mode", "DEFERRED")
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=5000")

    problems = pragmas.wrong_pragmas("default")
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=20000")

    assert problems == [
        "default: the busy timeout is 5000 ms; take 20000 or more.",
        "default: transaction_mode must be IMMEDIATE.",
    ]


def test_aliases_whose_answers_nobody_takes(well: None, settings: Any, still_clock: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = "reply.example.org"
    assert [fault for fault in faults() if "groundswell inbound" in fault] == faults()
    assert len(faults()) == 1

    inbound.note_listening()
    assert faults() == []
    still_clock.shift(timedelta(minutes=5))
    assert len([fault for fault in faults() if "groundswell inbound" in fault]) == 1

    settings.GROUNDSWELL_INBOUND_SECRETS = ["a-secret-of-thirty-two-letters-now"]
    assert [fault for fault in faults() if "groundswell inbound" in fault] == []
    told = [found.sentence for found in checkup.findings()]
    assert "Answers to reply.example.org are taken by HTTP; none has come for 14 days." in told
