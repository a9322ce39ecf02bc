"""The command prints what the doctor finds, and looks through the log; ``serve`` refuses what is
not safe to run on. What is found is tested in tests/metrics/test_checkup_*.py."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from groundswell.cli import auditing, serving
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import chain, operations
from groundswell.ledger.models import Digest, Entry
from groundswell.site import anchors
from groundswell.site import auditing as site_auditing
from groundswell.site.sqlite import pragmas
from tests.ledger.test_proof import LeafFell, rewrite_all

pytestmark = pytest.mark.django_db

Doctor = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Runs the command; its exit status and what it printed, line by line."""

    def run(*arguments: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = 0
        try:
            call_command("doctor", *arguments, stdout=StringIO())
        except SystemExit as ended:
            status = int(ended.code or 0)
        printed = capsys.readouterr().out.splitlines()
        return status, [line for line in printed if line.strip()]  # the bar leaves a blank one

    return run


@pytest.fixture
def safe(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A live installation without a fault. The mail server is on no other machine's name."""
    from tests.metrics import safe_house  # after Django is set up

    made = safe_house.build(settings, tmp_path, monkeypatch)
    monkeypatch.setattr("groundswell.metrics.checkup.network.mail_server", lambda: iter(()))
    return made


@pytest.fixture
def leaves(bare_wires: Any) -> list[int]:
    """Six entries on the chain, and an anchor behind the third."""
    ids: list[int] = []
    for number in range(2):
        with transaction.atomic():
            facts = [LeafFell(person_id=n) for n in range(3)]
            ids += operations.record_many(facts, by=SYSTEM)
        chain.chain_more()
        if not number:
            anchors.keep()
    return ids


# --- what is found -------------------------------------------------------------------------------


def test_without_a_fault_it_ends_well(doctor: Doctor, safe: Any) -> None:
    status, lines = doctor()

    assert status == 0
    assert all(line.startswith(("✓ ", "  → ")) for line in lines)
    assert "✓ There is more than one owner." in lines


def test_a_fault_has_a_cross_and_below_it_what_to_do(doctor: Doctor, safe: Any) -> None:
    safe.settings.GROUNDSWELL_PROXIES = 0

    status, lines = doctor()

    assert status == 1
    crossed = [(line, lines[at + 1]) for at, line in enumerate(lines) if line.startswith("✗")]
    assert crossed == [
        (
            "✗ Nobody has said how many proxies stand in front, so one network can send public "
            "forms as often as it likes.",
            "  → Set GROUNDSWELL_PROXIES, usually to 1.",
        )
    ]


# --- the whole log -------------------------------------------------------------------------------


def test_a_whole_log_prints_its_head_and_is_remembered(doctor: Doctor, leaves: list[int]) -> None:
    status, lines = doctor("--audit")

    head = anchors.head()
    assert status == 0
    assert lines[:2] == [
        "✓ The log is whole: 6 entries, each as it was written. It fits the head that was kept "
        "apart.",
        "✓ This is its head:",
    ]
    assert lines[2] == f"  {head}"
    assert f"--audit --expect {head}" in lines[3]
    look = site_auditing.last_look()
    assert look is not None
    assert (look.links, look.head, look.broken) == (6, head, None)


def tamper_change(ids: list[int]) -> None:
    Entry.objects.filter(id=ids[4]).update(person_id=99)


def tamper_delete(ids: list[int]) -> None:
    Entry.objects.filter(id=ids[4]).delete()


def tamper_cut(ids: list[int]) -> None:
    Entry.objects.filter(id__in=ids[1:]).delete()
    Digest.objects.filter(entry_id__in=ids[1:]).delete()


def tamper_rewrite(ids: list[int]) -> None:
    Entry.objects.filter(id=ids[1]).update(person_id=99)
    rewrite_all()


@pytest.mark.parametrize(
    ("tamper", "at", "words"),
    [
        (tamper_change, 4, "Entry {id} was changed after it was written."),
        (tamper_delete, 4, "Entry {id} is missing, and nothing says why."),
        (tamper_cut, 0, "The end of the log was cut off: entry {id} is the last"),
        (tamper_rewrite, 0, "The log was written anew from entry {id} on"),
    ],
)
def test_the_first_broken_entry_is_named(
    doctor: Doctor, leaves: list[int], tamper: Callable[[list[int]], None], at: int, words: str
) -> None:
    tamper(leaves)

    status, lines = doctor("--audit")

    assert status == 1
    assert lines[0].startswith(f"✗ {words.format(id=leaves[at])}")
    assert lines[1] == "✗ So the log is not whole."
    look = site_auditing.last_look()
    assert look is not None and look.broken is not None
    assert look.broken.entry_id == leaves[at]


def test_many_breaks_are_not_all_printed(
    doctor: Doctor, leaves: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_SHOWN", 2)
    Entry.objects.filter(id__in=leaves[1:]).update(person_id=99)

    _status, lines = doctor("--audit")

    assert [line for line in lines if "was changed" in line] == lines[:2]
    assert lines[2] == "✗ There is more; these are the first 2."


def test_a_head_on_paper_is_compared(doctor: Doctor, leaves: list[int]) -> None:
    head = anchors.head()
    assert "the head that you gave" in doctor("--audit", "--expect", head)[1][0]
    assert doctor("--audit", "--since", head)[1][0].startswith(
        "✓ What stands behind that head is whole: 1 entries"
    )

    Entry.objects.filter(id=leaves[4]).update(person_id=99)
    rewrite_all()
    assert doctor("--audit")[0] == 0  # control: no anchor stands behind what was rewritten
    assert doctor("--audit", "--expect", head)[0] == 1
    assert doctor("--audit", "--since", head)[0] == 1


def test_a_look_at_a_part_is_not_remembered_as_the_whole(doctor: Doctor, leaves: list[int]) -> None:
    doctor("--audit", "--since", anchors.head())

    assert site_auditing.last_look() is None


def test_what_is_no_head_and_heads_without_an_audit_are_refused(doctor: Doctor) -> None:
    with pytest.raises(CommandError, match="A head looks like"):
        doctor("--audit", "--expect", "yesterday")
    with pytest.raises(CommandError, match="belong to --audit"):
        doctor("--since", "1-9f3a-11c0-77aa-02bd-e1e1")


def test_a_log_that_cannot_be_asked(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "can_be_asked", lambda: False)

    with pytest.raises(CommandError, match="do not answer or are not up to date"):
        doctor("--audit")


# --- what serve refuses --------------------------------------------------------------------------


@pytest.mark.sqlite_only
@pytest.mark.parametrize("pragma", ["synchronous=1", "foreign_keys=0", "secure_delete=0"])
def test_unsafe_sqlite_settings_are_refused(transactional_db: None, pragma: str) -> None:
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


def test_a_migration_that_waits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "migrations_wait", lambda alias: alias == "keys")

    with pytest.raises(serving.NotReady, match="groundswell migrate"):
        serving.check_databases()


def test_every_command_switches_core_files_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell import cli

    asked: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(cli.resource, "setrlimit", lambda what, most: asked.append((what, most)))
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda argv: None)

    assert cli.main(["doctor"]) == 0
    assert asked == [(cli.resource.RLIMIT_CORE, (0, 0))]
