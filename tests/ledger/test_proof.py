"""Naming what was done to the log: each way to tamper with it once, with and without a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db.models import F

from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.facts import Fact
from groundswell.ledger import chain, operations, proof
from groundswell.ledger.models import Digest, Entry
from groundswell.ledger.proof import Mark

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafFell(Fact):
    sentence: ClassVar[str] = "A leaf fell."
    keep_days: ClassVar[int] = 10
    person_id: int


@pytest.fixture
def entries(bare_wires: Any) -> list[int]:
    """Six chained entries."""
    ids = operations.record_many([LeafFell(person_id=n) for n in range(6)], by=SYSTEM)
    chain.chain_more()
    return ids


def found(marks: Iterable[Mark] = ()) -> list[tuple[int, str]]:
    return [(broken.entry_id, broken.what.value) for broken in proof.verify(marks=marks)]


def head() -> Mark:
    return Mark(*chain.head())


def rewrite_all() -> None:
    """What somebody does who may write to the whole database: every digest is made anew."""
    before = chain.FIRST
    for link in Digest.objects.order_by("place"):
        entry = Entry.objects.get(id=link.entry_id)
        before = chain.digest_of(entry, before)
        Digest.objects.filter(place=link.place).update(digest=before)


def swap(one: int, other: int) -> None:
    """Two links with their entries' digests change places."""
    first, second = Digest.objects.get(entry_id=one), Digest.objects.get(entry_id=other)
    Digest.objects.filter(place__in=[first.place, second.place]).delete()
    Digest.objects.create(place=first.place, entry_id=other, digest=second.digest)
    Digest.objects.create(place=second.place, entry_id=one, digest=first.digest)


def slip_in(after: int, digest: bytes | None = None) -> int:
    """A made-up entry between two others; its digest follows the one before, or is given."""
    before = Digest.objects.get(entry_id=after)
    for link in Digest.objects.filter(place__gt=before.place).order_by("-place"):
        Digest.objects.filter(place=link.place).update(place=F("place") + 1)
    entry = Entry.objects.get(id=after)
    entry.id, entry.person_id = after + 1, 99
    entry.save(force_insert=True)
    told = digest or chain.digest_of(entry, bytes(before.digest))
    Digest.objects.create(place=before.place + 1, entry_id=entry.id, digest=told)
    return entry.id


def test_an_untouched_log_is_whole(entries: list[int]) -> None:
    assert found([head()]) == []


def test_a_change_names_the_entry(entries: list[int]) -> None:
    Entry.objects.filter(id=entries[3]).update(person_id=99)

    assert found([head()]) == [(entries[3], "changed")]


def test_a_digest_that_was_changed_names_its_entry_first(entries: list[int]) -> None:
    Digest.objects.filter(entry_id=entries[3]).update(digest=bytes(32))

    assert found()[0] == (entries[3], "changed")


def test_a_deleted_entry_is_missing(entries: list[int]) -> None:
    Entry.objects.filter(id=entries[3]).delete()

    assert found([head()]) == [(entries[3], "missing")]


def test_an_entry_that_went_with_its_digest_leaves_a_gap(entries: list[int]) -> None:
    Entry.objects.filter(id=entries[3]).delete()
    Digest.objects.filter(entry_id=entries[3]).delete()

    assert found([head()]) == [(entries[4], "after_a_gap")]


@pytest.mark.parametrize("digest", [None, b"\7" * 32], ids=["with its digest", "with any digest"])
def test_an_entry_slipped_in_is_named(entries: list[int], digest: bytes | None) -> None:
    assert found() == []
    added = slip_in(entries[2], digest)

    assert found() == [(added, "added")]


def test_an_entry_slipped_in_at_the_very_beginning_is_named(entries: list[int]) -> None:
    first = Digest.objects.get(entry_id=entries[0])
    slip_in(entries[0])
    swapped = Digest.objects.get(entry_id=entries[0] + 1)
    Digest.objects.filter(place__in=[first.place, swapped.place]).delete()
    stranger = Entry.objects.get(id=swapped.entry_id)
    Digest.objects.create(
        place=first.place,
        entry_id=stranger.id,
        digest=chain.digest_of(stranger, chain.FIRST),
    )
    Digest.objects.create(place=swapped.place, entry_id=entries[0], digest=first.digest)

    assert found() == [(stranger.id, "added")]


