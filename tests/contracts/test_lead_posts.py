"""Posts of ad services: each way to sign, hostile ones, and what is kept before the answer."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from groundswell.kernel import clock, signed_posts
from groundswell.kernel.actor import SYSTEM
from groundswell.people import lead_queries
from groundswell.people.models import LeadPost, LeadSource
from groundswell.people.operations import leads
from tests.factories import forms as make

pytestmark = pytest.mark.django_db

# As developers.facebook.com/docs/graph-api/webhooks and Google's lead form webhooks write them.
META = {
    "object": "page",
    "entry": [{"id": "4", "time": 1, "changes": [{"field": "leadgen", "value": {
        "leadgen_id": "551", "form_id": "7", "page_id": "4",
        "field_data": [{"name": "email", "values": ["dara@example.org"]},
                       {"name": "full_name", "values": ["Dara Quinn"]}],
    }}]}],
}  # fmt: skip


@pytest.fixture
def service(db: None) -> tuple[LeadSource, str]:
    return make.lead_source_and_secret(make.open_form())


def post(client: Client, row: LeadSource, body: bytes, **headers: str) -> Any:
    address = f"/webhooks/leads/{row.key}/"
    return client.post(address, body, content_type="application/json", headers=headers)


def hub(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def test_a_post_signed_as_meta_does_is_stored_once(
    client: Client, service: tuple[LeadSource, str]
) -> None:
    row, secret = service
    body = json.dumps(META).encode()

    answers = [post(client, row, body, **{"X-Hub-Signature-256": hub(secret, body)}) for _ in "12"]

    assert [one.status_code for one in answers] == [204, 204]
    assert LeadPost.objects.count() == 1


def test_the_other_two_ways_to_sign(client: Client, service: tuple[LeadSource, str]) -> None:
    row, secret = service
    body = json.dumps({"id": "1", "email": "a@example.org"}).encode()
    at = int(clock.now().timestamp())
    signature = signed_posts.sign(secret=secret, post_id="p1", timestamp=at, body=body)
    google = json.dumps({"lead_id": "2", "google_key": secret, "email": "b@example.org"}).encode()

    standard = post(
        client, row, body,
        **{"Webhook-Id": "p1", "Webhook-Timestamp": str(at), "Webhook-Signature": signature},
    )  # fmt: skip

    assert standard.status_code == 204
    assert post(client, row, google).status_code == 204
    assert LeadPost.objects.count() == 2


def test_every_fault_has_one_answer(client: Client, service: tuple[LeadSource, str]) -> None:
    row, secret = service
    body = json.dumps(META).encode()
    good = {"X-Hub-Signature-256": hub(secret, body)}
    nobody = LeadSource(key="absent22")
    off = make.lead_source(make.open_form(title="Other"), "other")
    leads.close(lead_source_id=off.id, by=SYSTEM)

    answers = [
        post(client, row, body),
        post(client, row, body + b" ", **good),
        post(client, row, body, **{"X-Hub-Signature-256": hub("", body)}),
        post(client, row, body, **{"X-Hub-Signature-256": "sha256=é"}),
        post(client, row, json.dumps({"google_key": ""}).encode()),
        post(client, nobody, body, **{"X-Hub-Signature-256": hub("", body)}),
        post(client, nobody, json.dumps({"google_key": ""}).encode()),
        post(client, off, body, **good),
    ]

    assert {(one.status_code, one.content) for one in answers} == {
        (400, b"The signature does not match.\n")
    }
    assert not LeadPost.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[", b"null", b"[[[[]]]]", b'{"entry": 5}', b'{"id": "\\ud800"}', b"[" * 9000]
)
def test_a_signed_post_of_nonsense_does_no_harm(
    client: Client, service: tuple[LeadSource, str], body: bytes
) -> None:
    row, secret = service

    answer = post(client, row, body, **{"X-Hub-Signature-256": hub(secret, body)})

    assert answer.status_code == 204
    assert LeadPost.objects.count() in {0, 1}


def test_meta_gets_its_word_back(client: Client, service: tuple[LeadSource, str]) -> None:
    row, secret = service
    address = f"/webhooks/leads/{row.key}/"
    token = lead_queries.verify_token(secret).decode()

    right = client.get(address, {"hub.verify_token": token, "hub.challenge": "1158201444"})
    wrong = [
        client.get(address),
        client.get(address, {"hub.verify_token": "x", "hub.challenge": "1158201444"}),
        client.get(address, {"hub.verify_token": token, "hub.challenge": "<script>"}),
    ]

    assert right.content == b"1158201444"
    assert {one.content for one in wrong} == {
        b"This address takes leads from an ad service, by a signed POST.\n"
    }
