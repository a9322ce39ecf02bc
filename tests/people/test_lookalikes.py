"""Finding people who look alike; what merges by itself, what never does, and who may judge."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.events.operations import proving
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, Actor, ActorKind, Held, Role
from groundswell.kernel.scopes import EVERYWHERE
from groundswell.ledger import worker
from groundswell.ledger.models import Entry
from groundswell.people import likenesses
from groundswell.people.models import (
    Contact,
    Field,
    FieldValue,
    Household,
    LikenessKey,
    Lookalike,
    Merge,
    Person,
)
from groundswell.people.operations import (
    correcting,
    lookalikes,
    merging,
    new_address,
    persons,
    undoing,
)
from tests.factories import events as make
from tests.people.merged import emails_of, somebody

pytestmark = pytest.mark.django_db


def look_through() -> None:
    """The whole round of the night."""
    lookalikes.look_now()
    worker.run_until_idle()


def pairs() -> list[tuple[int, int]]:
    return list(Lookalike.objects.order_by("id").values_list("one_id", "other_id"))


def test_a_nickname_with_the_same_phone_waits_for_review_and_is_not_merged() -> None:
    one = somebody("r.hall@example.org", given="Robert", family="Hall", phone="+447400123456")
    other = somebody("bob@post.example", given="Bob", family="Hall", phone="+447400123456")
    somebody("else@example.org", given="Ivan", family="Petrov", phone="+447400123457")

    look_through()

    row = Lookalike.objects.get()
    assert (row.one_id, row.other_id) == (one.id, other.id)
    assert row.reasons == ["nickname", "same_phone"]
    assert row.chance > 90
    assert Merge.objects.count() == 0


def test_the_same_phone_and_another_given_name_is_a_household() -> None:
    somebody("ann@example.org", given="Ann", family="Hall", phone="+447400123456")
    somebody("tom@example.org", given="Tom", family="Hall", phone="+447400123456")

    look_through()

    assert pairs() == []


def test_names_in_other_letters_and_orders_are_found() -> None:
    somebody("a@example.org", given="Иван", family="Петров", phone="+447400123456")
    somebody("b@example.org", given="Petrov", family="Ivan", phone="+447400123456")

    look_through()

    assert Lookalike.objects.get().reasons == ["swapped_names", "same_phone"]


def test_a_name_that_gets_common_empties_the_queue_of_those_who_share_nothing_else() -> None:
    filler = [somebody(f"f{n}@example.org", given=f"Xu{n}", family=f"Zhe{n}") for n in range(30)]
    assert len(filler) == 30
    for number in range(4):
        somebody(f"a{number}@example.org", given="Amina", family="Khan")
    somebody("home@example.org", given="Amina", family="Khan", phone="+447400123456")
    somebody("again@example.org", given="Amina", family="Khan", phone="+447400123456")
    Person.objects.filter(id__in=[row.id for row in filler]).update(is_compared=True)
    first = list(Person.objects.filter(is_compared=False).order_by("id")[:3])
    lookalikes.compare([row.id for row in first])
    assert len(pairs()) == 3  # three of one name may be one person

    look_through()

    kept = Lookalike.objects.get()
    assert kept.reasons == ["same_name", "same_phone"]


def test_a_birth_date_and_a_home_count() -> None:
    field = Field.objects.create(
        key="birth-date", labels={"en": "Born"}, kind="date", sees="see_all", writes="see_all",
        created_at=clock.now(),
    )  # fmt: skip
    for number, family in enumerate(("Shevchenko", "Schevchenko")):
        person = somebody(
            f"{number}@example.org", given="Olena", family=family, street="1 Mill Lane",
            town="Leeds", postcode="LS1 4DY",
        )  # fmt: skip
        FieldValue.objects.create(field=field, person=person, on=date(1990, 4, 12), at=clock.now())

    look_through()

    assert set(Lookalike.objects.get().reasons) == {
        "same_name", "near_name", "same_birthday", "same_street", "same_town", "same_postcode",
    }  # fmt: skip


def test_a_mailbox_that_both_have_proven_merges_itself_under_one_name() -> None:
    one = somebody("r.hall@gmail.com", given="Robert", family="Hall", is_proven=True)
    other = somebody("rhall+news@gmail.com", given="Bob", family="Hall", is_proven=True)

    worker.run_until_idle()  # the reaction to the second proof

    assert Person.objects.get().id == one.id
    assert emails_of(one.id) == {"r.hall@gmail.com", "rhall+news@gmail.com"}
    row = Merge.objects.get()
    assert (row.gone_id, row.because, row.by_id) == (other.id, "email", None)
    undoing.undo(merge_id=row.id, by=SYSTEM)
    look_through()
    assert Person.objects.count() == 2  # once undone it does not happen again
    assert Lookalike.objects.get().state == Lookalike.State.DIFFERENT


@pytest.mark.parametrize(
    ("given", "is_proven"), [("Maria", True), ("Robert", False)], ids=["other name", "not proven"]
)
def test_a_mailbox_alone_or_unproven_never_merges(given: str, is_proven: bool) -> None:
    somebody("r.hall@gmail.com", given="Robert", family="Hall", is_proven=True)
    somebody("rhall+x@gmail.com", given=given, family="Hall", is_proven=is_proven)

    worker.run_until_idle()
    look_through()

    assert Person.objects.count() == 2


def test_a_new_address_that_another_record_of_one_name_holds_makes_them_one() -> None:
    mine = somebody("old@example.org", given="Amina", family="Khan", is_proven=True)
    second = somebody("new@example.org", given="Amina", family="Khan")
    own = actor.person(mine.id)
    new_address.ask_new_address(person_id=mine.id, email="new@example.org", by=own)
    waiting = mine.new_address.id

    new_address.prove_new_address(new_address_id=waiting, by=own)

    assert emails_of(mine.id) == {"new@example.org"}
    assert Contact.objects.get(person=mine, kind="email").proven_at is not None
    assert not Person.objects.filter(id=second.id).exists()
    undoing.undo(merge_id=Merge.objects.get().id, by=SYSTEM)
    assert emails_of(mine.id) == {"old@example.org"}  # nobody is left without an address
    assert emails_of(second.id) == {"new@example.org"}


def test_a_new_address_of_somebody_of_another_name_is_taken_as_before() -> None:
    mine = somebody("old@example.org", given="Amina", family="Khan", is_proven=True)
    somebody("new@example.org", given="Tomasz", family="Nowak")
    own = actor.person(mine.id)
    new_address.ask_new_address(person_id=mine.id, email="new@example.org", by=own)

    with pytest.raises(new_address.AddressIsTaken):
        new_address.prove_new_address(new_address_id=mine.new_address.id, by=own)

    assert Merge.objects.count() == 0


def test_a_public_sign_up_attaches_to_nobody_before_its_link_is_opened() -> None:
    known = somebody("r.hall@example.org", given="Robert", family="Hall", phone="+447400123456")
    event = make.listed_event()
    rsvp = make.signed_up(event, email="bob@post.example", given="Robert", family="Hall")
    proving.give_phone(rsvp_id=rsvp.id, phone="+447400123456", by=make.supporter_of(rsvp))
    worker.run_until_idle()

    look_through()
    assert rsvp.person_id != known.id
    assert Contact.objects.filter(person_id=rsvp.person_id, kind="phone").count() == 0
    assert [row.reasons for row in Lookalike.objects.all() if "same_phone" in row.reasons] == []

    proving.prove_rsvps(person_id=rsvp.person_id or 0, by=make.supporter_of(rsvp))
    worker.run_until_idle()  # no night between

    row = Lookalike.objects.get()
    assert (row.one_id, row.other_id) == (known.id, rsvp.person_id)
    assert "same_phone" in row.reasons
    assert Merge.objects.count() == 0


def test_only_who_changed_is_compared_again_and_a_pair_that_fits_no_more_goes() -> None:
    one = somebody("a@example.org", given="Robert", family="Hall", phone="+447400123456")
    other = somebody("b@example.org", given="Robert", family="Hall", phone="+447400123456")
    look_through()
    assert pairs() == [(one.id, other.id)]
    assert set(Person.objects.values_list("is_compared", flat=True)) == {True}

    correcting.correct(
        person_id=other.id, given="Ekaterina", family="Ivanova", language="en",
        by=actor.person(other.id),
    )  # fmt: skip
    due = Person.objects.filter(is_compared=False)
    assert list(due.values_list("id", flat=True)) == [other.id]
    look_through()

    assert pairs() == []


def test_a_judged_pair_never_comes_back() -> None:
    one = somebody("a@example.org", given="Robert", family="Hall", phone="+447400123456")
    other = somebody("b@example.org", given="Robert", family="Hall", phone="+447400123456")
    look_through()

    lookalikes.tell_apart(one_id=other.id, other_id=one.id, by=SYSTEM)
    persons.look_again(one.id)
    look_through()

    assert Lookalike.objects.get().state == Lookalike.State.DIFFERENT


def test_living_together_makes_a_household_and_can_be_taken_back() -> None:
    one, other = somebody("a@example.org"), somebody("b@example.org")

    row = lookalikes.say_together(one_id=one.id, other_id=other.id, by=SYSTEM)

    household = Household.objects.get()
    assert set(Person.objects.values_list("household_id", flat=True)) == {household.id}
    assert row.state == Lookalike.State.TOGETHER
    lookalikes.open_again(lookalike_id=row.id, by=SYSTEM)
    row.refresh_from_db()
    assert row.state == Lookalike.State.OPEN


def test_no_clear_value_is_written_and_keys_need_the_secret() -> None:
    person = somebody(
        "zebedee@example.org", given="Zebedee", family="Quixote", phone="+447400123456",
        street="77 Zanzibar Row", town="Leeds", postcode="ZZ9 9ZZ",
    )  # fmt: skip
    twin = somebody("zeb@post.example", given="Zebedee", family="Quixote", phone="+447400123456")
    with CaptureQueriesContext(connection) as caught:
        lookalikes.compare([person.id, twin.id])

    written = " ".join(
        query["sql"] for query in caught if re.match("INSERT|UPDATE", query["sql"])
    ).lower()
    assert "people_lookalike" in written  # the control: this is what was written
    for word in ("zebedee", "quixote", "zanzibar", "7400123456", "zz99zz"):
        assert word not in written
    assert LikenessKey.objects.filter(person=person).count() > 5


def test_a_block_asks_the_same_questions_for_one_and_for_three() -> None:
    people = [
        somebody(f"{n}@example.org", given=f"{name}", family="Hall", phone="+447400123456")
        for n, name in enumerate(("Robert", "Bob", "Robert", "Rob"))
    ]
    lookalikes.compare([people[0].id])
    counts = []
    for some in (people[:1], people[1:]):
        with CaptureQueriesContext(connection) as caught:
            likenesses.records_of([person.id for person in some])
        counts.append(len(caught))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OWNER, True), (Role.ORGANISER, True), (Role.DATA_MANAGER, True),
        (Role.REGIONAL_ORGANISER, False), (Role.COACH, False), (Role.READ_ONLY, False),
    ],
)  # fmt: skip
def test_only_who_sees_both_whole_decides(role: Role, may: bool) -> None:
    one, other, third = (somebody(f"{name}@example.org") for name in "abc")
    by = actor.account(7, [Held(role, EVERYWHERE)])
    verbs = [
        lambda: lookalikes.tell_apart(one_id=one.id, other_id=other.id, by=by),
        lambda: lookalikes.open_again(lookalike_id=Lookalike.objects.get().id, by=by),
        lambda: lookalikes.say_together(one_id=one.id, other_id=other.id, by=by),
        lambda: merging.merge(kept_id=one.id, gone_id=other.id, by=by),
        lambda: undoing.undo(merge_id=Merge.objects.order_by("id")[0].id, by=by),
    ]
    if not may:
        Lookalike.objects.create(one_id=one.id, other_id=other.id, chance=50, found_at=clock.now())
        merging.merge(kept_id=third.id, gone_id=somebody("d@example.org").id, by=SYSTEM)
    for verb in verbs:
        if may:
            verb()
        else:
            with pytest.raises(merging.NotBothYours):
                verb()


def test_nobody_by_a_link_of_their_own_decides() -> None:
    one, other = somebody("a@example.org"), somebody("b@example.org")

    with pytest.raises(merging.NotBothYours):
        merging.merge(kept_id=one.id, gone_id=other.id, by=Actor(ActorKind.PERSON, one.id))


def test_the_facts_hold_ids_only() -> None:
    one, other = somebody("a@example.org"), somebody("b@example.org")
    made = merging.merge(kept_id=one.id, gone_id=other.id, by=SYSTEM)
    undoing.undo(merge_id=made.id, by=SYSTEM)
    lookalikes.tell_apart(one_id=one.id, other_id=other.id, by=SYSTEM)

    gone = {"gone_id": other.id, "merge_id": made.id}
    kinds = ["people.PeopleMerged", "people.MergeUndone", "people.LookalikesJudged"]
    told = Entry.objects.filter(kind__in=kinds).order_by("id")
    assert list(told.values_list("kind", "person_id", "rest")) == [
        ("people.PeopleMerged", one.id, {**gone, "because": "review"}),
        ("people.MergeUndone", one.id, gone),
        ("people.LookalikesJudged", one.id, {"other_id": other.id, "state": "different"}),
    ]  # fmt: skip
