"""S22: mail posted by machines. What is signed is stored once; every kind of tampering is refused.

The payloads of providers are put together as their documentation shows them, in the form that
carries the raw mail: Mailgun's routes, Postmark's inbound webhook, SendGrid's Inbound Parse.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from groundswell.kernel import clock, signed_posts
from groundswell.outreach.models import Inbound
from groundswell.outreach.operations import aliases
from groundswell.outreach.relay import envelopes
from groundswell.site import vault
from groundswell.webhooks import mail as mail_door
from tests.factories import events as make

pytestmark = pytest.mark.django_db

SECRET, OLD_SECRET = "a-secret-of-thirty-two-letters-now", "the-secret-of-last-month-not-gone"
DOMAIN = "reply.example.org"
RAW = b"From: amina@example.org\r\nMessage-ID: <1@mail>\r\n\r\nI bring two friends.\r\n"


@pytest.fixture(autouse=True)
def installation(settings: Any) -> None:
    settings.GROUNDSWELL_RELAY_DOMAIN = DOMAIN
    settings.GROUNDSWELL_INBOUND_SECRETS = [SECRET, OLD_SECRET]


@pytest.fixture
def alias(db: None) -> str:
    """A living alias."""
    rsvp = make.signed_up(make.listed_event(), email="amina@example.org")
    assert rsvp.person_id is not None
    talk = aliases.open_conversation(event=rsvp.event, person_id=rsvp.person_id)
    assert talk is not None
    return aliases.address_of(talk, "person")


# --- raw mail, signed as Standard Webhooks say ---------------------------------------------------


def signed(body: bytes, *, secret: str = SECRET, post_id: str = "msg_1") -> dict[str, str]:
    now = int(clock.now().timestamp())
    code = signed_posts.sign(secret=secret, post_id=post_id, timestamp=now, body=body)
    return {"Webhook-Id": post_id, "Webhook-Timestamp": str(now), "Webhook-Signature": code}


def post(body: bytes, headers: dict[str, str]) -> int:
    client = Client(enforce_csrf_checks=True)
    sent = client.post("/webhooks/mail", body, content_type="message/rfc822", headers=headers)
    return sent.status_code


def wrapped(alias: str, raw: bytes = RAW) -> bytes:
    return envelopes.wrap(raw, sender="amina@example.org", recipients=(alias,))


def test_a_signed_mail_is_stored_with_its_envelope(alias: str) -> None:
    body = wrapped(alias)

    assert post(body, signed(body)) == 204
    row = Inbound.objects.get()
    told = json.loads(vault.open_(row, "mail_sealed"))
    assert (told["sender"], base64.b64decode(told["raw"])) == ("<amina@example.org>", RAW)
    assert RAW not in bytes(row.mail_sealed)


def test_the_example_of_the_standard() -> None:
    """standard-webhooks, spec/standard-webhooks.md: the key, the message and its signature."""
    code = signed_posts.sign(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        post_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert code == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_older_secret_and_a_list_of_signatures_are_good_too(alias: str) -> None:
    body = wrapped(alias)
    old = signed(body, secret=OLD_SECRET, post_id="old")
    both = signed(body, post_id="both")
    both["Webhook-Signature"] = "v1a,xyz v1,AAAA " + both["Webhook-Signature"]

    assert [post(body, old), post(body, both)] == [204, 204]
    assert Inbound.objects.count() == 2


def _body(body: bytes, headers: dict[str, str]) -> bytes:
    return body.replace(b"two friends", b"ten friends")


def _with(name: str, change: Callable[[str], str]) -> Callable[[bytes, dict[str, str]], bytes]:
    def tamper(body: bytes, headers: dict[str, str]) -> bytes:
        headers[f"Webhook-{name}"] = change(headers[f"Webhook-{name}"])
        return body

    return tamper


def _without(name: str) -> Callable[[bytes, dict[str, str]], bytes]:
    def tamper(body: bytes, headers: dict[str, str]) -> bytes:
        del headers[f"Webhook-{name}"]
        return body

    return tamper


def _another_algorithm(body: bytes, headers: dict[str, str]) -> bytes:
    whole = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    code = hmac.new(SECRET.encode(), whole, "sha1").digest()
    headers["Webhook-Signature"] = "v1," + base64.b64encode(code).decode()
    return body


def _another_order(body: bytes, headers: dict[str, str]) -> bytes:
    whole = f"{headers['Webhook-Timestamp']}.{headers['Webhook-Id']}.".encode() + body
    code = hmac.new(SECRET.encode(), whole, sha256).digest()
    headers["Webhook-Signature"] = "v1," + base64.b64encode(code).decode()
    return body


def _another_time(minutes: int) -> Callable[[bytes, dict[str, str]], bytes]:
    def tamper(body: bytes, headers: dict[str, str]) -> bytes:
        then = int((clock.now() + timedelta(minutes=minutes)).timestamp())
        code = signed_posts.sign(secret=SECRET, post_id="msg_1", timestamp=then, body=body)
        headers |= {"Webhook-Timestamp": str(then), "Webhook-Signature": code}
        return body

    return tamper


def _another_key(body: bytes, headers: dict[str, str]) -> bytes:
    headers |= signed(body, secret="somebody-elses-secret-of-32-letters")
    return body


TAMPERING: dict[str, Callable[[bytes, dict[str, str]], bytes]] = {
    "body": _body,
    "body grown": lambda body, headers: body + b"more\r\n",
    "body cut": lambda body, headers: body[:-2],
    "id": _with("Id", lambda value: value + "x"),
    "id twice": _with("Id", lambda value: f"{value},{value}"),
    "id with a dot moved": _with("Id", lambda value: f"{value}.1"),
    "time six minutes ago": _another_time(-6),
    "time six minutes ahead": _another_time(6),
    "time moved": _with("Timestamp", lambda value: str(int(value) + 1)),
    "time in other digits": _with("Timestamp", lambda value: f"+{value}"),
    "time twice": _with("Timestamp", lambda value: f"{value}, {value}"),
    "key": _another_key,
    "order": _another_order,
    "algorithm": _another_algorithm,
    "version": _with("Signature", lambda value: value.replace("v1,", "v2,")),
    "signature cut": _with("Signature", lambda value: value[:-2]),
    "signature in another case": _with("Signature", lambda value: value.swapcase()),
    "signature twice, joined": _with("Signature", lambda value: f"{value},{value}"),
    "signature empty": _with("Signature", lambda value: "v1,"),
    "no id": _without("Id"),
    "no time": _without("Timestamp"),
    "no signature": _without("Signature"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_refused(alias: str, how: str) -> None:
    body = wrapped(alias)
    headers = signed(body)
    changed = TAMPERING[how](body, headers)

    assert post(changed, headers) == 400
    assert Inbound.objects.count() == 0


@pytest.mark.parametrize("how", TAMPERING)
def test_without_the_look_at_the_signature_it_gets_in(
    alias: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the signature that refuses, and nothing before it."""
    monkeypatch.setattr(mail_door.signed_posts, "is_signed", lambda **given: True)
    body = wrapped(alias)
    headers = signed(body)

    assert post(TAMPERING[how](body, headers), headers) == 204
    assert Inbound.objects.count() == 1


