"""Settings from a file named ``.env`` in the current folder; the real environment wins."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def parse(text: str) -> dict[str, str]:
    """NAME=value lines; ``#`` starts a comment line; quotes around a value are dropped.

    Raises ImproperlyConfigured with the number of the first line that is neither.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            raise ImproperlyConfigured(f".env, line {number}: write NAME=value")
        name, value = match.groups()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[name] = value
    return found


def read(path: Path | None = None) -> None:
    """Put what the file says into the environment, unless it is set there already."""
    path = path or Path.cwd() / ".env"
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f".env cannot be read: {error}") from error
    for name, value in parse(text).items():
        os.environ.setdefault(name, value)
