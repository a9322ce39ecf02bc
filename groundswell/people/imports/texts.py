"""Tables as text: any encoding, any separator, with or without a byte order mark."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from groundswell.people.imports.tables import CannotRead, Line, QuoteStaysOpen, Table

# Said by somebody, or guessed. Codes of Python's own codecs.
ENCODINGS = (
    "utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "utf-16",
    "shift_jis", "gb18030", "big5", "euc_kr", "mac_roman",
)  # fmt: skip
_SAMPLE = 256 * 1024
_SEPARATORS = (",", ";", "\t", "|")
_BY_LINE = {"utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256"}
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CELL_MOST = 16 * 1024 * 1024  # letters; a cell of 10 MB is told apart from a lost quote


def rows(file: BinaryIO, table: Table, *, encoding: str = "") -> Iterator[Line]:
    """The rows of a text that hold anything. Fills in the table's encoding and separator.

    Raises CannotRead for anything that is no text, QuoteStaysOpen.
    """
    csv.field_size_limit(_CELL_MOST)  # of the whole process: others set it too
    sample = file.read(_SAMPLE)
    file.seek(0)
    table.encoding = encoding or _encoding(sample, table)
    lines = _Lines(_decoded(file, table))
    first = _first_lines(lines)
    table.separator, skip = _separator(first)
    lines.put_back(first[skip:])
    return _records(lines, table, skipped=skip)


def _encoding(sample: bytes, table: Table) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    zeros = sample.count(0)
    if zeros:
        if zeros < len(sample) // 4:
            raise CannotRead
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    good = sum(1 for line in sample.split(b"\n")[:-1] or [sample] if _is_utf8(line))
    whole = len(sample.split(b"\n")[:-1] or [sample])
    if good == whole or (good * 2 > whole and _has_utf8_letters(sample)):
        return "utf-8"
    table.oddities.add("guessed")
    return _eight_bits(sample)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _has_utf8_letters(sample: bytes) -> bool:
    return any(_is_utf8(line) and not line.isascii() for line in sample.split(b"\n"))


def _eight_bits(sample: bytes) -> str:
    """Western letters stand alone among ASCII; Cyrillic and Arabic words are high bytes throughout.

    In Cyrillic (cp1251) nearly all of them are letters from 0xC0 on; Arabic (cp1256) has many of
    0xC7 and 0xE1 (alif, lam), which together make a fifth of any text.
    """
    runs = _HIGH_RUN.findall(sample)
    letters = b"".join(runs)
    if not runs or len(letters) / len(runs) < 2.5:
        return "cp1252"
    alif_lam = letters.count(0xC7) + letters.count(0xE1)
    return "cp1256" if alif_lam > len(letters) * 0.18 else "cp1251"


def _decoded(file: BinaryIO, table: Table) -> Iterator[str]:
    """Lines with their ends. Eight-bit text is read line by line, so that one line in another
    encoding spoils no other."""
    if table.encoding not in _BY_LINE:
        reader = io.TextIOWrapper(file, encoding=table.encoding, errors="replace", newline="")
        yield from reader
        reader.detach()
        return
    is_first = True
    other = "cp1252" if table.encoding == "utf-8" else table.encoding
    for raw in file:
        line = raw.removeprefix(codecs.BOM_UTF8) if is_first else raw
        is_first = False
        try:
            text = line.decode(table.encoding)
        except UnicodeDecodeError:
            table.oddities.add("mixed")
            text = line.decode(other, "replace")
        if ("\r" in text and not text.endswith(("\r\n", "\n"))) or text.count("\r") > 1:
            yield from text.splitlines(keepends=True)  # the line ends of old Macintosh programs
        else:
            yield text


class _Lines:
    """Lines for ``csv.reader`` that remember the raw text of the record under way."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.held: list[str] = []
        self.quotes = 0
        self.last = ""

    def put_back(self, lines: list[str]) -> None:
        self.held = lines + self.held

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.held.pop(0) if self.held else next(self.source)
        line = line.replace("\0", "") if "\0" in line else line
        self.quotes += line.count('"')
        self.last = line
        return line


def _first_lines(lines: _Lines) -> list[str]:
    found, size = [], 0
    for line in lines:
        found.append(line)
        size += len(line)
        if len(found) == 200 or size > _SAMPLE:
            break
    lines.quotes = 0
    return found


def _separator(first: list[str]) -> tuple[str, int]:
    """The separator, and how many lines only say which it is (``sep=;``, as Excel reads it)."""
    if first and first[0].strip().lower().startswith("sep=") and len(first[0].strip()) == 5:
        return first[0].strip()[4], 1
    best, best_score = ",", (0.0, 0)
    for each in _SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(first, delimiter=each) if any(row)]
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (count / len(widths), width) if width > 1 else (0.0, 0)
        # A width that most rows share counts; between two such, the one with more columns.
        score = (round(score[0], 1), score[1])
        if score > best_score and (score[0] >= 0.5 or width > best_score[1]):
            best, best_score = each, score
    return best, 0


def _records(lines: _Lines, table: Table, *, skipped: int) -> Iterator[Line]:
    number, width = skipped, 0
    reader = csv.reader(lines, delimiter=table.separator)
    held: Line | None = None
    while True:
        lines.quotes = 0
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as wrong:
            raise QuoteStaysOpen from wrong
        number += 1
        if held is not None:
            yield held
            held = None
        if not any(cell.strip() for cell in cells):
            continue
        width = max(width, len(cells))
        held = Line(number, cells)
        if lines.quotes % 2:
            held = Line(number, cells, "cut_off")
    if held is not None:
        yield _last(held, lines, table, width)


def _last(line: Line, lines: _Lines, table: Table, width: int) -> Line:
    """The last row of a file that was cut is broken: a quotation mark stays open, or cells are
    missing where the line has no end."""
    has_end = lines.last.endswith(("\n", "\r"))
    if line.flaw or (not has_end and len(line.cells) < width):
        table.oddities.add("cut")
        return Line(line.number, line.cells, "cut_off")
    return line
