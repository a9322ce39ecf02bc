"""What the ledger itself does to its entries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesRemoved(Fact):
    """Entries were deleted. ``fingerprint`` proves which ones, without keeping what they said."""

    sentence: ClassVar[str | Promise] = _("Removed entries whose time was over.")
    keep_days: ClassVar[int] = 3650
    purpose: str  # "retention" | "erasure"
    count: int
    fingerprint: int


def fingerprint_of(entry_ids: Iterable[int]) -> int:
    """63 bits of SHA-256 over the ids in order."""
    told = ",".join(map(str, sorted(entry_ids)))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8]) >> 1
