"""The master key: from the environment, a file or a credential; never guessed, never readable."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from groundswell.config import master_key

KEY = "ab" * 32


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GROUNDSWELL_MASTER_KEY",
        "GROUNDSWELL_MASTER_KEY_FILE",
        "GROUNDSWELL_NEW_KEY",
        "GROUNDSWELL_OTHER_MASTER_KEY",
        "CREDENTIALS_DIRECTORY",
    ):
        monkeypatch.delenv(name, raising=False)


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GROUNDSWELL_MASTER_KEY", KEY)

    assert master_key.load_master_key("live", tmp_path) == bytes.fromhex(KEY)


def test_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "k").write_text(KEY + "\n")
    (tmp_path / "k").chmod(0o600)
    monkeypatch.setenv("GROUNDSWELL_MASTER_KEY_FILE", str(tmp_path / "k"))

    assert master_key.load_master_key("live", tmp_path) == bytes.fromhex(KEY)


def test_from_a_credential(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "groundswell-master-key").write_text(KEY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    assert master_key.load_master_key("live", tmp_path) == bytes.fromhex(KEY)


def test_a_live_installation_without_a_key_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^GROUNDSWELL_MASTER_KEY is missing: run"):
        master_key.load_master_key("live", tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["short", "zz" * 32, KEY + "00"])
def test_a_key_of_another_shape_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    monkeypatch.setenv("GROUNDSWELL_MASTER_KEY", value)

    with pytest.raises(ImproperlyConfigured) as refused:
        master_key.load_master_key("live", tmp_path)

    assert str(refused.value) == (
        "GROUNDSWELL_MASTER_KEY: expected 64 hexadecimal characters (32 bytes)"
    )
    assert value not in str(refused.value)


@pytest.mark.parametrize("mode", ["demo", "live"])
def test_init_and_the_demo_make_a_key_that_only_its_owner_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    if mode == "live":
        monkeypatch.setenv("GROUNDSWELL_NEW_KEY", "yes")

    first = master_key.load_master_key(mode, tmp_path)
    again = master_key.load_master_key(mode, tmp_path)

    assert (len(first), first == again) == (32, True)
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_a_second_process_keeps_the_key_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    master_key.write_new_key(path)
    kept = path.read_text()

    master_key.write_new_key(path)

    assert path.read_text() == kept
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at a terminal; the list holds what they will type."""
    typed: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: typed.pop(0))
    monkeypatch.setenv("GROUNDSWELL_MASTER_KEY", "ask")
    return typed


WORDS = "otter lantern quarry swift bell"


def test_a_passphrase_is_asked_for_and_gives_the_same_key_again(
    terminal: list[str], tmp_path: Path
) -> None:
    terminal += [WORDS, WORDS]
    first = master_key.load_master_key("live", tmp_path)
    terminal += [WORDS]
    again = master_key.load_master_key("live", tmp_path)
    terminal += [WORDS + "s"]
    other = master_key.load_master_key("live", tmp_path)

    assert (len(first), first == again, first == other) == (32, True, False)
    assert stat.S_IMODE((tmp_path / "master.salt").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["short"], "A passphrase has at least 16 letters: take five words by chance"),
        ([WORDS, WORDS + "s"], "The two passphrases differ. Start again."),
    ],
)
def test_a_first_passphrase_is_long_and_typed_twice(
    terminal: list[str], tmp_path: Path, typed: list[str], told: str
) -> None:
    terminal += typed

    with pytest.raises(ImproperlyConfigured) as refused:
        master_key.load_master_key("live", tmp_path)

    assert str(refused.value) == told
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GROUNDSWELL_MASTER_KEY", "ask")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    with pytest.raises(ImproperlyConfigured, match="start this in a terminal"):
        master_key.load_master_key("live", tmp_path)


def test_the_other_key_of_a_rotation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    none = master_key.load_other_key(tmp_path)
    monkeypatch.setenv("GROUNDSWELL_OTHER_MASTER_KEY", KEY)

    assert (none, master_key.load_other_key(tmp_path)) == (None, bytes.fromhex(KEY))


def test_tests_have_a_key_that_no_installation_has(tmp_path: Path) -> None:
    assert master_key.load_master_key("test", tmp_path) == master_key.TEST_KEY
