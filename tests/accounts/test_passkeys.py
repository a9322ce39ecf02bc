"""Passkeys, made and used by a software device through the real library."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.actor import SYSTEM
from tests.running.passkey import SoftwarePasskey
from tests.running.signing_in import (
    HERE,
    make,
    own,
    with_passkey,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_localhost(settings) -> None:
    settings.GROUNDSWELL_ORIGIN = HERE


def test_passkey_is_made_and_signs_in_without_saying_who() -> None:
    account, device = make(), SoftwarePasskey(HERE)

    codes = with_passkey(account, device, "Amina's phone")
    options, state = accounts_queries.begin_passkey_sign_in(None)
    signed_in = accounts_ops.use_passkey(account_id=None, state=state, answer=device.use(options))

    assert signed_in == account
    assert len(codes) == 10
    assert [p.name for p in accounts_queries.passkeys(account)] == ["Amina's phone"]
    assert json.loads(options)["publicKey"]["userVerification"] == "required"
    assert "Khan" not in json.dumps(Authenticator.objects.get(type="webauthn").data)
    assert "phone" not in json.dumps(Authenticator.objects.get(type="webauthn").data)


def test_passkey_answer_to_another_question_does_not_fit() -> None:
    account, device = make(), SoftwarePasskey(HERE)
    with_passkey(account, device)
    options, _state = accounts_queries.begin_passkey_sign_in(None)
    answer = device.use(options)
    _options, other = accounts_queries.begin_passkey_sign_in(None)

    for state in (other, {}):
        with pytest.raises(accounts_ops.PasskeyDoesNotFit):
            accounts_ops.use_passkey(account_id=None, state=state, answer=answer)


def test_answer_nested_without_end_does_not_fit() -> None:
    _options, state = accounts_queries.begin_passkey_sign_in(None)

    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.use_passkey(account_id=None, state=state, answer="[" * 3000)


def test_passkey_of_another_site_or_unverified_does_not_fit() -> None:
    account = make()

    for device in (
        SoftwarePasskey("https://evil.example"),
        SoftwarePasskey(HERE, verifies=False),
    ):
        with pytest.raises(accounts_ops.PasskeyDoesNotFit):
            with_passkey(account, device)
    assert not accounts_queries.has_second_factor(account)


def test_passkey_of_another_key_or_account_does_not_fit() -> None:
    account, other = make(), make("other@example.org")
    device, thief = SoftwarePasskey(HERE), SoftwarePasskey(HERE)
    with_passkey(account, device)
    with_passkey(other, thief)
    options, state = accounts_queries.begin_passkey_sign_in(account)

    thief.owner = device.owner
    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.use_passkey(account_id=None, state=state, answer=thief.use(options))
    thief.credential_id = device.credential_id
    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.use_passkey(account_id=None, state=state, answer=thief.use(options))
    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.use_passkey(account_id=other.id, state=state, answer=device.use(options))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "[]",
        "null",
        "{",
        "\x00",
        "{}",
        '{"response": []}',
        '{"response": {"userHandle": "!!"}}',
        '{"response": {"userHandle": "MQ"}}',
        (
            '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
            '{"attestationObject": "AA", "clientDataJSON": "e30"}}'
        ),
    ],
)
def test_passkey_answers_that_are_none_do_not_fit(answer: str) -> None:
    account = make()
    _options, state = accounts_queries.begin_passkey(account)

    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.add_passkey(
            account_id=account.id, name="x", state=state, answer=answer, by=own(account)
        )
    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.use_passkey(account_id=None, state=state, answer=answer)


@pytest.mark.parametrize("name", ["", "\x00", "x" * 61])
def test_passkey_needs_a_name(name: str) -> None:
    with pytest.raises(accounts_ops.PasskeyNeedsAName):
        with_passkey(make(), SoftwarePasskey(HERE), name)


def test_passkey_of_a_closed_account_does_not_fit() -> None:
    account, device = make(), SoftwarePasskey(HERE)
    with_passkey(account, device)
    accounts_ops.close_account(account_id=account.id, by=SYSTEM)
    options, state = accounts_queries.begin_passkey_sign_in(None)

    with pytest.raises(accounts_ops.PasskeyDoesNotFit):
        accounts_ops.use_passkey(account_id=None, state=state, answer=device.use(options))


def test_passkey_is_removed_by_its_owner_only_and_others_stay() -> None:
    account, other = make(), make("other@example.org")
    with_passkey(account, SoftwarePasskey(HERE), "Phone")
    with_passkey(account, SoftwarePasskey(HERE), "Laptop")
    phone = accounts_queries.passkeys(account)[0]

    accounts_ops.remove_passkey(account_id=other.id, passkey_id=phone.id, by=own(other))
    assert len(accounts_queries.passkeys(account)) == 2
    accounts_ops.remove_passkey(account_id=account.id, passkey_id=phone.id, by=own(account))

    assert [p.name for p in accounts_queries.passkeys(account)] == ["Laptop"]
