"""Settings of an installation, all from the environment (docs/operate/settings.md).

Small on purpose: what organisers may change lives in the ``site`` room, not here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from groundswell.config import environment as env
from groundswell.config.databases import SQLITE, databases
from groundswell.config.master_key import load_master_key, load_other_key
from groundswell.config.sign_in import (  # noqa: F401  # Django reads them from here
    ACCOUNT_ADAPTER,
    ACCOUNT_EMAIL_VERIFICATION,
    ACCOUNT_LOGIN_METHODS,
    ACCOUNT_PREVENT_ENUMERATION,
    ACCOUNT_SIGNUP_FIELDS,
    ACCOUNT_USER_MODEL_USERNAME_FIELD,
    AUTHENTICATION_BACKENDS,
    MFA_ADAPTER,
    MFA_PASSKEY_LOGIN_ENABLED,
    MFA_RECOVERY_CODE_COUNT,
    MFA_RECOVERY_CODE_DIGITS,
    MFA_RECOVERY_CODES_SHOW_ONCE,
    MFA_SUPPORTED_TYPES,
    MFA_TOTP_TOLERANCE,
    MFA_WEBAUTHN_USER_VERIFICATION,
    SIGN_IN_APPS,
    SIGN_IN_MIDDLEWARE,
)
from groundswell.kernel.sealing import derive

PACKAGE_DIR = Path(__file__).resolve().parent.parent

# What kind of installation this is. ``demo`` shows a strip on every page, keeps its master key
# beside the data, and hands no mail to anybody; ``test`` is for the test suite.
GROUNDSWELL_MODE = env.choice("GROUNDSWELL_MODE", "live", ("live", "demo", "test"))
GROUNDSWELL_DATA_DIR = env.folder("GROUNDSWELL_DATA_DIR", Path.cwd() / "data")
GROUNDSWELL_ORIGIN = env.origin("GROUNDSWELL_ORIGIN", "http://127.0.0.1:8000")
GROUNDSWELL_HIGH_RISK = env.flag("GROUNDSWELL_HIGH_RISK", False)
GROUNDSWELL_WEB_PROCESSES = env.number("GROUNDSWELL_WEB_PROCESSES", 2, least=1, most=64)
GROUNDSWELL_MASTER_KEY = load_master_key(GROUNDSWELL_MODE, GROUNDSWELL_DATA_DIR)
GROUNDSWELL_OTHER_MASTER_KEY = load_other_key(GROUNDSWELL_DATA_DIR)  # while keys are rotated
# Who can open backups: an age recipient. Its identity lies elsewhere (docs/operate/backups.md).
GROUNDSWELL_BACKUP_RECIPIENT = env.text("GROUNDSWELL_BACKUP_RECIPIENT", "")
GROUNDSWELL_KEY_BATCH = env.number("GROUNDSWELL_KEY_BATCH", 1000, least=10, most=10_000)

# Where secrets came from; the doctor looks at the files and where they lie.
GROUNDSWELL_SECRET_FILES = env.secret_files
GROUNDSWELL_PLAIN_SECRETS = env.plain_secrets

DEBUG = False
SECRET_KEY = derive(GROUNDSWELL_MASTER_KEY, "django").hex()  # signs what lives for one page
SECRET_KEY_FALLBACKS = [
    derive(key, "django").hex() for key in (GROUNDSWELL_OTHER_MASTER_KEY,) if key
]
# How many proxies stand in front and add to X-Forwarded-For. 0: the header proves nothing.
GROUNDSWELL_PROXIES = env.number("GROUNDSWELL_PROXIES", 0, least=0, most=5)
# Who sends a public form sooner than this after opening it is asked to show that they are a person.
GROUNDSWELL_FORM_SECONDS = env.number("GROUNDSWELL_FORM_SECONDS", 3, least=0, most=30)
GROUNDSWELL_ONION = env.onion("GROUNDSWELL_ONION")
GROUNDSWELL_HSTS = env.flag("GROUNDSWELL_HSTS", True)
_host = urlsplit(GROUNDSWELL_ORIGIN).hostname or ""
_is_secure = GROUNDSWELL_ORIGIN.startswith("https://")
_onion_host = urlsplit(GROUNDSWELL_ONION).hostname or ""
ALLOWED_HOSTS = sorted({_host, _onion_host, *env.words("GROUNDSWELL_HOSTS")} - {""})
if GROUNDSWELL_MODE != "live":
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [origin for origin in (GROUNDSWELL_ORIGIN, GROUNDSWELL_ONION) if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "template_partials",
    "django_countries",
    "django_tasks",
    *SIGN_IN_APPS,
    "groundswell.ledger",
    "groundswell.site",
    "groundswell.accounts",
    "groundswell.places",
    "groundswell.people",
    "groundswell.campaigns",
    "groundswell.events",
    "groundswell.outreach",
    "groundswell.metrics",
    "groundswell.web",
    "groundswell.public",
    "groundswell.my",
    "groundswell.office",
    "groundswell.webhooks",
    "groundswell.cli",
    "groundswell.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "groundswell.web.security.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "groundswell.web.compression.compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "groundswell.web.lock.closed_when_locked",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *SIGN_IN_MIDDLEWARE,
    "groundswell.web.errors.words_for_bare_answers",
    "groundswell.web.requests.who_and_when",
    "groundswell.web.guards.closed_by_default",
]

ROOT_URLCONF = "groundswell.config.urls"
WSGI_APPLICATION = "groundswell.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "groundswell.web.requests.page_context",
            ],
        },
    },
]

DATABASES = databases(GROUNDSWELL_DATA_DIR)
# Threads of one process share one interpreter lock: on SQLite whoever writes would wait for it
# between two statements, and every other writer with it (docs/decisions/0003).
_threads = 1 if DATABASES["default"]["ENGINE"] == SQLITE else 4
GROUNDSWELL_WEB_THREADS = env.number("GROUNDSWELL_WEB_THREADS", _threads, least=1, most=64)
DATABASE_ROUTERS = ["groundswell.site.routing.KeysRouter"]

# The rows hold the truth; this backend only writes them (groundswell/ledger/tasks_backend.py).
TASKS = {"default": {"BACKEND": "groundswell.ledger.tasks_backend.RowsBackend"}}

REDIS_URL = env.secret("REDIS_URL") or ""
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Sessions and messages: nothing that identifies a visitor; the cookie is for people who sign in.
SESSION_ENGINE = "groundswell.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if _is_secure else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = "__Host-csrf" if _is_secure else "csrf"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "groundswell.web.errors.csrf_failed"
MESSAGE_STORAGE = "groundswell.web.toasts.LockedCookies"

SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it browsers send "Origin: null" with our own forms (Fetch standard,
# section 3.2), which the CSRF check refuses. Other sites learn nothing either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy in front does it; docs/operate/put-it-up.md
SECURE_HSTS_SECONDS = 31_536_000 if _is_secure and GROUNDSWELL_HSTS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_secure else None
# Our own checks stand in config/checks.py. Django's deploy check must be clean but for these:
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options: the policy's frame-ancestors says it, and more exactly
    "security.W005",  # HSTS for subdomains is their owner's decision
    "security.W008",  # the proxy in front redirects
    "security.W021",  # as W005: nobody leaves a preload list quickly
]
# Django 6's name for the policy; web/security.py sends it.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "require-trusted-types-for": ["'script'"],
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["groundswell.web.uploads.InMemory"]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE_DIR / "static"]
STATIC_ROOT = GROUNDSWELL_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names need `collectstatic`, which a test run has no use for.
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if GROUNDSWELL_MODE == "test"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_MAX_AGE = 31_536_000
FORM_RENDERER = "groundswell.web.forms.PlainRenderer"

# Mail leaves only through the outbox (outreach/senders); Django's own mail functions are unused.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
GROUNDSWELL_SMTP_URL = env.secret("GROUNDSWELL_SMTP_URL") or ""
GROUNDSWELL_MAIL_FROM = env.text("GROUNDSWELL_MAIL_FROM", "")
# Answers between people come back to this domain (docs/operate/inbound-mail.md).
GROUNDSWELL_RELAY_DOMAIN = env.host("GROUNDSWELL_RELAY_DOMAIN")
# Domains of made-up people in exports of real addresses (docs/operate/exports.md).
GROUNDSWELL_CANARY_DOMAINS = [word.lower() for word in env.words("GROUNDSWELL_CANARY_DOMAINS")] or (
    [GROUNDSWELL_RELAY_DOMAIN] if GROUNDSWELL_RELAY_DOMAIN else []
)
GROUNDSWELL_INBOUND_SECRETS = env.secrets("GROUNDSWELL_INBOUND_SECRETS")
GROUNDSWELL_INBOUND_PROVIDER = env.choice(
    "GROUNDSWELL_INBOUND_PROVIDER", "none", ("none", "mailgun", "postmark", "sendgrid")
)
# Other programs hear what is public here (docs/operate/other-programs.md). Where much is at risk,
# nobody outside is told anything unless the server's owner wants it.
GROUNDSWELL_OTHER_PROGRAMS = env.flag("GROUNDSWELL_OTHER_PROGRAMS", not GROUNDSWELL_HIGH_RISK)
GROUNDSWELL_EGRESS_PROXY = env.machine("GROUNDSWELL_EGRESS_PROXY")
GROUNDSWELL_OUTGOING_LOOPBACK = env.flag("GROUNDSWELL_OUTGOING_LOOPBACK", False)  # never when live
if GROUNDSWELL_SMTP_URL and urlsplit(GROUNDSWELL_SMTP_URL).scheme not in {"smtp", "smtps"}:
    raise ImproperlyConfigured(
        "GROUNDSWELL_SMTP_URL: write smtp://name:password@host:587 or smtps://…:465"
    )
if GROUNDSWELL_SMTP_URL and "@" not in GROUNDSWELL_MAIL_FROM:
    raise ImproperlyConfigured(
        "GROUNDSWELL_MAIL_FROM: write the address that mails come from, such as hello@example.org"
    )

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "groundswell.config.logs.QuietFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"shapes": {"()": "groundswell.web.logs.ShapesNotAddresses"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "plain",
            "filters": ["shapes"],  # paths hold signed links
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Without Django's own handler, which mails crash reports.
    "loggers": {
        "groundswell": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        # Scanners ask for hosts of their own by the thousand: answered 400, and no line each.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "groundswell.config.logs.QuietReporterFilter"
