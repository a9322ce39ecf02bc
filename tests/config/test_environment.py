"""Settings from the environment: a bad value is refused by its name, with what would be good."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from groundswell.cli import env_file
from groundswell.config import environment as env
from groundswell.config.databases import databases


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of names that were read stays as the settings left it."""
    monkeypatch.setattr(env, "read_names", list(env.read_names))
    for name in ("X", "X_FILE", "DATABASE_URL", "GROUNDSWELL_KEYS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("word", ["1", "true", "YES", "on", " yes "])
def test_a_flag_that_is_yes(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("X", word)
    assert env.flag("X", False) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_a_flag_that_is_no(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("X", word)
    assert env.flag("X", True) is False


@pytest.mark.parametrize(
    ("value", "read", "told"),
    [
        ("maybe", lambda: env.flag("X", False), "X: write yes or no, not 'maybe'"),
        ("ten", lambda: env.number("X", 1, least=1, most=9), "X: write a whole number, not 'ten'"),
        ("10", lambda: env.number("X", 1, least=1, most=9), "X: 10 is not between 1 and 9"),
        (
            "prod",
            lambda: env.choice("X", "live", ("live", "demo")),
            "X: choose one of live, demo, not 'prod'",
        ),
        (
            "http://127.0.0.1:4750",
            lambda: env.machine("X"),
            "X: write host:port, such as 127.0.0.1:4750",
        ),
        ("proxy:0", lambda: env.machine("X"), "X: write host:port, such as 127.0.0.1:4750"),
        ("a:b@proxy:1", lambda: env.machine("X"), "X: write host:port, such as 127.0.0.1:4750"),
        (
            "act.example.org",
            lambda: env.origin("X", ""),
            "X: write scheme and host only, such as https://act.example.org, not 'act.example.org'",
        ),
        (
            "https://act.example.org/path",
            lambda: env.origin("X", ""),
            "X: write scheme and host only, such as https://act.example.org, "
            "not 'https://act.example.org/path'",
        ),
    ],
)
def test_a_bad_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, value: str, read: object, told: str
) -> None:
    monkeypatch.setenv("X", value)

    with pytest.raises(ImproperlyConfigured) as refused:
        read()

    assert str(refused.value) == told


def test_missing_and_empty_values_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "  ")

    assert env.text("X", "d") == "d"
    assert env.secret("X") is None
    assert env.flag("X", True) is True
    assert env.number("X", 3, least=1, most=9) == 3
    assert env.words("X") == []


def test_words_are_split_and_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", " a.org, ,b.org ")

    assert env.words("X") == ["a.org", "b.org"]


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("  abc\n")
    (tmp_path / "secret").chmod(0o640)
    monkeypatch.setenv("X", "other")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))

    assert env.secret("X") == "abc"


def test_a_secret_file_that_everybody_reads_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("abc")
    file.chmod(0o644)
    monkeypatch.setenv("X_FILE", str(file))

    with pytest.raises(ImproperlyConfigured) as refused:
        env.secret("X")

    told = f"X_FILE: everybody on this machine can read {file}. Run: chmod 600 {file}"
    assert str(refused.value) == told
    assert env.text("X", "") == "abc"  # a setting that is no secret may lie open


def test_a_containers_secret_is_readable_for_all_in_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(env, "_CONTAINER_SECRETS", tmp_path)
    (tmp_path / "secret").write_text("abc")
    (tmp_path / "secret").chmod(0o444)
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))

    assert env.secret("X") == "abc"


