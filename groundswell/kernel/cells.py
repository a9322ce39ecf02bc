"""Cells of a table that a spreadsheet program will open."""

from __future__ import annotations

import re

# A cell that begins like this is a formula to a spreadsheet (OWASP, "CSV Injection"); East Asian
# spreadsheets read the full-width signs too. Blanks and marks that nobody sees may stand before it.
_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def safe(cell: object) -> object:
    """The cell, with an apostrophe in front where a spreadsheet would run it."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return "" if cell is None else cell
