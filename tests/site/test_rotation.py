"""A new master key: both open while it runs, the old one opens nothing afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, transaction

from groundswell.kernel import sealing
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger.models import Entry
from groundswell.people import queries
from groundswell.people.operations import persons
from groundswell.people.operations.persons import Typed
from groundswell.site import rotation, vault
from groundswell.site.models import DataKey
from groundswell.site.operations import OnlyOwners
from tests.running import databases
from tests.running.processes import running, wait_until

OLD, NEW, NEITHER = bytes(range(32)), b"n" * 32, b"x" * 32


def use(settings: Any, master: bytes, other: bytes | None = None) -> None:
    """As a process that was started with these keys."""
    settings.GROUNDSWELL_MASTER_KEY, settings.GROUNDSWELL_OTHER_MASTER_KEY = master, other
    vault.forget()


def somebody(name: str = "Amina") -> Any:
    with transaction.atomic():
        email = f"{name.lower()}@example.org"
        return persons.recognise(typed=Typed(given=name, email=email)).person


@pytest.fixture(autouse=True)
def few_keys(settings: Any) -> None:
    settings.GROUNDSWELL_KEY_BATCH = 10


# --- small ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_afterwards_the_new_key_opens_and_the_old_one_does_not(settings: Any) -> None:
    use(settings, OLD)
    amina, stop = somebody(), vault.derived("stop:1")
    use(settings, NEW, OLD)

    count = rotation.rotate(by=SYSTEM)

    use(settings, NEW)
    assert count == DataKey.objects.count() == 11  # ten keys made ahead, and the root key
    assert queries.name_of(amina).given == "Amina"
    assert somebody().id == amina.id  # found by the same blind index
    assert vault.derived("stop:1") == stop  # links in old mails still stop them
    use(settings, OLD)
    with pytest.raises(vault.OtherMasterKey):
        queries.name_of(amina)
    assert Entry.objects.filter(kind="site.MasterKeyRotated").get().rest == {"count": 11}


@pytest.mark.django_db
def test_control_before_it_the_new_key_alone_opens_nothing(settings: Any) -> None:
    use(settings, OLD)
    amina = somebody()
    use(settings, NEW)

    with pytest.raises(vault.OtherMasterKey):
        queries.name_of(amina)


@pytest.mark.django_db
def test_while_it_runs_processes_with_both_keys_go_on(settings: Any) -> None:
    use(settings, OLD)
    amina = somebody()
    use(settings, NEW, OLD)
    before = queries.name_of(amina).given
    rotation.rewrap(after=0, by=SYSTEM)
    bea = somebody("Bea")

    use(settings, OLD, NEW)  # a process that was started before the two changed places
    chi = somebody("Chi")
    names = [queries.name_of(one).given for one in (amina, bea, chi)]
    use(settings, NEW, OLD)
    rotation.rotate(by=SYSTEM)  # what that process made is found by another pass
    use(settings, NEW)

    assert (before, names) == ("Amina", ["Amina", "Bea", "Chi"])
    assert queries.name_of(chi).given == "Chi"


@pytest.mark.django_db
def test_a_second_run_changes_nothing(settings: Any) -> None:
    use(settings, OLD)
    somebody()
    use(settings, NEW, OLD)
    rotation.rotate(by=SYSTEM)
    held = dict(DataKey.objects.values_list("id", "wrapped"))

    assert rotation.rotate(by=SYSTEM) == 0
    assert dict(DataKey.objects.values_list("id", "wrapped")) == held


@pytest.mark.django_db
def test_a_key_that_is_deleted_meanwhile_stays_deleted(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure in the middle of a step: the rewrapped key must not come back."""
    use(settings, OLD)
    amina = somebody()
    use(settings, NEW, OLD)
    really = vault.wrapped

    def erased_first(key: bytes) -> bytes:
        DataKey.objects.filter(id=amina.key_id).delete()
        return really(key)

    monkeypatch.setattr(vault, "wrapped", erased_first)
    rotation.rotate(by=SYSTEM)

    assert not DataKey.objects.filter(id=amina.key_id).exists()


