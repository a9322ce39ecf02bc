"""Every number that Groundswell shows: its name, its definition, its unit, how it is worked out.

A definition is one sentence that a person who sees the number can read beside it.
"""

from groundswell.metrics.definitions import after, coming, events
from groundswell.metrics.definitions.numbers import Amount, Number, Totals, Unit

NUMBERS: tuple[Number, ...] = (*events.NUMBERS, *coming.NUMBERS, *after.NUMBERS)
_by_key = {number.key: number for number in NUMBERS}


def number(key: str) -> Number:
    """The number with this key. Raises KeyError for a key that no definition has."""
    return _by_key[key]


__all__ = ["NUMBERS", "Amount", "Number", "Totals", "Unit", "number"]
