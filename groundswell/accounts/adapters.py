"""What allauth asks us: how to seal a second factor, and what to call us on a person's device.

Every call into ``allauth.mfa`` happens inside a :class:`Ceremony`, which names the account (so
that a sealed secret opens for that account only) and carries the state that the browser's half of
a passkey needs, instead of a request.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from groundswell.accounts.models import Account
from groundswell.site import queries as site_queries
from groundswell.site import vault

_COLUMN = "second_factor"


@dataclass(slots=True)
class Ceremony:
    """Stands where allauth expects a request: the account in question and a place for state."""

    account: Account | None
    session: dict[str, Any] = field(default_factory=dict)


@contextmanager
def ceremony(account: Account | None, state: dict[str, Any] | None = None) -> Iterator[Ceremony]:
    """Let allauth's functions work on ``account``, starting from ``state``."""
    held = Ceremony(account, dict(state or {}))
    with context.request_context(cast("Any", held)):  # it asks for .session only
        yield held


class NotInACeremony(RuntimeError):
    """allauth was called from somewhere else than ``accounts.second_factors``: a bug."""


class MailLeavesByTheOutbox(RuntimeError):
    """allauth tried to send a mail itself: a page of it was mounted by mistake."""


class ClosedAccountAdapter(DefaultAccountAdapter):
    """allauth's own sign-up and mails are closed; ours are in ``accounts.operations``."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        raise MailLeavesByTheOutbox(template_prefix)


class SealingMFAAdapter(DefaultMFAAdapter):
    """Seals secrets under the house key, bound to the account, and names us without a request."""

    def encrypt(self, text: str) -> str:
        """The sealed form of a secret, as text for allauth's JSON column."""
        return sealed_text(_account(), text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises CannotOpen when it was sealed for another account, or changed."""
        return opened_text(_account(), encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return vault.open_(user, "email_sealed")

    def get_totp_issuer(self) -> str:
        return site_queries.installation_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = urlsplit(settings.GROUNDSWELL_ORIGIN).hostname or ""
        return {"id": host, "name": site_queries.installation_name()}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        # The device shows this when it asks which passkey; a name says less than an address.
        entity = super().get_public_key_credential_user_entity(user)
        shown = vault.open_(user, "name_sealed") or vault.open_(user, "email_sealed")
        return {**entity, "display_name": shown, "name": shown}


def sealed_text(account: Account, text: str) -> str:
    """``text`` sealed for the second factor of this account and no other, in base 64."""
    sealed = vault.seal(account, _COLUMN, text, key_id=vault.house_key_id())
    return base64.b64encode(sealed).decode("ascii")


def opened_text(account: Account, sealed: str) -> str:
    """The clear text of :func:`sealed_text`. Raises CannotOpen."""
    return vault.open_value(account, _COLUMN, base64.b64decode(sealed))


def _account() -> Account:
    held = context.request
    if not isinstance(held, Ceremony) or held.account is None:
        raise NotInACeremony("call this through accounts.second_factors")
    return held.account
