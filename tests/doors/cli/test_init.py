"""``groundswell init``: from an empty folder to a sign-in link; a second time changes nothing."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.site.backups import sealed_file

ROOT = Path(__file__).resolve().parents[3]
GROUNDSWELL = "import sys; from groundswell.cli import main; sys.exit(main())"

pytestmark = [pytest.mark.real_clock, pytest.mark.sqlite_only]


def groundswell(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the command as an owner would, in a folder without any setting."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "TZ": "UTC"}
    return subprocess.run(
        [sys.executable, "-c", GROUNDSWELL, *words],
        cwd=folder,
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


ANSWERS = (
    "Tide\n"
    "not an address\nhttps://act.example.org\n"
    "xx\nfr\n"
    "Mars/Olympus\nEurope/Paris\n"
    "\nAmina\n"
    "amina\namina@example.org\n"
)


def test_from_nothing_to_a_sign_in_link_and_again(tmp_path: Path) -> None:
    before = groundswell(tmp_path, "doctor")
    first = groundswell(tmp_path, "init", typed=ANSWERS)
    again = groundswell(tmp_path, "init", "--no-input")
    after = groundswell(tmp_path, "doctor")

    assert before.returncode == 2
    assert before.stderr.startswith("✗ GROUNDSWELL_MASTER_KEY is missing: run `groundswell init`")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count("✗") == 5  # the five answers that were none
    assert re.search(r"https://act\.example\.org/fr/\S+/[\w-]{22}/", first.stdout)
    assert stat.S_IMODE((tmp_path / "data" / "master.key").stat().st_mode) == 0o600
    remembered = (tmp_path / ".env").read_text().splitlines()
    identity = tmp_path / "data" / "backup-identity.txt"
    recipient = sealed_file.recipient_of(identity.read_text())
    assert remembered == [
        "GROUNDSWELL_ORIGIN=https://act.example.org",
        f"GROUNDSWELL_BACKUP_RECIPIENT={recipient}",
    ]
    assert stat.S_IMODE(identity.stat().st_mode) == 0o600
    assert (again.returncode, again.stderr) == (0, "")
    assert "It has an owner already" in again.stdout
    assert "✓ It is called Tide." in after.stdout
    assert "✓ The master key opens the data keys." in after.stdout
    crossed = [line for line in after.stdout.splitlines() if line.startswith("✗")]
    of_the_machine = ("✗ This runs as root", "✗ Memory may be written")  # wherever this runs
    assert [line for line in crossed if not line.startswith(of_the_machine)] == [
        "✗ Nobody has said how many proxies stand in front, so one network can send public forms "
        "as often as it likes.",
        "✗ Who finds a hole here has nobody to tell: security.txt names no contact.",
        "✗ The master key lies beside the data: whoever copies the folder, or takes the disk, "
        "reads everything.",
        "✗ What opens the backups lies beside the data: who takes one has the other.",
        "✗ There is no backup yet: a broken disk would take everything.",
        "✗ What should go by itself has not gone lately: you hold more about people than you told "
        "them.",
        "✗ No message waits. No mail server is set, so nothing leaves, not even codes to sign in.",
        "✗ There is only one owner: if they lose their device, nobody is left, and a panic lock "
        "cannot be opened by two.",
        "✗ 1 owner has no second step: who reads their mailbox may do everything here once they "
        "set one up.",
    ]
    assert f"  → Move {identity.resolve()} to two places" in after.stdout


def test_without_anybody_to_ask_it_says_which_option_is_missing(tmp_path: Path) -> None:
    silent = groundswell(tmp_path, "init", "--no-input")
    closed = groundswell(tmp_path, "init")

    assert (silent.returncode, closed.returncode) == (1, 1)
    assert "--owner: Write at least one word." in silent.stderr
    assert "Nobody answers. Use --no-input with --owner and --email." in closed.stderr


def test_a_bad_setting_is_one_sentence_that_names_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GROUNDSWELL_MODE=test\nGROUNDSWELL_WEB_PROCESSES=many\n")

    done = groundswell(tmp_path, "worker", "--once")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "✗ GROUNDSWELL_WEB_PROCESSES: write a whole number, not 'many'\n"


def test_alone_it_lists_the_verbs_without_reading_a_setting(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GROUNDSWELL_MODE=nonsense\n")

    done = groundswell(tmp_path)

    assert done.returncode == 0
    assert "groundswell serve" in done.stdout
