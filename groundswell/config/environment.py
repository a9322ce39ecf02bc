"""Readers for environment variables that refuse a bad value by name.

Every variable is read through here, so ``.env.example`` and ``docs/operate/settings.md`` can be
checked against the list.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

read_names: list[str] = []


def _raw(name: str) -> str | None:
    """The value of NAME, or the content of the file that NAME_FILE points to."""
    if name not in read_names:
        read_names.append(name)
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error}") from error
    value = os.environ.get(name)
    return value.strip() if value and value.strip() else None


def text(name: str, default: str) -> str:
    return _raw(name) or default


def secret(name: str) -> str | None:
    return _raw(name)


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
