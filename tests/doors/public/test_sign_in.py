"""Signing in through the pages, without JavaScript unless a passkey is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import PendingCode, Session
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.ledger.models import Entry
from tests.running.passkey import SoftwarePasskey
from tests.running.signing_in import HERE, app_code, make, own, with_app, with_passkey

pytestmark = pytest.mark.django_db

ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture(autouse=True)
def on_localhost_in_english(settings: Any) -> Iterator[None]:
    settings.GROUNDSWELL_ORIGIN = HERE
    with translation.override("en"):
        yield


def ask(client: Client, email: str = "amina@example.org", **query: str) -> Any:
    return client.post(reverse("sign_in", query=query or None), {"email": email})


def newest_code() -> str:
    newest = PendingCode.objects.order_by("-id")[0]
    return accounts_queries.pending_code(newest.id) or ""


def enter(client: Client, code: str | None = None) -> Any:
    return client.post(reverse("sign_in_code"), {"code": code or newest_code()})


def is_in(client: Client) -> bool:
    return client.get(reverse("my_account")).status_code == 200


def test_a_code_signs_in_and_names_the_device(client: Client) -> None:
    account = make()

    asked = ask(client)
    entered = client.post(
        reverse("sign_in_code"),
        {"code": newest_code()},
        headers={"user-agent": ANDROID},
    )

    assert (asked.status_code, asked["Location"]) == (302, reverse("sign_in_code"))
    assert (entered.status_code, entered["Location"]) == (302, reverse("my_account"))
    assert is_in(client)
    row = Session.objects.get()
    assert (row.account_id, row.device_name) == (account.id, "Firefox on Android")
    assert (row.expires_at - row.created_at) == timedelta(hours=12)
    signed = Entry.objects.get(kind="accounts.SignedIn")
    assert (signed.actor_id, signed.rest) == (
        account.id,
        {"account_id": account.id, "method": "code"},
    )


def test_the_session_key_changes_when_somebody_signs_in(client: Client) -> None:
    make()
    ask(client)
    before = client.cookies["session"].value

    enter(client)

    assert client.cookies["session"].value != before
    stranger = Client()
    stranger.cookies["session"] = before
    assert not is_in(stranger)


def seen(response: Any, typed: str = "") -> tuple[int, str, str, list[str]]:
    """What a visitor sees, less the tokens that differ for everybody and what they typed."""
    body = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode().replace(typed, ""))
    return (
        response.status_code,
        response.get("Location", ""),
        body,
        sorted(response.headers),
    )


def test_known_and_unknown_addresses_look_the_same_at_every_step() -> None:
    make()
    answers = []

    for email in ("amina@example.org", "nobody@example.org"):
        client = Client()
        steps = [ask(client, email), client.get(reverse("sign_in_code"))]
        steps += [enter(client, "00000000") for _ in range(6)]
        steps += [ask(client, email) for _ in range(6)]
        answers.append([seen(step, email) for step in steps])

    assert answers[0] == answers[1]
    assert [step[0] for step in answers[0]] == [302, 200] + [422] * 6 + [302] * 5 + [422]


def test_known_and_unknown_control_a_telling_page_is_seen(client: Client) -> None:
    make()

    known, unknown = ask(client), ask(Client(), "not an address")

    assert seen(known) != seen(unknown)


def test_bad_addresses_keep_what_was_typed_and_say_what_to_do(client: Client) -> None:
    for email in ("", "amina", "a@b@c.org", "a" * 300 + "@example.org"):
        answer = ask(client, email)

        assert answer.status_code == 422
        assert "There is one thing to put right" in answer.content.decode()
        assert email in answer.content.decode()
    assert Session.objects.count() == 0


def test_a_visitor_who_only_looks_gets_no_session(client: Client) -> None:
    client.get(reverse("sign_in"))

    assert Session.objects.count() == 0
    assert "session" not in client.cookies


def test_the_code_page_without_a_code_asked_leads_to_the_start(client: Client) -> None:
    for name in ("sign_in_code", "second_step", "sign_in_recovery"):
        assert client.get(reverse(name))["Location"] == reverse("sign_in")
        assert client.post(reverse(name), {"code": "1"})["Location"] == reverse("sign_in")


def test_a_code_of_another_visitor_does_not_fit(client: Client) -> None:
    make()
    make("other@example.org")
    ask(Client(), "other@example.org")
    theirs = newest_code()
    ask(client)

    assert enter(client, theirs).status_code == 422
    assert not is_in(client)


def test_the_second_step_is_asked_and_the_first_alone_opens_nothing(
    client: Client,
) -> None:
    with_app(make())
    ask(client)

    half = enter(client)

    assert half["Location"] == reverse("second_step")
    assert not is_in(client)
    assert client.get(reverse("second_step")).status_code == 200
    done = client.post(reverse("second_step"), {"code": app_code()})
    assert done["Location"] == reverse("my_account")
    assert client.session["mfa_at"] == client.session["signed_in_at"]
    assert is_in(client)


def test_the_second_step_refuses_wrong_and_used_codes(client: Client) -> None:
    account = make()
    with_app(account)
    accounts_ops.use_app(account=account, code=app_code())
    ask(client)
    enter(client)

    for code in ("000000", app_code(), "", "\x00"):
        assert client.post(reverse("second_step"), {"code": code}).status_code == 422
    assert not is_in(client)


def test_halfway_is_over_after_ten_minutes(client: Client, still_clock: Any) -> None:
    with_app(make())
    ask(client)
    enter(client)
    still_clock.shift(timedelta(minutes=10, seconds=1))

    late = client.post(reverse("second_step"), {"code": app_code()})

    assert late["Location"] == reverse("sign_in")
    assert not is_in(client)


def test_a_recovery_code_is_a_second_step_once(client: Client) -> None:
    codes = with_app(make())
    ask(client)
    enter(client)

    assert client.get(reverse("sign_in_recovery")).status_code == 200
    assert client.post(reverse("sign_in_recovery"), {"code": codes[0]}).status_code == 302
    assert is_in(client)
    other = Client()
    ask(other)
    enter(other)
    assert other.post(reverse("sign_in_recovery"), {"code": codes[0]}).status_code == 422


def test_a_passkey_is_both_steps_at_once(client: Client) -> None:
    account, device = make("owner@example.org", Role.OWNER), SoftwarePasskey(HERE)
    with_passkey(account, device)

    begun = client.post(reverse("sign_in_passkey_begin"))
    done = client.post(reverse("sign_in_passkey"), {"answer": device.use(begun.content.decode())})

    assert begun["Content-Type"] == "application/json"
    assert done["Location"] == reverse("office:home")
    assert client.session["mfa_at"]
    assert Entry.objects.get(kind="accounts.SignedIn").rest["method"] == "passkey"


def test_a_passkey_answer_works_once_and_only_where_it_was_asked(
    client: Client,
) -> None:
    device = SoftwarePasskey(HERE)
    with_passkey(make(), device)
    begun = client.post(reverse("sign_in_passkey_begin"))
    answer = {"answer": device.use(begun.content.decode())}

    assert Client().post(reverse("sign_in_passkey"), answer).status_code == 422
    assert client.post(reverse("sign_in_passkey"), answer).status_code == 302
    client.post(reverse("sign_out"))
    assert client.post(reverse("sign_in_passkey"), answer).status_code == 422
    assert client.post(reverse("sign_in_passkey"), {"answer": ""}).status_code == 302


def test_an_invitation_signs_in_once_by_the_button_not_by_opening(
    client: Client,
) -> None:
    account = accounts_ops.invite(
        email="owner@example.org", name="Owner", role=Role.OWNER, by=SYSTEM
    )
    token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)
    page = reverse("sign_in_link", kwargs={"token": token})

    for _ in range(3):
        assert client.get(page).status_code == 200
        assert client.head(page).status_code == 200
    assert not is_in(client)
    pressed = client.post(page)

    assert pressed["Location"] == reverse("my_second_step")
    assert client.get(reverse("my_second_step")).status_code == 200
    assert [client.get(page).status_code, Client().post(page).status_code] == [410, 410]


@pytest.mark.parametrize("token", ["x", "A" * 22, "A" * 5000, "%00", "é" * 22])
def test_odd_links_are_over(client: Client, token: str) -> None:
    page = reverse("sign_in_link", kwargs={"token": token})

    assert [client.get(page).status_code, client.post(page).status_code] == [410, 410]


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/en/my/account/app/", "/en/my/account/app/"),
        ("https://evil.example/", "/en/my/account/"),
        ("//evil.example/", "/en/my/account/"),
        ("/\\evil.example", "/en/my/account/"),
        ("javascript:alert(1)", "/en/my/account/"),
        ("", "/en/my/account/"),
    ],
)
def test_next_stays_here(client: Client, wanted: str, reached: str) -> None:
    make()
    ask(client, next=wanted)

    assert enter(client)["Location"] == reached


def test_an_owner_without_a_second_step_is_led_to_set_one_up(client: Client) -> None:
    make("owner@example.org", Role.OWNER)
    ask(client, "owner@example.org")

    assert enter(client)["Location"] == reverse("my_second_step")
    assert "mfa_at" not in client.session


def test_the_way_in_goes_on_in_the_language_of_the_account(client: Client) -> None:
    account = make()
    accounts_ops.change_profile(
        account_id=account.id, name="أمينة", language="ar", zone="UTC", by=own(account)
    )
    ask(client)

    with translation.override("ar"):
        assert enter(client)["Location"] == reverse("my_account")


def test_sign_out_ends_the_session(client: Client) -> None:
    make()
    ask(client)
    enter(client)

    client.get(reverse("sign_out"))
    assert is_in(client)
    client.post(reverse("sign_out"))

    assert not is_in(client)
    assert Session.objects.count() == 0


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
def test_every_page_is_there_in_every_language(client: Client, language: str) -> None:
    with_app(make())
    ask(client)
    enter(client)
    account = accounts_ops.invite(email="b@example.org", name="B", role=Role.OWNER, by=SYSTEM)
    token = accounts_ops.sign_in_link(account_id=account.id, by=SYSTEM)

    with translation.override(language):
        pages = [reverse(name) for name in ("sign_in", "second_step", "sign_in_recovery")]
        pages += [reverse("sign_in_link", kwargs={"token": token})]
    answers = [client.get(page) for page in pages]

    assert [answer.status_code for answer in answers] == [200] * 4
    direction = "rtl" if language == "ar" else "ltr"
    for answer in answers:
        assert f'<html lang="{language}" dir="{direction}"' in answer.content.decode()
        assert "style=" not in answer.content.decode()
