"""Templates compiled once, then filled per mail.

A mail of one kind in one language differs from the next by a dozen values only. So Django and
MJML run once with marks such as ``@@first_name@@`` in place of the values, and a mail is the
pieces between the marks joined with its values: microseconds instead of milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape
from mjml import mjml2html

from groundswell.kernel import formats

_FOLDER = "outreach/mail"
_MARK = re.compile(r"@@([a-z_]+)@@")
_BLANK_LINES = re.compile(r"\n{3,}")

# Values that people typed: a name must not turn the sentence around it (UAX #9).
_ISOLATED = frozenset(
    {
        "first_name",
        "writer_name",
        "host_name",
        "event_title",
        "campaign_title",
        "organisation",
        "place",
        "town",
    }
)
_PARAGRAPHS = frozenset({"words"})


class _Marks(dict[str, Any]):
    """A template's context in which every unknown name is a mark."""

    def __missing__(self, name: str) -> str:
        return f"@@{name}@@"

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name not in {"block", "forloop", "True", "False", "None"}


@dataclass(frozen=True, slots=True)
class Pieces:
    """Fixed text and names of values in turn: text, name, text, name, …, text."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pieces:
        return cls(tuple(_MARK.split(text)))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.parts[1::2])

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its values. Raises KeyError for a value that was not given."""
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in parts[1::2]]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of mail in one language and one variant."""

    subject: Pieces
    text: Pieces
    html: Pieces

    def fill(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """Subject, text and HTML."""
        subject = self.subject.filled(values)
        shown = {name: _for_html(name, value) for name, value in values.items()}
        shown["subject_line"] = str(escape(subject))
        return subject, self.text.filled(values), self.html.filled(shown)


def _for_html(name: str, value: str) -> str:
    escaped = str(escape(value))
    if name in _ISOLATED:
        return f"<bdi>{escaped}</bdi>"
    if name in _PARAGRAPHS:
        return escaped.replace("\n", "<br>")
    return escaped


@lru_cache(maxsize=1024)
def template(kind: str, language: str, flags: frozenset[str]) -> Template:
    """The compiled template; ``flags`` are the conditions that its ``{% if %}`` ask for."""
    with translation.override(language):
        subject, text = _written(kind, flags)
        html = _laid_out(kind, language, flags)
    return Template(Pieces.of(subject), Pieces.of(text), Pieces.of(html))


def _written(kind: str, flags: Iterable[str]) -> tuple[str, str]:
    """The text template: its first line is the subject, the rest the text part."""
    told = _rendered(f"{_FOLDER}/{kind}.txt", flags, autoescape=False)
    subject, _newline, text = told.strip().partition("\n")
    return subject.strip(), _BLANK_LINES.sub("\n\n", text.strip()) + "\n"


def _laid_out(kind: str, language: str, flags: Iterable[str]) -> str:
    direction = formats.direction(language)
    fixed = {
        "language": language,
        "direction": direction,
        "start": "right" if direction == "rtl" else "left",
    }
    source = _rendered(f"{_FOLDER}/{kind}.mjml.html", flags, autoescape=True, **fixed)
    # No fonts: MJML would fetch well-known ones from another company's servers.
    return str(mjml2html(source, fonts={}))


def _rendered(name: str, flags: Iterable[str], *, autoescape: bool, **fixed: str) -> str:
    marks = _Marks(fixed)
    marks["has"] = dict.fromkeys(flags, True)
    context = Context(marks, autoescape=autoescape)
    django_template: Any = get_template(name)
    return str(django_template.template.render(context))
