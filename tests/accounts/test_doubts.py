"""Doubts: what is held, what is asked for a second's work, and that nobody is turned away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connections, transaction

from groundswell.accounts import doubts, limits
from groundswell.accounts.doubts import Doubt, Look
from groundswell.accounts.models import Limit
from groundswell.kernel.actor import SYSTEM
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries

HOUR = timedelta(hours=1)


def weigh(look: Look | None = None, *, thing: str = "5", worse: Doubt = Doubt.NONE) -> str:
    return doubts.weigh(look or Look(), kind="sign_up", thing=thing, worse=worse).doubt


def switch(forms: str) -> None:
    site_ops.set_safeguards(forms=forms, security_contact="", security_policy="", by=SYSTEM)
    site_queries.forget_name()


@pytest.mark.django_db
def test_forty_sign_ups_pass_and_the_next_raises_a_doubt(still_clock: Any) -> None:
    assert {weigh() for _ in range(doubts.PER_THING)} == {Doubt.NONE}
    assert weigh() == Doubt.SURGE
    assert weigh(thing="6") == Doubt.NONE
    still_clock.shift(doubts.WINDOW)
    assert weigh() == Doubt.NONE


@pytest.mark.django_db
def test_a_surge_begins_once() -> None:
    verdicts = [doubts.weigh(Look(), kind="sign_up", thing="5") for _ in range(43)]

    assert [verdict.begins for verdict in verdicts].count(True) == 1
    assert [verdict.is_surge for verdict in verdicts] == [False] * 40 + [True] * 3


@pytest.mark.django_db
def test_a_network_has_a_limit_of_its_own_and_nobody_without_one() -> None:
    def one(network: str, number: int) -> str:
        return weigh(Look(network=network), thing=str(number))

    first = [one("a" * 64, number) for number in range(doubts.PER_NETWORK + 1)]
    assert first == [Doubt.NONE] * doubts.PER_NETWORK + [Doubt.NETWORK]
    assert one("b" * 64, 1000) == Doubt.NONE
    # People who come by Tor share no counter: the same number again, and no doubt.
    assert {one("", 2000 + number) for number in range(doubts.PER_NETWORK * 2)} == {Doubt.NONE}


@pytest.mark.django_db
@pytest.mark.parametrize("light", [Doubt.FAST, Doubt.STALE, Doubt.UNSTAMPED])
def test_a_second_of_work_takes_a_light_doubt_away(light: Doubt) -> None:
    assert weigh(Look(doubt=light)) == light  # no script: the mail asks
    assert weigh(Look(doubt=light, has_worked=True)) == Doubt.NONE
    with pytest.raises(doubts.OneMoment):
        weigh(Look(doubt=light, can_work=True))
    assert weigh(Look(doubt=light, can_work=True, has_worked=True)) == Doubt.NONE


@pytest.mark.django_db
@pytest.mark.parametrize("heavy", [Doubt.TRAP, Doubt.OFTEN, Doubt.LINKS, Doubt.BLOCKED])
def test_no_work_takes_a_heavy_doubt_away(heavy: Doubt) -> None:
    assert weigh(Look(can_work=True, has_worked=True), worse=heavy) == heavy


@pytest.mark.django_db
def test_the_owners_switch() -> None:
    assert weigh() == Doubt.NONE
    switch("always")
    assert weigh() == Doubt.SURGE
    assert weigh(Look(has_worked=True)) == Doubt.NONE
    switch("never")
    assert {weigh() for _ in range(100)} == {Doubt.NONE}
    assert weigh(Look(doubt=Doubt.TRAP)) == Doubt.TRAP


@pytest.mark.django_db
def test_weighing_is_one_statement_and_keeps_blind_keys_only(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        weigh(Look(network="a" * 64))

    assert sorted(Limit.objects.values_list("name", "taken")) == [
        ("sign_up.network", 1),
        ("sign_up.thing", 1),
    ]
    assert {len(bytes(row.key)) for row in Limit.objects.all()} == {16}


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_does_not_count() -> None:
    with pytest.raises(doubts.OneMoment), transaction.atomic():
        weigh(Look(doubt=Doubt.FAST, can_work=True))

    assert Limit.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "is_advert"),
    [
        ("Amina", False), ("St. John", False), ("O'Neil-Smith", False), ("J.R.", False),
        ("Net", False), ("امينة", False), ("win at https://x.example", True),
        ("www.casino", True), ("cheap-pills.shop", True), ("me@example.org", True),
    ],
)  # fmt: skip
def test_a_name_that_advertises(name: str, is_advert: bool) -> None:
    assert doubts.advertises(name) is is_advert


# --- S32: exact however many ask at once ---------------------------------------------------------

THREADS = 16


def _at_once(one: Callable[[], bool], times: int) -> int:
    def call(_number: int) -> bool:
        try:
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(call, range(times)))


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_a_thousand_at_once_on_a_limit_of_ten() -> None:
    assert _at_once(lambda: limits.take("s32", "a", most=10, per=HOUR), 1000) == 10


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_a_thousand_tallies_at_once_count_a_thousand() -> None:
    keys = [limits.Counter("s32.network", "n", HOUR), limits.Counter("s32.thing", "5", HOUR)]

    def one() -> bool:
        with transaction.atomic():
            return limits.tally(keys)["s32.thing"] <= 10

    assert _at_once(one, 1000) == 10
    assert sorted(Limit.objects.values_list("taken", flat=True)) == [1000, 1000]


@pytest.mark.real_clock
def test_control_a_counter_of_the_cache_lets_more_through() -> None:
    cache = LocMemCache("s32-control", {})
    mine, everybody_has_read = threading.local(), threading.Barrier(THREADS)

    def one() -> bool:
        taken = cache.get("a", 0)
        if not hasattr(mine, "has_read"):
            mine.has_read = True
            everybody_has_read.wait(timeout=10)
        if taken >= 10:
            return False
        cache.set("a", taken + 1)
        return True

    assert _at_once(one, 1000) > 10
