"""Whether two names can be the same person's."""

from __future__ import annotations

import re
from functools import lru_cache

from groundswell.kernel.text import fold

_NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=200_000)
def parts(given: str, family: str) -> frozenset[str]:
    """The words of a name as they are compared, in any order: families come first in half of
    the world."""
    return frozenset(_NO_LETTER.sub(" ", fold(f"{given} {family}")).split())


def are_compatible(one: frozenset[str], other: frozenset[str]) -> bool:
    """True when one name says no more than the other (``Ann`` and ``Ann Lee``, ``A. Lee``), or
    when one of them is missing. Strict on purpose: couples share addresses, and their names may
    differ in one letter."""
    if not one or not other or one <= other or other <= one:
        return True
    left, right = one - other, other - one
    if len(left) != len(right):
        return False
    return all(_is_initial_of(word, right) for word in left) or all(
        _is_initial_of(word, left) for word in right
    )


def _is_initial_of(word: str, words: frozenset[str]) -> bool:
    return len(word) == 1 and any(each.startswith(word) for each in words)
