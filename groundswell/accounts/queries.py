"""Questions about accounts, their roles, devices and links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from groundswell.accounts import addresses, policy, second_factors, sockets
from groundswell.accounts.models import Account, Grant, Link, PendingCode, Session, is_live
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, Held
from groundswell.kernel.ids import hash_token
from groundswell.kernel.roles import Right, Role, carries, is_part_of
from groundswell.kernel.scopes import Scope, ScopeKind
from groundswell.kernel.sealing import CannotOpen
from groundswell.kernel.text import fold
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
    held = Grant.objects.filter(is_live(clock.now()), account_id=account.id)
    rows = held.values_list("role", "scope_kind", "scope_id")
    return actors.account(
        account.id, [Held(Role(role), Scope(ScopeKind(kind), id_)) for role, kind, id_ in rows]
    )


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


def links_of(person_id: int) -> QuerySet[Link]:
    """The links that were made for a person, oldest first."""
    return Link.objects.filter(person_id=person_id).order_by("created_at", "id")


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


def roles_wait(actor: Actor, *, second_step_at: datetime | None) -> bool:
    """Every role shows other people, so none counts before a second step in this session."""
    return bool(actor.held) and second_step_at is None


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
class Part:
    """One role of somebody: what, over what, until when, and whether the asker may end it."""

    role: Role
    scope: Scope
    ends_at: datetime | None
    can_end: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team: the roles held now, the last day seen, a second step or not."""

    account: Account
    name: str
    parts: tuple[Part, ...]
    has_second_factor: bool

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(part.role for part in self.parts)


def team(by: Actor) -> list[Member]:
    """Everybody with a role inside of what ``by`` may give roles over, by name.

    A fixed number of questions, and one more per scope that is not the whole installation.
    """
    grants = Grant.objects.filter(is_live(clock.now()), account__is_active=True)
    seen = _Chains(by.scopes_of(Right.GRANT), is_everything=by.may(Right.GRANT))
    by_account: dict[int, list[Grant]] = {}
    for grant in grants.select_related("account", "parent").order_by("created_at", "id"):
        if seen.covers(grant.scope):
            by_account.setdefault(grant.account_id, []).append(grant)
    safe = second_factors.who_have_any(by_account)
    members = [
        Member(
            held[0].account,
            name_of(held[0].account),
            tuple(_part(grant, by) for grant in held),
            key in safe,
        )
        for key, held in by_account.items()
    ]
    return sorted(members, key=lambda member: fold(member.name))


def member(account_id: int, by: Actor) -> Member | None:
    """One of :func:`team`; None for somebody whose roles lie outside of what ``by`` looks after."""
    return next((one for one in team(by) if one.account.id == account_id), None)


def _part(grant: Grant, by: Actor) -> Part:
    can_end = policy.can_manage_accounts(by) or policy.gave(by, grant)
    return Part(Role(grant.role), grant.scope, grant.ends_at, can_end)


class _Chains:
    """Which scopes lie inside of some others; each chain is asked for once."""

    def __init__(self, wholes: frozenset[Scope], *, is_everything: bool) -> None:
        self.wholes, self.is_everything = wholes, is_everything
        self.known: dict[Scope, bool] = {}

    def covers(self, scope: Scope) -> bool:
        if self.is_everything:
            return True
        if scope not in self.known:
            self.known[scope] = not self.wholes.isdisjoint(sockets.chain(scope) or ())
        return self.known[scope]


def holders_of(right: Right, *, not_given_by: int | None) -> dict[int, frozenset[Scope]]:
    """Who carries a right over what, of those who have a second step, by account id.

    Roles that the account ``not_given_by`` gave are not counted: an agreement by somebody whom one
    let in oneself is none. In a demonstration, where seats are taken without any step, everybody
    counts as if they had both.
    """
    grants = Grant.objects.filter(
        is_live(clock.now()),
        account__is_active=True,
        role__in=[role for role in Role if carries(role, right)],
    )
    found: dict[int, set[Scope]] = {}
    for grant in grants:
        if not_given_by is None or grant.created_by_id != not_given_by:
            found.setdefault(grant.account_id, set()).add(grant.scope)
    is_demo = settings.GROUNDSWELL_MODE == "demo"
    safe = set(found) if is_demo else second_factors.who_have_any(found)
    return {
        account_id: frozenset(scopes) for account_id, scopes in found.items() if account_id in safe
    }


def roles_to_give(by: Actor) -> list[Role]:
    """The roles that ``by`` can give over something: a part of one of their own."""
    if policy.can_manage_accounts(by):
        return list(Role)
    givers = [held for held in by.held if carries(held.role, Right.GRANT)]
    return [role for role in Role if any(_can_give(held, role) for held in givers)]


def _can_give(held: Held, role: Role) -> bool:
    """The same role only where there is something smaller to give it over."""
    is_same = role == held.role
    return is_part_of(role, held.role) and (not is_same or held.scope.kind in _HOLDS_MORE)


_HOLDS_MORE = {ScopeKind.INSTALLATION, ScopeKind.REGION}


def may_give_over(by: Actor, scope: Scope) -> bool:
    """Does the scope exist, and lie inside of what ``by`` may give roles over?"""
    found = sockets.chain(scope)
    return found is not None and by.may(Right.GRANT, *found)


def scopes_to_give(by: Actor, language: str) -> list[tuple[ScopeKind, list[tuple[Scope, str]]]]:
    """What ``by`` may give roles over, by kind, as scopes with their names."""
    inside = None if by.may(Right.GRANT) else by.scopes_of(Right.GRANT)
    found = []
    for kind, book in sockets.scope_books:
        choices = book.choices(language, inside)
        if choices:
            of_kind = ScopeKind(kind)
            found.append((of_kind, [(Scope(of_kind, id_), name) for id_, name in choices]))
    return found
