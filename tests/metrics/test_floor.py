"""The floor of ten: no hidden cell can be worked out, whatever the table."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from groundswell.metrics import floor

tables = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1)


def left_out(cells: Mapping[str, int]) -> floor.Floored[str]:
    """The control: small cells left out, everything else exact, the total beside them."""
    return floor.Floored(
        {key: floor.alone(count) for key, count in cells.items()}, sum(cells.values())
    )


def is_pinned(publish: object, cells: dict[str, int]) -> bool:
    """Whether a hidden cell can be told, because no other value gives the same publication."""
    assert callable(publish)
    published = publish(cells)
    return any(
        shown is None
        and all(
            publish({**cells, key: other}) != published
            for other in range(floor.FLOOR)
            if other != cells[key]
        )
        for key, shown in published.cells.items()
    )


@given(tables)
def test_floor_of_ten_shows_no_cell_under_ten(cells: dict[str, int]) -> None:
    shown = floor.floor_of_ten(cells).cells

    assert {key for key, count in shown.items() if count is None} == {
        key for key, count in cells.items() if count < 10
    }
    assert [count for count in shown.values() if count is not None and count < 10] == []


@given(tables)
def test_floor_of_ten_pins_no_hidden_cell(cells: dict[str, int]) -> None:
    assert not is_pinned(floor.floor_of_ten, cells)


def test_leaving_out_alone_is_pinned_by_the_total() -> None:
    assert is_pinned(left_out, {"Hexham": 4, "Leeds": 30})


@given(tables)
def test_floored_total_is_what_is_shown(cells: dict[str, int]) -> None:
    made = floor.floor_of_ten(cells)

    assert made.at_least == sum(count or 0 for count in made.cells.values())
    assert made.at_least <= sum(cells.values())


def test_share_needs_ten_on_both_sides() -> None:
    sides = [(9, 30), (10, 19), (10, 20), (21, 30), (0, 0)]

    assert [floor.can_show_share(*side) for side in sides] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_total_alone_is_exact_from_ten_on() -> None:
    assert [floor.alone(count) for count in (0, 9, 10, 11)] == [None, None, 10, 11]
