"""The chain of digests: one per entry, each over the one before, so tampering shows.

The worker chains in batches, after the commits that it chains, so a surge of sign-ups never
waits for it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet

from groundswell.ledger.facts import EntriesRemoved, fingerprint_of
from groundswell.ledger.models import Digest, Entry

_FIRST = b"\0" * 32
_ONE_SECOND_OF_IDS = 1000 << 22  # kernel/ids.py: milliseconds stand above 22 bits
_USUAL_DELAY = 10 * _ONE_SECOND_OF_IDS
_LONGEST_DELAY = 3600 * _ONE_SECOND_OF_IDS
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
    back = _LONGEST_DELAY if is_far else _USUAL_DELAY
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


@transaction.atomic
def _chain(back: int) -> int:
    # The head is locked, so two workers cannot fork the chain.
    head = Digest.objects.select_for_update().order_by("-place").first()
    before = bytes(head.digest) if head else _FIRST
    links = []
    for entry in _open_entries(back)[:CHAIN_AT_ONCE]:
        before = digest_of(entry, before)
        links.append(Digest(entry_id=entry.id, digest=before))
    Digest.objects.bulk_create(links)
    return len(links)


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, and what is wrong there."""

    place: int
    entry_id: int
    what: str  # "changed" | "missing" | "removed without a record"


def verify(*, from_place: int = 0) -> Iterator[Break]:
    """Every entry that was changed, is missing, or was removed without a record that matches.

    ``from_place`` leaves out the chain up to that place, for a quick look at its end.
    """
    head = Digest.objects.filter(place__lte=from_place).order_by("-place").first()
    before = bytes(head.digest) if head else _FIRST
    removed: dict[int, list[Digest]] = {}
    for links in _batches(from_place):
        entries = Entry.objects.in_bulk([link.entry_id for link in links])
        for link in links:
            entry = entries.get(link.entry_id)
            if entry is not None and digest_of(entry, before) != bytes(link.digest):
                yield Break(link.place, link.entry_id, "changed")
            elif entry is None and link.removed_by is None:
                yield Break(link.place, link.entry_id, "missing")
            elif entry is None and link.removed_by is not None:
                removed.setdefault(link.removed_by, []).append(link)
            before = bytes(link.digest)
    if not from_place:  # a part of the chain holds only a part of what a record names
        yield from _unrecorded(removed)


def _unrecorded(removed: dict[int, list[Digest]]) -> Iterator[Break]:
    records = Entry.objects.filter(kind=EntriesRemoved.kind()).in_bulk(list(removed))
    # A record whose own time was over is vouched for by the record of its removal.
    outlived = set(
        Digest.objects.filter(entry_id__in=removed, removed_by__isnull=False)
        .exclude(entry_id=F("removed_by"))
        .values_list("entry_id", flat=True)
    )
    for record_id, links in removed.items():
        record = records.get(record_id)
        named = fingerprint_of(link.entry_id for link in links)
        if (record and record.rest["fingerprint"] == named) or (
            record is None and record_id in outlived
        ):
            continue
        for link in links:
            yield Break(link.place, link.entry_id, "removed without a record")


def last_place() -> int:
    """The place of the newest digest; 0 when there is none."""
    return Digest.objects.aggregate(last=Max("place"))["last"] or 0


def _batches(place: int) -> Iterator[list[Digest]]:
    while links := list(Digest.objects.filter(place__gt=place).order_by("place")[:1000]):
        yield links
        place = links[-1].place
