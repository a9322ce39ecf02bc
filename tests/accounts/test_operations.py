"""Accounts, roles and devices: who may, who may not, and what holds at once."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import (
    Account,
    Grant,
    GrantsAreClosed,
    Session,
    grants_open,
)
from groundswell.accounts.sessions import SessionStore
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Role
from groundswell.ledger.models import Entry

pytestmark = pytest.mark.django_db


def make(email: str = "amina@example.org", *roles: Role) -> Account:
    return accounts_ops.create_account(email=email, name="Amina Khan", roles=roles, by=SYSTEM)


def own(account: Account) -> Actor:
    return actors.account(account.id, frozenset())


ORGANISER = actors.account(7, frozenset({Role.ORGANISER}))


def test_create_account_keeps_address_and_name_sealed_and_readable() -> None:
    account = make(" Amina@Example.ORG ", Role.OWNER)

    assert accounts_queries.email_of(account.id) == "amina@example.org"
    assert accounts_queries.name_of(account) == "Amina Khan"
    assert account.email.endswith("@blind.invalid")
    assert accounts_queries.actor_of(account) == actors.account(account.id, frozenset({Role.OWNER}))
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["accounts.AccountCreated", "accounts.RoleGranted"]


@pytest.mark.parametrize(
    ("email", "name", "refusal"),
    [
        ("", "Amina", accounts_ops.EmailIsNotAnAddress),
        ("amina", "Amina", accounts_ops.EmailIsNotAnAddress),
        ("a@b@c.org", "Amina", accounts_ops.EmailIsNotAnAddress),
        (
            "a@example.org\r\nBcc: x@example.org",
            "Amina",
            accounts_ops.EmailIsNotAnAddress,
        ),
        (f"{'a' * 250}@example.org", "Amina", accounts_ops.EmailIsNotAnAddress),
        ("amina@example.org", "\x00 \u202e", accounts_ops.NameIsMissing),
        ("amina@example.org", "A" * 5000, accounts_ops.NameIsTooLong),
    ],
)
def test_create_account_refuses_bad_input_and_writes_nothing(
    email: str, name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        accounts_ops.create_account(email=email, name=name, roles=[Role.OWNER], by=SYSTEM)

    assert (Account.objects.count(), Entry.objects.count()) == (0, 0)


def test_create_account_refuses_a_second_one_in_any_spelling() -> None:
    make("amina@example.org")

    with pytest.raises(accounts_ops.AccountExists):
        make("AMINA@example.org ")


@pytest.mark.parametrize("by", [VISITOR, ORGANISER, actors.person(7)])
def test_only_owners_manage_accounts(by: Actor) -> None:
    account = make("amina@example.org", Role.OWNER)
    attempts = [
        lambda: accounts_ops.create_account(
            email="b@example.org", name="B", roles=[Role.OWNER], by=by
        ),
        lambda: accounts_ops.invite(email="b@example.org", name="B", role=Role.OWNER, by=by),
        lambda: accounts_ops.sign_in_link(account_id=account.id, by=by),
        lambda: accounts_ops.grant_role(account_id=account.id, role=Role.OWNER, by=by),
        lambda: accounts_ops.end_grant(account_id=account.id, role=Role.OWNER, by=by),
        lambda: accounts_ops.close_account(account_id=account.id, by=by),
    ]

    for attempt in attempts:
        with pytest.raises((accounts_ops.OnlyOwnersDoThis, accounts_ops.MoreThanYouHold)):
            attempt()


def test_nobody_changes_the_second_step_of_another_account_not_even_an_owner() -> None:
    account = make("amina@example.org", Role.OWNER)
    by = actors.account(account.id + 1, frozenset({Role.OWNER}))
    mine = {"account_id": account.id, "by": by}
    attempts = [
        lambda: accounts_ops.change_profile(name="X", language="en", zone="UTC", **mine),
        lambda: accounts_ops.add_app(secret="A" * 32, code="000000", **mine),
        lambda: accounts_ops.add_passkey(name="X", state={}, answer="{}", **mine),
        lambda: accounts_ops.new_recovery_codes(**mine),
        lambda: accounts_ops.remove_app(**mine),
        lambda: accounts_ops.remove_passkey(passkey_id=1, **mine),
    ]

    for attempt in attempts:
        with pytest.raises(accounts_ops.OnlyYourOwn):
            attempt()


def test_ending_devices_is_for_the_person_and_for_owners() -> None:
    account = make("amina@example.org")

    with pytest.raises(accounts_ops.OnlyYourOwn):
        accounts_ops.sign_out_everywhere(account_id=account.id, by=ORGANISER)
    with pytest.raises(accounts_ops.OnlyYourOwn):
        accounts_ops.end_session(account_id=account.id, session_id=1, by=ORGANISER)
    accounts_ops.sign_out_everywhere(account_id=account.id, by=own(account))
    accounts_ops.sign_out_everywhere(account_id=account.id, by=SYSTEM)


def test_a_role_is_given_once_and_ended_and_given_again() -> None:
    owner = make("owner@example.org", Role.OWNER)
    account = make("amina@example.org")

    for _ in range(2):
        accounts_ops.grant_role(account_id=account.id, role=Role.ORGANISER, by=SYSTEM)
    assert accounts_queries.actor_of(account).roles == {Role.ORGANISER}
    accounts_ops.end_grant(account_id=account.id, role=Role.ORGANISER, by=SYSTEM)
    assert accounts_queries.actor_of(account).roles == frozenset()
    accounts_ops.grant_role(account_id=account.id, role=Role.ORGANISER, by=SYSTEM)

    ended = [g.ended_at is None for g in Grant.objects.filter(account=account).order_by("id")]
    assert ended == [False, True]
    assert [member.name for member in accounts_queries.team(SYSTEM)] == [
        "Amina Khan",
        "Amina Khan",
    ]
    assert accounts_queries.actor_of(owner).is_owner


def test_the_last_owner_stays() -> None:
    first = make("first@example.org", Role.OWNER)

    with pytest.raises(accounts_ops.LastOwnerStays):
        accounts_ops.end_grant(account_id=first.id, role=Role.OWNER, by=SYSTEM)
    with pytest.raises(accounts_ops.LastOwnerStays):
        accounts_ops.close_account(account_id=first.id, by=SYSTEM)
    second = make("second@example.org", Role.OWNER)
    accounts_ops.close_account(account_id=first.id, by=SYSTEM)

    assert accounts_queries.find_account(first.id) is None
    assert accounts_queries.email_of(first.id) is None
    with pytest.raises(accounts_ops.AccountIsClosed):
        accounts_ops.grant_role(account_id=first.id, role=Role.OWNER, by=SYSTEM)
    with pytest.raises(accounts_ops.LastOwnerStays):
        accounts_ops.end_grant(account_id=second.id, role=Role.OWNER, by=SYSTEM)


def a_grant(account: Account) -> Grant:
    return Grant(account=account, role="owner", created_at=clock.now())


WAYS_TO_WRITE = {
    "save": lambda account, grant: a_grant(account).save(),
    "create": lambda account, grant: Grant.objects.create(
        account=account, role="owner", created_at=clock.now()
    ),
    "get_or_create": lambda account, grant: Grant.objects.get_or_create(
        account=account, role="owner", defaults={"created_at": clock.now()}
    ),
    "related": lambda account, grant: account.grants.create(role="owner", created_at=clock.now()),
    "bulk_create": lambda account, grant: Grant.objects.bulk_create([a_grant(account)]),
    "update": lambda account, grant: Grant.objects.update(role="owner"),
    "bulk_update": lambda account, grant: Grant.objects.bulk_update([grant], ["role"]),
    "delete": lambda account, grant: grant.delete(),
    "delete_many": lambda account, grant: Grant.objects.all().delete(),
    "cascade": lambda account, grant: Account.objects.filter(id=account.id).delete(),
}


@pytest.mark.parametrize("way", sorted(WAYS_TO_WRITE))
def test_grants_refuse_every_write_that_is_not_their_operations(way: str) -> None:
    account = make("amina@example.org", Role.ORGANISER)
    grant = Grant.objects.get()

    with pytest.raises((GrantsAreClosed, ProtectedError)):
        WAYS_TO_WRITE[way](account, grant)

    assert list(Grant.objects.values_list("id", "role")) == [(grant.id, "organiser")]


def test_grants_control_the_same_write_passes_with_the_guard_open() -> None:
    account = make("amina@example.org")

    with grants_open():
        WAYS_TO_WRITE["save"](account, None)

    assert accounts_queries.actor_of(account).is_owner


def signed_in_session(account: Account) -> SessionStore:
    session = SessionStore()
    session["_auth_user_id"] = str(account.id)
    session["device_name"] = "Firefox on Android"
    session.save()
    return session


def test_sessions_store_neither_the_key_nor_the_data_in_the_clear() -> None:
    account = make()
    session = signed_in_session(account)
    session["planted"] = "canary-in-session"
    session.save()

    row = Session.objects.get()

    assert SessionStore(session.session_key)["planted"] == "canary-in-session"
    assert (session.session_key or "").encode() not in bytes(row.key_hash)
    assert b"canary" not in bytes(row.data_sealed)
    assert (row.account_id, row.device_name) == (account.id, "Firefox on Android")


def test_ended_session_is_gone_and_cannot_be_saved_back() -> None:
    account = make()
    session = signed_in_session(account)
    other = signed_in_session(account)
    device = accounts_queries.devices(account, this_key=session.session_key)
    assert sorted(d.is_this for d in device) == [False, True]

    accounts_ops.end_session(
        account_id=account.id,
        session_id=next(d.session_id for d in device if d.is_this),
        by=own(account),
    )

    assert SessionStore(session.session_key).load() == {}
    session["late"] = 1
    with pytest.raises(Exception, match="ended"):
        session.save()
    assert SessionStore(other.session_key).get("device_name") == "Firefox on Android"


def test_sign_out_everywhere_ends_every_session_and_changes_the_stamp() -> None:
    account = make()
    sessions = [signed_in_session(account) for _ in range(3)]
    before = account.get_session_auth_hash()

    ended = accounts_ops.sign_out_everywhere(account_id=account.id, by=own(account))

    account.refresh_from_db()
    assert ended == 3
    assert [SessionStore(s.session_key).load() for s in sessions] == [{}, {}, {}]
    assert account.get_session_auth_hash() != before


def test_sessions_end_by_themselves(still_clock) -> None:
    session = signed_in_session(make())
    still_clock.shift(12 * 60 * 60 + 1)

    assert SessionStore(session.session_key).load() == {}
    assert accounts_ops.sweep_sessions() == 1


def test_a_changed_cookie_key_opens_nothing() -> None:
    session = signed_in_session(make())

    assert SessionStore("x" * 32).load() == {}
    assert SessionStore((session.session_key or "")[:-1] + "!").load() == {}


def test_change_profile_changes_name_and_language() -> None:
    account = make()

    accounts_ops.change_profile(
        account_id=account.id,
        name="أمينة",
        language="ar",
        zone="Asia/Amman",
        by=own(account),
    )

    account.refresh_from_db()
    assert accounts_queries.name_of(account) == "أمينة"
    assert (account.language, account.zone) == ("ar", "Asia/Amman")
    assert accounts_queries.language_of(account.id) == "ar"


def test_invite_returns_a_link_that_signs_in_once() -> None:
    account = accounts_ops.invite(
        email="amina@example.org", name="Amina", role=Role.OWNER, by=SYSTEM
    )
    token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
    link = accounts_queries.find_link(token, "sign_in")
    assert link is not None

    account = accounts_ops.enter_link(link=link, by=VISITOR)

    assert accounts_queries.actor_of(account).is_owner
    with pytest.raises(accounts_ops.LinkIsOver):
        accounts_ops.enter_link(link=link, by=VISITOR)


def test_office_is_ready_only_with_a_role_and_a_second_step() -> None:
    owner = actors.account(1, frozenset({Role.OWNER}))
    plain = actors.account(1, frozenset())

    assert accounts_queries.roles_wait(owner, second_step_at=clock.now()) is False
    assert accounts_queries.roles_wait(owner, second_step_at=None) is True
    assert accounts_queries.roles_wait(plain, second_step_at=None) is False
