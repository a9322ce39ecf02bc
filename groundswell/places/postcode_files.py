"""Reading postcode tables in GeoNames' format, as a text file or in its zip.

Format: https://download.geonames.org/export/zip/readme.txt: UTF-8, twelve columns parted by tabs
(country code, postal code, place name, three pairs of division names and codes, latitude,
longitude, accuracy), one line per code and place.
"""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.places.geometry import NotOnTheEarth, check_point
from groundswell.places.postcodes import LONGEST, normalised

_COLUMNS = 12
_LEAST_COLUMNS = 11  # the last one, accuracy, may be missing
_LONGEST_LINE = 4096
_LONGEST_NAME = 180
_LARGEST_UNPACKED = 2 * 1024**3  # all countries of the world are a tenth of this


class CannotReadTheFile(Refusal):
    sentence = _("We cannot open this file. Check its name and that it may be read.")


class NotAPostcodeTable(Refusal):
    sentence = _(
        "This file holds no postcodes in the GeoNames format. Download your country’s zip from "
        "download.geonames.org/export/zip and load that."
    )


class Fault(StrEnum):
    """Why a line was left out."""

    COLUMNS = "columns"
    ENCODING = "encoding"
    COUNTRY = "country"
    CODE = "code"
    NAME = "name"
    POINT = "point"


FAULT_SENTENCES: dict[Fault, Promise] = {
    Fault.COLUMNS: _("The line does not have twelve columns parted by tabs."),
    Fault.ENCODING: _("The line is not UTF-8."),
    Fault.COUNTRY: _("The line belongs to another country."),
    Fault.CODE: _("The postcode is missing or too long."),
    Fault.NAME: _("The name of the place is missing or too long."),
    Fault.POINT: _("The coordinates are missing or not on the map."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One good line."""

    code: str
    name: str
    lat: float
    lon: float


def digest(path: Path) -> str:
    """SHA-256 of the file in hexadecimal digits. Raises CannotReadTheFile."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise CannotReadTheFile from None


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """The table's bytes and their number. Raises CannotReadTheFile and NotAPostcodeTable."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                inside = _table_inside(packed)
                with packed.open(inside) as file:
                    yield file, inside.file_size
        else:
            with path.open("rb") as file:
                yield file, path.stat().st_size
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        UnicodeDecodeError,
        NotImplementedError,  # zipfile's word for a compression it does not know
        EOFError,
    ):
        raise NotAPostcodeTable from None
    except OSError:
        raise CannotReadTheFile from None


def _table_inside(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one table of a zip; GeoNames puts a readme beside it."""
    tables = [
        entry
        for entry in packed.infolist()
        if entry.filename.lower().endswith(".txt") and "readme" not in entry.filename.lower()
    ]
    if len(tables) != 1 or tables[0].flag_bits & 1 or tables[0].file_size > _LARGEST_UNPACKED:
        raise NotAPostcodeTable
    return tables[0]


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a table, cut after 4,096 bytes (inside a zip after 8,192: its reader counts
    anew with each buffer)."""
    while line := file.readline(_LONGEST_LINE):
        yield line


def parsed(line: bytes, country: str) -> Line | Fault:
    """A line of one country's table, or what is wrong with it."""
    try:
        text = line.decode("utf-8").removeprefix("\ufeff").rstrip("\r\n")
    except UnicodeDecodeError:
        return Fault.ENCODING
    columns = text.split("\t")
    if not _LEAST_COLUMNS <= len(columns) <= _COLUMNS:
        return Fault.COLUMNS
    if columns[0].strip().upper() != country:
        return Fault.COUNTRY
    code, name = normalised(clean_line(columns[1])), clean_line(columns[2])
    if not code or len(code) > LONGEST:
        return Fault.CODE
    if not name or len(name) > _LONGEST_NAME:
        return Fault.NAME
    try:
        point = check_point(float(columns[9]), float(columns[10]))
    except (ValueError, NotOnTheEarth):
        return Fault.POINT
    return Line(code, name, point.lat, point.lon)
