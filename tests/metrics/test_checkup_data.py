"""What is not safe about databases, keys, backups, the log and background work: one at a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from groundswell.accounts.operations import locking
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import chain, operations, wires
from groundswell.ledger.models import Digest, Entry, Job, ScheduleMark
from groundswell.metrics import checkup
from groundswell.metrics.checkup import databases, log
from groundswell.metrics.checkup.databases import Server
from groundswell.site import anchors, vault
from groundswell.site import operations as site_ops
from groundswell.site.backups import sealed_file
from groundswell.site.models import DataKey
from tests.ledger.test_proof import LeafFell, rewrite_all
from tests.metrics.asking import faults, good_news, hints
from tests.metrics.safe_house import every_schedule_ran, look

pytestmark = pytest.mark.django_db


# --- databases -----------------------------------------------------------------------------------


def test_a_database_that_does_not_answer_ends_the_questions(
    safe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = databases._answers
    monkeypatch.setattr(databases, "_answers", lambda alias: alias != "keys" and really(alias))
    kind = connections["keys"].display_name

    assert faults() == [f"The database “keys” ({kind}) does not answer, so nothing works."]
    assert not any("owners" in told for told in good_news())


def test_a_migration_that_waits_ends_the_questions(
    safe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "migrations_wait", lambda alias: alias == "default")

    assert faults() == [
        "The database “default” is older than the program, which may fail at any page."
    ]
    assert not any("owners" in told for told in good_news())


def test_migrations_that_wait_are_really_seen(safe: Any) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    assert not databases.migrations_wait("default")
    MigrationRecorder(connections["default"]).record_unapplied(
        "ledger", "0004_removed_digests_in_order"
    )
    assert databases.migrations_wait("default")


@pytest.mark.sqlite_only
def test_sqlite_without_its_settings(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = connections["default"].settings_dict["OPTIONS"]
    monkeypatch.setitem(told, "transaction_mode", "DEFERRED")

    assert faults() == [
        "A power cut or a second writer could lose data. default: transaction_mode must be "
        "IMMEDIATE."
    ]


def test_keys_in_the_database_that_they_seal(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        connections["keys"].settings_dict, "NAME", connections["default"].settings_dict["NAME"]
    )
    assert faults() == [
        "The data keys lie in the same database as what they seal: one copy has both, and nobody "
        "who is erased is gone from old backups."
    ]


def test_clocks_that_are_apart() -> None:
    assert databases.told_of_clocks(timedelta(seconds=4)).is_good

    told = databases.told_of_clocks(timedelta(seconds=7.25))

    assert (told.is_good, told.sentence) == (
        False,
        "This clock and the database's are 7.2 seconds apart: work is done twice or late, and "
        "codes to sign in fail.",
    )


@pytest.mark.postgres_only
def test_the_clock_of_the_server_is_asked(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "CLOCKS_APART", timedelta(seconds=5))

    (told,) = faults()  # the suite's clock stands still in another year

    assert told.startswith("This clock and the database's are ")


HERE = Server("default", "127.0.0.1", False, False, False, True)
AWAY = Server("default", "db.example.org", True, True, False, True)


@pytest.mark.parametrize(
    ("server", "parts"),
    [
        (HERE, []),
        (AWAY, []),
        (Server("default", "/run/postgresql", False, False, False, False), []),
        (Server("default", "", False, False, False, False), []),
        (Server("keys", "db.example.org", False, False, False, True), ["is not encrypted"]),
        (Server("keys", "db.example.org", True, False, False, True), ["nobody checks to whom"]),
        (Server("keys", "localhost", False, False, True, True), ["is a superuser"]),
        (Server("keys", "127.0.0.1", False, False, False, False), ["without a password"]),
        (
            Server("keys", "db", False, False, True, False),
            ["is not encrypted", "is a superuser", "without a password"],
        ),
    ],
)
def test_the_way_to_postgresql(server: Server, parts: list[str]) -> None:
    told = [found.sentence for found in databases.told_of_server(server)]

    assert len(told) == len(parts)
    assert all(part in each for part, each in zip(parts, told, strict=True))


@pytest.mark.postgres_only
def test_what_a_real_server_says_about_us(db: None, settings: Any) -> None:
    """The role of the tests is a superuser that is let in, here, without TLS."""
    settings.GROUNDSWELL_MODE = "live"

    found = databases._server("default")
    told = [each.sentence for each in databases.servers()]

    assert (found.is_superuser, found.is_encrypted) == (True, False)
    assert sum("is a superuser" in each for each in told) == 2


@pytest.mark.sqlite_only
def test_a_database_file_that_others_can_read(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = safe.data.parent / "databases"
    folder.mkdir(mode=0o755)
    file = folder / "keys.sqlite3"
    file.touch(mode=0o644)
    monkeypatch.setitem(connections["keys"].settings_dict, "NAME", str(file))
    assert faults() == ["Others on this machine can read the database “keys”."]
    assert hints() == [f"Run: chmod 700 {folder}"]

    folder.chmod(0o700)
    assert faults() == []


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("", True),
        ("redis://localhost:6379/0", True),
        ("rediss://groundswell:secret@cache.example.org", True),
        ("rediss://cache.example.org", False),
        ("redis://groundswell:secret@cache.example.org", False),
    ],
)
def test_redis_over_a_network(safe: Any, url: str, is_safe: bool) -> None:
    safe.settings.REDIS_URL = url

    told = [
        "Redis is reached over a network without encryption or without a password: others there "
        "can read and change what it holds."
    ]
    assert faults() == ([] if is_safe else told)


# --- keys ----------------------------------------------------------------------------------------


def _key_file(path: Path, mode: int = 0o600) -> Path:
    path.touch(mode=mode)
    path.chmod(mode)
    return path


def test_a_master_key_beside_the_data(safe: Any) -> None:
    told = (
        "The master key lies beside the data: whoever copies the folder, or takes the disk, reads "
        "everything."
    )
    _key_file(safe.data / "master.key")
    assert faults() == [told]

    (safe.data / "master.key").unlink()
    inside = _key_file(safe.data / "elsewhere.key")
    safe.settings.GROUNDSWELL_SECRET_FILES = {"GROUNDSWELL_MASTER_KEY": inside}
    assert faults() == [told]

    outside = _key_file(safe.keys / "master.key")
    safe.settings.GROUNDSWELL_SECRET_FILES = {"GROUNDSWELL_MASTER_KEY": outside}
    assert faults() == []
    assert any("on the same disk as the data" in each for each in good_news())


def test_a_master_key_in_the_environment(safe: Any) -> None:
    safe.settings.GROUNDSWELL_PLAIN_SECRETS = ["GROUNDSWELL_MASTER_KEY"]

    assert faults() == [
        "The master key stands in the environment, which every program that is started from here "
        "inherits and tools such as docker inspect show."
    ]


@pytest.mark.parametrize("name", ["GROUNDSWELL_MASTER_KEY", "GROUNDSWELL_SMTP_URL", "DATABASE_URL"])
def test_a_secret_that_others_can_read(safe: Any, name: str) -> None:
    file = _key_file(safe.keys / "secret", 0o640)
    safe.settings.GROUNDSWELL_SECRET_FILES = {name: file}

    assert faults() == [f"Others on this machine can read or change the file of {name}."]
    assert hints() == [f"Run: chmod 600 {file}"]
    file.chmod(0o600)
    assert faults() == []


def test_another_installations_master_key(safe: Any) -> None:
    vault.take_key_id()
    vault.forget()
    safe.settings.GROUNDSWELL_MASTER_KEY = bytes(32)
    assert DataKey.objects.exists()

    assert faults() == [
        "The master key does not open the data keys, so nothing that is sealed can be read: it is "
        "another installation's."
    ]


def test_a_rotation_that_is_not_finished(safe: Any) -> None:
    safe.settings.GROUNDSWELL_OTHER_MASTER_KEY = bytes(32)

    assert faults() == [
        "Two master keys open the data: a change of keys is not finished, and the old key is as "
        "good as the new one."
    ]


def test_the_panic_lock_and_the_lock_of_one_account(safe: Any) -> None:
    locking.lock_everything(by=SYSTEM)
    Job.objects.all().delete()
    assert faults() == ["The panic lock is on: nobody can sign up or sign in, and nothing is sent."]
    locking.unlock_everything(by=SYSTEM)
    Job.objects.all().delete()
    assert faults() == []

    locking.lock_account(account_id=safe.owners[0].id, by=SYSTEM)
    Job.objects.all().delete()
    assert faults() == ["1 account is locked by itself: its person cannot sign in."]


# --- backups -------------------------------------------------------------------------------------


def test_no_recipient_and_one_that_is_none(safe: Any) -> None:
    safe.settings.GROUNDSWELL_BACKUP_RECIPIENT = ""
    assert faults() == ["There can be no backup: a broken disk would take everything."]

    safe.settings.GROUNDSWELL_BACKUP_RECIPIENT = sealed_file.new_identity()[0]
    assert faults() == [
        "There can be no backup: what GROUNDSWELL_BACKUP_RECIPIENT says is no recipient."
    ]


def test_an_identity_beside_the_data(safe: Any) -> None:
    (safe.data / sealed_file.IDENTITY_FILE).touch()

    assert faults() == ["What opens the backups lies beside the data: who takes one has the other."]


def _forget(name: str) -> None:
    from groundswell.ledger.models import Bookmark

    Bookmark.objects.filter(name=name).delete()


def test_no_backup_and_an_old_one(safe: Any, still_clock: Any) -> None:
    still_clock.shift(timedelta(days=3))
    every_schedule_ran()
    assert faults() == ["The last backup was made 3 days ago: what came since would be lost."]

    _forget(site_ops.BACKUP)
    assert faults() == ["There is no backup yet: a broken disk would take everything."]


def test_no_drill_an_old_one_and_one_that_failed(safe: Any, still_clock: Any) -> None:
    _forget(site_ops.DRILL)
    assert faults() == ["No backup was tried yet, so nobody knows whether one can be restored."]

    site_ops.note_drill(is_well=False, by=SYSTEM)
    (told,) = faults()
    assert told.startswith("The last drill, ") and "failed" in told

    site_ops.note_drill(is_well=True, by=SYSTEM)
    still_clock.shift(timedelta(days=92))
    assert "The last drill was 3 months ago: much may have changed since." in faults()


def test_a_restore_that_was_interrupted(safe: Any) -> None:
    with transaction.atomic():
        operations.keep_place(site_ops.RESTORING, {"rows": 5})

    assert faults() == [
        "A restore was interrupted: names cannot be searched and people who were erased may be "
        "back."
    ]


# --- the log -------------------------------------------------------------------------------------


@pytest.fixture
def leaves(safe: Any, bare_wires: Any) -> list[int]:
    with transaction.atomic():
        ids = operations.record_many([LeafFell(person_id=n) for n in range(5)], by=SYSTEM)
    chain.chain_more()
    return ids


def test_a_whole_log_and_its_head(leaves: list[int]) -> None:
    assert any("Nobody has looked at the whole yet" in told for told in good_news())
    look()

    (whole,) = [found for found in checkup.findings() if found.to_copy]
    assert whole.sentence == (
        "The log is whole: 5 entries, looked at 1 second ago. This is its head:"
    )
    assert (whole.is_good, whole.to_copy) == (True, anchors.head())
    assert faults() == []


def test_a_changed_entry_near_the_end_is_seen_at_once(leaves: list[int]) -> None:
    Entry.objects.filter(id=leaves[4]).update(person_id=99)

    assert faults() == [
        f"The log is not whole. Entry {leaves[4]} was changed after it was written."
    ]


def test_what_a_look_found_stays_told(leaves: list[int]) -> None:
    look()
    Entry.objects.filter(id=leaves[3]).update(person_id=99)
    rewrite_all()
    assert faults() == []  # a quick look compares nothing with what was kept apart
    look()

    (told,) = faults()
    first, last = Digest.objects.order_by("place").first(), chain.head()[0]
    assert first is not None
    assert told == (
        f"The log is not whole. The log was written anew from entry {leaves[0]} on, or a part of "
        f"it: it differs from the heads that were kept apart (places {first.place} to {last})."
    )


def test_a_log_that_nobody_looked_through_lately(leaves: list[int], still_clock: Any) -> None:
    look()
    still_clock.shift(timedelta(days=2, hours=1))
    site_ops.note_backup(rows=1, by=SYSTEM)

    assert (
        "The log was last looked through 2 days ago: what was changed since stays unseen."
        in faults()
    )


def test_a_head_that_nobody_kept(leaves: list[int], still_clock: Any) -> None:
    still_clock.shift(timedelta(hours=4))
    (told,) = faults()
    assert told == (
        "The head of the log has not been kept apart for what was written 4 hours ago: it could be "
        "rewritten unseen."
    )

    anchors.keep()
    assert faults() == []


def test_every_break_has_a_sentence() -> None:
    assert set(log._TOLD) == set(log.What)


# --- background work -----------------------------------------------------------------------------


def test_jobs_that_wait_and_jobs_given_up(safe: Any) -> None:
    operations.enqueue("x", {}, run_after=clock.now() - timedelta(minutes=7))
    operations.enqueue("y", {})
    Job.objects.filter(name="y").update(state=Job.State.FAILED)

    assert faults() == [
        "1 job waits. The oldest should have run 7 minutes ago.",
        "1 job was given up.",
    ]


def test_what_goes_by_itself_and_did_not(safe: Any, still_clock: Any) -> None:
    ScheduleMark.objects.filter(name="thin people").update(
        next_at=clock.now() - timedelta(minutes=31)
    )
    assert faults() == [
        "What should go by itself has not gone lately: you hold more about people than you told "
        "them."
    ]


def test_schedules_that_nobody_looks_at(safe: Any) -> None:
    late = clock.now() - timedelta(minutes=31)
    ScheduleMark.objects.filter(name="reminders").update(next_at=late)
    assert faults() == ["What runs by the clock has not run lately, such as reminders: reminders."]
    ScheduleMark.objects.filter(name="reminders").update(next_at=clock.now())
    assert faults() == []

    ScheduleMark.objects.all().delete()  # no worker has ever looked
    assert len(faults()) == 1
    assert wires.schedules
