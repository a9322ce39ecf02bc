"""What came of an import: its sentence, its errors by reason, and the rows to correct."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.people.imports.reasons import FAILED, REASONS
from groundswell.people.models import Import
from groundswell.people.operations.imports import rows
from groundswell.people.operations.imports.counting import Counts


def sentence(counts: Counts) -> str:
    """``412 new people, 88 rows about people whom we know, 7 rows left out.`` and who on the
    do-not-contact list stays there."""
    parts = [
        ngettext("{number} new person", "{number} new people", counts.new).format(
            number=formats.number(counts.new)
        ),
        ngettext(
            "{number} row about somebody we know", "{number} rows about people we know",
            counts.known,
        ).format(number=formats.number(counts.known)),
        ngettext("{number} row left out", "{number} rows left out", counts.failed).format(
            number=formats.number(counts.failed)
        ),
    ]  # fmt: skip
    if counts.barred:
        words = ngettext(
            "{number} on the do-not-contact list stays there",
            "{number} on the do-not-contact list stay there",
            counts.barred,
        )
        parts.append(words.format(number=formats.number(counts.barred)))
    if counts.never:
        words = ngettext(
            "{number} is put on the do-not-contact list",
            "{number} are put on the do-not-contact list",
            counts.never,
        )
        parts.append(words.format(number=formats.number(counts.never)))
    return _("{what}.").format(what=formats.listing(parts))


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong with how many rows, and whether they were left out or only the cell."""

    why: str
    row_count: int
    is_row_out: bool


def reasons(counts: Counts) -> list[Reason]:
    """The most frequent first."""
    found = sorted(counts.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Reason(str(REASONS.get(code, code)), count, code in FAILED) for code, count in found]


def has_rows_to_correct(found: Import) -> bool:
    """Whether there is anything to correct, and it is still there."""
    return found.key_id is not None and found.parts.exclude(failed=[]).exists()


def head_to_correct(found: Import) -> list[str]:
    """The names of the columns, and one for what is wrong."""
    return [*found.head, _("What is wrong")]


def rows_to_correct(found: Import) -> Iterator[list[str]]:
    """The rows that were left out, or taken in without a cell, as they stood in the file, with
    what is wrong in the reader's language. Made when it is asked for, and kept nowhere."""
    for part in found.parts.exclude(failed=[]).order_by("number").iterator(chunk_size=4):
        lines = {line.number: line.cells for line in rows.lines_of(part)}
        for number, problems in part.failed:
            if number in lines:
                told = [_told(found, code, column) for code, column in problems]
                yield [*lines[number], " ".join(dict.fromkeys(told))]


def _told(found: Import, code: str, column: int) -> str:
    why = str(REASONS.get(code, code))
    if 0 <= column < len(found.head):
        return _("{column}: {problem}").format(column=found.head[column], problem=why)
    return why
