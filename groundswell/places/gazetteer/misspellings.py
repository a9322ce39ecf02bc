"""Spellings of the gazetteer that look like a misspelt one.

Candidates share the first letters or the last ones with what was typed, so one or two slips
anywhere are found without comparing with half a million names.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from groundswell.places.gazetteer.building import (
    ENDING_LETTERS,
    LONGEST_SPELLING,
    SHORTEST_SPELLING,
    connection,
)

_MOST_CANDIDATES = 12_000
_MOST_FOUND = 30
_LEAST_LIKENESS = 0.7
_SHORTEST_BEGINNING = 4  # from here on, "Frankf" may become Frankfurt
_LONGEST_SLIPPED = 8
# A name that goes on after what was typed: the less is missing, the likelier it is meant.
_BEGUN_LIKENESS, _BEGUN_SHARE = 0.45, 0.4


def like(stems: Iterable[str]) -> list[tuple[str, float]]:
    """Known spellings like any of the stems, with their likeness from 0 to 1, the best first."""
    best: dict[str, float] = {}
    for stem in list(stems)[:3]:
        for spelling, likeness in _like(stem):
            best[spelling] = max(likeness, best.get(spelling, 0.0))
    return sorted(best.items(), key=lambda found: -found[1])[:_MOST_FOUND]


def _like(stem: str) -> list[tuple[str, float]]:
    if not SHORTEST_SPELLING - 1 <= len(stem) <= LONGEST_SPELLING:
        return []
    slips = 1 if len(stem) < 5 else 2
    found = process.extract(
        stem,
        _candidates(stem, slips) + _slipped(stem),
        scorer=OSA.normalized_similarity,
        score_cutoff=_LEAST_LIKENESS,
        limit=_MOST_FOUND,
    )
    alike = [(spelling, likeness) for spelling, likeness, _place in found if spelling != stem]
    if len(stem) >= _SHORTEST_BEGINNING:
        alike += [
            (spelling, _BEGUN_LIKENESS + _BEGUN_SHARE * len(stem) / len(spelling))
            for spelling in _begun(stem)
        ]
    return alike


def _candidates(stem: str, slips: int) -> list[str]:
    letters = 2 if len(stem) < 7 else 3
    head, tail = stem[:letters], stem[-ENDING_LETTERS:]
    shortest, longest = len(stem) - slips, len(stem) + slips
    rows = connection().execute(
        "SELECT key FROM (SELECT DISTINCT key FROM name WHERE key >= ?1 AND key < ?2"
        " AND length(key) BETWEEN ?4 AND ?5 LIMIT ?6)"
        " UNION ALL SELECT key FROM (SELECT key FROM ending WHERE letters = ?3"
        " AND size BETWEEN ?4 AND ?5 LIMIT ?6)",
        (head, _after(head), tail, shortest, longest, _MOST_CANDIDATES),
    )
    return [row[0] for row in rows]


def _slipped(stem: str) -> list[str]:
    """Known spellings after one swap or one letter too many: short names may share neither end."""
    if len(stem) > _LONGEST_SLIPPED:
        return []
    swaps = {stem[:i] + stem[i + 1] + stem[i] + stem[i + 2 :] for i in range(len(stem) - 1)}
    tried = tuple(swaps | {stem[:i] + stem[i + 1 :] for i in range(len(stem))})
    marks = ", ".join("?" * len(tried))
    rows = connection().execute(f"SELECT DISTINCT key FROM name WHERE key IN ({marks})", tried)
    return [row[0] for row in rows]


def _begun(stem: str) -> list[str]:
    rows = connection().execute(
        "SELECT key FROM name WHERE key > ? AND key < ? ORDER BY rank LIMIT 8",
        (stem, _after(stem)),
    )
    return [row[0] for row in rows]


def _after(prefix: str) -> str:
    """The end of the range of keys that begin with the prefix."""
    return prefix + "\U0010ffff"
