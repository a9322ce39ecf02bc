"""Questions about accounts, their roles, devices and links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from groundswell.accounts import addresses, second_factors
from groundswell.accounts.models import Account, Grant, Link, PendingCode, Session
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, Role
from groundswell.kernel.ids import hash_token
from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")  # kernel/ids.py: 128 bits, URL-safe

new_app_secret = second_factors.new_app_secret
app_address = second_factors.app_address
begin_passkey = second_factors.begin_passkey
begin_passkey_sign_in = second_factors.begin_passkey_sign_in
passkeys = second_factors.passkeys
recovery_codes_left = second_factors.recovery_codes_left


def find_link(token: str, purpose: str) -> Link | None:
    """The live link behind a token, or None: unknown, tampered, expired, or for something else."""
    if not _TOKEN.fullmatch(token):
        return None
    return Link.objects.filter(
        token_hash=hash_token(token), purpose=purpose, expires_at__gt=clock.now()
    ).first()


def find_account(account_id: int) -> Account | None:
    """The open account with this id."""
    return Account.objects.filter(id=account_id, is_active=True).first()


def account_by_email(email: str) -> Account | None:
    """The open account with this address. For commands and the demonstration, never for a page
    that answers visitors: the answer tells who has an account."""
    return Account.objects.filter(email=addresses.synthetic(email), is_active=True).first()


def actor_of(account: Account) -> Actor:
    """The account as an actor, with the roles it holds now (one query)."""
    held = Grant.objects.filter(account_id=account.id, ends_at=None)
    roles = frozenset(Role(role) for role in held.values_list("role", flat=True))
    return actors.account(account.id, roles)


def name_of(account: Account) -> str:
    """What the person is called."""
    return vault.open_(account, "name_sealed")


def email_of(account_id: int) -> str | None:
    """The real address of an open account, to write to it; None when it is closed."""
    account = find_account(account_id)
    return vault.open_(account, "email_sealed") if account else None


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Names of many accounts, closed ones too, in one query."""
    rows = Account.objects.filter(id__in=set(account_ids))
    return {row.id: name_of(row) for row in rows}


def language_of(account_id: int) -> str:
    """The language to write to an account in."""
    found = Account.objects.filter(id=account_id).values_list("language", flat=True).first()
    return found or "en"


@dataclass(frozen=True, slots=True)
class CodeMail:
    """What the mail with a one-time code needs."""

    account_id: int
    email: str
    code: str


def code_mail(code_id: int) -> CodeMail | None:
    """To whom a one-time code goes, and its digits; None: used, expired, or nobody has the address.

    Ask in the worker only: for an address that nobody has, it is quicker.
    """
    now = clock.now()
    pending = PendingCode.objects.filter(id=code_id, used_at=None, expires_at__gt=now).first()
    if pending is None:
        return None
    account = Account.objects.filter(email=pending.email, is_active=True).first()
    if account is None:
        return None
    try:
        code = vault.open_(pending, "code_sealed")
    except CannotOpen:  # the house key was changed
        return None
    return CodeMail(account.id, vault.open_(account, "email_sealed"), code) if code else None


def pending_code(code_id: int) -> str | None:
    """The digits alone of :func:`code_mail`."""
    mail = code_mail(code_id)
    return mail.code if mail else None


def has_second_factor(account: Account) -> bool:
    """Has this account a passkey or an authenticator app?"""
    return second_factors.has_any(account.id)


def has_app(account: Account) -> bool:
    return second_factors.has_app(account.id)


def office_ready(actor: Actor, *, second_step_at: datetime | None) -> bool:
    """May this actor stand in the office: a role there, and a second step in this session."""
    return actor.is_office and second_step_at is not None


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device, as its owner sees it."""

    session_id: int
    name: str
    created_at: datetime
    last_seen_on: date
    is_this: bool


def devices(account: Account, *, this_key: str | None) -> list[Device]:
    """Where this account is signed in, last seen first. ``this_key`` is the asking session's."""
    mine = hash_token(this_key) if this_key else b""
    rows = Session.objects.filter(account_id=account.id, expires_at__gt=clock.now())
    return [
        Device(
            row.id,
            row.device_name,
            row.created_at,
            row.last_seen_on,
            bytes(row.key_hash) == mine,
        )
        for row in rows.order_by("-last_seen_on", "-created_at")
    ]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team, for the owner's list: role, last day seen, second step or not."""

    account: Account
    name: str
    roles: list[str]
    has_second_factor: bool


def team() -> list[Member]:
    """Everybody with a role, in two queries however many."""
    grants = Grant.objects.filter(ends_at=None, account__is_active=True).select_related("account")
    by_account: dict[int, list[Grant]] = {}
    for grant in grants.order_by("created_at", "id"):
        by_account.setdefault(grant.account_id, []).append(grant)
    safe = second_factors.who_have_any(by_account)
    return [
        Member(
            held[0].account,
            name_of(held[0].account),
            [g.role for g in held],
            key in safe,
        )
        for key, held in by_account.items()
    ]
