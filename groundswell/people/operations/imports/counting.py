"""The counts of a dry run and of an import: the same words for both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field
from typing import Any

from groundswell.people.imports.cleaning import Problem
from groundswell.people.operations.imports.book import FAILED, NEW, Row, Verdict


@dataclass(slots=True)
class Counts:
    """Rows by what becomes of them. ``new`` are people; ``known`` are rows about people who were
    known, from an earlier row too; ``partly`` are rows of both without one of their cells;
    ``barred`` are rows with an address on the do-not-contact list, ``never`` rows that put one
    there. ``reasons`` count rows by reason code."""

    rows: int = 0
    new: int = 0
    known: int = 0
    failed: int = 0
    partly: int = 0
    barred: int = 0
    never: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row, verdict: Verdict, listed: AbstractSet[str]) -> None:
        """Count one row; ``listed`` are its part's addresses on the do-not-contact list."""
        self.rows += 1
        self.never += bool(row.clean.never)
        if verdict.kind == FAILED:
            self.failed += 1
            self.reasons[verdict.reason] = self.reasons.get(verdict.reason, 0) + 1
            return
        if verdict.kind == NEW:
            self.new += 1
        else:
            self.known += 1
        self.barred += not listed.isdisjoint((*row.clean.emails, *row.clean.phones))
        self.partly += bool(row.clean.problems)
        for code in {problem.code for problem in row.clean.problems}:
            self.reasons[code] = self.reasons.get(code, 0) + 1

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        sums = {
            name: getattr(self, name) + getattr(other, name)
            for name in ("rows", "new", "known", "failed", "partly", "barred", "never")
        }
        return Counts(**sums, reasons=dict(Counter(self.reasons) + Counter(other.reasons)))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Counts:
        return cls(**told)


def told_of(row: Row, verdict: Verdict) -> list[Problem]:
    """What the list of errors says about a row; empty for one that was taken in whole."""
    if verdict.kind == FAILED:
        return [Problem(verdict.reason, -1)]
    return row.clean.problems
