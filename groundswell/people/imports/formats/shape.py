"""What there is to say about the files of one program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from groundswell.people.imports.columns import To


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The files of one program.

    ``marks``: names of columns that together no other program writes. ``columns``: where columns
    go whose names alone would not tell. ``tag_separator`` cuts a cell of tags.
    ``apostrophes``: the program puts one before values so that spreadsheets leave them alone.
    ``month_first``: 3/4/2024 is 4 March. ``country``: of addresses and numbers without one.
    """

    key: str
    name: str  # a brand: not translated
    marks: frozenset[str] = frozenset()
    columns: Mapping[str, To] = field(default_factory=dict)
    tag_separator: str = ","
    apostrophes: bool = False
    month_first: bool = False
    country: str = ""
