"""Ids are unique across threads and forked processes, grow with time, and fit a column."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel import ids


def _in_forks(count: int, make: int, folder: Path) -> list[int]:
    """``make`` ids from each of ``count`` forked processes that begin at the same moment."""
    start, go = os.pipe()
    pids = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            os.close(go)
            os.read(start, 1)
            made = [ids.new_id() for _ in range(make)]
            (folder / f"{number}.json").write_text(json.dumps(made))
            os._exit(0)
        pids.append(pid)
    os.close(start)
    os.close(go)  # the end of the pipe is what the children wait for
    for pid in pids:
        os.waitpid(pid, 0)
    return [one for file in folder.glob("*.json") for one in json.loads(file.read_text())]


@pytest.mark.real_clock
def test_ids_of_eight_forked_processes_are_unique(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "_folder", tmp_path / "processes")
    ids.new_id()  # the parent's series has begun, as it has in ``serve``

    made = _in_forks(8, 5000, tmp_path)

    assert len(made) == 40_000
    assert len(set(made)) == 40_000


@pytest.mark.real_clock
def test_a_fork_begins_its_own_series_even_where_its_parent_ran_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "_folder", tmp_path / "processes")
    ids.new_id()
    monkeypatch.setattr(ids._ids, "_last_ms", ids._ids._last_ms + 60_000)

    first, second = _in_forks(1, 50, tmp_path), _in_forks(1, 50, tmp_path)  # the same number

    assert len({*first, *second}) == 100


def test_a_process_that_ended_leaves_its_number_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "_folder", tmp_path / "processes")
    for _ in range(5):
        _in_forks(1, 1, tmp_path)

    assert [file.name for file in (tmp_path / "processes").iterdir()] == ["0"]


def test_control_processes_with_one_number_make_the_same_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "_process_number", lambda: 7)
    monkeypatch.setattr(ids.secrets, "randbits", lambda bits: 0)

    made = _in_forks(8, 5000, tmp_path)

    assert len(set(made)) < len(made)


def test_ids_of_eight_threads_are_unique_and_grow_in_each() -> None:
    made: list[list[int]] = []

    def run() -> None:
        made.append([ids.new_id() for _ in range(2000)])

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({one for some in made for one in some}) == 16_000
    assert [some == sorted(some) for some in made] == [True] * 8


def test_ids_fit_a_signed_column_for_decades() -> None:
    seventy_years_ms = 69 * 365 * 24 * 3600 * 1000

    assert 0 < ids.new_id() < 2**63
    assert (seventy_years_ms << 22) < 2**63


def test_a_clock_that_jumps_back_makes_no_id_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    series = ids._Ids()
    moments = iter([5_000, 5_000, 1_000, 1_000, 5_000] * 2000)
    jumping = SimpleNamespace(time_ns=lambda: (ids._EPOCH_MS + next(moments)) * 1_000_000)
    monkeypatch.setattr(ids, "time", jumping)

    made = [series.next(1)[0] for _ in range(10_000)]

    assert len(set(made)) == 10_000
    assert made == sorted(made)


def test_an_id_in_a_form_is_read_to_its_last_bit_and_nothing_else_is() -> None:
    """Ids get a nineteenth digit in the year 2032."""
    for number in (0, 7, 10**18, 2**63 - 1):
        assert ids.read_id(str(number)) == number
    for nonsense in ("", "-1", "1.0", " 1", "x", "٣", str(2**63), "9" * 40):
        assert ids.read_id(nonsense) is None


@given(st.integers(min_value=1, max_value=40))
def test_slugs_have_their_length_and_no_letter_that_is_misread(length: int) -> None:
    slug = ids.new_slug(length)

    assert len(slug) == length
    assert set(slug) & set("01iloABCDEFu") == set()


def test_tokens_carry_128_bits_and_are_stored_as_hashes() -> None:
    tokens = {ids.new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {22}
    assert {len(ids.hash_token(token)) for token in tokens} == {32}
    assert ids.hash_token("\ud800") == ids.hash_token("?")  # a broken address breaks nothing


def test_many_ids_at_once_go_on_where_the_last_one_stopped() -> None:
    before = ids.new_id()
    many = ids.new_ids(10_000)  # more than one millisecond has

    assert many == sorted(set(many))
    assert (len(many), many[0] > before, ids.new_id() > many[-1]) == (10_000, True, True)
    assert ids.new_ids(0) == []
