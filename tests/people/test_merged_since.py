"""What came between a merge and its undo: nobody's word is lost, and no address has two owners."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.people import queries
from groundswell.people.models import Consent, Contact, Merge, Person
from groundswell.people.operations import merging, new_address, persons, undoing
from groundswell.people.operations.consents import Agreement, give, withdraw
from groundswell.people.operations.persons import Typed
from tests.people.merged import emails_of, somebody

pytestmark = pytest.mark.django_db

NEWS = {"purpose": "news", "about_id": 0}


def merge(kept: Person, gone: Person) -> Merge:
    return merging.merge(kept_id=kept.id, gone_id=gone.id, by=SYSTEM)


def agree(person: Person, *, needs_proof: bool = False) -> None:
    agreed = Agreement(Consent.Purpose.NEWS, 0, "news.1", needs_proof=needs_proof)
    give(person_id=person.id, agreements=[agreed], source="my.data", by=SYSTEM)


def stop(person: Person) -> None:
    withdraw(person_id=person.id, source="my.data", by=SYSTEM, **NEWS)


def is_reached(person: Person) -> tuple[bool, bool]:
    has_consent = queries.has_consent(person.id, **NEWS)
    return has_consent, Person.objects.get(id=person.id).reach > 0


def minutes(count: int) -> clock.at:
    return clock.at(clock.now() + timedelta(minutes=count))


@pytest.mark.parametrize("who", ["kept", "gone", "both"])
def test_whoever_stopped_it_while_they_were_one_has_stopped_it_for_both(who: str) -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    agreed = {"kept": [kept], "gone": [gone], "both": [kept, gone]}[who]
    for each in agreed:
        agree(each)
    with minutes(1):
        made = merge(kept, gone)
    with minutes(2):
        stop(kept)

    with minutes(3):
        undoing.undo(merge_id=made.id, by=SYSTEM)

        assert [is_reached(each) for each in (kept, gone)] == [(False, False)] * 2


def test_who_agreed_again_after_stopping_is_written_to_by_both() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    agree(gone)
    with minutes(1):
        made = merge(kept, gone)
    with minutes(2):
        stop(kept)
    with minutes(3):
        agree(kept)

    with minutes(4):
        undoing.undo(merge_id=made.id, by=SYSTEM)

        assert is_reached(kept) == (True, True)
        assert is_reached(gone) == (False, False)  # the new yes was given to the record that stays


def test_a_consent_that_waits_for_a_proof_does_not_count_by_somebody_elses() -> None:
    kept = somebody("kept@example.org", is_proven=True)
    gone = somebody("gone@example.org")
    agree(gone, needs_proof=True)
    assert not queries.has_consent(gone.id, **NEWS)

    made = merge(kept, gone)

    assert is_reached(kept) == (False, False)
    undoing.undo(merge_id=made.id, by=SYSTEM)
    persons.prove_email(contact_id=gone.contacts.get().id, by=SYSTEM)
    assert is_reached(gone) == (True, True)


def test_one_that_was_proven_goes_along() -> None:
    kept = somebody("kept@example.org")
    gone = somebody("gone@example.org", is_proven=True)
    agree(gone, needs_proof=True)

    merge(kept, gone)

    assert is_reached(kept) == (True, True)


def test_an_old_address_that_somebody_signed_up_with_since_stays_theirs() -> None:
    mine = somebody("old@example.org", is_proven=True)
    second = somebody("new@example.org")
    own = actors.person(mine.id)
    new_address.ask_new_address(person_id=mine.id, email="new@example.org", by=own)
    new_address.prove_new_address(new_address_id=mine.new_address.id, by=own)
    assert not Contact.objects.filter(person=second).exists()
    third = persons.recognise(typed=Typed(given="Amina", email="old@example.org")).person

    undoing.undo(merge_id=Merge.objects.get().id, by=SYSTEM)

    assert emails_of(second.id) == {"new@example.org"}
    assert emails_of(third.id) == {"old@example.org"}
    assert emails_of(mine.id) == set()


def test_an_earlier_merge_is_undone_beside_one_that_nothing_is_left_of() -> None:
    first, second, third, fourth = (somebody(f"p{n}@example.org") for n in range(4))
    early = merge(first, second)
    with minutes(1):
        let_go = merge(third, fourth)
        Merge.objects.filter(id=let_go.id).update(moved_sealed=b"")  # operations/thinning.py
    with minutes(2):
        merge(first, third)

    undoing.undo(merge_id=early.id, by=SYSTEM)

    assert emails_of(second.id) == {"p1@example.org"}
    assert emails_of(first.id) == {"p0@example.org", "p2@example.org", "p3@example.org"}


def test_whoever_is_merged_on_while_an_undo_waits_is_not_taken_apart_under_it() -> None:
    first, second, third = (somebody(f"p{n}@example.org") for n in range(3))
    made = merge(first, second)
    waiting = [lambda: merge(third, first)]

    def before_the_lock(execute: Any, sql: str, *rest: Any) -> Any:
        if waiting and 'FROM "people_person"' in sql:
            waiting.pop()()
        return execute(sql, *rest)

    with connection.execute_wrapper(before_the_lock), pytest.raises(merging.OneIsGone):
        undoing.undo(merge_id=made.id, by=SYSTEM)

    assert Merge.objects.get(id=made.id).undone_at is None
    undoing.undo(merge_id=made.id, by=SYSTEM)  # asked again, it comes out of the longer chain
    assert emails_of(second.id) == {"p1@example.org"}


def test_a_name_that_goes_along_keeps_its_order() -> None:
    kept, gone = somebody("kept@example.org"), somebody("gone@example.org")
    persons.write_name(gone, "Hayao", "Miyazaki", is_family_first=True)
    Person.objects.filter(id=kept.id).update(name_sealed=b"", is_thin=True)

    merge(kept, gone)

    assert queries.name_of(Person.objects.get(id=kept.id)).full == "Miyazaki Hayao"
