"""Devices that somebody used before: told when new, and never locked out by strangers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, PendingCode
from groundswell.accounts.operations.codes import ASKS
from groundswell.accounts.operations.second_factors import TRIES_NOW
from groundswell.kernel.actor import Role
from groundswell.ledger import worker
from groundswell.ledger.models import Entry
from groundswell.outreach.models import Message
from groundswell.web import known_devices
from tests.running import signing_in
from tests.running.signing_in import app_code, make, own, with_app

pytestmark = pytest.mark.django_db


def ask(client: Client, email: str = "amina@example.org") -> Any:
    return client.post(reverse("sign_in"), {"email": email})


def sign_in(client: Client, email: str = "amina@example.org", *, app: int | None = None) -> None:
    ask(client, email)
    pending = PendingCode.objects.order_by("-id")[0]
    code = accounts_queries.pending_code(pending.id)
    client.post(reverse("sign_in_code"), {"code": code})
    if app is not None:
        client.post(reverse("second_step"), {"code": app_code(app)})


def told() -> int:
    worker.run_until_idle()
    return Message.objects.filter(kind="new_device", args__what="device").count()


def test_a_new_device_is_told_and_an_old_one_is_not() -> None:
    make()
    first, second = Client(), Client()

    sign_in(first)  # the very first time there is nothing to compare it with
    assert told() == 0
    sign_in(second)
    assert told() == 1
    sign_in(second)
    sign_in(first)
    assert told() == 1
    assert Entry.objects.filter(kind="accounts.SignedInOnNewDevice").count() == 1


def test_signing_out_everywhere_makes_every_device_new_again() -> None:
    account, client = make(), Client()
    sign_in(client)
    accounts_ops.sign_out_everywhere(account_id=account.id, by=own(account))

    sign_in(client)

    assert told() == 1


def test_the_cookie_says_nothing_and_cannot_be_made_up() -> None:
    account, client = make(), Client()
    sign_in(client)
    cookie = client.cookies[known_devices.cookie_name()]

    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert not re.search(r"amina|example|" + str(account.id), cookie.value)
    for made_up in ("", "x", "AAAA", cookie.value[:-4] + "AAAA", "é"):
        stranger = Client()
        stranger.cookies[known_devices.cookie_name()] = made_up
        assert ask(stranger).status_code == 302
    copied = Client()
    copied.cookies[known_devices.cookie_name()] = cookie.value
    sign_in(copied)
    assert told() == 0


def test_two_people_may_share_a_browser() -> None:
    make("amina@example.org")
    make("bea@example.org")
    client = Client()
    for email in ("amina@example.org", "bea@example.org", "amina@example.org"):
        sign_in(client, email)

    assert told() == 0


def test_strangers_who_ask_for_codes_lock_nobody_out_of_their_own_device() -> None:
    make()
    mine, stranger = Client(), Client()
    sign_in(mine)

    answers = [ask(stranger).status_code for _ in range(ASKS + 1)]

    assert answers[-1] == 422  # the stranger is stopped
    assert ask(mine).status_code == 302  # the owner is not


def test_without_a_known_device_the_limit_stops_the_owner_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the one before."""
    make()
    mine, stranger = Client(), Client()
    sign_in(mine)
    monkeypatch.setattr(known_devices, "knows_address", lambda request, email: False)
    for _ in range(ASKS):
        ask(stranger)

    assert ask(mine).status_code == 422


def test_wrong_app_codes_of_a_stranger_leave_the_owner_their_tries() -> None:
    account = make("amina@example.org", Role.OWNER)
    with_app(account)
    mine = Client()
    sign_in(mine, app=0)
    for _ in range(TRIES_NOW - 1):  # the owner's own first sign-in took one
        with pytest.raises(accounts_ops.AppCodeDoesNotFit):
            accounts_ops.use_app(account=account, code="000000")
    with pytest.raises(accounts_ops.TooManyTries):
        accounts_ops.use_app(account=account, code=app_code(1))

    sign_in(mine, app=1)

    assert mine.get(reverse("office:home")).status_code == 200


def test_the_limit_of_a_known_device_holds_too() -> None:
    account = Account.objects.get(id=make().id)
    with_app(account)
    for _ in range(TRIES_NOW):
        with pytest.raises(accounts_ops.AppCodeDoesNotFit):
            accounts_ops.use_app(account=account, code="000000", is_known_device=True)
    with pytest.raises(accounts_ops.TooManyTries):
        accounts_ops.use_app(account=account, code=signing_in.app_code(1), is_known_device=True)
