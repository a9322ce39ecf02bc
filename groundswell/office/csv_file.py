"""Tables as CSV: UTF-8 with its mark, so that spreadsheets read every script, and no formulas."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.utils.text import slugify

from groundswell.kernel.cells import safe


def lines(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, last: Sequence[object] = ()
) -> Iterator[str]:
    """The file line by line, however long it is; ``last`` is a row of its own at the end."""
    return _written(itertools.chain([head], rows, [last] if last else []), safe, mark="\ufeff")


def lines_for(
    head: Sequence[str], rows: Iterable[Sequence[str]], harmless: Callable[[str], str]
) -> Iterator[str]:
    """The same for another tool: no mark in front, which some read as part of the first name, and
    ``harmless`` in place of an apostrophe."""
    told = ([harmless(cell) for cell in row] for row in rows)
    return _written(itertools.chain([head], told), str, mark="")


def _written(
    rows: Iterable[Sequence[object]], safely: Callable[[object], object], *, mark: str
) -> Iterator[str]:
    held = io.StringIO()
    writer = csv.writer(held)
    held.write(mark)
    for row in rows:
        writer.writerow([safely(cell) for cell in row])
        yield held.getvalue()
        held.seek(0)
        held.truncate()


def response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """An answer that browsers save as ``<name>.csv``."""
    answer = HttpResponse("".join(lines(head, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.csv"'
    return answer
