"""The floor of ten: what somebody who may not see the rows may learn from a table (promise 8).

Leaving out small cells alone is not enough: with the total beside them, the last one missing is
a subtraction away. So every cell is rounded down to tens by itself, cells under ten are not
shown, and the total is the sum of what is shown. A cell's published value then depends on that
cell alone: whatever else is published, a hidden cell may be anything from 0 to 9.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def can_show_share(part: int, whole: int) -> bool:
    """A share shows its part and its complement: both must be ten people or more."""
    return part >= FLOOR and whole - part >= FLOOR


def alone(count: int) -> int | None:
    """A total that no published table divides: exact from ten on, ``None`` under ten."""
    return count if count >= FLOOR else None
