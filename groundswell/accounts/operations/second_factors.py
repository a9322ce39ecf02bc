"""Second steps: added, used, removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits, policy, second_factors
from groundswell.accounts.facts import (
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
)
from groundswell.accounts.models import Account, Grant, UsedCode, is_live
from groundswell.accounts.operations.accounts import OnlyYourOwn
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops

TRIES_NOW, TRIES_NOW_PER = 5, timedelta(minutes=15)
TRIES_A_DAY = 20
USED_CODES_KEPT = timedelta(days=1)
PASSKEY_NAME_MOST = 60


class TooManyTries(Refusal):
    sentence = _("Those were several wrong codes. Wait a quarter of an hour, then try again.")
    field = "code"


class CodeWasUsed(Refusal):
    sentence = _("This code has been used. Wait for the next one in your app.")
    field = "code"


class RecoveryCodeDoesNotFit(Refusal):
    sentence = _("This is not one of your unused recovery codes. Each of them works once.")
    field = "code"


class AppCodeDoesNotFit(Refusal):
    sentence = _("This is not the code your app shows now. Check that your phone's clock is right.")
    field = "code"


class AppExists(Refusal):
    sentence = _("You have an authenticator app already. Remove it first to set up another one.")


class TeamNeedsASecondStep(Refusal):
    sentence = _("The team sees people's data. Add another second step first, then remove this.")


class PasskeyDoesNotFit(Refusal):
    sentence = _("This passkey did not work here. Try again, or sign in with a code by e-mail.")


class PasskeyNeedsAName(Refusal):
    sentence = _("Give the passkey a name of up to 60 letters, such as the device it is on.")
    field = "name"


def _check_own(account_id: int, by: Actor) -> None:
    if not policy.can_change_own(by, account_id):
        raise OnlyYourOwn


def _take_a_try(account_id: int, *, is_known_device: bool) -> None:
    """A device on which the account was used before has tries of its own: whoever reads
    somebody's mail cannot use them up."""
    key, kind = str(account_id), "_known" if is_known_device else ""
    if not limits.take(f"second_step{kind}", key, most=TRIES_NOW, per=TRIES_NOW_PER):
        raise TooManyTries
    if not limits.take(f"second_step_day{kind}", key, most=TRIES_A_DAY, per=timedelta(days=1)):
        raise TooManyTries


def _mark_used(account_id: int, step: int) -> None:
    """One row per used time step: a second process, or a second spelling, meets it here."""
    try:
        with transaction.atomic():
            UsedCode(account_id=account_id, step=step, used_at=clock.now()).save(force_insert=True)
    except IntegrityError as used:
        raise CodeWasUsed from used


@transaction.atomic
def add_app(*, account_id: int, secret: str, code: str, by: Actor) -> list[str]:
    """Add an authenticator app, proven by one of its codes.

    Returns new recovery codes to show once, empty when the account has unused ones. Raises
    OnlyYourOwn, AppExists, AppCodeDoesNotFit.
    """
    _check_own(account_id, by)
    account = Account.objects.select_for_update().get(id=account_id)
    if second_factors.has_app(account_id):
        raise AppExists
    step = second_factors.matching_step(secret, code)
    if step is None:
        raise AppCodeDoesNotFit
    _mark_used(account_id, step)
    second_factors.add_app(account, secret)
    ledger_ops.record(SecondFactorAdded(account_id=account_id, factor="app"), by=by)
    return _first_codes(account, by)


def use_app(*, account: Account, code: str, is_known_device: bool = False) -> None:
    """Check a code of the authenticator app; each counts once, on every machine.

    Raises TooManyTries, AppCodeDoesNotFit, CodeWasUsed.
    """
    _take_a_try(account.id, is_known_device=is_known_device)
    secret = second_factors.app_secret(account)
    step = second_factors.matching_step(secret, code) if secret else None
    if step is None:
        raise AppCodeDoesNotFit
    _mark_used(account.id, step)


