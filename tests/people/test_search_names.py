"""Finding people by the beginnings of the words of their names, short lists first."""

from __future__ import annotations

import pytest

from groundswell.kernel.actor import SYSTEM
from groundswell.office.listing import LongList
from groundswell.people import finding, search_names
from groundswell.people.models import Person, SearchName, SearchWord
from groundswell.people.operations import persons

pytestmark = pytest.mark.django_db

NAMES = {
    "maria": ("María del Carmen", "López"),
    "carmen": ("Carmen", "Ma"),
    "mohamed": ("محمد", "علي"),
    "wang": ("小明", "王"),
    "plain": ("Dao", ""),
    "odd": ("100%_x", "Ab"),
}
ASKED = {
    "mar": {"maria"},
    "CARM": {"maria", "carmen"},
    "carmen ma": {"maria", "carmen"},
    "lop carm": {"maria"},
    "del carmen lopez": {"maria"},
    "arm": set(),  # the middle of a word
    "محم": {"mohamed"},
    "علي": {"mohamed"},
    "王": {"wang"},
    "dao": {"plain"},
    "100%": {"odd"},
    "%": set(),
    "_": set(),
    "a": {"odd"},
}


def make() -> dict[int, str]:
    made = {}
    for key, (given, family) in NAMES.items():
        typed = persons.Typed(given=given, family=family, email=f"{key}@example.org")
        made[persons.recognise(typed=typed).person.id] = key
    return made


@pytest.mark.parametrize("few", [0, 1, 30_000])
@pytest.mark.parametrize("text", ASKED)
def test_the_beginning_of_any_word_finds_whether_lists_are_short_or_long(
    text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_names, "FEW", few)
    monkeypatch.setattr(search_names, "SEVERAL", few)
    made = make()

    found = finding.find(text, by=SYSTEM).values_list("id", flat=True)

    assert {made[person_id] for person_id in found} == ASKED[text]


def test_a_name_of_many_words_is_turned_a_few_times() -> None:
    assert search_names.turns_of("maria del carmen") == ["del carmen maria", "carmen maria del"]
    assert search_names.turns_of("dao") == []
    assert len(search_names.turns_of(" ".join("abcdefghijklmnop"))) == search_names.TURNS_MOST


def test_words_go_with_the_name() -> None:
    ids = list(make())

    search_names.forget(ids)

    assert (SearchName.objects.count(), SearchWord.objects.count()) == (0, 0)


def test_another_name_takes_the_place_of_the_first() -> None:
    person = persons.recognise(
        typed=persons.Typed(given="Amina", family="Khan", email="a@example.org")
    ).person

    persons.write_name(person, "Amina", "Diallo")

    assert not finding.find("khan", by=SYSTEM).exists()
    assert finding.find("dial", by=SYSTEM).get() == person


def test_a_long_list_is_counted_so_far() -> None:
    make()
    everybody = Person.objects.order_by("id")

    long, whole = LongList(everybody, 2, most=5), LongList(everybody, 2, most=6)

    assert (long.count, long.has_more, long.num_pages) == (5, True, 3)
    assert (whole.count, whole.has_more, whole.num_pages) == (6, False, 3)
