"""Looking whether the chain still holds, link by link, and naming the first that does not.

The chain alone shows what was changed, taken out, slipped in or moved. Somebody who can write to
the whole database can make all digests anew, or cut off the end; only a *mark* shows that: a place
and its digest that were kept somewhere else (``site.anchors``, or a sheet of paper).

Everything here reads a thousand links at a time, so a long log takes time and no memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain as joined
from itertools import groupby

from django.db.models import Exists, F, Max, OuterRef, Q

from groundswell.ledger import chain
from groundswell.ledger.facts import EntriesRemoved
from groundswell.ledger.models import Digest, Entry

AT_ONCE = 1000
_NEAR = 64  # how far around a broken link its true neighbour is looked for
_MOST_LOOKED_AROUND = 50  # a chain that is broken everywhere is told so quickly
_FINGERPRINT_BYTES = 8


class What(StrEnum):
    """What was done to an entry, as far as the chain can tell."""

    CHANGED = "changed"
    MISSING = "missing"
    UNRECORDED = "unrecorded"  # its removal is told of, and no record of a removal fits
    AFTER_A_GAP = "after_a_gap"  # no place before it: what stood there went with its digest
    ADDED = "added"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"  # the digests fit each other, and not what was kept elsewhere
    CUT_OFF = "cut_off"  # the last one there is; more was known once
    MARKS = "marks"  # what was kept elsewhere was itself changed


@dataclass(frozen=True, slots=True)
class Break:
    """The entry where the chain does not hold. ``until``: the last place in question, where the
    marks leave open which entry between two of them it was; else the place itself."""

    place: int
    entry_id: int
    what: What
    until: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """The digest at a place, or its first bytes, as it was known outside of the chain."""

    place: int
    digest: bytes

    def fits(self, digest: bytes) -> bool:
        return bool(self.digest) and digest.startswith(self.digest)


Heard = Callable[[int], None]


def verify(
    *, from_place: int = 0, marks: Iterable[Mark] = (), heard: Heard = lambda links: None
) -> Iterator[Break]:
    """Everything that is wrong with the chain, in the order in which it is found.

    ``from_place`` leaves out the chain up to there, and with it what only the whole can tell.
    ``marks`` come in the order of their places, the first behind ``from_place``. ``heard`` is told
    how many links more were looked at.
    """
    walk = Walk(from_place, marks)
    yield from walk.links(heard)
    yield from walk.end()
    if not from_place:
        yield from removals()
        yield from strays()


@dataclass(slots=True)
class Walk:
    """A walk along the chain; ``links`` may be called again to walk on."""

    place: int
    marks: Iterable[Mark] = ()
    seen: int = 0
    _before: bytes = b""
    _entry_id: int = 0
    _waiting: Break | None = None  # found last: the next link may tell more about it
    _looked_around: int = 0
    _moved: bool = False
    _certain: tuple[int, int] = (0, 0)  # place and entry after the last mark that fitted
    _next_mark: Mark | None = None
    _marks: Iterator[Mark] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        held = Digest.objects.filter(place__lte=self.place).order_by("-place").first()
        self._before = bytes(held.digest) if held else chain.FIRST
        self._entry_id = held.entry_id if held else 0
        self._marks = iter(self.marks)
        self._next_mark = next(self._marks, None)

    def links(self, heard: Heard = lambda links: None, *, most: int = 0) -> Iterator[Break]:
        """What is wrong with the links from here on; ``most`` stops the walk after so many."""
        until = self.seen + most
        while found := self._next_links():
            entries = Entry.objects.in_bulk([link.entry_id for link in found])
            for link in found:
                yield from self._judged(link, entries.get(link.entry_id))
                yield from self._compared(link)
                self.place, self._before = link.place, bytes(link.digest)
                self._entry_id = link.entry_id
            self.seen += len(found)
            heard(len(found))
            if most and self.seen >= until:
                break
        if self._waiting is not None:
            yield self._waiting
            self._waiting = None

    def end(self) -> Iterator[Break]:
        """Marks behind the last link: what stood there was cut off."""
        last = self._next_mark
        if last is None:
            return
        last = max(joined([last], self._marks), key=lambda mark: mark.place)
        self._next_mark = None
        yield Break(self.place, self._entry_id, What.CUT_OFF, until=last.place)

    def _next_links(self) -> list[Digest]:
        found = Digest.objects.filter(place__gt=self.place).order_by("place")
        return list(found[:AT_ONCE])

    def _judged(self, link: Digest, entry: Entry | None) -> Iterator[Break]:
        told = self._verdict(link, entry)
        if told is not None and told.what is What.ADDED:
            if self._waiting is not None and self._waiting.place == told.place:
                self._waiting = None  # what looked changed does not belong here at all
            yield from self._told_before()
            yield told
            return
        yield from self._told_before()
        self._waiting = told

    def _told_before(self) -> Iterator[Break]:
        if self._waiting is not None:
            yield self._waiting
            self._waiting = None

    def _verdict(self, link: Digest, entry: Entry | None) -> Break | None:
        if entry is None:
            is_told = link.removed_by is not None
            return None if is_told else Break(link.place, link.entry_id, What.MISSING)
        digest = bytes(link.digest)
        if chain.digest_of(entry, self._before) == digest:
            return None
        return self._looked_around_for(link, entry, digest)

    def _looked_around_for(self, link: Digest, entry: Entry, digest: bytes) -> Break:
        """Which link does this entry really follow? That tells what happened."""
        here = Break(link.place, link.entry_id, What.CHANGED)
        if self._looked_around >= _MOST_LOOKED_AROUND:
            return here
        self._looked_around += 1
        others = Digest.objects.exclude(place=link.place).order_by("place")
        after = others.filter(place__gt=link.place)[:_NEAR]
        if any(chain.digest_of(entry, bytes(other.digest)) == digest for other in after):
            self._moved = True
            return Break(link.place, link.entry_id, What.REORDERED)
        before = list(others.reverse().filter(place__lt=link.place)[:_NEAR])
        firsts = [bytes(other.digest) for other in before[1:]]
        if len(before) < _NEAR:
            firsts.append(chain.FIRST)
        for number, other in enumerate(firsts):
            if chain.digest_of(entry, other) == digest:
                if self._moved:
                    return Break(link.place, link.entry_id, What.REORDERED)
                slipped_in = before[number]
                return Break(slipped_in.place, slipped_in.entry_id, What.ADDED)
        has_gap = link.place != (before[0].place if before else 0) + 1
        return Break(link.place, link.entry_id, What.AFTER_A_GAP) if has_gap else here

    def _compared(self, link: Digest) -> Iterator[Break]:
        """The marks up to this link: each stands at one link, with its digest."""
        if not self._certain[0]:
            self._certain = (link.place, link.entry_id)
        while self._next_mark is not None and self._next_mark.place <= link.place:
            mark = self._next_mark
            if mark.place == link.place and mark.fits(bytes(link.digest)):
                self._certain = (0, 0)
                self._next_mark = next(self._marks, None)
                continue
            yield Break(*self._certain, What.REWRITTEN, until=mark.place)
            self._next_mark, self._marks = None, iter(())  # all that follow differ as well


def removals() -> Iterator[Break]:
    """Removals that no record tells of: one for each record that was named, at its first entry."""
    groups = groupby(_removed(), key=lambda row: row[0])
    waiting: dict[int, tuple[int, Break]] = {}
    for record_id, rows in groups:
        waiting[record_id] = _fingerprint(rows)
        if len(waiting) == AT_ONCE:
            yield from _unrecorded(waiting)
            waiting = {}
    yield from _unrecorded(waiting)


def _removed() -> Iterator[tuple[int, int, int]]:
    """Record, entry and place of every removal, by record and entry."""
    record, entry = 0, 0
    found = Digest.objects.filter(removed_by__isnull=False).order_by("removed_by", "entry_id")
    while rows := list(
        found.filter(removed_by__gte=record)
        .exclude(removed_by=record, entry_id__lte=entry)
        .values_list("removed_by", "entry_id", "place")[:AT_ONCE]
    ):
        for removed_by, entry_id, place in rows:
            yield removed_by or 0, entry_id, place
        record, entry = rows[-1][0] or 0, rows[-1][1]


def _fingerprint(rows: Iterable[tuple[int, int, int]]) -> tuple[int, Break]:
    """As ``facts.fingerprint_of``, without holding the ids; and the first place of them."""
    told, first, comma = hashlib.sha256(), None, ""
    for _record, entry_id, place in rows:
        told.update(f"{comma}{entry_id}".encode())
        comma = ","
        if first is None or place < first.place:
            first = Break(place, entry_id, What.UNRECORDED)
    assert first is not None  # a group has rows
    return int.from_bytes(told.digest()[:_FINGERPRINT_BYTES]) >> 1, first


def _unrecorded(waiting: dict[int, tuple[int, Break]]) -> Iterator[Break]:
    records = Entry.objects.filter(kind=EntriesRemoved.kind()).in_bulk(list(waiting))
    # A record whose own time was over is vouched for by the record of its removal.
    outlived = set(
        Digest.objects.filter(entry_id__in=waiting, removed_by__isnull=False)
        .exclude(entry_id=F("removed_by"))
        .values_list("entry_id", flat=True)
    )
    for record_id, (named, first) in waiting.items():
        record = records.get(record_id)
        if record is not None and record.rest.get("fingerprint") == named:
            continue
        if record is not None or record_id not in outlived:
            yield first


def strays() -> Iterator[Break]:
    """Entries without a digest, older than anything that the chain could still have to reach."""
    newest = Digest.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    chained = Digest.objects.filter(entry_id=OuterRef("id"))
    old = Q(id__lte=newest - chain.LONGEST_DELAY)
    found = Entry.objects.filter(old & ~Exists(chained)).order_by("id")
    for entry_id in found.values_list("id", flat=True)[:AT_ONCE]:
        yield Break(0, entry_id, What.ADDED)


def with_more(marks: Iterable[Mark], more: Iterable[Mark]) -> list[Mark]:
    """Marks of two sources in the order of their places."""
    return sorted(joined(marks, more), key=lambda mark: mark.place)