def use_recovery_code(
    *, account: Account, code: str, by: Actor, is_known_device: bool = False
) -> None:
    """Take one recovery code, once. Raises TooManyTries, RecoveryCodeDoesNotFit."""
    _take_a_try(account.id, is_known_device=is_known_device)
    with transaction.atomic():
        if not second_factors.use_recovery_code(account, code):
            raise RecoveryCodeDoesNotFit
        ledger_ops.record(RecoveryCodeUsed(account_id=account.id), by=by)


def _first_codes(account: Account, by: Actor) -> list[str]:
    if second_factors.recovery_codes_left(account):
        return []
    return _new_codes(account, by)


def _new_codes(account: Account, by: Actor) -> list[str]:
    codes = second_factors.make_recovery_codes(account)
    ledger_ops.record(RecoveryCodesMade(account_id=account.id), by=by)
    return codes


@transaction.atomic
def new_recovery_codes(*, account_id: int, by: Actor) -> list[str]:
    """Ten new recovery codes to show once; the old ones end. Raises OnlyYourOwn."""
    _check_own(account_id, by)
    return _new_codes(Account.objects.select_for_update().get(id=account_id), by)


@transaction.atomic
def add_passkey(
    *, account_id: int, name: str, state: dict[str, Any], answer: str, by: Actor
) -> list[str]:
    """Keep the passkey that the browser made for ``state``.

    Returns new recovery codes to show once, empty when the account has unused ones. Raises
    OnlyYourOwn, PasskeyNeedsAName, PasskeyDoesNotFit.
    """
    _check_own(account_id, by)
    called = clean_line(name)
    if not called or len(called) > PASSKEY_NAME_MOST:
        raise PasskeyNeedsAName
    account = Account.objects.select_for_update().get(id=account_id)
    _fitting(lambda: second_factors.finish_passkey(account, called, state, answer))
    ledger_ops.record(SecondFactorAdded(account_id=account_id, factor="passkey"), by=by)
    return _first_codes(account, by)


def use_passkey(*, account_id: int | None, state: dict[str, Any], answer: str) -> Account:
    """The account that a passkey signs in; ``account_id`` is the only one it may be, if given.

    Raises PasskeyDoesNotFit.
    """
    claimed = _fitting(lambda: second_factors.account_id_in(answer))
    account = Account.objects.filter(id=claimed, is_active=True).first()
    if account is None or (account_id is not None and claimed != account_id):
        raise PasskeyDoesNotFit
    _fitting(lambda: second_factors.check_passkey(account, state, answer))
    return account


def _fitting(work: Callable[[], int]) -> int:
    try:
        return work()
    except second_factors.DoesNotFit as bad:
        raise PasskeyDoesNotFit from bad


@transaction.atomic
def remove_app(*, account_id: int, by: Actor) -> None:
    """Remove the authenticator app; twice is harmless. Raises OnlyYourOwn, TeamNeedsASecondStep."""
    _remove(account_id, "totp", None, "app", by)


@transaction.atomic
def remove_passkey(*, account_id: int, passkey_id: int, by: Actor) -> None:
    """Remove one passkey; twice is harmless. Raises OnlyYourOwn, TeamNeedsASecondStep."""
    _remove(account_id, "webauthn", passkey_id, "passkey", by)


def _remove(account_id: int, kind: str, row_id: int | None, factor: str, by: Actor) -> None:
    _check_own(account_id, by)
    account = Account.objects.select_for_update().get(id=account_id)
    if second_factors.remove(account, kind, row_id):
        has_role = Grant.objects.filter(is_live(clock.now()), account_id=account_id).exists()
        if has_role and not second_factors.has_any(account_id):
            raise TeamNeedsASecondStep  # rolls the removal back
        ledger_ops.record(SecondFactorRemoved(account_id=account_id, factor=factor), by=by)


def used_codes_due(now: datetime) -> QuerySet[UsedCode]:
    """Codes that were used more than a day before that moment."""
    return UsedCode.objects.filter(used_at__lt=now - USED_CODES_KEPT)


def sweep_used_codes() -> int:
    """Forget used codes of yesterday; returns how many."""
    return used_codes_due(clock.now()).delete()[0]
