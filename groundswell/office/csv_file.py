"""Tables as CSV: UTF-8 with its mark, so that spreadsheets read every script, and no formulas."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.utils.text import slugify

# A cell that begins like this is a formula to a spreadsheet (OWASP, "CSV Injection"); East Asian
# spreadsheets read the full-width signs too. Blanks and marks that nobody sees may stand before it.
_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def safe(cell: object) -> object:
    """The cell, with an apostrophe in front where a spreadsheet would run it."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return "" if cell is None else cell


def lines(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, last: Sequence[object] = ()
) -> Iterator[str]:
    """The file line by line, however long it is; ``last`` is a row of its own at the end."""
    held = io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    for row in itertools.chain([head], rows, [last] if last else []):
        writer.writerow([safe(cell) for cell in row])
        yield held.getvalue()
        held.seek(0)
        held.truncate()


def response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """An answer that browsers save as ``<name>.csv``."""
    answer = HttpResponse("".join(lines(head, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.csv"'
    return answer
