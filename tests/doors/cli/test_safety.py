"""What the doctor says of lock, rotation and backups; the commands of the lock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from groundswell.accounts import operations as accounts_ops
from groundswell.cli import safety
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from tests.running import signing_in

pytestmark = pytest.mark.django_db


def found() -> list[tuple[bool, str]]:
    return [(finding.is_good, finding.sentence) for finding in safety.findings()]


@pytest.fixture
def live(settings: Any, tmp_path: Path) -> None:
    settings.GROUNDSWELL_MODE = "live"
    settings.GROUNDSWELL_DATA_DIR = tmp_path
    settings.GROUNDSWELL_BACKUP_RECIPIENT = "age1somebody"


def test_while_nothing_is_wrong_it_says_nothing_of_a_demonstration() -> None:
    assert found() == []


def test_a_lock_and_a_rotation_under_way(settings: Any) -> None:
    settings.GROUNDSWELL_OTHER_MASTER_KEY = bytes(32)
    accounts_ops.lock_everything(by=SYSTEM)

    assert [sentence.split(".")[0] for _is_good, sentence in found()] == [
        "The panic lock is on",
        "Two master keys open the data",
    ]


def test_backups_are_told_by_their_age(live: None) -> None:
    none = found()
    site_ops.note_backup(rows=5, by=SYSTEM)
    site_ops.note_drill(is_well=True, by=SYSTEM)
    fresh = found()
    with clock.at(clock.now() + timedelta(days=3)):
        old = found()
        site_ops.note_drill(is_well=False, by=SYSTEM)
        failed = found()
    with clock.at(clock.now() + timedelta(days=93)):
        site_ops.note_drill(is_well=True, by=SYSTEM)
    with clock.at(clock.now() + timedelta(days=190)):
        stale = found()

    assert none == [
        (False, "There is no backup yet. Run: groundswell backup"),
        (False, "No backup was tried yet. Run: groundswell drill"),
    ]
    assert fresh == [
        (True, "The last backup was made less than an hour ago."),
        (True, "The last drill was less than an hour ago and went well."),
    ]
    assert old == [
        (False, "The last backup was made 3 days ago."),
        (True, "The last drill was 3 days ago and went well."),
    ]
    assert failed[1] == (False, "The last drill was less than an hour ago and failed.")
    assert stale[1] == (False, "The last drill was 97 days ago and went well.")


def test_an_identity_beside_the_data(live: None, tmp_path: Path) -> None:
    (tmp_path / "backup-identity.txt").touch()

    told = f"What opens the backups lies beside the data: move {tmp_path}/backup-identity.txt away."
    assert found()[0] == (False, told)


# --- lock and unlock -----------------------------------------------------------------------------


def test_the_commands_lock_and_unlock(capsys: pytest.CaptureFixture) -> None:
    call_command("lock")
    locked = site_queries.is_locked()
    call_command("unlock")

    assert (locked, site_queries.is_locked()) == (True, False)
    said = capsys.readouterr().out
    assert "Everything is locked" in said
    assert "Everything is open." in said


def test_the_commands_lock_and_unlock_one_account() -> None:
    account = signing_in.make("amina@example.org")

    call_command("lock", account="Amina@example.org")
    locked = site_queries.locked_accounts()
    call_command("unlock", account="amina@example.org")

    assert (set(locked), site_queries.locked_accounts()) == ({account.id}, {})
    for verb in ("lock", "unlock"):
        with pytest.raises(CommandError, match=r"No open account has the address x@example\.org"):
            call_command(verb, account="x@example.org")
