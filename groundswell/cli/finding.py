"""What the doctor and a drill answer with: one sentence each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, and whether it is good news."""

    is_good: bool
    sentence: str
