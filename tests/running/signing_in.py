"""What the sign-in tests share: an account, its owner, an authenticator app, a passkey."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor, Role
from tests.running.passkey import SoftwarePasskey

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HERE = "http://localhost:8000"  # the one name without TLS that browsers allow passkeys on


def make(email: str = "amina@example.org", *roles: Role) -> Account:
    return accounts_ops.create_account(email=email, name="Amina Khan", roles=roles, by=SYSTEM)


def own(account: Account) -> Actor:
    return actors.account(account.id, frozenset())


def own_of(actor: Actor) -> Actor:
    """The same account without its roles."""
    assert actor.id is not None
    return actors.account(actor.id, frozenset())


def ask(email: str = "amina@example.org") -> int:
    return accounts_ops.ask_code(email=email, language="en", by=VISITOR)


def app_code(steps: int = 0) -> str:
    step = int(clock.now().timestamp()) // 30 + steps
    return format_hotp_value(hotp_value(SECRET, step))


def code_of(secret: str) -> str:
    """What an app with this secret shows now, by the clock of the machine."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(account: Account) -> list[str]:
    return accounts_ops.add_app(
        account_id=account.id, secret=SECRET, code=app_code(-1), by=own(account)
    )


def with_passkey(account: Account, device: SoftwarePasskey, name: str = "Phone") -> list[str]:
    options, state = accounts_queries.begin_passkey(account)
    return accounts_ops.add_passkey(
        account_id=account.id,
        name=name,
        state=state,
        answer=device.make(options),
        by=own(account),
    )
