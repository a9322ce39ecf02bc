"""What the database holds of a sign-in, and what allauth may not do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.adapters import (
    ClosedAccountAdapter,
    MailLeavesByTheOutbox,
    NotInACeremony,
    SealingMFAAdapter,
)
from groundswell.accounts.models import Account
from tests.running.passkey import SoftwarePasskey
from tests.running.signing_in import (
    HERE,
    SECRET,
    app_code,
    ask,
    make,
    with_app,
    with_passkey,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_localhost(settings) -> None:
    settings.GROUNDSWELL_ORIGIN = HERE


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_sign_in_stands_clear_in_the_database() -> None:
    account = make("planted-canary@example.org")
    recovery = with_app(account)
    with_passkey(account, SoftwarePasskey(HERE), "planted-device")
    code = accounts_queries.pending_code(ask("planted-canary@example.org")) or ""
    planted = [
        "planted-canary",
        "Khan",
        SECRET,
        "planted-device",
        code,
        recovery[0][:5],
    ]

    assert found_in_the_file(planted) == []


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_nothing_clear_control_a_clear_column_is_found() -> None:
    account = make()
    Account.objects.filter(id=account.id).update(zone="planted-control")

    assert found_in_the_file(["planted-control", "Khan"]) == ["planted-control"]


def found_in_the_file(planted: list[str]) -> list[str]:
    name = str(connection.settings_dict["NAME"])
    files = [Path(name), Path(f"{name}-wal")]
    # In a process of its own: closing a file that SQLite has open in this one would drop its
    # locks (POSIX), and the next process would take the log away under our connections.
    names = [str(path) for path in files if path.exists()]
    held = subprocess.run(["cat", *names], capture_output=True, check=True).stdout
    return [text for text in planted if text.encode() in held]


def test_a_sealed_secret_opens_for_its_own_account_only() -> None:
    account, other = make(), make("other@example.org")
    with_app(account)
    Authenticator.objects.update(user=other)

    with pytest.raises(Exception, match="wrong place"):
        accounts_ops.use_app(account=other, code=app_code())


def test_allauth_cannot_seal_outside_a_ceremony_nor_mail_nor_open_sign_up() -> None:
    with pytest.raises(NotInACeremony):
        SealingMFAAdapter().encrypt("x")
    with pytest.raises(MailLeavesByTheOutbox):
        ClosedAccountAdapter().send_mail("account/email/login_code", "a@example.org", {})
    assert ClosedAccountAdapter().is_open_for_signup(None) is False
    assert EmailAddress.objects.count() == 0


def test_app_address_names_the_installation_and_the_person() -> None:
    address = accounts_queries.app_address(make(), SECRET)

    assert address == (f"otpauth://totp/amina%40example.org?secret={SECRET}&issuer=Groundswell")
