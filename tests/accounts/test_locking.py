"""The panic lock: who locks, what ends in that moment, who opens again, and who signs in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Link, PendingCode, Session
from groundswell.accounts.operations import locking
from groundswell.cli import lock_watch
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Role
from groundswell.ledger.models import Entry
from groundswell.site import queries, vault
from groundswell.site.models import Lock
from tests.running import signing_in

pytestmark = pytest.mark.django_db
BACKEND = "groundswell.accounts.backend.AccountBackend"


def member(name: str, *roles: Role) -> Actor:
    return accounts_queries.actor_of(signing_in.make(f"{name}@example.org", *roles))


@pytest.fixture
def olga() -> Actor:
    return member("olga", Role.OWNER)


@pytest.fixture
def paul() -> Actor:
    return member("paul", Role.OWNER)


@pytest.fixture
def priya() -> Actor:
    return member("priya", Role.ORGANISER)


def kinds() -> list[str]:
    return list(
        Entry.objects.filter(kind__contains="ock").order_by("id").values_list("kind", flat=True)
    )


# --- locking -------------------------------------------------------------------------------------


def test_it_ends_every_session_code_and_sign_in_link_of_everybody(priya: Actor) -> None:
    for name in ("amina", "bea"):
        Client().force_login(signing_in.make(f"{name}@example.org"), backend=BACKEND)
    signing_in.ask("amina@example.org")
    account = accounts_ops.invite(
        email="new@example.org", name="Nia", role=Role.ORGANISER, by=SYSTEM
    )
    token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
    before = (Session.objects.count(), PendingCode.objects.count())

    accounts_ops.lock_everything(by=priya)

    assert before == (2, 1)
    assert (Session.objects.count(), PendingCode.objects.count()) == (0, 0)
    assert accounts_queries.find_link(token, Link.Purpose.SIGN_IN) is None
    assert queries.is_locked() is True
    assert kinds() == ["accounts.EverythingLocked"]


def test_opened_data_keys_are_dropped_from_memory(priya: Actor) -> None:
    vault.take_key_id()
    held = len(vault._known)

    accounts_ops.lock_everything(by=priya)

    assert (held > 1, vault._known, list(vault._spare)) == (True, {}, [])


def test_a_process_that_nobody_asks_drops_its_keys_too(priya: Actor) -> None:
    accounts_ops.lock_everything(by=priya)
    vault.take_key_id()  # this process has not noticed, or has opened a key again

    assert (lock_watch.look(), vault._known) == (True, {})


def test_control_without_a_lock_the_watch_leaves_the_keys() -> None:
    vault.take_key_id()

    assert lock_watch.look() is False
    assert vault._known != {}


@pytest.mark.parametrize("by", [VISITOR, actors.account(5, frozenset()), actors.person(7)])
def test_nobody_outside_the_office_locks_everything(by: Actor) -> None:
    with pytest.raises(accounts_ops.MayNotLock):
        accounts_ops.lock_everything(by=by)

    assert queries.is_locked() is False


def test_each_person_locks_once_in_24_hours(priya: Actor, olga: Actor, still_clock: Any) -> None:
    accounts_ops.lock_everything(by=priya)
    accounts_ops.lock_everything(by=priya)  # it is locked already: nothing happens
    accounts_ops.unlock_everything(by=SYSTEM)

    with pytest.raises(accounts_ops.LockedOnceToday):
        accounts_ops.lock_everything(by=priya)
    assert queries.is_locked() is False
    accounts_ops.lock_everything(by=olga)  # another one may
    accounts_ops.unlock_everything(by=SYSTEM)
    still_clock.shift(timedelta(hours=24))
    accounts_ops.lock_everything(by=priya)
    assert queries.is_locked() is True


# --- unlocking -----------------------------------------------------------------------------------


def test_two_owners_unlock_where_there_are_two(olga: Actor, paul: Actor, priya: Actor) -> None:
    accounts_ops.lock_everything(by=priya)

    steps = [accounts_ops.unlock_everything(by=each) for each in (olga, olga, paul)]

    assert steps == [False, False, True]
    assert queries.is_locked() is False
    assert kinds() == [
        "accounts.EverythingLocked",
        "accounts.UnlockBegun",
        "accounts.UnlockBegun",
        "accounts.EverythingUnlocked",
    ]


def test_the_only_owner_unlocks_alone(olga: Actor, priya: Actor) -> None:
    accounts_ops.lock_everything(by=priya)

    assert accounts_ops.unlock_everything(by=olga) is True


def test_the_word_of_somebody_who_is_no_owner_any_more_does_not_count(
    olga: Actor, paul: Actor
) -> None:
    rosa = member("rosa", Role.OWNER)
    accounts_ops.lock_everything(by=SYSTEM)
    accounts_ops.unlock_everything(by=paul)
    accounts_ops.end_grant(account_id=paul.id or 0, role=Role.OWNER, by=SYSTEM)

    assert accounts_ops.unlock_everything(by=olga) is False
    assert accounts_ops.unlock_everything(by=rosa) is True


def test_the_second_owner_comes_within_a_day(olga: Actor, paul: Actor, still_clock: Any) -> None:
    accounts_ops.lock_everything(by=SYSTEM)
    accounts_ops.unlock_everything(by=olga)
    still_clock.shift(timedelta(hours=24, seconds=1))

    assert accounts_ops.unlock_everything(by=paul) is False


def test_the_command_line_unlocks_alone(olga: Actor, paul: Actor) -> None:
    accounts_ops.lock_everything(by=olga)

    assert accounts_ops.unlock_everything(by=SYSTEM) is True
    assert accounts_ops.unlock_everything(by=SYSTEM) is True  # twice is harmless


def test_organisers_do_not_unlock(priya: Actor) -> None:
    accounts_ops.lock_everything(by=priya)

    for unlock in (
        lambda: accounts_ops.unlock_everything(by=priya),
        lambda: accounts_ops.unlock_account(account_id=priya.id or 0, by=priya),
    ):
        with pytest.raises(accounts_ops.MayNotUnlock):
            unlock()
    assert queries.is_locked() is True


# --- one account ---------------------------------------------------------------------------------


def test_locking_an_account_ends_its_sessions_and_no_others(priya: Actor, olga: Actor) -> None:
    for one in (priya, olga):
        account = accounts_queries.find_account(one.id or 0)
        Client().force_login(account, backend=BACKEND)  # type: ignore[arg-type]  # it is there

    accounts_ops.lock_account(account_id=priya.id or 0, by=signing_in.own_of(priya))

    assert set(Session.objects.values_list("account_id", flat=True)) == {olga.id}
    assert set(queries.locked_accounts()) == {priya.id}
    assert queries.is_locked() is False
    accounts_ops.unlock_account(account_id=priya.id or 0, by=olga)
    assert queries.locked_accounts() == {}
    assert kinds() == ["accounts.AccountLocked", "accounts.AccountUnlocked"]


def test_nobody_but_owners_locks_somebody_elses_account(priya: Actor, olga: Actor) -> None:
    with pytest.raises(accounts_ops.MayNotLock):
        accounts_ops.lock_account(account_id=olga.id or 0, by=priya)

    accounts_ops.lock_account(account_id=priya.id or 0, by=olga)
    assert set(queries.locked_accounts()) == {priya.id}


def test_unlocking_an_account_never_opens_the_installation(olga: Actor) -> None:
    accounts_ops.lock_everything(by=olga)

    accounts_ops.unlock_account(account_id=queries.EVERYTHING, by=olga)

    assert queries.is_locked() is True


# --- signing in ----------------------------------------------------------------------------------


def test_while_everything_is_locked_only_owners_sign_in(olga: Actor, priya: Actor) -> None:
    accounts_ops.lock_everything(by=priya)

    accounts_ops.note_signed_in(account_id=olga.id or 0, method="passkey", by=olga)
    with pytest.raises(accounts_ops.OnlyOwnersNow):
        accounts_ops.note_signed_in(account_id=priya.id or 0, method="passkey", by=priya)


def test_a_locked_account_does_not_sign_in_not_even_an_owners(olga: Actor) -> None:
    accounts_ops.lock_account(account_id=olga.id or 0, by=olga)

    with pytest.raises(accounts_ops.AccountIsLocked):
        accounts_ops.note_signed_in(account_id=olga.id or 0, method="passkey", by=olga)


def test_control_without_a_lock_both_sign_in(olga: Actor, priya: Actor) -> None:
    for one in (olga, priya):
        accounts_ops.note_signed_in(account_id=one.id or 0, method="passkey", by=one)


def test_who_is_told(olga: Actor, paul: Actor, priya: Actor, work: Any) -> None:
    """Everybody with a role of a lock of everything, and while it is on."""
    from groundswell.outreach.models import Message  # cost: the room above, for this test

    accounts_ops.lock_everything(by=priya)
    work()
    first = Message.objects.filter(kind="panic_lock")
    told = {message.account_id: (message.args["what"], message.state) for message in first}
    Message.objects.all().delete()
    accounts_ops.unlock_everything(by=olga)
    work()
    second = {message.account_id: message.args["what"] for message in Message.objects.all()}

    locked = ("everything_locked", told[olga.id][1])
    assert told == {olga.id: locked, paul.id: locked, priya.id: locked}
    assert second == {olga.id: "unlock_begun", paul.id: "unlock_begun"}


def test_a_sign_in_that_crosses_the_lock_is_ended_by_one_or_the_other(priya: Actor) -> None:
    """Its session is written, the lock comes, and then it is checked: refused."""
    Client().force_login(accounts_queries.find_account(priya.id or 0), backend=BACKEND)  # type: ignore[arg-type]  # it is there
    accounts_ops.lock_everything(by=SYSTEM)

    assert Session.objects.count() == 0
    with pytest.raises(accounts_ops.OnlyOwnersNow):
        locking.check_may_sign_in(priya.id or 0)
    assert Lock.objects.get().locked_at == clock.now()
