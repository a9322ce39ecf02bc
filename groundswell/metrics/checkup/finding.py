"""What a question answers with, and the few words that several of them need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django.conf import settings
from django.utils.functional import Promise

from groundswell.kernel import clock, formats


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the installation, in a sentence that also says why it can harm.

    ``what_to_do`` names the command or the setting that mends it. ``page`` is the name of the page
    where it is mended, and ``verb`` what one does there; the command line prints neither.
    ``to_copy`` is a text of its own that people copy letter by letter, such as the log's head.
    """

    is_good: bool
    sentence: str
    what_to_do: str = ""
    page: str = ""
    verb: str = ""
    to_copy: str = ""


Question = Callable[[], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that belong together, under a heading."""

    key: str
    title: Promise
    questions: tuple[Question, ...]

    def findings(self) -> Iterator[Finding]:
        for question in self.questions:
            yield from question()


def well(sentence: str, what_to_do: str = "") -> Finding:
    """Good news."""
    return Finding(True, sentence, what_to_do)


def unsafe(sentence: str, what_to_do: str, page: str = "", verb: str = "") -> Finding:
    """Something that could harm somebody, or keep the installation from its work."""
    return Finding(False, sentence, what_to_do, page, verb)


def is_live() -> bool:
    """Whether real people are meant to be in here: a demonstration is excused from much."""
    return bool(settings.GROUNDSWELL_MODE == "live")


def ago(moment: datetime) -> str:
    """``19 hours ago``, in the language that is active."""
    since = max(clock.now() - moment, timedelta(seconds=1))  # "in 0 seconds" is not the past
    return format_timedelta(-since, add_direction=True, locale=formats.locale())
