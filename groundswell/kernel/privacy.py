"""How much harm a column can do, written beside the column.

Each model has ``class Privacy`` with one attribute per column. An inspection fails the build on
a missing one. The class drives log redaction, export, erasure, scrubbing and the page
"what we hold". A table about people also says there when its rows go: ``retention``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PrivacyClass(StrEnum):
    PUBLIC = "public"  # on public pages anyway
    INTERNAL = "internal"  # about the work, not about a person
    PERSONAL = "personal"  # tells something about a person
    SENSITIVE = "sensitive"  # can cost a job, a home or freedom: sealed at rest
    SECRET = "secret"  # keys, tokens, second factors: never shown, never exported


PUBLIC = PrivacyClass.PUBLIC
INTERNAL = PrivacyClass.INTERNAL
PERSONAL = PrivacyClass.PERSONAL
SENSITIVE = PrivacyClass.SENSITIVE
SECRET = PrivacyClass.SECRET


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long rows are kept, and what makes them go. Exactly one of three shapes:

    * ``days``, ``after``, ``by``: the schedule line ``by`` (config/wiring.py) removes them, or
      cuts the person out of them, ``days`` after ``after``;
    * ``with_``: they go with the row that this relation points to;
    * ``until``: a person decides, in words for the page "what we hold".
    """

    days: int | None = None
    after: str = ""
    by: str | None = None
    with_: str | None = None
    until: str = ""

    def __post_init__(self) -> None:
        timed = self.days is not None and bool(self.after) and self.by is not None
        if [timed, self.with_ is not None, bool(self.until)].count(True) != 1:
            raise ValueError("a retention rule is timed, goes with another row, or waits")