def test_a_replay_is_answered_and_changes_nothing(alias: str) -> None:
    body = wrapped(alias)
    headers = signed(body)

    assert [post(body, headers), post(body, headers)] == [204, 204]
    assert Inbound.objects.count() == 1


def test_without_a_secret_nothing_is_taken(alias: str, settings: Any) -> None:
    settings.GROUNDSWELL_INBOUND_SECRETS = []
    body = wrapped(alias)

    assert post(body, signed(body)) == 400
    assert post(body, signed(body, secret="")) == 400


def test_a_mail_to_nobody_is_answered_like_any_other(alias: str) -> None:
    for to in (f"r-{'2' * 27}@{DOMAIN}", "someone@example.com", ""):
        body = wrapped(to)
        assert post(body, signed(body, post_id=f"to-{len(to)}")) == 204
    assert Inbound.objects.count() == 0


def test_an_envelope_inside_the_mail_counts_for_nothing(alias: str) -> None:
    raw = b"From: x@example.org\r\nX-Original-To: " + alias.encode() + b"\r\n\r\nhi"

    assert post(raw, signed(raw)) == 204
    assert Inbound.objects.count() == 0


def test_a_valid_post_is_answered_within_100_ms(alias: str) -> None:
    post(wrapped(alias), signed(wrapped(alias), post_id="warm"))
    took = []
    for number in range(100):
        body = wrapped(alias, RAW + b"x" * 20_000)
        headers = signed(body, post_id=f"n{number}")
        began = time.process_time()  # a busy machine is no fault of ours
        assert post(body, headers) == 204
        took.append(time.process_time() - began)

    assert sorted(took)[98] < 0.1


# --- providers ---------------------------------------------------------------------------------


def mailgun(alias: str, *, secret: str = SECRET, **changed: str) -> Any:
    now, token = (
        str(int(clock.now().timestamp())),
        "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0",
    )
    code = hmac.new(secret.encode(), f"{now}{token}".encode(), sha256).hexdigest()
    form = {
        "recipient": alias,
        "sender": "amina@example.org",
        "from": "Amina <amina@example.org>",
        "subject": "Re",
        "timestamp": now,
        "token": token,
        "signature": code,
        "body-mime": RAW.decode(),
        **changed,
    }
    return Client().post("/webhooks/mail/provider", form)


