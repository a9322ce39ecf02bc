"""A file that somebody chose, as a table: its kind, its head and its lines, whatever wrote it.

Nothing is trusted: neither the file's name nor what the file says about itself.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from groundswell.people.imports import headings, sheets, texts
from groundswell.people.imports.tables import (
    CELL_MOST,
    COLUMNS_MOST,
    HEAD_WITHIN,
    CannotRead,
    Line,
    NothingInIt,
    Table,
    TooManyColumns,
)

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNPACKED_MOST = 500 * 1024 * 1024  # bytes that a sheet may say it unpacks to
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


def read(file: BinaryIO, *, encoding: str = "") -> Table:
    """The table in a file; its lines are read as they are asked for.

    ``encoding`` is one of ``texts.ENCODINGS`` where somebody said it. Raises CannotRead,
    NothingInIt, TooManyColumns; the lines may raise CannotRead too.
    """
    start = file.read(16)
    file.seek(0)
    if start.startswith((_ZIP, _OLE)):
        kind = _kind_of_zip(file.read()) if start.startswith(_ZIP) else "xls"
        file.seek(0)
        table = Table(kind=kind)
        rows = sheets.rows(file.read(), table)
    elif start.startswith(_OTHERS):
        raise CannotRead
    else:
        table = Table(kind="csv")
        rows = texts.rows(file, table, encoding=encoding)
    return _headed(table, rows)


def read_bytes(data: bytes, *, encoding: str = "") -> Table:
    """:func:`read` of a file in memory."""
    return read(io.BytesIO(data), encoding=encoding)


def _kind_of_zip(data: bytes) -> str:
    """``xlsx`` or ``ods``. Raises CannotRead for every other archive, and for a broken one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            size = sum(each.file_size for each in packed.infolist())
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,  # zipfile's word for a version of the format that it does not know
    ) as wrong:
        raise CannotRead from wrong
    if size > _UNPACKED_MOST:
        raise CannotRead
    if "xl/workbook.xml" in names:
        return "xlsx"
    if {"content.xml", "mimetype"} <= names:
        return "ods"
    raise CannotRead


def _headed(table: Table, rows: Iterator[Line]) -> Table:
    """Find the line with the columns' names; what stands before it is no row."""
    first: list[Line] = []
    for line in rows:
        first.append(line)
        if len(first) == HEAD_WITHIN:
            break
    if not first:
        raise NothingInIt
    place = headings.find([line.cells for line in first])
    width = max(len(line.cells) for line in first)
    if place is None:
        table.head = headings.numbered(width)
        table.oddities.add("no_head")
        left = first
    else:
        table.head = headings.distinct(first[place].cells)
        left = first[place + 1 :]
        if place:
            table.oddities.add("late_head")
    if len(table.head) > COLUMNS_MOST:
        raise TooManyColumns
    table.lines = _judged(table, left, rows)
    return table


def _judged(table: Table, left: list[Line], rows: Iterator[Line]) -> Iterator[Line]:
    """The lines with as many cells as there are columns, and what is wrong with a line as such."""
    width = len(table.head)
    for some in (left, rows):
        for line in some:
            cells, flaw = line.cells, line.flaw
            if len(cells) > width:
                if any(cell.strip() for cell in cells[width:]):
                    flaw = flaw or "too_many_cells"
                cells = cells[:width]
            elif len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            if any(len(cell) > CELL_MOST for cell in cells):
                cells = [cell[:200] if len(cell) > CELL_MOST else cell for cell in cells]
                flaw = flaw or "too_long"
            yield Line(line.number, cells, flaw)
