"""Reading a table of unknown make: its encoding, its separator, its rows one after the other."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

HEAD_BYTES = 64 * 1024
ROWS_MOST = 100_000
_CELL_MOST = 1_000_000
_SEPARATORS = (",", ";", "\t")
# Beginnings of files that people take for a table: workbooks new and old, PDF, pictures, gzip.
_NOT_TABLES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)


class CannotReplay(Exception):
    """The file or an option does not do; the message is one whole sentence. Nothing is written."""


@dataclass(frozen=True, slots=True)
class Table:
    """A readable table: its header and how to read the rest."""

    path: Path
    digest: str  # SHA-256 of the bytes
    encoding: str
    separator: str
    header: list[str]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not blank, with its number as spreadsheets count (the header is 1).

        Raises CannotReplay where the file stops being a table.
        """
        with self._opened() as reader:
            for number, cells in enumerate(reader, start=1):
                if number > ROWS_MOST:
                    raise CannotReplay(
                        f"{self.path.name} has more than {ROWS_MOST:,} rows. Split it, and replay "
                        "each part."
                    )
                if number > 1 and any(cell.strip() for cell in cells):
                    yield number, cells

    @contextmanager
    def _opened(self) -> Iterator[Iterator[list[str]]]:
        with _text(self.path, self.encoding) as file:
            yield _reader(file, self.separator, self.path)


def _text(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="", errors="replace")


def _reader(file: TextIO, separator: str, path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(_CELL_MOST)
    reader = csv.reader(file, delimiter=separator)
    started = False
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CannotReplay(
                f"{path.name} stops being a table at line {reader.line_num} ({error}). Save it "
                "again as CSV."
            ) from error
        if started or any(cell.strip() for cell in cells):  # blank lines before the header
            started = True
            yield cells


def open_table(path: Path) -> Table:
    """The table in a file. Raises CannotReplay for a file that is missing, empty, or no table."""
    digest, head, is_utf8 = _looked_at(path)
    if not head.strip():
        raise CannotReplay(f"{path.name} is empty. Choose a CSV file with one row for each event.")
    if head.startswith(_NOT_TABLES):
        raise CannotReplay(
            f"{path.name} is not a CSV file. Open it in a spreadsheet and save it as CSV."
        )
    encoding = _encoding(head, is_utf8=is_utf8)
    with _text(path, encoding) as file:
        sample = file.read(HEAD_BYTES // 2)
    odd = sum(char < " " and char not in "\t\r\n\f" for char in sample)
    if odd > len(sample) // 200:
        raise CannotReplay(f"{path.name} is not a CSV file: it holds bytes that are no text.")
    first = next((line for line in sample.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    with _text(path, encoding) as file:
        header = next(_reader(file, separator, path), [])
    return Table(path, digest, encoding, separator, [cell.strip() for cell in header])


def _looked_at(path: Path) -> tuple[str, bytes, bool]:
    """The digest, the first bytes, and whether all of it is UTF-8; read in pieces."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    head, is_utf8 = b"", True
    try:
        with path.open("rb") as file:
            while piece := file.read(HEAD_BYTES):
                head = head or piece
                digest.update(piece)
                is_utf8 = is_utf8 and _is_utf8(decoder, piece, final=False)
    except OSError as error:
        raise CannotReplay(f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest(), head, is_utf8 and _is_utf8(decoder, b"", final=True)


def _is_utf8(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(head: bytes, *, is_utf8: bool) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.count(0) > len(head) // 4:  # UTF-16 without its mark: every second byte is empty
        return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    return "utf-8-sig" if is_utf8 else "cp1252"
