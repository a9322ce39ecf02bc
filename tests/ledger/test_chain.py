"""The chain of digests: what was changed or taken away behind the ledger's back shows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.db.models import F

from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.facts import Fact
from groundswell.ledger import chain, operations, proof
from groundswell.ledger.models import Digest, Entry
from tests.running.processes import wait_until

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSown(Fact):
    sentence: ClassVar[str] = "Sowed a seed."
    keep_days: ClassVar[int] = 10
    person_id: int
    depth: int = 1


@pytest.fixture
def entries(bare_wires: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Five chained entries."""
    monkeypatch.setattr(chain, "_far_look_at", 0.0)
    ids = operations.record_many([SeedSown(person_id=n) for n in range(5)], by=SYSTEM)
    assert (chain.chain_more(), chain.chain_more()) == (5, 0)
    return ids


def found() -> list[tuple[int, str]]:
    return [(broken.entry_id, broken.what) for broken in proof.verify()]


def test_an_untouched_chain_holds(entries: list[int]) -> None:
    assert found() == []
    assert list(Digest.objects.order_by("place").values_list("entry_id", flat=True)) == entries


def test_entries_go_on_the_chain_in_batches(
    entries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "CHAIN_AT_ONCE", 2)
    operations.record_many([SeedSown(person_id=n) for n in range(5)], by=SYSTEM)

    assert [chain.chain_more() for _ in range(4)] == [2, 2, 1, 0]
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        {"rest": {"depth": 9}},
        {"person_id": 99},
        {"actor_id": 1},
        {"kind": "chain.SeedEaten"},
        {"at": F("at") + timedelta(seconds=1)},
        {"keep_until": F("keep_until") + timedelta(days=1)},
    ],
)
def test_a_changed_entry_is_found(entries: list[int], change: dict[str, Any]) -> None:
    Entry.objects.filter(id=entries[2]).update(**change)

    assert found() == [(entries[2], "changed")]


def test_a_deleted_entry_is_found(entries: list[int]) -> None:
    Entry.objects.filter(id=entries[2]).delete()

    assert found() == [(entries[2], "missing")]


def test_an_entry_deleted_with_its_digest_breaks_the_next_link(entries: list[int]) -> None:
    Entry.objects.filter(id=entries[2]).delete()
    Digest.objects.filter(entry_id=entries[2]).delete()

    assert found() == [(entries[3], "after_a_gap")]


def test_an_entry_slipped_in_between_is_found(entries: list[int]) -> None:
    place = Digest.objects.get(entry_id=entries[1]).place
    old = Entry.objects.get(id=entries[1])
    Entry.objects.filter(id=entries[1]).delete()
    old.id, old.person_id = entries[1] + 1, 77
    old.save(force_insert=True)
    Digest.objects.filter(place=place).update(entry_id=old.id)

    assert found() == [(entries[1] + 1, "changed")]


