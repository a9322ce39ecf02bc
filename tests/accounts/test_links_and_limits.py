"""Signed links open one thing for as long as they live; limits are exact, however many ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connections

from groundswell.accounts import limits
from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Limit, Link
from groundswell.accounts.operations import NewLink
from groundswell.kernel import clock
from groundswell.kernel.actor import VISITOR

HOUR = timedelta(hours=1)
THREADS = 16


def host_link(object_id: int = 5) -> str:
    return accounts_ops.make_link(
        purpose="host", person_id=3, object_id=object_id, expires_at=clock.now() + HOUR
    )


@pytest.mark.django_db
def test_find_link_opens_only_what_it_was_made_for() -> None:
    token = host_link()

    found = accounts_queries.find_link(token, "host")

    assert found is not None
    assert (found.person_id, found.object_id, found.used_at) == (3, 5, None)
    assert accounts_queries.find_link(token, "rsvp") is None
    assert token.encode() not in bytes(found.token_hash)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.swapcase(),
        lambda token: token + "\x00",
        lambda token: token + "\n",
        lambda token: "\x00" * 22,
        lambda token: "é" * 22,
        lambda token: "\ud800" * 22,
        lambda token: "A" * 100_000,
        lambda token: "' OR 1=1 --",
    ],
)
def test_find_link_is_none_for_odd_and_tampered_tokens(
    change: Callable[[str], str],
) -> None:
    token = host_link()

    assert accounts_queries.find_link(change(token), "host") is None


@pytest.mark.django_db
def test_find_link_is_none_once_expired_or_ended(still_clock) -> None:
    token, other, elsewhere = host_link(), host_link(), host_link(6)

    assert accounts_ops.end_links("host", 5) == 2
    assert accounts_queries.find_link(token, "host") is None
    assert accounts_queries.find_link(other, "host") is None
    assert accounts_queries.find_link(elsewhere, "host") is not None
    still_clock.shift(HOUR)
    assert accounts_queries.find_link(elsewhere, "host") is None


@pytest.mark.django_db
def test_make_links_writes_a_batch_in_one_statement(django_assert_num_queries) -> None:
    new = [
        NewLink(purpose="rsvp", person_id=n, object_id=n, expires_at=clock.now() + HOUR)
        for n in range(30)
    ]

    with django_assert_num_queries(1):
        tokens = accounts_ops.make_links(new)

    found = [accounts_queries.find_link(token, "rsvp") for token in tokens]
    assert [link.object_id for link in found if link] == list(range(30))


@pytest.mark.django_db
def test_make_link_refuses_an_unknown_purpose() -> None:
    with pytest.raises(ValueError, match="steal"):
        accounts_ops.make_link(
            purpose="steal",
            person_id=None,
            object_id=None,
            expires_at=clock.now() + HOUR,
        )


@pytest.mark.django_db
def test_use_link_works_once() -> None:
    link = accounts_queries.find_link(host_link(), "host")
    assert link is not None

    assert [accounts_ops.use_link(link), accounts_ops.use_link(link)] == [True, False]


@pytest.mark.django_db
def test_sweep_links_keeps_thirty_days(still_clock) -> None:
    host_link()
    still_clock.shift(timedelta(days=30))
    assert accounts_ops.sweep_links() == 0
    still_clock.shift(timedelta(hours=2))
    assert accounts_ops.sweep_links() == 1
    assert Link.objects.count() == 0


@pytest.mark.django_db
def test_take_counts_per_key_and_window(still_clock) -> None:
    def take(key: str) -> bool:
        return limits.take("sign_in", key, most=2, per=HOUR)

    assert [take("a"), take("a"), take("a"), take("b")] == [True, True, False, True]
    still_clock.shift(HOUR - timedelta(seconds=1))
    assert take("a") is False
    still_clock.shift(timedelta(seconds=1))
    assert [take("a"), take("a"), take("a")] == [True, True, False]


@pytest.mark.django_db
def test_take_none_allowed_is_always_refused() -> None:
    assert limits.take("x", "a", most=0, per=HOUR) is False
    assert Limit.objects.count() == 0


@pytest.mark.django_db
def test_take_is_one_statement_and_keeps_only_a_blind_key(
    django_assert_num_queries,
) -> None:
    with django_assert_num_queries(1):
        limits.take("sign_in", "amina@example.org", most=2, per=HOUR)

    assert len(bytes(Limit.objects.get().key)) == 16


@pytest.mark.django_db
def test_sweep_limits_forgets_windows_that_are_over(still_clock) -> None:
    limits.take("x", "a", most=2, per=HOUR)
    assert limits.sweep_limits() == 0
    still_clock.shift(HOUR)
    assert limits.sweep_limits() == 1


def passed(take: Callable[[], bool], times: int = 200) -> int:
    """How many of ``times`` takes by 16 threads at once were allowed."""

    def one(_number: int) -> bool:
        try:
            return take()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(one, range(times)))


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_take_is_exact_with_200_at_once() -> None:
    assert passed(lambda: limits.take("burst", "a", most=10, per=HOUR)) == 10
    assert Limit.objects.get().taken == 10


@pytest.mark.real_clock
def test_take_control_a_counter_that_reads_then_writes_lets_more_through() -> None:
    cache = LocMemCache("limit-control", {})
    mine, everybody_has_read = threading.local(), threading.Barrier(THREADS)

    def take_by_cache() -> bool:
        taken = cache.get("a", 0)
        if not hasattr(mine, "has_read"):
            mine.has_read = True
            everybody_has_read.wait(timeout=10)
        if taken >= 10:
            return False
        cache.set("a", taken + 1)
        return True

    assert passed(take_by_cache) > 10


@pytest.mark.django_db
def test_sweep_forgets_everything_that_is_over(still_clock) -> None:
    limits.take("x", "a", most=2, per=HOUR)
    accounts_ops.ask_code(email="nobody@example.org", language="en", by=VISITOR)
    host_link()
    still_clock.shift(timedelta(days=40))

    assert accounts_ops.sweep() == 4
    accounts_ops.tidy_accounts.call()
    assert accounts_ops.sweep() == 0
