"""What must hold before this installation starts (Django's system checks, run by every command).

An error stops a live installation; each sentence says what to change.
``tests/config/test_checks.py`` breaks each of them once.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import Warning as Caution

from groundswell.accounts.adapters import SealingMFAAdapter
from groundswell.site.sqlite.pragmas import wrong_pragmas

Question = Callable[[], Iterator[CheckMessage]]

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SAFE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_NEVER_IN_A_POLICY = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:")
_OWN_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "groundswell.web.security.security_headers",
    "groundswell.web.lock.closed_when_locked",
    "django.middleware.csrf.CsrfViewMiddleware",
    "groundswell.web.requests.who_and_when",
    "groundswell.web.guards.closed_by_default",
)
_NEVER_INSTALLED = {
    "django.contrib.admin": "the office is the admin",
    "allauth.usersessions": "it stores addresses and browsers of people",
    "debug_toolbar": "it shows what pages know",
}


def _is_live() -> bool:
    return settings.GROUNDSWELL_MODE == "live"


def _error(number: int, sentence: str, hint: str = "") -> Error:
    return Error(sentence, hint=hint or None, id=f"groundswell.E{number:03}")


def _warning(number: int, sentence: str, hint: str = "") -> Caution:
    return Caution(sentence, hint=hint or None, id=f"groundswell.W{number:03}")


# --- databases and keys ------------------------------------------------------------------------


def sqlite_options() -> Iterator[CheckMessage]:
    for alias, database in settings.DATABASES.items():
        if not database["ENGINE"].endswith(("sqlite", "sqlite3")):
            continue
        options = database.get("OPTIONS", {})
        said = options.get("init_command", "")
        missing = [pragma for pragma in _SAFE_PRAGMAS if f"PRAGMA {pragma}" not in said]
        if options.get("transaction_mode") != "IMMEDIATE":
            missing.append("transaction_mode=IMMEDIATE")
        if options.get("timeout", 0) < 20:
            missing.append("timeout=20")
        if missing:
            yield _error(1, f"The SQLite database {alias!r} lacks {', '.join(missing)}.")


def no_transaction_per_request() -> Iterator[CheckMessage]:
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            yield _error(
                2, f"ATOMIC_REQUESTS is on for {alias!r}: every page would take the write lock."
            )


def keys_apart() -> Iterator[CheckMessage]:
    places = [
        (database["ENGINE"], database.get("HOST"), database.get("PORT"), str(database["NAME"]))
        for database in settings.DATABASES.values()
    ]
    if _is_live() and len(set(places)) != len(places):
        yield _error(
            3,
            "The data keys lie in the same database as what they seal.",
            "Set GROUNDSWELL_KEYS_URL to a database with backups of its own.",
        )


def master_key_apart() -> Iterator[CheckMessage]:
    beside = Path(settings.GROUNDSWELL_DATA_DIR) / "master.key"
    if _is_live() and beside.exists():
        yield _warning(
            4,
            f"The master key lies beside the data: {beside}",
            "Move it to another place and set GROUNDSWELL_MASTER_KEY_FILE.",
        )


def data_for_its_owner() -> Iterator[CheckMessage]:
    folder = Path(settings.GROUNDSWELL_DATA_DIR)
    if _is_live() and folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield _warning(5, f"Others on this machine can look into {folder}", f"chmod 700 {folder}")


# --- who reaches it ----------------------------------------------------------------------------


def origin_encrypted() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.GROUNDSWELL_ORIGIN)
    is_onion = (parts.hostname or "").endswith(".onion")  # tor encrypts
    if _is_live() and parts.scheme != "https" and not is_onion and parts.hostname not in LOOPBACK:
        yield _error(6, f"{settings.GROUNDSWELL_ORIGIN} is not encrypted.", "Use https.")


def hosts_named() -> Iterator[CheckMessage]:
    if any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        yield _error(7, "Any host name is answered.", "Write the names into GROUNDSWELL_HOSTS.")


def not_debugging() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield _error(8, "DEBUG is on: error pages would show settings and data.")


def cookies_locked() -> Iterator[CheckMessage]:
    loose = [
        name
        for name in ("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")
        if not getattr(settings, name)
    ]
    if settings.GROUNDSWELL_ORIGIN.startswith("https://"):
        loose += [
            name
            for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
            if not getattr(settings, name)
        ]
        loose += [
            name
            for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
            if not getattr(settings, name).startswith("__Host-")
        ]
    if settings.SESSION_COOKIE_SAMESITE not in {"Lax", "Strict"}:
        loose.append("SESSION_COOKIE_SAMESITE")
    if loose:
        yield _error(9, f"Cookies are not locked to this host: {', '.join(loose)}.")


def proxy_header_meant() -> Iterator[CheckMessage]:
    is_https = settings.GROUNDSWELL_ORIGIN.startswith("https://")
    if settings.SECURE_PROXY_SSL_HEADER is not None and not is_https:
        yield _error(
            10, "A header decides whether a request was encrypted, and no proxy sets that header."
        )


# --- what answers carry ------------------------------------------------------------------------


def middleware_in_order() -> Iterator[CheckMessage]:
    places = [
        settings.MIDDLEWARE.index(name) if name in settings.MIDDLEWARE else -1
        for name in _OWN_MIDDLEWARE
    ]
    is_last = settings.MIDDLEWARE[-1:] == list(_OWN_MIDDLEWARE[-1:])
    if -1 in places or places != sorted(places) or places[:2] != [0, 1] or not is_last:
        yield _error(11, f"These must run, in this order, the last at the end: {_OWN_MIDDLEWARE}")


def policy_strict() -> Iterator[CheckMessage]:
    policy = settings.SECURE_CSP
    sources = [source for listed in policy.values() for source in listed]
    loose = [source for source in sources if source in _NEVER_IN_A_POLICY or "//" in source]
    if policy.get("default-src") != ["'none'"] or policy.get("base-uri") != ["'none'"]:
        loose.append("default-src and base-uri must be 'none'")
    if policy.get("require-trusted-types-for") != ["'script'"]:
        loose.append("require-trusted-types-for must be 'script'")
    if loose:
        yield _error(12, f"The content policy is loose: {', '.join(loose)}.")


# --- people who sign in, and mail --------------------------------------------------------------


def second_factors_sealed() -> Iterator[CheckMessage]:
    wanted = f"{SealingMFAAdapter.__module__}.{SealingMFAAdapter.__qualname__}"
    if wanted != settings.MFA_ADAPTER:
        yield _error(13, f"MFA_ADAPTER must be {wanted}: second factors would lie in the clear.")


def signing_in_hardened() -> Iterator[CheckMessage]:
    wanted: dict[str, Any] = {
        "SESSION_ENGINE": "groundswell.accounts.sessions",
        "AUTHENTICATION_BACKENDS": ["groundswell.accounts.backend.AccountBackend"],
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "ACCOUNT_PREVENT_ENUMERATION": "strict",
    }
    loose = [name for name, value in wanted.items() if getattr(settings, name, None) != value]
    if loose:
        yield _error(14, f"Signing in is not hardened: {', '.join(loose)}.")


def nothing_nosy_installed() -> Iterator[CheckMessage]:
    for app, why in _NEVER_INSTALLED.items():
        if app in settings.INSTALLED_APPS:
            yield _error(15, f"{app} is installed: {why}.")


def mail_by_the_outbox_only() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend":
        yield _error(16, "Django's own mail functions could send past the outbox and its gate.")


def demonstration_sends_nothing() -> Iterator[CheckMessage]:
    if settings.GROUNDSWELL_MODE == "demo" and settings.GROUNDSWELL_SMTP_URL:
        yield _error(
            17, "A demonstration must not have a mail server.", "Remove GROUNDSWELL_SMTP_URL."
        )


def uploads_stay_in_memory() -> Iterator[CheckMessage]:
    handlers = ["groundswell.web.uploads.InMemory"]
    if handlers != settings.FILE_UPLOAD_HANDLERS or settings.DATA_UPLOAD_MAX_MEMORY_SIZE is None:
        yield _error(
            18, "Uploads could be written to a temporary folder before anybody checks them."
        )


# --- public forms ------------------------------------------------------------------------------


def proxies_counted() -> Iterator[CheckMessage]:
    is_https = settings.GROUNDSWELL_ORIGIN.startswith("https://")
    if _is_live() and is_https and not settings.GROUNDSWELL_PROXIES:
        yield _warning(
            20,
            "Nobody has said how many proxies stand in front, so forms are limited by event and "
            "address only.",
            "Set GROUNDSWELL_PROXIES, usually to 1.",
        )


def https_remembered() -> Iterator[CheckMessage]:
    is_https = settings.GROUNDSWELL_ORIGIN.startswith("https://")
    if _is_live() and is_https and settings.SECURE_HSTS_SECONDS < 15_552_000:
        yield _warning(
            21,
            "Browsers do not remember to use https here (HSTS).",
            "Remove GROUNDSWELL_HSTS=no once the name stays.",
        )


def people_have_time() -> Iterator[CheckMessage]:
    if _is_live() and not 1 <= settings.GROUNDSWELL_FORM_SECONDS <= 10:
        yield _warning(
            22,
            f"GROUNDSWELL_FORM_SECONDS is {settings.GROUNDSWELL_FORM_SECONDS}: it stops no program "
            "or stops people.",
            "Leave it at 3.",
        )


def log_without_links() -> Iterator[CheckMessage]:
    handlers: dict[str, Any] = settings.LOGGING["handlers"]  # type: ignore[assignment]  # a plain dict
    open_ones = [
        name
        for name, handler in handlers.items()
        if "NullHandler" not in handler["class"] and "shapes" not in handler.get("filters", [])
    ]
    if open_ones:
        yield _error(23, f"Signed links would stand in the log: {', '.join(open_ones)}.")


def forms_from_here_only() -> Iterator[CheckMessage]:
    ours = {urlsplit(settings.GROUNDSWELL_ORIGIN).hostname, *LOOPBACK}
    ours.add(urlsplit(settings.GROUNDSWELL_ONION).hostname)
    trusted: list[str] = settings.CSRF_TRUSTED_ORIGINS
    others = {origin for origin in trusted if urlsplit(origin).hostname not in ours}
    if others:
        yield _error(24, f"Forms of other sites are trusted: {', '.join(sorted(others))}.")


def sessions_end() -> Iterator[CheckMessage]:
    if settings.SESSION_COOKIE_AGE > 12 * 60 * 60:
        yield _error(25, "Sessions last longer than twelve hours: a device that is taken stays in.")


QUESTIONS: tuple[Question, ...] = (
    sqlite_options, no_transaction_per_request, keys_apart, master_key_apart, data_for_its_owner,
    origin_encrypted, hosts_named, not_debugging, cookies_locked, proxy_header_meant,
    middleware_in_order, policy_strict, second_factors_sealed, signing_in_hardened,
    nothing_nosy_installed, mail_by_the_outbox_only, demonstration_sends_nothing,
    uploads_stay_in_memory, proxies_counted, https_remembered, people_have_time,
    log_without_links, forms_from_here_only, sessions_end,
)  # fmt: skip


def ask_all(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """Everything about the settings; opens no connection."""
    return [found for question in QUESTIONS for found in question()]


def databases_in_force(
    app_configs: Any = None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """What each SQLite database really does on an open connection."""
    return [_error(19, problem) for alias in databases or () for problem in wrong_pragmas(alias)]


def register() -> None:
    """Let Django run these with every command."""
    checks.register(ask_all, Tags.security)
    checks.register(databases_in_force, Tags.database)