@pytest.mark.django_db
def test_keys_of_a_third_master_key_stop_it_with_a_sentence(settings: Any) -> None:
    use(settings, OLD)
    somebody()
    use(settings, NEW, NEITHER)

    with pytest.raises((rotation.KeysOfNobody, vault.OtherMasterKey)):
        rotation.rotate(by=SYSTEM)
    use(settings, OLD)
    assert vault.opens_newest_key() is True


@pytest.mark.django_db
def test_only_owners_rotate(settings: Any) -> None:
    with pytest.raises(OnlyOwners):
        rotation.rewrap(after=0, by=VISITOR)


@pytest.mark.django_db
def test_keys_from_before_there_was_a_root_key(settings: Any) -> None:
    """An older installation: no number in front, and everything derived from the master key."""
    use(settings, OLD)
    key, wrap = sealing.new_key(), sealing.derive(OLD, "wrap")
    stored = sealing.seal(key, key=wrap, key_id=0, place=b"site.DataKey")
    DataKey.objects.create(id=77, wrapped=stored, created_at="2026-01-01T00:00Z")
    blind = sealing.blind_index(sealing.derive(OLD, "blind:email"), "amina@example.org")

    use(settings, NEW, OLD)
    rotation.rotate(by=SYSTEM)
    use(settings, NEW)

    assert vault.unwrapped(bytes(DataKey.objects.get(id=77).wrapped)) == key
    assert vault.blind("email", "amina@example.org") == blind


# --- the command ---------------------------------------------------------------------------------


def test_making_a_key_says_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "new.key"

    call_command("rotate_key", make=file)

    assert (len(bytes.fromhex(file.read_text())), file.stat().st_mode & 0o777) == (32, 0o600)
    assert "GROUNDSWELL_OTHER_MASTER_KEY_FILE" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be made: File exists"):
        call_command("rotate_key", make=file)


@pytest.mark.django_db
def test_without_another_key_there_is_nothing_to_rotate_from() -> None:
    with pytest.raises(CommandError, match="There is nothing to rotate from"):
        call_command("rotate_key")


# --- large, and killed in the middle -------------------------------------------------------------

PEOPLE = 100_000


def _many_keys(count: int) -> list[int]:
    ids = list(range(1000, 1000 + count))
    rows = [
        DataKey(id=n, wrapped=vault.wrapped(n.to_bytes(32)), created_at="2026-01-01T00:00Z")
        for n in ids
    ]
    DataKey.objects.bulk_create(rows, batch_size=2000)
    return ids


def _rotated() -> int:
    stored = DataKey.objects.values_list("wrapped", flat=True).iterator()
    return sum(vault.is_wrapped_by_master(bytes(one)) for one in stored)


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_a_hundred_thousand_killed_in_the_middle_and_run_again(
    settings: Any, tmp_path: Path
) -> None:
    use(settings, OLD)
    vault.derived("the root key")
    ids = _many_keys(PEOPLE)
    env = {
        **databases.environment(tmp_path),
        "GROUNDSWELL_MASTER_KEY": NEW.hex(),
        "GROUNDSWELL_OTHER_MASTER_KEY": OLD.hex(),
    }
    command = [sys.executable, "-c", "from groundswell.cli import main; main()", "rotate-key"]
    use(settings, NEW, OLD)

    with running(command, env=env, cwd=tmp_path, output=tmp_path / "first.log") as process:
        wait_until(lambda: _rotated() > 2_000, seconds=60, what="some keys rewrapped")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    at_the_kill = _rotated()
    second = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True
    )

    assert 2_000 < at_the_kill < PEOPLE, "it was killed in the middle"
    assert f"of {PEOPLE + 1} data keys were wrapped by the new master key" in second.stdout
    use(settings, NEW)
    stored = DataKey.objects.filter(id__in=ids).values_list("id", "wrapped").iterator()
    opened = sum(vault.unwrapped(bytes(one)) == n.to_bytes(32) for n, one in stored)
    use(settings, OLD)
    assert (opened, _rotated()) == (PEOPLE, 0)
    connections.close_all()
