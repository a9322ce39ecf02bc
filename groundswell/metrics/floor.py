"""The floor of ten: what somebody who may not see the rows may learn from a table (promise 8).

Leaving out small cells alone is not enough: with the total beside them, the last one missing is
a subtraction away. So every cell is rounded down to tens by itself, cells under ten are not
shown, and the total is the sum of what is shown. A cell's published value then depends on that
cell alone: whatever else is published, a hidden cell may be anything from 0 to 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

FLOOR = 10

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Floored(Generic[Key]):
    """A table as it may be published. ``None`` stands for "fewer than ten"."""

    cells: Mapping[Key, int | None]
    at_least: int  # the sum of the cells shown


def floor_of_ten(cells: Mapping[Key, int]) -> Floored[Key]:
    """The table for somebody who may not see the rows; each count is of people."""
    shown = {key: rounded(count) for key, count in cells.items()}
    return Floored(shown, sum(count for count in shown.values() if count is not None))


def rounded(count: int) -> int | None:
    """One cell: rounded down to tens, ``None`` under ten."""
    return None if count < FLOOR else count - count % FLOOR


def total_beside(*, shown: int, hidden: int, parts: int) -> int:
    """A total that may stand beside its own parts, of which those from ten on are shown exactly.

    ``shown`` is the sum of the parts that are shown, ``hidden`` that of the ``parts`` that are not.
    With the exact total beside them the hidden sum is a subtraction away, and a single hidden part
    with it. So only as many tens of it are added as all hidden parts but one could hold between
    them: any of them may then still be anything from 0 to 9.
    """
    tens = min(hidden, (FLOOR - 1) * max(0, parts - 1))
    return shown + tens - tens % FLOOR


def in_tens(daily: Sequence[int]) -> list[int]:
    """Counts in a row, as they may be drawn: on each day the tens that became full on it."""
    so_far, found = 0, []
    for count in daily:
        before = so_far - so_far % FLOOR
        so_far += count
        found.append(so_far - so_far % FLOOR - before)
    return found


def can_show_share(part: int, whole: int) -> bool:
    """A share shows its part and its complement: both must be ten people or more."""
    return part >= FLOOR and whole - part >= FLOOR


def alone(count: int) -> int | None:
    """A total that no published table divides: exact from ten on, ``None`` under ten."""
    return count if count >= FLOOR else None
