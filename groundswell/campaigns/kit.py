"""The shape of a kit: moments of the day, a checklist with due dates, words, event types.

Stored as JSON (``Kit.content``), read into these frozen values, one language at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Words = Mapping[str, str]  # language -> text


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens on the day: ``minute`` after the start."""

    key: str
    minute: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the host's checklist, due ``due_days`` from the event (negative: before)."""

    key: str
    due_days: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event that hosts may hold, with its usual length in minutes."""

    key: str
    icon: str
    minutes: int
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class SuggestedWords:
    """Words a host may use: a short text and where it helps."""

    key: str
    title: str
    text: str


def on_the_clock(minute: int, start: str) -> str:
    """``11:30`` for what happens half an hour after the wall time ``start`` ("11:00")."""
    hours, minutes = start.split(":")
    later = (int(hours) * 60 + int(minutes) + minute) % (24 * 60)
    return "{:02}:{:02}".format(*divmod(later, 60))


@dataclass(frozen=True, slots=True)
class KitText:
    """A kit in one language, with fall-back for what is not translated."""

    version: int
    moments: tuple[Moment, ...]
    tasks: tuple[Task, ...]
    types: tuple[EventType, ...]
    words: tuple[SuggestedWords, ...]

    def type(self, key: str) -> EventType | None:
        return next((each for each in self.types if each.key == key), None)


def pick(words: Words, language: str, fallback: str) -> str:
    """The text in ``language``, else in its base language, else in ``fallback``, else any."""
    for wanted in (language, language.split("-")[0], fallback):
        if words.get(wanted):
            return words[wanted]
    return next((text for text in words.values() if text), "")


def read(content: Mapping[str, Any], *, version: int, language: str, fallback: str) -> KitText:
    """``Kit.content`` in one language."""

    def text(words: Words) -> str:
        return pick(words, language, fallback)

    return KitText(
        version=version,
        moments=tuple(
            Moment(each["key"], each["minute"], text(each["title"]), text(each["text"]))
            for each in content.get("moments", ())
        ),
        tasks=tuple(
            Task(each["key"], each["due_days"], text(each["title"]), text(each["why"]))
            for each in content.get("tasks", ())
        ),
        types=tuple(
            EventType(
                each["key"], each["icon"], each["minutes"], text(each["name"]), text(each["line"])
            )
            for each in content.get("types", ())
        ),
        words=tuple(
            SuggestedWords(each["key"], text(each["title"]), text(each["text"]))
            for each in content.get("words", ())
        ),
    )