def test_control_without_the_digest_before_a_removed_link_stays_unseen(
    entries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With digests that stand alone, an entry and its digest can be taken out unseen."""
    really = chain.digest_of
    monkeypatch.setattr(chain, "digest_of", lambda entry, before: really(entry, b""))
    for link in Digest.objects.all():
        entry = Entry.objects.get(id=link.entry_id)
        Digest.objects.filter(place=link.place).update(digest=chain.digest_of(entry, b""))
    Entry.objects.filter(id=entries[2]).delete()
    Digest.objects.filter(entry_id=entries[2]).delete()

    assert found() == []


def test_a_purge_keeps_the_digests_with_the_reason(entries: list[int], still_clock: Any) -> None:
    still_clock.shift(timedelta(days=11))

    assert operations.purge_expired() == 5

    record = Entry.objects.get(kind="ledger.EntriesRemoved")
    kept = Digest.objects.filter(entry_id__in=entries)
    assert sorted(kept.values_list("entry_id", "removed_because", "removed_by")) == [
        (entry_id, "retention", record.id) for entry_id in entries
    ]
    assert Entry.objects.count() == 1
    chain.chain_more()
    assert found() == []


def test_entries_are_kept_until_their_day_has_passed(entries: list[int], still_clock: Any) -> None:
    still_clock.shift(timedelta(days=10))

    assert operations.purge_expired() == 0


def test_entries_without_a_digest_wait_for_the_chain(entries: list[int], still_clock: Any) -> None:
    (late,) = operations.record_many([SeedSown(person_id=9)], by=SYSTEM)
    still_clock.shift(timedelta(days=11))

    assert operations.purge_expired() == 5
    assert Entry.objects.filter(id=late).exists()


def test_a_removal_that_nothing_records_is_found(entries: list[int]) -> None:
    """Writing a reason beside a digest does not excuse a missing entry."""
    Entry.objects.filter(id=entries[2]).delete()
    Digest.objects.filter(entry_id=entries[2]).update(
        removed_because="retention", removed_by=entries[0]
    )

    assert found() == [(entries[2], "unrecorded")]


def test_a_removal_hidden_behind_a_real_purge_is_found(
    entries: list[int], still_clock: Any
) -> None:
    still_clock.shift(timedelta(days=11))
    operations.purge_expired()
    (young,) = operations.record_many([SeedSown(person_id=9)], by=SYSTEM)
    chain.chain_more()
    record = Entry.objects.get(kind="ledger.EntriesRemoved")

    Entry.objects.filter(id=young).delete()
    Digest.objects.filter(entry_id=young).update(removed_because="retention", removed_by=record.id)

    assert found() == [(entries[0], "unrecorded")]  # one for all that the record now names


def test_a_record_whose_own_time_is_over_is_vouched_for(
    entries: list[int], still_clock: Any
) -> None:
    still_clock.shift(timedelta(days=11))
    operations.purge_expired()
    chain.chain_more()
    still_clock.shift(timedelta(days=4000))
    assert operations.purge_expired() == 1
    chain.chain_more()

    assert found() == []


def test_the_end_of_the_chain_can_be_checked_alone(entries: list[int]) -> None:
    middle = Digest.objects.get(entry_id=entries[2]).place
    Entry.objects.filter(id=entries[0]).update(person_id=99)
    assert list(proof.verify(from_place=middle)) == []

    Entry.objects.filter(id=entries[4]).update(person_id=99)

    assert [broken.entry_id for broken in proof.verify(from_place=middle)] == [entries[4]]


def test_a_commit_that_took_long_is_found_by_the_look_back(
    entries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Entry.objects.get(id=entries[0])
    late.id -= 60 * chain._ONE_SECOND_OF_IDS
    late.save(force_insert=True)

    assert chain.chain_more() == 0  # ten seconds back: not seen
    monkeypatch.setattr(chain, "_far_look_at", 0.0)
    assert chain.chain_more() == 1  # one hour back: seen
    assert found() == []


@pytest.mark.postgres_only
@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["another worker", "an erasure"])
def test_whoever_comes_while_somebody_chains_waits_and_looks_again(
    bare_wires: Any, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    """With the newest link as the lock, the second saw the head of before: the chain was forked,
    or an entry was changed after it had been chained."""
    monkeypatch.setattr(chain, "_far_look_at", 0.0)
    _sow(1)
    chain.chain_more()
    (late,) = _sow(2)
    really = Digest.objects.bulk_create
    go, failed = threading.Event(), []

    def slowly(links: list[Digest]) -> list[Digest]:
        made = really(links)
        if threading.current_thread().name == "first":
            assert go.wait(30)
        return made

    def erase() -> None:
        with transaction.atomic():
            operations.remove_entries_of(2, because="erasure")

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(Digest.objects, "bulk_create", slowly)
    works = {"first": chain.chain_more, "second": erase if second == "an erasure" else chain_new}
    threads = [threading.Thread(target=run, args=[works[name]], name=name) for name in works]
    threads[0].start()
    wait_until(lambda: _sessions("idle in transaction") == 1, seconds=10, what="the first chains")
    threads[1].start()
    wait_until(lambda: _sessions("active", waits=True) == 1, seconds=10, what="the second waits")
    go.set()
    for thread in threads:
        thread.join()

    chain.chain_more()
    assert failed == []
    assert found() == []
    assert Entry.objects.filter(id=late).exists() == (second == "another worker")


def chain_new() -> None:
    """One more entry, and another worker that chains."""
    _sow(3)
    chain.chain_more()


def _sow(person_id: int) -> list[int]:
    with transaction.atomic():
        return operations.record_many([SeedSown(person_id=person_id)], by=SYSTEM)


def _sessions(state: str, *, waits: bool = False) -> int:
    """How many other sessions of this database are in a state, waiting for a lock or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state = %s AND (wait_event_type = 'Lock') = %s",
            [state, waits],
        )
        return int(cursor.fetchone()[0])
