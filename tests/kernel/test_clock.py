"""The one clock: it can be moved for a block, by aware instants only."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from groundswell.kernel import clock
from tests.conftest import STILL_AT


def test_a_moved_clock_tells_the_moved_time_in_utc_and_comes_back() -> None:
    there = datetime(2017, 1, 21, 13, 0, tzinfo=timezone(timedelta(hours=-5)))

    with clock.at(there):
        told = clock.now()

    assert (told, told.tzinfo) == (there, UTC)
    assert clock.now() == STILL_AT


def test_moves_nest_and_an_error_moves_back() -> None:
    with clock.at(STILL_AT + timedelta(days=1)):
        with pytest.raises(ZeroDivisionError), clock.at(STILL_AT + timedelta(days=2)):
            _ = 1 / 0
        assert clock.now() == STILL_AT + timedelta(days=1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"), clock.at(datetime(2026, 1, 1)):
        pass


def test_another_thread_keeps_its_own_time() -> None:
    told: list[datetime] = []

    with clock.at(STILL_AT + timedelta(days=1)):
        thread = threading.Thread(target=lambda: told.append(clock.now()))
        thread.start()
        thread.join()

    assert told == [STILL_AT]
