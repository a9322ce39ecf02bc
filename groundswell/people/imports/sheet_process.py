"""Reads a workbook in a process of its own: standard input in, one JSON line per row out.

A workbook of a few kilobytes can ask for any amount of memory or time, and the library that reads
it is not ours: here it can only end its own process. Imports nothing of the house.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook

_MEMORY_MOST = 2 * 1024**3  # bytes
_SECONDS_MOST = 120
_CELLS_MOST = 50_000_000


def told(cell: object) -> str:
    """A cell as somebody would write it: whole numbers without a point, days without a clock."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
        case datetime():
            is_day = cell.time() == time()
            return cell.date().isoformat() if is_day else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return "" if cell is None else str(cell)


def main() -> None:
    """Rows as they stand, the empty ones too: their numbers are those of the spreadsheet."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MOST, _MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS_MOST, _SECONDS_MOST))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    with_rows, chosen = 0, None
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height * sheet.width > _CELLS_MOST:
            raise SystemExit(3)
        if sheet.height:
            with_rows += 1
            chosen = chosen or sheet
    out = sys.stdout
    out.write(json.dumps(with_rows) + "\n")
    if chosen is None:
        return
    start = chosen.start or (0, 0)
    out.write(json.dumps(start[0]) + "\n")
    for row in chosen.iter_rows():
        out.write(json.dumps([told(cell) for cell in row]) + "\n")
    out.write("null\n")


if __name__ == "__main__":
    main()
