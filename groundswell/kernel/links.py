"""Named links: a room below can name a page of a door above without importing it.

``config/wiring.py`` plugs each name to a URL; an inspection resolves every one.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import translation

_targets: dict[str, Callable[..., str]] = {}


class UnknownLink(LookupError):
    """A room named a page that nobody wired: a bug in ``config/wiring.py``."""


def plug(name: str, target: Callable[..., str]) -> None:
    """Wire a name to a function that returns the path (starting with ``/``)."""
    _targets[name] = target


def names() -> list[str]:
    return sorted(_targets)


def path(name: str, /, **parts: object) -> str:
    """The path of a named page in the active language."""
    try:
        target = _targets[name]
    except KeyError as missing:
        raise UnknownLink(name) from missing
    return target(**parts)


def url(name: str, /, *, language: str | None = None, **parts: object) -> str:
    """The absolute address of a named page, for mails and calendar files."""
    if language is None:
        return settings.GROUNDSWELL_ORIGIN + path(name, **parts)
    with translation.override(language):
        return settings.GROUNDSWELL_ORIGIN + path(name, **parts)
