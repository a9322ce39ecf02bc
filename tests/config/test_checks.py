"""Each check of the settings, broken once; unbroken settings of a live installation pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import checks as django_checks
from django.db import connections

from groundswell.config import checks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The settings of a live installation behind TLS, as config/settings.py makes them.

    A copy: to set the real ones would make Django load apps and databases anew.
    """
    names = [name for name in dir(django_settings) if name.isupper()]
    settings = SimpleNamespace(**{name: getattr(django_settings, name) for name in names})
    monkeypatch.setattr(checks, "settings", settings)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    settings.GROUNDSWELL_MODE = "live"
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # pytest changes it
    settings.GROUNDSWELL_DATA_DIR = folder
    settings.GROUNDSWELL_ORIGIN = "https://act.example.org"
    settings.ALLOWED_HOSTS = ["act.example.org"]
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.CSRF_TRUSTED_ORIGINS = [settings.GROUNDSWELL_ORIGIN]
    settings.GROUNDSWELL_PROXIES = 1
    settings.DATABASES = {
        alias: {**database, "NAME": alias} for alias, database in settings.DATABASES.items()
    }
    return settings


def found() -> list[str]:
    return [message.id for message in checks.ask_all()]


def test_good_settings_pass(live: Any) -> None:
    assert found() == []


def test_every_question_has_an_id_of_its_own_and_is_registered() -> None:
    registered = django_checks.registry.registry.get_checks()

    assert checks.ask_all in registered
    assert checks.databases_in_force in registered
    assert len(set(checks.QUESTIONS)) == len(BROKEN) == 24


def _loosen_sqlite(live: Any) -> None:
    live.DATABASES["default"] = {
        **live.DATABASES["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {"transaction_mode": "DEFERRED", "timeout": 5},
    }


def _atomic(live: Any) -> None:
    live.DATABASES["default"] = {**live.DATABASES["default"], "ATOMIC_REQUESTS": True}


def _one_database(live: Any) -> None:
    live.DATABASES["keys"] = live.DATABASES["default"]


def _key_beside(live: Any) -> None:
    (live.GROUNDSWELL_DATA_DIR / "master.key").write_text("00")


def _open_folder(live: Any) -> None:
    live.GROUNDSWELL_DATA_DIR.chmod(0o755)


def _plain_origin(live: Any) -> None:
    live.GROUNDSWELL_ORIGIN = "http://act.example.org"
    live.SECURE_PROXY_SSL_HEADER = None


def _proxy_without_tls(live: Any) -> None:
    live.GROUNDSWELL_ORIGIN = "http://127.0.0.1:8000"
    live.CSRF_TRUSTED_ORIGINS = [live.GROUNDSWELL_ORIGIN]


def _middleware(live: Any) -> None:
    live.MIDDLEWARE = live.MIDDLEWARE[:-1]


def _loose_policy(live: Any) -> None:
    live.SECURE_CSP = {**live.SECURE_CSP, "script-src": ["'self'", "'unsafe-inline'"]}


def _demo_with_mail(live: Any) -> None:
    live.GROUNDSWELL_MODE = "demo"
    live.GROUNDSWELL_SMTP_URL = "smtp://mail.example.org:587"


def _set(**values: Any) -> Any:
    def break_it(live: Any) -> None:
        for name, value in values.items():
            setattr(live, name, value)

    return break_it


BROKEN = {
    "E001": _loosen_sqlite,
    "E002": _atomic,
    "E003": _one_database,
    "W004": _key_beside,
    "W005": _open_folder,
    "E006": _plain_origin,
    "E007": _set(ALLOWED_HOSTS=["*"]),
    "E008": _set(DEBUG=True),
    "E009": _set(SESSION_COOKIE_SECURE=False),
    "E010": _proxy_without_tls,
    "E011": _middleware,
    "E012": _loose_policy,
    "E013": _set(MFA_ADAPTER="allauth.mfa.adapter.DefaultMFAAdapter"),
    "E014": _set(SESSION_ENGINE="django.contrib.sessions.backends.db"),
    "E015": _set(INSTALLED_APPS=[*django_settings.INSTALLED_APPS, "django.contrib.admin"]),
    "E016": _set(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend"),
    "E017": _demo_with_mail,
    "E018": _set(FILE_UPLOAD_HANDLERS=["…uploadhandler.TemporaryFileUploadHandler"]),
    "W020": _set(GROUNDSWELL_PROXIES=0),
    "W021": _set(SECURE_HSTS_SECONDS=0),
    "W022": _set(GROUNDSWELL_FORM_SECONDS=0),
    "E023": _set(LOGGING={"handlers": {"file": {"class": "logging.FileHandler"}}}),
    "E024": _set(CSRF_TRUSTED_ORIGINS=["https://act.example.org", "https://evil.example"]),
    "E025": _set(SESSION_COOKIE_AGE=86_400),
}  # fmt: skip


@pytest.mark.parametrize("wanted", BROKEN)
def test_broken_settings_are_found(live: Any, wanted: str) -> None:
    BROKEN[wanted](live)

    assert found() == [f"groundswell.{wanted}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURE_CSP", {"default-src": ["'self'"]}),
        ("SESSION_COOKIE_NAME", "session"),
        ("MFA_WEBAUTHN_USER_VERIFICATION", "discouraged"),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", None),
        ("ALLOWED_HOSTS", [".example.org"]),
    ],
)
def test_other_ways_to_break_them_are_found_too(live: Any, name: str, value: Any) -> None:
    setattr(live, name, value)

    assert len(found()) == 1


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pragma", "worse", "good"),
    [
        ("synchronous", "NORMAL", "FULL"),
        ("foreign_keys", "OFF", "ON"),
        ("secure_delete", "OFF", "ON"),
    ],
)
def test_what_the_open_connection_does_is_asked(pragma: str, worse: str, good: str) -> None:
    before = checks.databases_in_force(databases=["default"])
    with connections["default"].cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}={worse}")
    try:
        after = checks.databases_in_force(databases=["default"])
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma}={good}")

    assert [message.id for message in before] == []
    assert [message.id for message in after] == ["groundswell.E019"]
    assert f"PRAGMA {pragma}" in after[0].msg


def _command(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "groundswell.config.settings",
        "GROUNDSWELL_DATA_DIR": str(folder),
        "GROUNDSWELL_MASTER_KEY": "ab" * 32,
        "GROUNDSWELL_ORIGIN": "https://act.example.org",
        "GROUNDSWELL_PROXIES": "1",
        **environment,
    }
    return subprocess.run(
        [
            sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
            "--database", "default", "--database", "keys",
        ],
        env=given, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_live_installation_passes_and_a_bad_origin_stops_it(tmp_path: Path) -> None:
    good = _command(tmp_path)
    bad = _command(tmp_path, GROUNDSWELL_ORIGIN="http://act.example.org")

    assert good.returncode == 0, good.stderr
    assert bad.returncode == 1
    assert "(groundswell.E006) http://act.example.org is not encrypted." in bad.stderr
