"""A fact commits together with what it tells, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction

from groundswell.kernel.actor import SYSTEM, person
from groundswell.kernel.facts import Fact
from groundswell.ledger import operations
from groundswell.ledger.models import Entry, Job
from tests.conftest import STILL_AT


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafFell(Fact):
    sentence: ClassVar[str] = "A leaf fell."
    keep_days: ClassVar[int] = 90
    person_id: int
    colour: str = "red"


def sweep(happening: Any) -> None:
    """A reaction."""


def rake(happening: Any) -> None:
    """Another reaction."""


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused(bare_wires: Any) -> None:
    with pytest.raises(operations.NotInATransaction):
        operations.record(LeafFell(person_id=1), by=SYSTEM)

    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_record_inside_a_transaction_is_taken(bare_wires: Any) -> None:
    with transaction.atomic():
        entry_id = operations.record(LeafFell(person_id=1), by=SYSTEM)

    assert Entry.objects.get().id == entry_id


@pytest.mark.django_db
def test_an_entry_holds_ids_actor_and_how_long_it_is_kept(bare_wires: Any) -> None:
    entry_id = operations.record(LeafFell(person_id=7, colour="gold"), by=person(9))

    row = Entry.objects.values().get()
    assert row == {
        "id": entry_id,
        "kind": LeafFell.kind(),
        "at": STILL_AT,
        "actor_kind": "person",
        "actor_id": 9,
        "person_id": 7,
        "campaign_id": None,
        "event_id": None,
        "rest": {"colour": "gold"},
        "keep_until": (STILL_AT + timedelta(days=90)).date(),
    }


@pytest.mark.django_db(transaction=True)
def test_entry_and_one_job_per_reaction_are_one_commit(bare_wires: Any) -> None:
    bare_wires.plug_reaction(LeafFell, sweep, priority=3)
    bare_wires.plug_reaction(LeafFell, rake)

    with transaction.atomic():
        entry_id = operations.record(LeafFell(person_id=1), by=SYSTEM)

    found = sorted(Job.objects.values_list("entry_id", "name", "priority", "run_after"))
    names = sorted((f"{f.__module__}.{f.__name__}", p) for f, p in [(sweep, 3), (rake, 0)])
    assert found == [(entry_id, name, priority, STILL_AT) for name, priority in names]


@pytest.mark.django_db(transaction=True)
def test_a_roll_back_leaves_neither_entry_nor_job(bare_wires: Any) -> None:
    bare_wires.plug_reaction(LeafFell, sweep)

    with transaction.atomic():
        operations.record(LeafFell(person_id=1), by=SYSTEM)
        transaction.set_rollback(True)

    assert (Entry.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_many_facts_are_two_statements(bare_wires: Any, django_assert_num_queries: Any) -> None:
    bare_wires.plug_reaction(LeafFell, sweep)

    with django_assert_num_queries(2):
        ids = operations.record_many([LeafFell(person_id=n) for n in range(50)], by=SYSTEM)

    assert sorted(Entry.objects.values_list("id", flat=True)) == sorted(ids)
    assert sorted(Job.objects.values_list("entry_id", flat=True)) == sorted(ids)


@pytest.mark.django_db
def test_a_second_job_with_the_same_key_is_dropped_while_the_first_waits() -> None:
    first = operations.enqueue("x", {}, dedupe_key="k")
    operations.enqueue("y", {}, dedupe_key="k")

    assert list(Job.objects.values_list("id", "name")) == [(first, "x")]
