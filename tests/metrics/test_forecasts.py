"""The forecast speaks only when it has something to go by."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.metrics import forecasts

TODAY, BY = date(2026, 11, 21), date(2026, 12, 4)


def test_forecast_goes_on_at_the_pace_of_two_weeks() -> None:
    found = forecasts.forecast(done=342, wanted=400, daily=[9] + [4] * 14, today=TODAY, by=BY)

    assert found == forecasts.Forecast(expected=394, by=BY, per_day=4.0, short=6)


def test_forecast_above_the_goal_lacks_nothing() -> None:
    found = forecasts.forecast(done=380, wanted=400, daily=[4] * 14, today=TODAY, by=BY)

    assert found == forecasts.Forecast(expected=432, by=BY, per_day=4.0, short=0)


@pytest.mark.parametrize(
    "change",
    [
        {"wanted": 0},
        {"done": 400},
        {"today": BY},
        {"daily": [4] * 6},
        {"daily": [0] * 10 + [1] * 4},
        {"daily": []},
    ],
    ids=["no goal", "reached", "too late", "six days", "four events", "nothing yet"],
)
def test_forecast_says_nothing_without_ground(change: dict[str, object]) -> None:
    given_: dict[str, object] = {
        "done": 342,
        "wanted": 400,
        "daily": [4] * 14,
        "today": TODAY,
        "by": BY,
        **change,
    }

    assert forecasts.forecast(**given_) is None


@given(st.integers(0, 399), st.lists(st.integers(0, 50), max_size=60))
def test_forecast_never_goes_down_and_short_closes_the_gap(done: int, daily: list[int]) -> None:
    found = forecasts.forecast(done=done, wanted=400, daily=daily, today=TODAY, by=BY)

    if found is not None:
        assert found.expected >= done
        assert found.short == max(0, 400 - found.expected)
