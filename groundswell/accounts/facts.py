"""What happened to accounts, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import KEEP_NINETY_DAYS, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(Fact):
    sentence: ClassVar[str | Promise] = _("Made an account.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInvited(Fact):
    """Heard above: a mail with a link that signs in once (``make_link`` with ``sign_in``)."""

    sentence: ClassVar[str | Promise] = _("Invited somebody to the team.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed(Fact):
    sentence: ClassVar[str | Promise] = _("Closed an account.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanged(Fact):
    sentence: ClassVar[str | Promise] = _("Changed their name, language or time zone.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Fact):
    sentence: ClassVar[str | Promise] = _("Gave somebody a role.")
    account_id: int
    role: str
    scope: str = "installation"  # kernel/scopes.py


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Fact):
    sentence: ClassVar[str | Promise] = _("Ended somebody's role.")
    account_id: int
    role: str
    scope: str = "installation"  # kernel/scopes.py


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInCodeAsked(Fact):
    """Heard above: a mail with the code (``queries.code_mail``), if an account has the address."""

    sentence: ClassVar[str | Promise] = _("Asked for a code to sign in.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    code_id: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInOnNewDevice(Fact):
    """Heard above: the account's owner is told."""

    sentence: ClassVar[str | Promise] = _("Signed in on a device that was not known.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Fact):
    sentence: ClassVar[str | Promise] = _("Signed in.")
    account_id: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Fact):
    sentence: ClassVar[str | Promise] = _("Signed a device out.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutEverywhere(Fact):
    sentence: ClassVar[str | Promise] = _("Signed out on every device.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(Fact):
    sentence: ClassVar[str | Promise] = _("Added a second step for signing in.")
    account_id: int
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(Fact):
    sentence: ClassVar[str | Promise] = _("Removed a second step for signing in.")
    account_id: int
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade(Fact):
    sentence: ClassVar[str | Promise] = _("Made new recovery codes.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(Fact):
    sentence: ClassVar[str | Promise] = _("Signed in with a recovery code.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EverythingLocked(Fact):
    """Heard above: everybody with a role is told."""

    sentence: ClassVar[str | Promise] = _("Locked the whole installation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockBegun(Fact):
    """Heard above: the other owners are told that one more of them is needed."""

    sentence: ClassVar[str | Promise] = _("Was the first of two owners to unlock.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EverythingUnlocked(Fact):
    """Heard above: everybody with a role is told."""

    sentence: ClassVar[str | Promise] = _("Unlocked the installation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked(Fact):
    """Heard above: the person and the owners are told."""

    sentence: ClassVar[str | Promise] = _("Locked an account.")
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnlocked(Fact):
    """Heard above: the person and the owners are told."""

    sentence: ClassVar[str | Promise] = _("Unlocked an account.")
    account_id: int
