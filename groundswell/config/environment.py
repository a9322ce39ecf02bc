"""Readers for environment variables that refuse a bad value by name.

Every variable is read through here, so ``.env.example`` and ``docs/operate/settings.md`` can be
checked against the list.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

read_names: list[str] = []
# Where secrets came from, for the doctor: files by name, and names that stood in the environment.
secret_files: dict[str, Path] = {}
plain_secrets: list[str] = []
LEAST_SECRET = 24
ASK = "ask"  # no secret, but where to get one: from somebody who types it

# Inside a container everybody is the same person, and Docker makes its secrets readable for all.
_CONTAINER_SECRETS = Path("/run/secrets")


def _raw(name: str) -> str | None:
    """The value of NAME: from the file that NAME_FILE points to, from the environment, or from
    a systemd credential of the same name (``GROUNDSWELL_SMTP_URL`` is ``groundswell-smtp-url``)."""
    if name not in read_names:
        read_names.append(name)
    if path := os.environ.get(f"{name}_FILE"):
        return _content(f"{name}_FILE", Path(path))
    value = os.environ.get(name, "").strip()
    if value:
        return value
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder, name.lower().replace("_", "-")) if folder else None
    return _content(name, credential) if credential and credential.exists() else None


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}: cannot read {path}: {error}") from error


def is_open_to_all(path: Path) -> bool:
    """Whether everybody on this machine can read the file; a container's secrets do not count."""
    is_container = _CONTAINER_SECRETS in path.resolve().parents
    return not is_container and bool(stat.S_IMODE(path.stat().st_mode) & stat.S_IROTH)


def text(name: str, default: str) -> str:
    return _raw(name) or default


def secret(name: str) -> str | None:
    """A value that nobody else may know: a file of it that everybody can read is refused."""
    value = _raw(name)
    told = os.environ.get(f"{name}_FILE")
    if told and is_open_to_all(Path(told)):
        raise ImproperlyConfigured(
            f"{name}_FILE: everybody on this machine can read {told}. Run: chmod 600 {told}"
        )
    if told:
        secret_files[name] = Path(told)
    elif value and value != ASK and value == os.environ.get(name, "").strip():
        plain_secrets.append(name)
    return value


def flag(name: str, default: bool) -> bool:
    value = _raw(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}: write yes or no, not {value!r}")


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = _raw(name)
    if value is None:
        return default
    try:
        result = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}: write a whole number, not {value!r}") from None
    if not least <= result <= most:
        raise ImproperlyConfigured(f"{name}: {result} is not between {least} and {most}")
    return result


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = _raw(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}: choose one of {', '.join(allowed)}, not {value!r}")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in (_raw(name) or "").split(",") if word.strip()]


def secrets(name: str) -> list[str]:
    """Secrets with commas between, so that a new one can begin before the old one ends."""
    found = words(name)
    if any(len(word) < LEAST_SECRET for word in found):
        raise ImproperlyConfigured(f"{name}: a secret needs {LEAST_SECRET} letters and more")
    return found


def host(name: str) -> str:
    """A bare host name, for example ``reply.example.org``; "" when none is set."""
    value = (_raw(name) or "").lower().rstrip(".")
    if value and not re.fullmatch(
        r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", value
    ):
        raise ImproperlyConfigured(
            f"{name}: write a domain such as reply.example.org, not {value!r}"
        )
    return value


def folder(name: str, default: Path) -> Path:
    path = Path(_raw(name) or default).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: cannot use {path}: {error}") from error
    return path


def origin(name: str, default: str) -> str:
    """A scheme and host without a path, for example ``https://act.example.org``."""
    value = (_raw(name) or default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name}: write scheme and host only, such as https://act.example.org, not {value!r}"
        )
    return value


def machine(name: str) -> str:
    """A host and a port, for example ``proxy.internal:4750``; "" when none is set."""
    value = _raw(name) or ""
    host, _colon, port = value.rpartition(":")
    is_port = port.isascii() and port.isdigit() and 1 <= int(port) <= 65535
    if value and not (is_port and re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", host)):
        raise ImproperlyConfigured(f"{name}: write host:port, such as 127.0.0.1:4750")
    return value


def onion(name: str) -> str:
    """The origin of an onion service (version 3), for example ``http://…56 letters….onion``."""
    value = (_raw(name) or "").rstrip("/").lower()
    host = urlsplit(value).hostname or ""
    is_onion = len(host) == 62 and host.endswith(".onion") and host[:56].isalnum()
    if value and (value not in {f"http://{host}", f"https://{host}"} or not is_onion):
        raise ImproperlyConfigured(
            f"{name}: write http:// and the 56 letters that tor gave you, then .onion"
        )
    return value
