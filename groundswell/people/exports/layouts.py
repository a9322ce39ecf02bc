"""Whose names the columns of a file bear, and how that tool wants its cells.

The rows of an export are kept in the columns of ``wishes``; a layout only dresses them when the
file is fetched. Names of columns: as in files of Action Network and NationBuilder that published
scripts read, and in Spoke's ``parse_csv.js`` (StateVoicesNational/Spoke, src/lib).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from groundswell.people.exports.wishes import COLUMNS, OF_A_FIELD, Tool

Cells = Sequence[str]


def _as_it_is(cell: str) -> str:
    return cell


def _if(yes: str, no: str) -> Callable[[str], str]:
    """A word for a cell that holds something, and one for a cell that holds nothing."""
    return lambda cell: yes if cell else no


def _line(number: int) -> Callable[[str], str]:
    """One line of a street."""
    return lambda cell: [*cell.split("\n"), "", "", ""][number]


def _in_one_line(cell: str) -> str:
    return cell.replace("\n", ", ")


def _short_state(cell: str) -> str:
    return cell if re.fullmatch(r"[A-Z]{2,3}", cell) else ""


class Column(NamedTuple):
    """A column of a tool: its name there, which of ours it is made of (the first that is in the
    file), and how. Made of nothing: it says the same of everybody."""

    head: str
    codes: tuple[str, ...]
    write: Callable[[str], str] = _as_it_is


@dataclass(frozen=True, slots=True)
class Layout:
    """What a tool takes. ``always``: columns without which it takes nobody; one of each group."""

    title: str
    columns: tuple[Column, ...]
    always: tuple[tuple[str, ...], ...] = ()
    usual: tuple[str, ...] = ()
    has_one_address: bool = True  # a stand-in or their own, not both

    @property
    def codes(self) -> list[str]:
        """Our columns that it can take, in the order of ``wishes.COLUMNS``."""
        known = {code for column in self.columns for code in column.codes}
        return [code for code in COLUMNS if code in known]


_NAMES = (Column("first_name", ("given_name",)), Column("last_name", ("family_name",)))
_MAIL = ("stand_in", "email")
# What these tools have no column for, they take as one of one's own, by any name.
_OF_ONES_OWN = tuple(
    Column(code, (code,))
    for code in ("language", "other_languages", "time_zone", "first_source", "last_source")
)
_CODE = Column("external_id", ("code",))
_USUAL = ("given_name", "family_name", "stand_in", "country", "language", "tags")

LAYOUTS: Mapping[str, Layout] = {
    Tool.OURS: Layout(
        "Groundswell",
        tuple(Column(code, (code,), _in_one_line) for code in COLUMNS),
        usual=("given_name", "stand_in", "country", "language"),
        has_one_address=False,
    ),
    Tool.ACTION_NETWORK: Layout(
        "Action Network",
        (
            Column("email", _MAIL),
            *_NAMES,
            Column("zip_code", ("postcode",)),
            Column("country", ("country",)),
            Column("can2_phone", ("phone",)),
            Column("can2_user_address", ("street",), _in_one_line),
            Column("can2_user_city", ("town",)),
            Column("can2_user_state", ("region",)),
            Column("can2_state_abbreviated", ("region",), _short_state),
            Column("can2_user_tags", ("tags",)),
            Column("can2_subscription_status", _MAIL, _if("subscribed", "unsubscribed")),
            Column("can2_sms_status", ("phone",), _if("subscribed", "unsubscribed")),
            *_OF_ONES_OWN,
            _CODE,
        ),
        always=(_MAIL,),
        usual=_USUAL,
    ),
    Tool.NATIONBUILDER: Layout(
        "NationBuilder",
        (
            *_NAMES,
            Column("email1", _MAIL),
            Column("email_opt_in", _MAIL, _if("true", "false")),
            Column("mobile_number", ("phone",)),
            Column("mobile_opt_in", ("phone",), _if("true", "false")),
            Column("do_not_contact", (), _if("", "false")),  # who must not be, is not in a file
            Column("primary_address1", ("street",), _line(0)),
            Column("primary_address2", ("street",), _line(1)),
            Column("primary_address3", ("street",), _line(2)),
            Column("primary_city", ("town",)),
            Column("primary_state", ("region",)),
            Column("primary_zip", ("postcode",)),
            Column("primary_country", ("country",)),
            Column("tag_list", ("tags",)),
            *_OF_ONES_OWN,
            _CODE,
        ),
        always=((*_MAIL, "phone"),),
        usual=_USUAL,
    ),
    Tool.SPOKE: Layout(
        "Spoke",
        (
            Column("firstName", ("given_name",)),
            Column("lastName", ("family_name",)),
            Column("cell", ("phone",)),
            Column("zip", ("postcode",)),
            _CODE,
            *(Column(code, (code,)) for code in ("town", "region", "country", "tags")),
            *_OF_ONES_OWN,
        ),
        always=(("given_name",), ("family_name",), ("phone",), ("code",)),
        usual=("given_name", "family_name", "phone", "code", "language"),
    ),
}

# Names that a tool reads as something of its own, in any letters (Spoke: parse_csv.js).
_TAKEN = frozenset(
    """uuid email phone number county note prefix suffix first last name firstname givenname f_name
    lastname familyname surname cell mobile phonenumber phone_number cellphone mobilenumber zip
    zipcode postnumber postalcode postalnumber ziporpost ziporpostal externalid external_id
    nationbuilder_id email1 email2 email3 email4 employer occupation website"""
    .split()
)  # fmt: skip


def missing(layout: Layout, codes: Iterable[str]) -> list[tuple[str, ...]]:
    """The groups of columns of which the tool needs one, and the file has none."""
    held = set(codes)
    return [group for group in layout.always if not held.intersection(group)]


@dataclass(frozen=True, slots=True)
class Dress:
    """A layout for the columns of one file: its head, and each row."""

    layout: Layout
    codes: Sequence[str]

    def _used(self) -> list[tuple[Column, int]]:
        """The tool's columns with the place of ours; -1 where it is made of nothing."""
        found = []
        for column in self.layout.columns:
            places = [self.codes.index(code) for code in column.codes if code in self.codes]
            if places or not column.codes:
                found.append((column, places[0] if places else -1))
        return found

    def head(self) -> list[str]:
        """The names of the columns. A question of ours whose key means something else to the tool
        gets another name."""
        heads = [column.head for column, _place in self._used()]
        return heads + [_free(self.codes[place], self.layout) for place in self._fields()]

    def _fields(self) -> list[int]:
        return [n for n, code in enumerate(self.codes) if code.startswith(OF_A_FIELD)]

    def lines(self, rows: Iterable[Cells]) -> Iterator[list[str]]:
        """The rows, cell by cell under :meth:`head`."""
        used, own = self._used(), self._fields()
        for cells in rows:
            made = [column.write(cells[n] if n >= 0 else "") for column, n in used]
            yield made + [cells[n] for n in own]


def _free(code: str, layout: Layout) -> str:
    key = code.removeprefix(OF_A_FIELD)
    taken = _TAKEN | {column.head.lower() for column in layout.columns}
    return f"our_{key}" if key.replace("-", "_") in taken or key in taken else key


# A cell that a spreadsheet would run (as office/csv_file.py), and what is only a number.
_RUNS = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]+")
_ONLY_A_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def harmless(cell: str) -> str:
    """The cell for another tool: signs in front that begin a formula are taken off.

    An apostrophe in front, as our own files have it, would become part of the name there; and a
    number, ``+447400123456``, is nothing to run.
    """
    if _ONLY_A_NUMBER.fullmatch(cell):
        return cell
    told = cell.lstrip()
    while _RUNS.match(told):
        told = _RUNS.sub("", told).lstrip()
    return told
