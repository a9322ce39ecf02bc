"""The rows of one part of an import, from its sealed text to a verdict for each."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from groundswell.people.imports import formats
from groundswell.people.imports.choices import Choices
from groundswell.people.imports.cleaning import Cleaner
from groundswell.people.imports.tables import Line
from groundswell.people.models import Import, ImportPart
from groundswell.people.operations.imports.book import Book, Row, Verdict, indexed
from groundswell.people.operations.imports.resolving import Resolver
from groundswell.site import vault


@contextmanager
def no_collections() -> Iterator[None]:
    """Python looks for cycles among objects after every few hundred that are made. A part makes
    tens of thousands and no cycle; looking took a third of the time of an import."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def lines_of(part: ImportPart) -> list[Line]:
    """The rows of a part as they stood in the file."""
    told = vault.open_(part, "rows_sealed")
    return [Line(*line) for line in json.loads(told)] if told else []


def as_text(lines: Sequence[Line]) -> str:
    """Rows as a part seals them; "" for none, so that nothing is left of them."""
    if not lines:
        return ""
    told = [[line.number, line.cells, line.flaw] for line in lines]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class Reader:
    """Reads the parts of one import by its columns and choices."""

    def __init__(self, found: Import) -> None:
        self.choices = Choices.of_json(found.choices)
        self.cleaner = Cleaner(
            found.columns,
            self.choices,
            heads=found.head,
            apostrophes=formats.by_key(found.format).apostrophes,
        )
        self.resolver = Resolver(found.columns, self.choices)

    def read(self, lines: Sequence[Line]) -> list[Row]:
        """Cleaned rows with the indexes of their addresses and what their cells mean here."""
        read = indexed(self.cleaner.clean(line) for line in lines)
        for row in read:
            if row.clean.answers:
                row.answers = self.resolver.answers(row.clean)
            if row.clean.point_person:
                row.point_person_id = self.resolver.point_person(row.clean)
        return read


def judged(book: Book, read: Sequence[Row]) -> list[Verdict]:
    """A verdict for each row, in their order, which matters: the first row makes a person."""
    book.load(read)
    verdicts = [book.judge(row) for row in read]
    book.next_part()
    return verdicts
