"""The floor of ten: no hidden cell can be worked out, whatever the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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


# --- what a visitor sees of a whole campaign -----------------------------------------------------

parties = st.lists(st.integers(0, 40), min_size=1, max_size=8)


def seen(events: list[int]) -> tuple[tuple[int | None, ...], int]:
    """The pages of events, and the campaign's total beside them."""
    hidden = [count for count in events if count < floor.FLOOR]
    shown = sum(events) - sum(hidden)
    total = floor.total_beside(shown=shown, hidden=sum(hidden), parts=len(hidden))
    return tuple(floor.alone(count) for count in events), total


def exact(events: list[int]) -> tuple[tuple[int | None, ...], int]:
    """The control: the total as it is."""
    return tuple(floor.alone(count) for count in events), sum(events)


def solved(publish: Callable[[list[int]], object], events: list[int]) -> list[tuple[int, set[int]]]:
    """What a visitor who subtracts can say about each hidden event: the values that remain.

    Everything that gives the same publication is possible. The hidden events may hold any sum of
    theirs that gives it, and one of them anything that leaves the others 0 to 9 each.
    """
    hidden = [at for at, count in enumerate(events) if count < floor.FLOOR]
    published, found = publish(events), []
    for at in hidden:
        others = [other for other in hidden if other != at]
        possible = set()
        for mine in range(floor.FLOOR):
            for left in range(9 * len(others) + 1):
                world = list(events)
                world[at] = mine
                for place, other in enumerate(others):
                    world[other] = min(9, max(0, left - 9 * place))
                if publish(world) == published:
                    possible.add(mine)
                    break
        found.append((at, possible))
    return found


@given(parties)
def test_no_event_under_ten_is_worked_out_from_the_campaign(events: list[int]) -> None:
    for at, possible in solved(seen, events):
        assert possible == set(range(10)), f"event {at} of {events}"


def test_control_the_exact_total_gives_the_last_event_away() -> None:
    assert solved(exact, [12, 3]) == [(1, {3})]
    assert solved(exact, [12, 9, 9]) == [(1, {9}), (2, {9})]


@given(parties)
def test_a_total_beside_its_events_never_says_too_much_nor_forgets_what_is_seen(
    events: list[int],
) -> None:
    pages, total = seen(events)

    assert sum(count or 0 for count in pages) <= total <= sum(events)


@given(st.lists(st.integers(0, 30), max_size=60))
def test_a_drawing_tells_of_tens_only(daily: list[int]) -> None:
    drawn = floor.in_tens(daily)

    assert all(count % 10 == 0 for count in drawn)
    assert len(drawn) == len(daily)
    assert 0 <= sum(daily) - sum(drawn) < 10
