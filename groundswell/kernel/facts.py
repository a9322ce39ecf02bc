"""A fact is something that happened, told in ids only.

Facts go up: rooms above react to them. A fact holds no name and no address, says how long its
row is kept, and carries its own sentence for audit log and timeline.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise

# Ids that the ledger keeps in columns of their own, so that timelines and numbers are index scans.
INDEXED_IDS = ("person_id", "campaign_id", "event_id")

KEEP_TWO_YEARS = 730
KEEP_NINETY_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of every fact. Subclasses are frozen dataclasses of ids, small codes and counts."""

    sentence: ClassVar[str | Promise]
    keep_days: ClassVar[int] = KEEP_TWO_YEARS

    @classmethod
    def kind(cls) -> str:
        """The stored name, for example ``events.RsvpMade``. It must never change once released."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"

    def ids(self) -> dict[str, int | None]:
        """The ids that have a column of their own in the ledger."""
        return {name: getattr(self, name, None) for name in INDEXED_IDS}

    def rest(self) -> dict[str, Any]:
        """Everything else, small enough for one JSON column."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name not in INDEXED_IDS
        }


def rebuild(cls: type[Fact], ids: dict[str, int | None], rest: dict[str, Any]) -> Fact:
    """The fact as it was recorded. Unknown keys of older versions are ignored."""
    known = {field.name for field in dataclasses.fields(cls)}
    values = {key: value for key, value in {**ids, **rest}.items() if key in known}
    return cls(**values)
