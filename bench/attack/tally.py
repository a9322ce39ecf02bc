"""What was tried, what came through, what broke, and how to do it again."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

_SHOWN = 20
_LONG = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must not happen."""

    kind: str
    what: str
    again: str  # how to repeat it

    def __str__(self) -> str:
        return f"[{self.kind}] {self.what}\n    again: {self.again[:_LONG]}"


@dataclass
class Tally:
    """Counts of one run."""

    tried: Counter[str] = field(default_factory=Counter)
    through: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    _said: set[tuple[str, str]] = field(default_factory=set)

    @property
    def inputs(self) -> int:
        return self.tried.total()

    @property
    def is_clean(self) -> bool:
        return not self.through and not self.errors

    def count(self, kind: str, number: int = 1) -> None:
        """So many hostile values were put in."""
        self.tried[kind] += number

    def got_through(self, kind: str, what: str, again: str) -> None:
        """An attack had an effect."""
        self._found(self.through, Finding(kind, what, again))

    def broke(self, kind: str, what: str, again: str) -> None:
        """A page answered 500, or something raised what nobody expected."""
        self._found(self.errors, Finding(kind, what, again))

    def _found(self, where: list[Finding], finding: Finding) -> None:
        """Keep it, and say it at once when it is one of the first of its kind."""
        where.append(finding)
        key = (finding.kind, finding.what[:160])
        if key not in self._said and len(self._said) < _SHOWN:
            self._said.add(key)
            print(finding, file=sys.stderr, flush=True)
