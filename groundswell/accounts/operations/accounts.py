"""Accounts: made, invited, changed, closed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import addresses, policy
from groundswell.accounts.facts import (
    AccountClosed,
    AccountCreated,
    AccountInvited,
    ProfileChanged,
)
from groundswell.accounts.models import Account, Link, Session
from groundswell.accounts.operations.grants import OnlyOwnersDoThis, check_gift, end_grants, give
from groundswell.accounts.operations.links import end_links, make_link
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, Role
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.scopes import EVERYWHERE, Scope
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.site import vault

NAME_MOST = 120
INVITATION_LASTS = timedelta(days=7)


class EmailIsNotAnAddress(Refusal):
    sentence = _("Enter an e-mail address like name@example.org.")
    field = "email"


class AccountExists(Refusal):
    sentence = _("Somebody with this address has an account already. Give them a role instead.")
    field = "email"


class NameIsMissing(Refusal):
    sentence = _("Enter your name, so that the team knows who you are.")
    field = "name"


class NameIsTooLong(Refusal):
    sentence = _("Enter a name of at most 120 letters.")
    field = "name"


class OnlyYourOwn(Refusal):
    sentence = _("You can change this for your own account only.")


def _clean_name(name: str) -> str:
    cleaned = clean_line(name)
    if not cleaned:
        raise NameIsMissing
    if len(cleaned) > NAME_MOST:
        raise NameIsTooLong
    return cleaned


def new_stamp() -> str:
    """128 random bits: part of every session of an account."""
    return secrets.token_hex(16)


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    by: Actor,
    language: str = "en",
    zone: str = "UTC",
) -> Account:
    """Make an account with these roles.

    Raises OnlyOwnersDoThis, EmailIsNotAnAddress, NameIsMissing, NameIsTooLong, AccountExists.
    """
    if not policy.can_manage_accounts(by):
        raise OnlyOwnersDoThis
    account = _make(email=email, name=name, language=language, zone=zone, by=by)
    for role in roles:
        give(account_id=account.id, role=role, by=by)
    return account


def _make(*, email: str, name: str, language: str, zone: str, by: Actor) -> Account:
    if not addresses.looks_like_one(email):
        raise EmailIsNotAnAddress
    account = Account(
        email=addresses.synthetic(email),
        language=language,
        zone=zone,
        stamp=new_stamp(),
        created_at=clock.now(),
    )
    key_id = vault.house_key_id()
    account.email_sealed = vault.seal(
        account, "email_sealed", addresses.normal(email), key_id=key_id
    )
    account.name_sealed = vault.seal(account, "name_sealed", _clean_name(name), key_id=key_id)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as taken:
        raise AccountExists from taken
    ledger_ops.record(AccountCreated(account_id=account.id), by=by)
    return account


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: Role,
    by: Actor,
    scope: Scope = EVERYWHERE,
    ends_at: datetime | None = None,
    language: str = "en",
    zone: str = "UTC",
) -> Account:
    """Give somebody a role by their address; whoever has no account yet gets one.

    The mail above carries a link that signs in once within seven days. The answer is the same
    whether there was an account or not. Raises as :func:`create_account` and ``grant_role``.
    """
    parent = check_gift(role=role, scope=scope, ends_at=ends_at, by=by)
    account = Account.objects.filter(email=addresses.synthetic(email), is_active=True).first()
    if account is None:
        account = _make(email=email, name=name, language=language, zone=zone, by=by)
    give(account_id=account.id, role=role, scope=scope, ends_at=ends_at, parent=parent, by=by)
    ledger_ops.record(AccountInvited(account_id=account.id), by=by)
    return account


def sign_in_link(*, account_id: int, by: Actor) -> str:
    """The token of a link that signs this account in once within seven days."""
    if not policy.can_manage_accounts(by):
        raise OnlyOwnersDoThis
    return make_link(
        purpose=Link.Purpose.SIGN_IN,
        person_id=None,
        object_id=account_id,
        expires_at=clock.now() + INVITATION_LASTS,
    )


def one_at_a_time(account_id: int) -> None:
    """Whatever else this account does that calls this waits for the caller's transaction: what is
    counted before it is written is counted once."""
    list(Account.objects.select_for_update().filter(id=account_id).values_list("id"))


@transaction.atomic
def change_profile(*, account_id: int, name: str, language: str, zone: str, by: Actor) -> None:
    """Change what the person is called and how they read. Raises OnlyYourOwn, NameIsMissing…"""
    if not policy.can_change_own(by, account_id):
        raise OnlyYourOwn
    account = Account.objects.select_for_update().get(id=account_id)
    account.name_sealed = vault.seal(
        account, "name_sealed", _clean_name(name), key_id=vault.house_key_id()
    )
    if language in dict(settings.LANGUAGES):
        account.language = language
    account.zone = zone
    account.save(update_fields=["name_sealed", "language", "zone"])
    ledger_ops.record(ProfileChanged(account_id=account_id), by=by)


@transaction.atomic
def close_account(*, account_id: int, by: Actor) -> None:
    """End every role, device and link of an account; from the next request on it opens nothing.

    Raises OnlyOwnersDoThis, LastOwnerStays.
    """
    if not policy.can_manage_accounts(by):
        raise OnlyOwnersDoThis
    end_grants(account_id=account_id, by=by)
    Account.objects.filter(id=account_id).update(is_active=False, stamp=new_stamp())
    Session.objects.filter(account_id=account_id).delete()
    end_links(Link.Purpose.SIGN_IN, account_id)
    ledger_ops.record(AccountClosed(account_id=account_id), by=by)
