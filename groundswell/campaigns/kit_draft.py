"""Writing a kit: pure functions over the draft's content, and what a kit needs before hosts get it.

The shape is that of ``campaigns/kit.py``. Every row has a key that never changes, so the ticks of
hosts stay with their line when it moves or is worded anew.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundswell.kernel import formats
from groundswell.kernel.ids import new_slug
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, clean_text

Content = dict[str, Any]

ROWS_MOST = 40
ICONS = ("users", "megaphone", "bus", "coffee", "house", "hand-heart", "book-open", "utensils")


class NoSuchSection(LookupError):
    """A page named a section or a row that the kit does not have: a bug, or a tampered form."""


class KitIsFull(Refusal):
    sentence = _("A kit holds 40 lines of a kind. Remove one before you add another.")


class KitNeedsTypes(Refusal):
    sentence = _("Add at least one event type: hosts choose from them.")


class KitNeedsWords(Refusal):
    sentence = _("Give every line a title in the first language, {language}.")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a kit: its number, if it has one, and its texts; the first text is required."""

    name: str
    texts: tuple[str, ...]
    number: str = ""
    least: int = 0
    most: int = 0
    lines_of: Mapping[str, int] | None = None  # texts of several lines, with their longest length

    def longest(self, text: str) -> int:
        """How many characters a text may have."""
        return (self.lines_of or {}).get(text, 120)


SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        Section("types", ("name", "line"), "minutes", 10, 2880, {"line": 200}),
        Section("moments", ("title", "text"), "minute", -720, 2880, {"text": 500}),
        Section("tasks", ("title", "why"), "due_days", -365, 60, {"why": 300}),
        Section("words", ("title", "text"), lines_of={"text": 2000}),
    )
}


def section(name: str) -> Section:
    """Raises NoSuchSection."""
    try:
        return SECTIONS[name]
    except KeyError as unknown:
        raise NoSuchSection(name) from unknown


def empty() -> Content:
    """A kit with nothing in it."""
    return {name: [] for name in SECTIONS}


def added(content: Content, name: str) -> Content:
    """A copy with one empty row at the end of a section. Raises KitIsFull."""
    part, made = section(name), copy.deepcopy(content)
    rows = made.setdefault(name, [])
    if len(rows) >= ROWS_MOST:
        raise KitIsFull
    row: dict[str, Any] = {"key": new_slug(6), **{text: {} for text in part.texts}}
    if part.number:
        row[part.number] = rows[-1][part.number] if rows else max(0, part.least)
    if name == "types":
        row.update({"icon": ICONS[0], "minutes": 60})
    rows.append(row)
    return made


def removed(content: Content, name: str, key: str) -> Content:
    """A copy without one row. Removing it twice is harmless."""
    made = copy.deepcopy(content)
    made[section(name).name] = [row for row in made.get(name, []) if row["key"] != key]
    return made


def moved(content: Content, name: str, key: str, step: int) -> Content:
    """A copy with one row moved up (-1) or down (+1); at the edge nothing changes."""
    made = copy.deepcopy(content)
    rows = made.get(section(name).name, [])
    at = next((index for index, row in enumerate(rows) if row["key"] == key), None)
    if at is not None and 0 <= at + step < len(rows):
        rows[at], rows[at + step] = rows[at + step], rows[at]
    return made


def written(
    content: Content, name: str, language: str, rows: Mapping[str, Mapping[str, Any]]
) -> Content:
    """A copy with the texts of one language, and the numbers and icons, written anew.

    ``rows``: row key to its typed values. Rows that are not named, and other languages, stay.
    """
    part, made = section(name), copy.deepcopy(content)
    for row in made.get(name, []):
        typed = rows.get(row["key"])
        if typed is None:
            continue
        for text in part.texts:
            if text in typed:
                clean = clean_text if text in (part.lines_of or {}) else clean_line
                row[text][language] = clean(typed[text])[: part.longest(text)]
        if part.number and typed.get(part.number) is not None:
            row[part.number] = min(max(int(typed[part.number]), part.least), part.most)
        if typed.get("icon") in ICONS:
            row["icon"] = typed["icon"]
    return made


def missing_words(content: Content, language: str) -> int:
    """How many rows have no title in this language."""
    return sum(
        not row.get(part.texts[0], {}).get(language)
        for name, part in SECTIONS.items()
        for row in content.get(name, [])
    )


def check(content: Content, fallback: str) -> None:
    """What a kit needs before it is published. Raises KitNeedsTypes, KitNeedsWords."""
    if not content.get("types"):
        raise KitNeedsTypes
    if missing_words(content, fallback):
        raise KitNeedsWords(str(KitNeedsWords.sentence).format(language=formats.endonym(fallback)))
