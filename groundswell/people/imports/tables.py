"""What every reader gives: lines with their numbers, and what is odd about the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal

COLUMNS_MOST = 400
CELL_MOST = 20_000  # letters; no address, name or note is longer
HEAD_WITHIN = 20  # the columns' names stand in one of the first lines


class CannotRead(Refusal):
    sentence = _(
        "This file cannot be read as a table. Open it in your spreadsheet program, save it as "
        "CSV (UTF-8) or XLSX without a password, and choose it again."
    )
    field = "file"


class NothingInIt(Refusal):
    sentence = _("There is no row in this file. Choose another.")
    field = "file"


class TooManyColumns(Refusal):
    sentence = _(
        "This file has more than 400 columns. Delete those that you do not need, and choose it "
        "again."
    )
    field = "file"


class QuoteStaysOpen(CannotRead):
    sentence = _(
        "A quotation mark in this file is never closed, so its rows run into each other. Save it "
        "anew from your spreadsheet program, and choose it again."
    )


class Line(NamedTuple):
    """One row of the file. ``number`` is what a spreadsheet shows beside it, from 1; ``flaw`` is a
    reason code where the row as such is broken, whatever its cells say."""

    number: int
    cells: list[str]
    flaw: str = ""


@dataclass(slots=True)
class Table:
    """A file as a table. ``oddities`` grow while the lines are read: codes of ``ODDITIES``."""

    kind: str  # csv, xlsx, xls, ods
    head: list[str] = field(default_factory=list)
    lines: Iterator[Line] = field(default_factory=lambda: iter(()))
    encoding: str = ""
    separator: str = ""
    oddities: set[str] = field(default_factory=set)


ODDITIES = {
    "no_head": _("The columns have no names in this file, so look at each of them."),
    "late_head": _("What stands above the names of the columns is left out."),
    "mixed": _("Some rows are written in another encoding than the others. Look at their names."),
    "guessed": _("The file does not say its encoding. If names look wrong, choose it yourself."),
    "cut": _("The file ends in the middle of a row. Perhaps it is not whole."),
    "more_sheets": _("Only the first sheet with rows is read."),
}
