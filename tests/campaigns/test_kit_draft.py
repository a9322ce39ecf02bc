"""Writing a kit: pure functions that never touch the content they were given."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.campaigns import kit, kit_draft
from tests.factories.campaigns import KIT

keys = st.sampled_from([row["key"] for row in KIT["moments"]])


@given(st.lists(st.tuples(keys, st.sampled_from([-1, 1]))))
def test_moving_keeps_every_line(moves: list[tuple[str, int]]) -> None:
    content: dict[str, Any] = copy.deepcopy(KIT)
    for key, step in moves:
        content = kit_draft.moved(content, "moments", key, step)

    def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: str(row["key"]))

    assert in_order(content["moments"]) == in_order(KIT["moments"])
    assert {**content, "moments": []} == {**KIT, "moments": []}


def test_given_content_stays_as_it_was() -> None:
    before = copy.deepcopy(KIT)

    kit_draft.added(KIT, "types")
    kit_draft.removed(KIT, "moments", "meet")
    kit_draft.moved(KIT, "moments", "talk", -1)
    kit_draft.written(KIT, "moments", "en", {"meet": {"title": "Other"}})

    assert before == KIT


@pytest.mark.parametrize("name", list(kit_draft.SECTIONS))
def test_added_line_can_be_read_by_hosts(name: str) -> None:
    content = kit_draft.added(kit_draft.added(kit_draft.empty(), name), name)

    read = kit.read(content, version=1, language="en", fallback="en")

    assert len(getattr(read, name)) == 2
    assert len({row["key"] for row in content[name]}) == 2


def test_written_numbers_stay_within_their_range() -> None:
    content = kit_draft.written(
        KIT, "tasks", "en", {"invite": {"due_days": -9999}, "report": {"due_days": 9999}}
    )

    assert [row["due_days"] for row in content["tasks"]] == [-365, 60]


def test_unknown_icon_is_not_taken() -> None:
    content = kit_draft.written(KIT, "types", "en", {"meeting": {"icon": "../../x"}})

    assert content["types"][0]["icon"] == "users"


def test_full_section_takes_no_more() -> None:
    content = kit_draft.empty()
    for _ in range(kit_draft.ROWS_MOST):
        content = kit_draft.added(content, "words")

    with pytest.raises(kit_draft.KitIsFull):
        kit_draft.added(content, "words")


def test_unknown_section_is_a_bug() -> None:
    with pytest.raises(kit_draft.NoSuchSection):
        kit_draft.added(kit_draft.empty(), "nonsense")


def test_missing_words_are_counted_in_each_language() -> None:
    assert [kit_draft.missing_words(KIT, code) for code in ("en", "ar", "fr")] == [0, 5, 6]


def test_complete_kit_passes() -> None:
    kit_draft.check(KIT, "en")


def test_kit_in_another_first_language_does_not() -> None:
    with pytest.raises(kit_draft.KitNeedsWords, match="first language, Français"):
        kit_draft.check(KIT, "fr")
