"""Weighing two records: what counts for one person, what against, and how well it does on real
test sets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.linkage import measured
from bench.rig import lookalikes
from groundswell.people.duplicates import keys, scoring, wordings
from groundswell.people.duplicates.records import Record, latin, mailbox, record
from groundswell.people.duplicates.scoring import Reason

MANY = 1_000_000


def person(given: str, family: str, **more: object) -> Record:
    return record(person_id=1, given=given, family=family, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("  José  ÁLVAREZ ", "jose alvarez"),
        ("Петров", "petrov"),
        ("Γιώργος", "giorgos"),
        ("O’Brien", "obrien"),
        ("", ""),
    ],
)
def test_names_come_into_latin_letters(typed: str, told: str) -> None:
    assert latin(typed) == told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("R.Hall+News@GoogleMail.com", "rhall@gmail.com"),
        ("r.hall+news@example.org", "r.hall+news@example.org"),
        ("a+b@outlook.com", "a@outlook.com"),
    ],
)
def test_two_spellings_of_one_mailbox_come_out_alike(typed: str, told: str) -> None:
    assert mailbox(typed) == told


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (("Robert", "Hall"), ("Bob", "Hall"), True),
        (("Robert", "Hall"), ("R", "Hall"), True),
        (("Robert", "Hall"), ("Hall", "Robert"), True),
        (("Иван", "Петров"), ("Ivan", "Petrov"), True),
        (("محمد", "خان"), ("Mohammed", "Khan"), True),
        (("Mario", "Rossi"), ("Maria", "Rossi"), False),
        (("Robert", "Hall"), ("Robert", "Wall"), False),
        (("Bob", "Hall"), ("Bert", "Hall"), False),
        (("R", ""), ("Robert", "Hall"), False),
    ],
)
def test_which_names_are_one(one: tuple[str, str], other: tuple[str, str], is_one: bool) -> None:
    assert scoring.is_one_name(person(*one), person(*other)) is is_one


def test_only_a_mailbox_that_both_have_proven_is_sure() -> None:
    proven = {"emails": ["r.hall@gmail.com"], "proven": ["r.hall@gmail.com"]}
    one = person("Robert", "Hall", **proven)
    same = person("Bob", "Hall", emails=["rhall@gmail.com"], proven=["rhall@gmail.com"])

    assert scoring.is_surely_one(one, same)
    unproven = person("Bob", "Hall", emails=["rhall@gmail.com"])
    assert not scoring.is_surely_one(one, unproven)
    phone = {"phones": ["+447400123456"]}
    assert not scoring.is_surely_one(person("Bob", "Hall", **phone), person("Bob", "Hall", **phone))
    older = person("Robert", "Hall", born="1950-01-02", **proven)
    younger = person("Robert", "Hall", born="1985-11-27", **proven)
    assert not scoring.is_surely_one(older, younger)


def test_a_household_is_no_person_however_much_it_shares() -> None:
    shared = {
        "emails": ["hall@example.org"], "phones": ["+447400123456"], "street": "1 Mill Lane",
        "town": "Leeds", "postcode": "LS1 4DY",
    }  # fmt: skip
    ann = person("Ann", "Hall", **shared)

    assert not scoring.judge(ann, person("Tom", "Hall", **shared), people=1000).is_for_review
    assert scoring.judge(ann, person("Anne", "Hall", **shared), people=MANY).is_for_review


def test_the_more_people_the_more_two_must_have_in_common() -> None:
    one, other = person("Robert", "Hall", town="Leeds"), person("Robert", "Hall", town="Leeds")

    few = scoring.judge(one, other, people=200)
    assert few.is_for_review
    assert not scoring.judge(one, other, people=MANY).is_for_review
    assert (scoring.chance_of(0), scoring.chance_of(1), scoring.chance_of(-99)) == (50, 67, 1)


NAMES = st.sampled_from(["", "Robert", "Bob", "Hall", "Иван", "محمد", "Ann", "R"])
RECORDS = st.builds(
    record,
    person_id=st.just(1),
    given=NAMES,
    family=NAMES,
    emails=st.lists(st.sampled_from(["a.b@gmail.com", "bob.hall@x.org", "bob.hal@x.org"])),
    phones=st.lists(st.sampled_from(["+447400123456", "+447400123457"])),
    born=st.sampled_from(["", "1990-04-12", "1990-12-04", "1991-04-12"]),
    street=st.sampled_from(["", "1 Mill Lane", "1 Mil Lane"]),
    town=st.sampled_from(["", "Leeds", "Hexham"]),
    postcode=st.sampled_from(["", "LS1 4DY", "LS1 4DX"]),
)


@given(RECORDS, RECORDS)
def test_it_does_not_matter_who_is_looked_at_first(one: Record, other: Record) -> None:
    there, back = (scoring.judge(a, b, people=1000) for a, b in ((one, other), (other, one)))

    assert there.is_for_review == back.is_for_review
    assert abs(there.score - back.score) < 2
    assert scoring.is_surely_one(one, other) == scoring.is_surely_one(other, one)
    assert len(wordings.sentences([why.value for why in there.reasons])) == len(there.reasons)


def test_every_reason_has_words_and_codes_of_other_versions_are_left_out() -> None:
    assert set(wordings.REASONS) == set(Reason)
    assert wordings.sentences(["other_name", "of_later"]) == [("A different name", False)]


def test_a_key_that_too_many_share_is_passed_over() -> None:
    crowd = [person("Robert", "Hall") for _each in range(keys.SHARED_MOST)]

    assert len(list(keys.pairs(crowd))) == len(crowd) * (len(crowd) - 1) // 2
    assert list(keys.pairs([*crowd, person("Robert", "Hall")])) == []


@pytest.mark.parametrize(("number", "precision", "recall"), [(1, 0.98, 0.98), (3, 0.98, 0.98)])
def test_real_test_sets(real_data: Path, number: int, precision: float, recall: float) -> None:
    found = measured(lookalikes.febrl(real_data / "linkage", number))

    assert found.alone == set()
    assert found.precision > precision
    assert found.recall > recall


def test_made_up_people_with_contacts() -> None:
    found = measured(lookalikes.made_up(4000))

    assert found.alone_precision >= 0.999
    assert found.recall >= 0.985


@pytest.mark.parametrize(("namesakes", "waits"), [(2, True), (3, True), (4, True), (5, False)])
def test_a_name_alone_says_less_the_more_people_go_by_it(namesakes: int, waits: bool) -> None:
    one = person("Amina", "Khan", emails=["a@example.org"])
    other = person("Amina", "Khan", emails=["b@example.net"])
    held = dict.fromkeys(keys.names_of(one), namesakes)

    assert keys.namesakes(one, other, held) == namesakes
    assert scoring.judge(one, other, people=1500, names_held=held).is_for_review is waits


def test_a_common_name_and_the_same_town_are_looked_at() -> None:
    one = person("Amina", "Khan", town="Leeds")
    other = person("Amina", "Khan", town="Leeds")
    held: dict[str, int] = {}
    assert len(list(keys.pairs([one, other] * 5, held))) == 45

    judged = scoring.judge(one, other, people=1500, names_held=held)
    assert judged.is_for_review
    assert judged.score < scoring.judge(one, other, people=1500).score
