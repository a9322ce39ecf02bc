"""Signing in by a code that is sent to the account's address.

Known and unknown addresses get the same answer for the same work, a row, a fact, a job, because
nothing here asks which is which: only the mail above does, in the worker.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import addresses, limits
from groundswell.accounts.facts import SignInCodeAsked
from groundswell.accounts.models import Account, Link, PendingCode
from groundswell.accounts.operations.accounts import EmailIsNotAnAddress
from groundswell.accounts.operations.links import use_link
from groundswell.accounts.second_factors import plain_digits
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.site import vault

CODE_DIGITS = 8
CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
# 6 codes an hour with 5 tries each: 1 chance in 140,000 a day to guess one of 10^8.
ASKS = 6
ASKS_PER = timedelta(hours=1)
KEEP_AFTER_EXPIRY = timedelta(days=1)


class AskedTooOften(Refusal):
    sentence = _(
        "We have sent several codes to this address. Wait an hour, or sign in with a passkey."
    )
    field = "email"


class CodeDoesNotFit(Refusal):
    sentence = _("This is not the code in our mail. Check the digits and try again.")
    field = "code"


class CodeIsOver(Refusal):
    sentence = _("This code no longer works. Ask for a new one.")
    field = "code"


class LinkIsOver(Refusal):
    sentence = _("This link has been used or is too old. Sign in with your e-mail address.")


def ask_code(*, email: str, language: str, by: Actor, is_known_device: bool = False) -> int:
    """Have a code sent to the account with this address, if there is one.

    A device on which the account was used before has a number of codes of its own, so that
    strangers who ask for codes cannot keep somebody out.
    Returns the id that the visitor's session keeps. Raises EmailIsNotAnAddress, AskedTooOften
    (both alike for known and unknown addresses).
    """
    if not addresses.looks_like_one(email):
        raise EmailIsNotAnAddress
    name = "sign_in_code_known" if is_known_device else "sign_in_code"
    if not limits.take(name, addresses.normal(email), most=ASKS, per=ASKS_PER):
        raise AskedTooOften
    return _keep_code(email, language, by)


@transaction.atomic
def _keep_code(email: str, language: str, by: Actor) -> int:
    now = clock.now()
    pending = PendingCode(
        email=addresses.synthetic(email), created_at=now, expires_at=now + CODE_LASTS
    )
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
    pending.code_sealed = vault.seal(pending, "code_sealed", code, key_id=vault.house_key_id())
    pending.save(force_insert=True)
    ledger_ops.record(SignInCodeAsked(code_id=pending.id, language=language), by=by)
    return pending.id


def enter_code(*, code_id: int, code: str, by: Actor) -> Account:
    """The account that the code signs in. Raises CodeIsOver, CodeDoesNotFit.

    The try is counted in a commit of its own, before the code is looked at, so that neither a
    refusal nor a hundred tries at once take it back.
    """
    now = clock.now()
    alive = PendingCode.objects.filter(id=code_id, used_at=None, expires_at__gt=now)
    if not alive.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        raise CodeIsOver
    pending = PendingCode.objects.get(id=code_id)
    if not secrets.compare_digest(plain_digits(code), vault.open_(pending, "code_sealed")):
        raise CodeDoesNotFit
    account = Account.objects.filter(email=pending.email, is_active=True).first()
    if account is None:
        raise CodeDoesNotFit  # the code was sent to nobody: this was a guess
    if not alive.update(used_at=now, code_sealed=b""):
        raise CodeIsOver  # somebody used it a moment ago
    return account


@transaction.atomic
def enter_link(*, link: Link, by: Actor) -> Account:
    """The account that a sign-in link opens, once. Raises LinkIsOver."""
    account = Account.objects.filter(id=link.object_id or 0, is_active=True).first()
    if link.purpose != Link.Purpose.SIGN_IN or account is None or not use_link(link):
        raise LinkIsOver
    return account


def codes_due(now: datetime) -> QuerySet[PendingCode]:
    """Codes that expired a day before that moment."""
    return PendingCode.objects.filter(expires_at__lt=now - KEEP_AFTER_EXPIRY)


def sweep_codes() -> int:
    """Blank what expired and delete what expired a day ago; returns how many rows went."""
    now = clock.now()
    PendingCode.objects.filter(expires_at__lte=now).exclude(code_sealed=b"").update(code_sealed=b"")
    return codes_due(now).delete()[0]
