"""A small table that came as a file, as the text that somebody could have pasted out of it."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.people.imports import reading


class TableIsTooLong(Refusal):
    sentence = _("This table is too long to take in at once. Cut it in two, and take in both.")
    field = "file"


def text_of(file: BinaryIO, *, letters_most: int) -> str:
    """The names of the columns and the rows below them, with commas between the cells.

    Raises TableIsTooLong and what ``reading.read`` raises.
    """
    table = reading.read(file)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(table.head)
    for line in table.lines:
        writer.writerow(line.cells)
        if written.tell() > letters_most:
            raise TableIsTooLong
    return written.getvalue()