def test_an_old_entry_without_a_digest_was_added(entries: list[int]) -> None:
    """Entries that the chain can still reach are none: the chain has an hour for them."""
    stranger = Entry.objects.get(id=entries[0])
    stranger.id = entries[0] - chain.LONGEST_DELAY - 1
    stranger.save(force_insert=True)
    late = Entry.objects.get(id=entries[0])
    late.id = entries[0] - 1
    late.save(force_insert=True)

    assert found() == [(stranger.id, "added")]


def test_two_that_changed_places_are_named(entries: list[int]) -> None:
    swap(entries[2], entries[3])

    assert found() == [
        (entries[3], "reordered"),
        (entries[2], "reordered"),
        (entries[4], "reordered"),
    ]


def test_an_end_that_was_cut_off_needs_a_mark(entries: list[int]) -> None:
    kept = head()
    Entry.objects.filter(id__in=entries[4:]).delete()
    Digest.objects.filter(entry_id__in=entries[4:]).delete()

    assert found() == []  # control: the chain alone ends where it ends
    (cut,) = list(proof.verify(marks=[kept]))
    assert (cut.entry_id, cut.what.value, cut.until) == (entries[3], "cut_off", kept.place)


def test_a_log_that_was_rewritten_whole_needs_a_mark(entries: list[int]) -> None:
    middle = Digest.objects.get(entry_id=entries[2])
    marks = [Mark(middle.place, bytes(middle.digest)), head()]
    Entry.objects.filter(id=entries[4]).update(person_id=99)
    rewrite_all()

    assert found() == []  # control: digests made anew fit each other
    (told,) = list(proof.verify(marks=marks))
    assert (told.entry_id, told.what.value) == (entries[3], "rewritten")  # behind the last good one
    assert (told.place, told.until) == (middle.place + 1, marks[1].place)


def test_a_place_that_a_mark_knows_and_that_is_gone_was_rewritten(entries: list[int]) -> None:
    """The digests are made anew without one entry: nothing stands at its place any more."""
    gone = Digest.objects.get(entry_id=entries[4])
    Entry.objects.filter(id=entries[4]).delete()
    Digest.objects.filter(entry_id=entries[4]).delete()
    rewrite_all()

    assert found() == []
    assert found([Mark(gone.place, bytes(gone.digest))])[0][1] == "rewritten"


def test_the_first_bytes_of_a_digest_are_a_mark_and_none_at_all_are_not(
    entries: list[int],
) -> None:
    place, digest = chain.head()

    assert found([Mark(place, digest[:10])]) == []
    assert found([Mark(place, b"")])[0][1] == "rewritten"


def test_a_walk_in_steps_finds_what_a_walk_at_once_finds(
    entries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    Entry.objects.filter(id=entries[1]).update(person_id=98)
    Entry.objects.filter(id=entries[4]).delete()
    at_once = list(proof.verify())
    monkeypatch.setattr(proof, "AT_ONCE", 2)

    stepped, place = [], 0
    for _ in range(4):
        walk = proof.Walk(place)
        stepped += list(walk.links(most=2))
        place = walk.place

    assert stepped == at_once == list(proof.verify())
    assert [broken.what.value for broken in at_once] == ["changed", "missing"]


def test_removals_are_checked_record_by_record(
    entries: list[int], still_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "PURGE_AT_ONCE", 2)
    monkeypatch.setattr(proof, "AT_ONCE", 1)  # pages and groups end in the middle of each other
    still_clock.shift(timedelta(days=11))
    assert [operations.purge_expired() for _ in range(4)] == [2, 2, 2, 0]
    chain.chain_more()
    assert found() == []

    second = Digest.objects.get(entry_id=entries[3]).removed_by
    Digest.objects.filter(entry_id=entries[3]).update(entry_id=entries[3] + 1)
    assert found() == [(entries[2], "unrecorded")]
    assert second is not None


def test_a_chain_that_is_broken_everywhere_is_told_in_few_questions(
    entries: list[int], django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "_MOST_LOOKED_AROUND", 2)
    Entry.objects.update(person_id=99)

    with django_assert_max_num_queries(14):
        told = found()

    assert [entry_id for entry_id, _what in told] == entries
    assert told[1:] == [(entry_id, "changed") for entry_id in entries[1:]]
