"""Authenticator apps and recovery codes: each code counts once, on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache.backends.locmem import LocMemCache
from django.db import connections

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, UsedCode
from groundswell.kernel import clock
from groundswell.kernel.actor import Role
from groundswell.ledger.models import Entry
from tests.running.signing_in import (
    SECRET,
    app_code,
    make,
    own,
    with_app,
)

pytestmark = pytest.mark.django_db


def test_app_is_added_with_ten_recovery_codes_and_signs_in() -> None:
    account = make()

    codes = with_app(account)

    assert len(set(codes)) == 10
    assert accounts_queries.has_second_factor(account)
    assert accounts_queries.has_app(account)
    accounts_ops.use_app(account=account, code=app_code())


def test_app_is_not_added_with_a_wrong_code_or_twice() -> None:
    account = make()
    wrong = str((int(app_code()) + 1) % 10**6).zfill(6)

    with pytest.raises(accounts_ops.AppCodeDoesNotFit):
        accounts_ops.add_app(account_id=account.id, secret=SECRET, code=wrong, by=own(account))
    assert not accounts_queries.has_second_factor(account)
    with_app(account)
    with pytest.raises(accounts_ops.AppExists):
        accounts_ops.add_app(account_id=account.id, secret=SECRET, code=app_code(), by=own(account))


@pytest.mark.parametrize(
    "respell",
    [
        lambda code: code,
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
)
def test_app_code_is_refused_the_second_time_in_any_spelling(
    respell: Callable[[str], str],
) -> None:
    account = make()
    with_app(account)
    accounts_ops.use_app(account=account, code=app_code())

    with pytest.raises(accounts_ops.CodeWasUsed):
        accounts_ops.use_app(account=account, code=respell(app_code()))


def test_app_code_used_to_add_the_app_is_used() -> None:
    account = make()
    with_app(account)

    with pytest.raises(accounts_ops.CodeWasUsed):
        accounts_ops.use_app(account=account, code=app_code(-1))


def test_app_codes_two_steps_away_do_not_fit() -> None:
    account = make()
    with_app(account)

    for steps in (-2, 2):
        with pytest.raises(accounts_ops.AppCodeDoesNotFit):
            accounts_ops.use_app(account=account, code=app_code(steps))


def test_app_tries_are_limited(still_clock) -> None:
    account = make()
    with_app(account)

    for _ in range(5):
        with pytest.raises(accounts_ops.AppCodeDoesNotFit):
            accounts_ops.use_app(account=account, code="000000")
    with pytest.raises(accounts_ops.TooManyTries):
        accounts_ops.use_app(account=account, code=app_code())
    still_clock.shift(timedelta(minutes=15))
    accounts_ops.use_app(account=account, code=app_code())


_ELSEWHERE = """
import os, sys, time_machine
from datetime import datetime, UTC
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.DATABASES["keys"]["NAME"] = sys.argv[1:3]
with time_machine.travel(datetime.fromisoformat(sys.argv[3]), tick=False):
    django.setup()
    from groundswell.accounts import operations as ops
    from groundswell.accounts.models import Account
    try:
        ops.use_app(account=Account.objects.get(id=int(sys.argv[4])), code=sys.argv[5])
        print("taken")
    except ops.CodeWasUsed:
        print("refused")
"""


def on_another_process(account: Account, code: str) -> str:
    names = [str(connections[alias].settings_dict["NAME"]) for alias in ("default", "keys")]
    asked = [*names, clock.now().isoformat(), str(account.id), code]
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, *asked],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    return done.stdout.strip()


@pytest.mark.django_db(transaction=True)
def test_app_code_is_refused_on_another_process() -> None:
    account = make()
    with_app(account)
    accounts_ops.use_app(account=account, code=app_code())

    assert on_another_process(account, app_code()) == "refused"


@pytest.mark.django_db(transaction=True)
def test_app_code_control_without_the_mark_another_process_takes_it() -> None:
    account = make()
    with_app(account)
    accounts_ops.use_app(account=account, code=app_code())
    UsedCode.objects.all().delete()

    assert on_another_process(account, app_code()) == "taken"


def test_app_code_control_marks_in_a_process_cache_do_not_reach_another(
    monkeypatch,
) -> None:
    account = make()
    with_app(account)
    row = Authenticator.objects.get(type="totp")
    taken = []

    for process in ("one", "two"):
        marks = LocMemCache(process, {})
        marks.clear()
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.cache", marks)
        taken += [TOTP(row)._mark_code_used(app_code()) for _ in range(2)]

    assert taken == [True, False, True, False]


def test_sweep_used_codes_keeps_a_day(still_clock) -> None:
    with_app(make())
    still_clock.shift(timedelta(days=1))
    assert accounts_ops.sweep_used_codes() == 0
    still_clock.shift(timedelta(seconds=1))
    assert accounts_ops.sweep_used_codes() == 1


def test_recovery_code_works_once() -> None:
    account = make()
    codes = with_app(account)

    accounts_ops.use_recovery_code(account=account, code=codes[3], by=own(account))

    with pytest.raises(accounts_ops.RecoveryCodeDoesNotFit):
        accounts_ops.use_recovery_code(account=account, code=codes[3], by=own(account))
    assert accounts_queries.recovery_codes_left(account) == 9


def test_new_recovery_codes_end_the_old_ones() -> None:
    account = make()
    old = with_app(account)

    new = accounts_ops.new_recovery_codes(account_id=account.id, by=own(account))

    with pytest.raises(accounts_ops.RecoveryCodeDoesNotFit):
        accounts_ops.use_recovery_code(account=account, code=old[0], by=own(account))
    accounts_ops.use_recovery_code(account=account, code=new[0], by=own(account))


@pytest.mark.django_db(transaction=True)
def test_recovery_code_used_fifty_times_at_once_works_once(monkeypatch) -> None:
    account = make()
    code = with_app(account)[0]
    monkeypatch.setattr(
        "groundswell.accounts.operations.second_factors.limits.take",
        lambda *a, **k: True,
    )

    def use(_number: int) -> bool:
        try:
            accounts_ops.use_recovery_code(account=account, code=code, by=own(account))
        except accounts_ops.RecoveryCodeDoesNotFit:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(50))) == 1


def test_removing_the_last_factor_removes_the_recovery_codes() -> None:
    account = make()
    with_app(account)

    accounts_ops.remove_app(account_id=account.id, by=own(account))
    accounts_ops.remove_app(account_id=account.id, by=own(account))

    assert not accounts_queries.has_second_factor(account)
    assert Authenticator.objects.count() == 0
    kinds = Entry.objects.order_by("-id").values_list("kind", flat=True)
    assert list(kinds)[:2] == [
        "accounts.SecondFactorRemoved",
        "accounts.RecoveryCodesMade",
    ]


def test_the_last_second_step_of_a_team_member_stays() -> None:
    account = make("owner@example.org", Role.OWNER)
    with_app(account)

    with pytest.raises(accounts_ops.TeamNeedsASecondStep):
        accounts_ops.remove_app(account_id=account.id, by=own(account))

    assert accounts_queries.has_app(account)
    assert accounts_queries.recovery_codes_left(account) == 10
