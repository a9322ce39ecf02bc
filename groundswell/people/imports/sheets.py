"""Workbooks (XLSX, XLS, ODS), read by python-calamine in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from groundswell.people.imports.tables import CannotRead, Line, NothingInIt, Table

_PROCESS = Path(__file__).with_name("sheet_process.py")


def rows(data: bytes, table: Table) -> Iterator[Line]:
    """The rows of the first sheet that has any. Raises CannotRead, NothingInIt."""
    found = _rows(data, table)
    first = next(found, None)  # so that a file that cannot be read is refused at once
    if first is None:
        raise NothingInIt
    return _with(first, found)


def _with(first: Line, found: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from found


def _rows(data: bytes, table: Table) -> Iterator[Line]:
    # -I: no path of ours, no environment; the process needs nothing but the library.
    process = subprocess.Popen(  # noqa: S603 - our own file, no argument from outside
        [sys.executable, "-I", str(_PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        try:
            process.stdin.write(data)
            process.stdin.close()
        except BrokenPipeError as wrong:
            raise CannotRead from wrong
        sheets = process.stdout.readline()
        if not sheets:
            raise CannotRead
        if json.loads(sheets) == 0:
            return
        if json.loads(sheets) > 1:
            table.oddities.add("more_sheets")
        yield from _read(process.stdout, int(json.loads(process.stdout.readline() or b"0")))
    finally:
        process.stdout.close()
        process.kill()
        process.wait()


def _read(out: Iterator[bytes], number: int) -> Iterator[Line]:
    for told in out:
        cells = json.loads(told)
        if cells is None:
            return
        number += 1
        if any(cell.strip() for cell in cells):
            yield Line(number, cells)
    raise CannotRead  # the process ended before it said that it was done
