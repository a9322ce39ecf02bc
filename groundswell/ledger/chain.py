"""The chain of digests: one per entry, each over the one before, so tampering shows.

The worker chains in batches, after the commits that it chains, so a surge of sign-ups never
waits for it. ``proof.py`` looks whether the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from groundswell.ledger.models import Digest, Entry

FIRST = b"\0" * 32
_ONE_SECOND_OF_IDS = 1000 << 22  # kernel/ids.py: milliseconds stand above 22 bits
_USUAL_DELAY = 10 * _ONE_SECOND_OF_IDS
LONGEST_DELAY = 3600 * _ONE_SECOND_OF_IDS
_LOOK_FAR_EVERY = 600.0  # seconds
CHAIN_AT_ONCE = 500


def digest_of(entry: Entry, before: bytes) -> bytes:
    """SHA-256 over the previous digest and the entry's columns in a fixed order."""
    told = json.dumps(
        [
            entry.id,
            entry.kind,
            entry.at.isoformat(),
            entry.actor_kind,
            entry.actor_id,
            entry.person_id,
            entry.campaign_id,
            entry.event_id,
            entry.rest,
            entry.keep_until.isoformat(),
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(before + told.encode()).digest()


_far_look_at = 0.0


def chain_more() -> int:
    """Chain up to 500 entries that have no digest yet; returns how many.

    Ids are made in order of time, so what is not chained yet stands near the end of the chain: a
    look ten seconds back finds the commits that overtook each other and stays small in a surge.
    Every ten minutes a look one hour back finds the transaction that took long.
    """
    global _far_look_at  # one number per process, as cheap as it is unimportant
    is_far = time.monotonic() >= _far_look_at
    back = LONGEST_DELAY if is_far else _USUAL_DELAY
    if not _open_entries(back).exists():  # most rounds end here, without the write lock
        done = 0
    else:
        done = _chain(back)
    if is_far and done < CHAIN_AT_ONCE:
        _far_look_at = time.monotonic() + _LOOK_FAR_EVERY
    return done


def _open_entries(back: int) -> QuerySet[Entry]:
    newest = Digest.objects.aggregate(newest=Max("entry_id"))["newest"]
    recent = newest - back if newest else 0
    chained = Digest.objects.filter(entry_id=OuterRef("id"))
    return Entry.objects.filter(~Exists(chained), id__gt=recent).order_by("id")


def hold() -> None:
    """Nobody else chains, or removes what is chained, until the caller's transaction ends.

    The first link is the lock, because it never changes: who waits for the newest one gets what
    was the newest before, and would fork the chain. SQLite has one writer anyway.
    """
    list(Digest.objects.select_for_update().order_by("place").values_list("place")[:1])


@transaction.atomic
def _chain(back: int) -> int:
    hold()
    _place, before = head()
    links = []
    for entry in _open_entries(back)[:CHAIN_AT_ONCE]:
        before = digest_of(entry, before)
        links.append(Digest(entry_id=entry.id, digest=before))
    Digest.objects.bulk_create(links)
    return len(links)


def last_place() -> int:
    """The place of the newest digest; 0 when there is none."""
    return Digest.objects.aggregate(last=Max("place"))["last"] or 0


def head() -> tuple[int, bytes]:
    """Place and digest of the newest link; the place is 0 before there is one."""
    newest = Digest.objects.order_by("-place").values_list("place", "digest").first()
    return (newest[0], bytes(newest[1])) if newest else (0, FIRST)


def first_told_after(place: int) -> datetime | None:
    """When the first entry behind a place of the chain was written; None: there is none."""
    behind = Digest.objects.filter(place__gt=place).order_by("place")
    first = behind.values_list("entry_id", flat=True)[:1]
    return Entry.objects.filter(id__in=list(first)).values_list("at", flat=True).first()


def links(until: int | None = None) -> int:
    """How many links the chain has, or has up to a place."""
    found = Digest.objects.all() if until is None else Digest.objects.filter(place__lte=until)
    return found.count()