@pytest.mark.parametrize(
    "name", ["GROUNDSWELL_SMTP_URL", "DATABASE_URL", "GROUNDSWELL_KEYS_URL", "REDIS_URL"]
)
def test_every_secret_may_be_a_credential_of_systemd(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    (tmp_path / name.lower().replace("_", "-")).write_text("smtp://a:b@mail.example.org\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    told = env.secret(name)
    monkeypatch.setenv(name, "what the environment says wins")

    assert told == "smtp://a:b@mail.example.org"
    assert env.secret(name) == "what the environment says wins"


def test_a_secret_file_that_is_not_there_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("X_FILE", str(tmp_path / "gone"))

    with pytest.raises(ImproperlyConfigured, match=r"^X_FILE: cannot read "):
        env.secret("X")


def test_a_folder_is_made_for_its_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("X", str(tmp_path / "data"))

    made = env.folder("X", tmp_path)

    assert (made, made.stat().st_mode & 0o777) == (tmp_path / "data", 0o700)


def test_a_folder_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("X", str(tmp_path / "file" / "data"))

    with pytest.raises(ImproperlyConfigured, match=r"^X: cannot use "):
        env.folder("X", tmp_path)


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "nonsense", "postgres://h:port/x"])
def test_another_database_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL: "):
        databases(tmp_path)


def test_sqlite_is_the_default_with_its_safe_settings(tmp_path: Path) -> None:
    told = databases(tmp_path)

    assert [Path(one["NAME"]).name for one in told.values()] == [
        "groundswell.sqlite3",
        "keys.sqlite3",
    ]
    assert {one["OPTIONS"]["transaction_mode"] for one in told.values()} == {"IMMEDIATE"}


# --- the file .env ---------------------------------------------------------------------------


def test_an_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nX=from file\nexport Y='quoted'\nZ=\n")
    monkeypatch.setenv("X", "from environment")
    monkeypatch.delenv("Y", raising=False)

    env_file.read(file)

    assert (env.text("X", ""), env.text("Y", "")) == ("from environment", "quoted")
    assert env_file.parse(file.read_text()) == {"X": "from file", "Y": "quoted", "Z": ""}
    monkeypatch.delenv("Y")
    monkeypatch.delenv("Z", raising=False)


def test_a_line_that_is_no_setting_is_refused_by_its_number() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^\.env, line 2: write NAME=value$"):
        env_file.parse("X=1\nwhat is this\n")


def test_a_missing_env_file_is_no_trouble(tmp_path: Path) -> None:
    env_file.read(tmp_path / ".env")


@pytest.mark.parametrize("value", ["Reply.Example.org", "reply.example.org.", "a-b.c1.museum"])
def test_a_domain_is_a_domain(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X", value)

    assert env.host("X") == value.lower().rstrip(".")


@pytest.mark.parametrize("value", ["localhost", "https://x.org", "x@y.org", "a b.org", "-a.org"])
def test_what_is_no_domain_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X", value)

    with pytest.raises(ImproperlyConfigured, match=r"^X: write a domain such as"):
        env.host("X")


def test_secrets_are_several_and_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", f"{'a' * 24}, {'b' * 30}")
    assert env.secrets("X") == ["a" * 24, "b" * 30]
    monkeypatch.setenv("X", f"{'a' * 24}, short")
    with pytest.raises(ImproperlyConfigured, match=r"^X: a secret needs 24 letters"):
        env.secrets("X")
    monkeypatch.delenv("X")
    assert (env.secrets("X"), env.host("X")) == ([], "")


@pytest.mark.parametrize("value", ["127.0.0.1:4750", "proxy.internal:3128", "[::1]:8080"])
def test_a_machine_is_a_host_and_a_port(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X", value)
    assert env.machine("X") == value


@pytest.mark.parametrize(
    ("high_risk", "told", "is_on"),
    [("no", "", True), ("yes", "", False), ("yes", "yes", True), ("no", "no", False)],
)
def test_where_much_is_at_risk_other_programs_are_told_nothing_unasked(
    tmp_path: Path, high_risk: str, told: str, is_on: bool
) -> None:
    given = {
        **os.environ,
        "GROUNDSWELL_MODE": "test",
        "GROUNDSWELL_DATA_DIR": str(tmp_path),
        "GROUNDSWELL_HIGH_RISK": high_risk,
        "GROUNDSWELL_OTHER_PROGRAMS": told,
    }
    code = "from groundswell.config import settings as s; print(s.GROUNDSWELL_OTHER_PROGRAMS)"

    said = subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == str(is_on)
