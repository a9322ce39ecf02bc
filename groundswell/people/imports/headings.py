"""Which line of a file holds the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from groundswell.people.imports import guessing


def find(first: Sequence[Sequence[str]]) -> int | None:
    """The place of the head among the first lines; None where every line is a row of people.

    The line with most names that we know; without any, the first of the widest lines, unless it
    holds an address: then it is about somebody.
    """
    scores = [guessing.known_names(cells) for cells in first]
    best = max(scores)
    if best > 1 or (best == 1 and not _has_address(first[scores.index(1)])):
        return scores.index(best)
    width = max(_filled(cells) for cells in first)
    widest = next(place for place, cells in enumerate(first) if _filled(cells) == width)
    return None if _has_address(first[widest]) or len(first) == 1 else widest


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _has_address(cells: Sequence[str]) -> bool:
    return any("@" in cell for cell in cells)


def numbered(width: int) -> list[str]:
    """Names for columns that have none."""
    return [_("Column {number}").format(number=number) for number in range(1, width + 1)]


def distinct(cells: Sequence[str]) -> list[str]:
    """The names, cleaned; a name that comes twice or is missing gets a number."""
    names: list[str] = []
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    for place, cell in enumerate(cells[: last + 1], start=1):
        name = guessing.clean_name(cell) or _("Column {number}").format(number=place)
        number, free = 2, name
        while free in names:
            free, number = f"{name} ({number})", number + 1
        names.append(free)
    return names
