"""Your account page: what you may change, and that it takes a recent sign-in to weaken it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, PendingCode, Session
from groundswell.kernel import clock
from groundswell.kernel.actor import Role
from tests.running.passkey import SoftwarePasskey
from tests.running.signing_in import HERE, make, own, with_app, with_passkey

pytestmark = pytest.mark.django_db

PAGES = ["my_account", "my_second_step", "my_app", "my_passkeys"]
POSTS = ["my_app_start", "my_app_remove", "my_passkey_begin", "my_recovery_codes"]


@pytest.fixture(autouse=True)
def on_localhost_in_english(settings: Any) -> Iterator[None]:
    settings.GROUNDSWELL_ORIGIN = HERE
    with translation.override("en"):
        yield


def sign_in(client: Client, email: str = "amina@example.org") -> Client:
    client.post(reverse("sign_in"), {"email": email})
    code = accounts_queries.pending_code(PendingCode.objects.order_by("-id")[0].id)
    client.post(reverse("sign_in_code"), {"code": code})
    return client


@pytest.fixture
def account() -> Account:
    return make()


@pytest.fixture
def me(account: Account, client: Client) -> Client:
    return sign_in(client)


def text(response: Any) -> str:
    return response.content.decode()


def codes_in(page: str) -> list[str]:
    return re.findall(r"<code>(\d{5} \d{5})</code>", page)


def test_visitors_see_nothing(client: Client) -> None:
    account = make()
    for name in PAGES:
        assert client.get(reverse(name)).status_code in {302, 403}
    for name in POSTS:
        assert client.post(reverse(name)).status_code in {302, 403}
    assert not accounts_queries.has_second_factor(account)


def test_the_page_shows_name_and_this_device(me: Client) -> None:
    page = text(me.get(reverse("my_account")))

    assert 'value="Amina Khan"' in page
    assert "this device" in page
    assert "amina@example.org" not in page


def test_name_and_language_are_saved(me: Client, account: Account) -> None:
    given = {"name": " José\u202e  Ñandú ", "language": "es", "zone": "America/Lima"}

    saved = me.post(reverse("my_account"), given)

    account.refresh_from_db()
    assert saved.status_code == 302
    assert accounts_queries.name_of(account) == "José Ñandú"
    assert (account.language, account.zone) == ("es", "America/Lima")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 5000),
        ("language", "xx"),
        ("zone", "Mars/Base"),
        ("zone", ""),
    ],
)
def test_bad_answers_are_shown_beside_the_field(
    me: Client, account: Account, field: str, value: str
) -> None:
    given = {"name": "Amina", "language": "en", "zone": "UTC", field: value}

    refused = me.post(reverse("my_account"), given)

    account.refresh_from_db()
    assert refused.status_code == 422
    assert f'id="id_{field}_error"' in text(refused)
    assert accounts_queries.name_of(account) == "Amina Khan"


def set_up_app(client: Client) -> tuple[str, Any]:
    """Through the pages, as a phone without JavaScript would: returns the secret and the answer."""
    client.post(reverse("my_app_start"))
    page = text(client.get(reverse("my_app")))
    secret = re.findall(r"secret=([A-Z2-7]{32})", page)[0]
    step = int(clock.now().timestamp()) // 30
    answer = client.post(reverse("my_app"), {"code": format_hotp_value(hotp_value(secret, step))})
    return secret, answer


def test_an_app_is_set_up_and_its_recovery_codes_are_shown_once(
    me: Client, account: Account
) -> None:
    _secret, answer = set_up_app(me)

    assert len(codes_in(text(answer))) == 10
    assert accounts_queries.has_app(account)
    assert me.session["mfa_at"]
    assert "app_secret" not in me.session
    for name in PAGES:
        assert codes_in(text(me.get(reverse(name)))) == []


def test_opening_the_app_page_makes_nothing(me: Client) -> None:
    for _ in range(2):
        assert "otpauth" not in text(me.get(reverse("my_app")))
    me.get(reverse("my_app_start"))

    assert "app_secret" not in me.session


def test_a_wrong_code_keeps_the_same_secret_to_try_again(me: Client, account: Account) -> None:
    me.post(reverse("my_app_start"))
    before = me.session["app_secret"]

    refused = me.post(reverse("my_app"), {"code": "abc"})

    assert refused.status_code == 422
    assert before in text(refused)
    assert not accounts_queries.has_app(account)


def test_new_recovery_codes_end_the_old_ones(me: Client, account: Account) -> None:
    _secret, answer = set_up_app(me)
    old = codes_in(text(answer))

    new = codes_in(text(me.post(reverse("my_recovery_codes"))))

    assert len(set(old) | set(new)) == 20
    with pytest.raises(accounts_ops.RecoveryCodeDoesNotFit):
        accounts_ops.use_recovery_code(account=account, code=old[0], by=own(account))


def test_recovery_codes_need_a_second_step_to_recover(me: Client) -> None:
    assert me.post(reverse("my_recovery_codes")).status_code == 302


def add_passkey(client: Client, device: SoftwarePasskey, name: str = "My phone") -> Any:
    options = client.post(reverse("my_passkey_begin")).content.decode()
    return client.post(reverse("my_passkeys"), {"name": name, "answer": device.make(options)})


def test_a_passkey_is_added_named_and_removed(me: Client, account: Account) -> None:
    answer = add_passkey(me, SoftwarePasskey(HERE), "My <b>phone</b>")
    page = text(me.get(reverse("my_account")))
    held = accounts_queries.passkeys(account)[0]

    assert len(codes_in(text(answer))) == 10
    assert "My &lt;b&gt;phone&lt;/b&gt;" in page
    me.get(reverse("my_passkey_remove", args=[held.id]))
    assert accounts_queries.has_second_factor(account)
    me.post(reverse("my_passkey_remove", args=[held.id]))
    assert not accounts_queries.has_second_factor(account)


def test_a_passkey_answer_to_no_question_is_refused(me: Client, account: Account) -> None:
    device = SoftwarePasskey(HERE)
    options = me.post(reverse("my_passkey_begin")).content.decode()
    answer = {"name": "x", "answer": device.make(options)}
    assert me.post(reverse("my_passkeys"), {"name": "x", "answer": "{}"}).status_code == 422

    assert me.post(reverse("my_passkeys"), answer).status_code == 422
    assert not accounts_queries.has_second_factor(account)


def test_somebody_elses_passkey_and_device_stay(me: Client) -> None:
    other = make("other@example.org")
    with_passkey(other, SoftwarePasskey(HERE))
    theirs = sign_in(Client(), "other@example.org")
    session = Session.objects.filter(account=other).first()

    me.post(reverse("my_passkey_remove", args=[accounts_queries.passkeys(other)[0].id]))
    if session is not None:
        me.post(reverse("my_device_end", args=[session.id]))

    assert len(accounts_queries.passkeys(other)) == 1
    assert theirs.get(reverse("second_step")).status_code == 200


def test_a_team_member_cannot_remove_the_last_second_step(client: Client) -> None:
    owner = make("owner@example.org", Role.OWNER)
    me = sign_in(client, "owner@example.org")
    set_up_app(me)

    answer = me.post(reverse("my_app_remove"), follow=True)

    assert "Add another second step first" in text(answer)
    assert accounts_queries.has_app(owner)


def test_changing_a_second_step_takes_a_recent_sign_in(
    me: Client, account: Account, still_clock: Any
) -> None:
    set_up_app(me)
    held = with_passkey(account, SoftwarePasskey(HERE))
    still_clock.shift(timedelta(minutes=30, seconds=1))

    for name in ["my_app", "my_passkeys"]:
        where = me.get(reverse(name))["Location"]
        assert where.startswith(reverse("sign_in") + "?next=")
    for name in ["my_app", "my_app_remove", "my_passkeys", "my_recovery_codes"]:
        assert me.post(reverse(name)).status_code == 302
    passkey = accounts_queries.passkeys(account)[0]
    me.post(reverse("my_passkey_remove", args=[passkey.id]))

    assert held == []
    assert accounts_queries.has_app(account)
    assert len(accounts_queries.passkeys(account)) == 1
    assert accounts_queries.recovery_codes_left(account) == 10


def test_a_device_that_is_signed_out_is_out_at_its_next_request(
    me: Client, account: Account
) -> None:
    other = sign_in(Client())
    row = next(
        d
        for d in accounts_queries.devices(account, this_key=me.session.session_key)
        if not d.is_this
    )
    assert other.get(reverse("my_account")).status_code == 200

    me.post(reverse("my_device_end", args=[row.session_id]))

    assert other.get(reverse("my_account")).status_code != 200
    assert me.get(reverse("my_account")).status_code == 200


def test_control_a_session_that_is_not_ended_stays_in(me: Client, account: Account) -> None:
    other = sign_in(Client())

    me.get(reverse("my_account"))

    assert other.get(reverse("my_account")).status_code == 200


def test_sign_out_everywhere_ends_this_device_too(me: Client, account: Account) -> None:
    other = sign_in(Client())

    me.post(reverse("my_sign_out_everywhere"))

    for client in (me, other):
        assert client.get(reverse("my_account")).status_code != 200
    assert Session.objects.filter(account=account).count() == 0


def test_a_closed_account_is_out_at_its_next_request(me: Client, account: Account) -> None:
    Account.objects.filter(id=account.id).update(is_active=False)

    assert me.get(reverse("my_account")).status_code != 200


def test_the_device_list_takes_as_many_queries_for_three_as_for_one(
    me: Client, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        me.get(reverse("my_account"))
    with_one = len(one)
    for _ in range(2):
        sign_in(Client())

    with django_assert_num_queries(with_one):
        me.get(reverse("my_account"))


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
def test_every_page_is_there_in_every_language(me: Client, language: str) -> None:
    me.post(reverse("my_app_start"))
    with translation.override(language):
        answers = [me.get(reverse(name)) for name in PAGES]

    assert [answer.status_code for answer in answers] == [200] * 4
    for answer in answers:
        assert f'<html lang="{language}"' in text(answer)
        assert "style=" not in text(answer)


def test_with_app_and_passkey_the_page_offers_both(me: Client, account: Account) -> None:
    with_app(account)
    with_passkey(account, SoftwarePasskey(HERE))

    page = text(me.get(reverse("my_account")))

    assert reverse("my_app_remove") in page
    assert "10 codes are left" in page
