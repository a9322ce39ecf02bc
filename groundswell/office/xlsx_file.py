"""Tables as workbooks, made in memory: nothing of it ever lies on a disk of ours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL_MOST = 32_767  # letters; a longer one would be refused
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def book(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, title: str, last: str = ""
) -> bytes:
    """A workbook of one sheet. Every cell is text, so none can be a formula, and none needs an
    apostrophe; ``title`` stands in the file's properties."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _OPTIONS) as made:
        made.set_properties({"title": title})
        sheet = made.add_worksheet()
        number = -1
        for number, row in enumerate([head, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell[:_CELL_MOST])
        if last:
            sheet.write_string(number + 1, 0, last[:_CELL_MOST])
    return held.getvalue()