def postmark(alias: str, *, secret: str = SECRET, **changed: Any) -> Any:
    told = {
        "FromName": "Amina",
        "MessageStream": "inbound",
        "From": "amina@example.org",
        "OriginalRecipient": alias,
        "Subject": "Re",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "Headers": [{"Name": "Return-Path", "Value": "<amina@example.org>"}],
        "RawEmail": RAW.decode(),
        **changed,
    }
    password = base64.b64encode(f"groundswell:{secret}".encode()).decode()
    return Client().post(
        "/webhooks/mail/provider",
        json.dumps(told),
        content_type="application/json",
        headers={"Authorization": f"Basic {password}"},
    )


def sendgrid(alias: str, *, secret: str = SECRET, **changed: str) -> Any:
    form = {
        "to": alias,
        "from": "amina@example.org",
        "sender_ip": "127.0.0.1",
        "envelope": json.dumps({"to": [alias], "from": "amina@example.org"}),
        "email": RAW.decode(),
        **changed,
    }
    password = base64.b64encode(f"groundswell:{secret}".encode()).decode()
    return Client().post(
        "/webhooks/mail/provider", form, headers={"Authorization": f"Basic {password}"}
    )


PROVIDERS: dict[str, Callable[..., Any]] = {
    "mailgun": mailgun,
    "postmark": postmark,
    "sendgrid": sendgrid,
}


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_providers_post_is_stored_once(alias: str, settings: Any, name: str) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = name

    assert [PROVIDERS[name](alias).status_code for _time in range(2)] == [204, 204]
    row = Inbound.objects.get()
    told = json.loads(vault.open_(row, "mail_sealed"))
    assert base64.b64decode(told["raw"]).replace(b"\r\n", b"\n") == RAW.replace(b"\r\n", b"\n")
    assert told["sender"].strip("<>") == "amina@example.org"


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("set_to", ["none", "another"])
def test_only_the_provider_of_this_installation_is_heard(
    alias: str, settings: Any, name: str, set_to: str
) -> None:
    others = [each for each in PROVIDERS if each != name]
    settings.GROUNDSWELL_INBOUND_PROVIDER = "none" if set_to == "none" else others[0]

    assert PROVIDERS[name](alias).status_code == 400
    assert Inbound.objects.count() == 0


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_providers_post_with_another_secret_is_refused(
    alias: str, settings: Any, name: str
) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = name

    assert PROVIDERS[name](alias, secret="somebody-elses-secret").status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": "1"},
        {"timestamp": ""},
        {"timestamp": "٣"},
        {"token": "another"},
        {"token": ""},
        {"signature": ""},
        {"signature": "é"},
    ],
)
def test_a_changed_field_of_mailgun_is_refused(
    alias: str, settings: Any, changed: dict[str, str]
) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = "mailgun"

    assert mailgun(alias, **changed).status_code == 400


@pytest.mark.parametrize(
    "changed", [{"RawEmail": None}, {"RawEmail": 3}, {"MessageID": None}, {"MessageID": {"a": 1}}]
)
def test_a_post_of_postmark_without_the_raw_mail_is_refused(
    alias: str, settings: Any, changed: dict[str, Any]
) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = "postmark"

    assert postmark(alias, **changed).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"MessageID": "\ud800"},
        {"Headers": [{"Name": "Return-Path", "Value": "\udfff@example.org"}]},
        {"RawEmail": "\ud800" + RAW.decode()},
    ],
)
def test_letters_of_no_text_are_kept_as_they_can_be(
    alias: str, settings: Any, changed: dict[str, Any]
) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = "postmark"

    assert [postmark(alias, **changed).status_code for _time in range(2)] == [204, 204]
    assert Inbound.objects.count() == 1


@pytest.mark.parametrize("body", ["", "{", "[]", "[" * 50_000, "3", '{"RawEmail": "x"}', "null"])
def test_nonsense_as_json_is_refused(alias: str, settings: Any, body: str) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = "postmark"
    password = base64.b64encode(f"x:{SECRET}".encode()).decode()
    sent = Client().post(
        "/webhooks/mail/provider",
        body,
        content_type="application/json",
        headers={"Authorization": f"Basic {password}"},
    )

    assert sent.status_code == 400


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !", "Bearer x", "Basic " + base64.b64encode(b"x:").decode()]
)
def test_a_broken_password_is_refused(alias: str, settings: Any, header: str) -> None:
    settings.GROUNDSWELL_INBOUND_PROVIDER = "postmark"
    sent = Client().post(
        "/webhooks/mail/provider",
        "{}",
        content_type="application/json",
        headers={"Authorization": header},
    )

    assert sent.status_code == 400


def test_a_mail_over_the_limit_is_refused(alias: str) -> None:
    body = wrapped(alias, RAW + b"x" * (5 * 1024 * 1024))

    assert post(body, signed(body)) == 400
    assert Inbound.objects.count() == 0
