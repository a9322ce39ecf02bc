"""The six questions of ``groundswell init``, their defaults, and what is no answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import settings
from rich.console import Console
from rich.prompt import Prompt

from groundswell.site import queries as site_queries


class NoAnswer(ValueError):
    """An answer is missing or cannot be taken; the message says what would be one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``take`` returns the answer cleaned, or raises NoAnswer."""

    key: str
    ask: str
    default: Callable[[], str]
    take: Callable[[str], str]


def _some(text: str) -> str:
    if not text.strip():
        raise NoAnswer("Write at least one word.")
    return text.strip()


def _address(text: str) -> str:
    value = text.strip().rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise NoAnswer("Write scheme and host only, such as https://act.example.org")
    return value


def _language(text: str) -> str:
    known = dict(settings.LANGUAGES)
    if text.strip() not in known:
        raise NoAnswer(f"Choose one of {', '.join(known)}.")
    return text.strip()


def _zone(text: str) -> str:
    if text.strip() not in available_timezones():
        raise NoAnswer("Write a time zone by its city, such as Europe/Lisbon or UTC.")
    return text.strip()


def _email(text: str) -> str:
    if "@" not in text.strip().strip("@"):
        raise NoAnswer("Write your e-mail address, such as name@example.org")
    return text.strip()


def _zone_of_machine() -> str:
    link = Path("/etc/localtime")
    told = os.environ.get("TZ") or (str(link.readlink()) if link.is_symlink() else "")
    name = told.rpartition("zoneinfo/")[2]
    return name if name in available_timezones() else "UTC"


def _so_far(column: str, otherwise: Callable[[], str]) -> Callable[[], str]:
    """What an earlier ``init`` wrote, so that a second one changes nothing by itself."""

    def default() -> str:
        row = site_queries.installation()
        return str(getattr(row, column)) if row else otherwise()

    return default


ABOUT_OWNER = ("owner", "email")
QUESTIONS = (
    Question(
        "name",
        "What is this installation called?",
        _so_far("name", lambda: "Groundswell"),
        _some,
    ),
    Question(
        "address",
        "At which address will people find it?",
        lambda: str(settings.GROUNDSWELL_ORIGIN),
        _address,
    ),
    Question(
        "language", "In which language do you work?", _so_far("language", lambda: "en"), _language
    ),
    Question("zone", "In which time zone?", _so_far("zone", _zone_of_machine), _zone),
    Question("owner", "What is your name? You will own this installation.", lambda: "", _some),
    Question("email", "What is your e-mail address?", lambda: "", _email),
)


def answers(
    options: Mapping[str, Any], console: Console, *, is_asking: bool, has_owner: bool
) -> dict[str, str]:
    """An answer to each question: from the options, the person, or the default.

    Who the owner is is not asked where there is one. Raises NoAnswer when an option cannot be
    taken, or nobody is there to ask.
    """
    taken = {}
    for question in QUESTIONS:
        if has_owner and question.key in ABOUT_OWNER:
            continue
        given = options.get(question.key)
        if given is not None or not is_asking:
            try:
                taken[question.key] = question.take(given or question.default())
            except NoAnswer as error:
                raise NoAnswer(f"--{question.key}: {error}") from error
        else:
            taken[question.key] = _asked(question, console)
    return taken


def _asked(question: Question, console: Console) -> str:
    while True:
        default = question.default()
        try:
            text = Prompt.ask(question.ask, console=console, default=default or None)
        except EOFError as error:
            raise NoAnswer("Nobody answers. Use --no-input with --owner and --email.") from error
        try:
            return question.take(text or "")
        except NoAnswer as error:
            console.print(f"[red]✗[/red] {error}")
