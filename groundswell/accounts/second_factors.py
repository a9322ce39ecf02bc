"""The second factors themselves, through allauth: authenticator apps, recovery codes, passkeys.

The one file (with ``adapters.py``) that knows allauth. It checks and makes things; what may be
done, and the record of it, is in ``accounts.operations.second_factors``.
"""

from __future__ import annotations

import json
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError

from groundswell.accounts.adapters import (
    SealingMFAAdapter,
    ceremony,
    opened_text,
    sealed_text,
)
from groundswell.accounts.models import Account
from groundswell.kernel import clock

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
STEP_SECONDS = 30  # RFC 6238 section 5.2
new_app_secret = generate_totp_secret


class DoesNotFit(Exception):
    """The browser's answer is not the answer to what we asked."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@contextmanager
def _fits() -> Iterator[None]:
    """Whatever a made-up answer breaks in the libraries means the same: it does not fit."""
    try:
        yield
    except (
        ValidationError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        struct.error,
    ) as bad:
        raise DoesNotFit from bad


def _parsed(answer: str) -> dict[str, Any]:
    with _fits():
        credential = json.loads(answer)
    if not isinstance(credential, dict):
        raise DoesNotFit
    return credential


def _of(account_id: int, kind: str) -> Authenticator | None:
    return Authenticator.objects.filter(user_id=account_id, type=kind).first()


def plain_digits(code: str) -> str:
    """The digits of a typed code: any script's digits to ASCII, everything else dropped."""
    digits = (unicodedata.digit(letter, None) for letter in unicodedata.normalize("NFKC", code))
    return "".join(str(digit) for digit in digits if digit is not None)


def has_any(account_id: int) -> bool:
    """Does this account have a passkey or an authenticator app?"""
    return Authenticator.objects.filter(user_id=account_id, type__in=KINDS).exists()


def who_have_any(account_ids: Iterable[int]) -> set[int]:
    """Those of these accounts that have a passkey or an authenticator app, in one query."""
    rows = Authenticator.objects.filter(user_id__in=set(account_ids), type__in=KINDS)
    return set(rows.values_list("user_id", flat=True))


def has_app(account_id: int) -> bool:
    return _of(account_id, Authenticator.Type.TOTP) is not None


def app_address(account: Account, secret: str) -> str:
    """The ``otpauth:`` address that an authenticator app reads from the QR code."""
    return SealingMFAAdapter().build_totp_url(account, secret)


def add_app(account: Account, secret: str) -> None:
    """Keep an authenticator app's secret, sealed."""
    with ceremony(account):
        TOTP.activate(account, secret)


def app_secret(account: Account) -> str | None:
    """The secret of the account's authenticator app, or None when there is none."""
    found = _of(account.id, Authenticator.Type.TOTP)
    if found is None:
        return None
    with ceremony(account):
        return decrypt(found.data["secret"])


def matching_step(secret: str, code: str) -> int | None:
    """The time step (RFC 6238) that this code belongs to, now or one step around it."""
    now = int(clock.now().timestamp()) // STEP_SECONDS
    typed = plain_digits(code)
    drift = settings.MFA_TOTP_TOLERANCE
    fits = [
        step
        for step in range(now - drift, now + drift + 1)
        if compare_user_code(actual=typed, expected=format_hotp_value(hotp_value(secret, step)))
    ]
    return fits[0] if fits else None


def make_recovery_codes(account: Account) -> list[str]:
    """Ten new recovery codes; the old ones end. The caller shows them once."""
    Authenticator.objects.filter(
        user_id=account.id, type=Authenticator.Type.RECOVERY_CODES
    ).delete()
    with ceremony(account):
        made = RecoveryCodes.activate(account)
        return [f"{code[:5]} {code[5:]}" for code in made.generate_codes()]


def use_recovery_code(account: Account, code: str) -> bool:
    """Take a recovery code, once. Call inside a transaction: allauth locks its row there."""
    found = _of(account.id, Authenticator.Type.RECOVERY_CODES)
    if found is None:
        return False
    with ceremony(account):
        return bool(RecoveryCodes(found).validate_code(plain_digits(code)))


def recovery_codes_left(account: Account) -> int:
    found = _of(account.id, Authenticator.Type.RECOVERY_CODES)
    if found is None:
        return 0
    with ceremony(account):
        return len(RecoveryCodes(found).get_unused_codes())


def begin_passkey(account: Account) -> tuple[str, dict[str, Any]]:
    """What the browser needs to make a passkey (JSON), and the state to keep until it answers."""
    with ceremony(account) as held:
        options = webauthn.begin_registration(account, passwordless=True)
    return json.dumps(options), held.session


def finish_passkey(account: Account, name: str, state: dict[str, Any], answer: str) -> int:
    """Keep the passkey that the browser made; returns its id. Raises DoesNotFit."""
    credential = _parsed(answer)
    with ceremony(account, state), _fits():
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    made = webauthn.WebAuthn.add(account, sealed_text(account, name), credential)
    return int(made.instance.pk)


def begin_passkey_sign_in(account: Account | None) -> tuple[str, dict[str, Any]]:
    """What the browser needs to use a passkey (of ``account``, or any it holds), and the state."""
    with ceremony(account) as held:
        options = webauthn.begin_authentication(account)
    return json.dumps(options), held.session


def account_id_in(answer: str) -> int:
    """Which account a passkey's answer claims to be. Raises DoesNotFit."""
    with ceremony(None), _fits():
        return int(webauthn.extract_user_from_response(_parsed(answer)).pk)


def check_passkey(account: Account, state: dict[str, Any], answer: str) -> int:
    """Verify a passkey's answer; returns the passkey's id. Raises DoesNotFit."""
    credential = _parsed(answer)
    with ceremony(account, state), _fits():
        webauthn.parse_authentication_response(credential)
        used = webauthn.complete_authentication(account, credential)
    used.last_used_at = clock.now()
    used.save(update_fields=["last_used_at"])
    return int(used.pk)


def passkeys(account: Account) -> list[Passkey]:
    """The account's passkeys, oldest first."""
    rows = Authenticator.objects.filter(user_id=account.id, type=Authenticator.Type.WEBAUTHN)
    return [
        Passkey(
            row.pk,
            opened_text(account, row.data["name"]),
            row.created_at,
            row.last_used_at,
        )
        for row in rows.order_by("id")
    ]


def remove(account: Account, kind: str, authenticator_id: int | None = None) -> bool:
    """Remove an authenticator app or one passkey; recovery codes go with the last of them."""
    rows = Authenticator.objects.filter(user_id=account.id, type=kind)
    if authenticator_id is not None:
        rows = rows.filter(id=authenticator_id)
    is_gone = bool(rows.delete()[0])
    if not has_any(account.id):
        Authenticator.objects.filter(user_id=account.id).delete()
    return is_gone
