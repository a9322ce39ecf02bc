"""The owners' page of other programs: connecting one, its secret once, what became of posts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from groundswell.kernel.actor import Role
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook, HookPost
from groundswell.site import vault
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.running.receiver import receiving

pytestmark = pytest.mark.django_db
INDEX, ADD = "/en/office/programs/", "/en/office/programs/add/"
GIVEN = {
    "name": "Our website",
    "address": "https://hooks.example.org/in/0f3a",
    "hears": ["event.listed", "event.cancelled"],
}


def connected(owner: Client, **others: Any) -> Hook:
    assert owner.post(ADD, {**GIVEN, **others}).status_code == 200
    return Hook.objects.latest("id")


def test_from_the_first_look_to_the_first_post(
    owner: Client, work: Callable[[], int], settings: Any
) -> None:
    settings.GROUNDSWELL_OUTGOING_LOOPBACK = True
    assert "No other program hears anything" in reading.text(owner.get(INDEX))

    with receiving() as other:
        answer = owner.post(ADD, {**GIVEN, "address": other.url})
        hook = Hook.objects.get()
        secret = vault.open_(hook, "secret_sealed")
        assert answer["Cache-Control"] == "no-store"
        assert secret in reading.text(answer)
        page = f"{INDEX}{hook.slug}/"
        assert "Our website" in reading.text(owner.get(INDEX))
        assert "127.0.0.1" in reading.text(owner.get(INDEX))
        assert "Nothing yet." in reading.text(owner.get(page))
        owner.post(page, {"do": "try"})
        make.listed_event(live_campaign())
        work()

    words = reading.text(owner.get(page))
    assert words.count("Arrived") == 2
    assert "A try-out" in words
    assert "An event is put on the map Hyde Park Corner bus stop" in words
    assert '"title": "Hyde Park Corner bus stop"' in words


def test_neither_secret_nor_address_is_shown_again(owner: Client) -> None:
    hook = connected(owner)
    secret = vault.open_(hook, "secret_sealed")

    for path in (INDEX, f"{INDEX}{hook.slug}/"):
        page = owner.get(path).content.decode()
        assert "hooks.example.org" in page
        assert "0f3a" not in page
        assert secret not in page


def test_a_new_secret_is_shown_once(owner: Client) -> None:
    hook = connected(owner)
    before = vault.open_(hook, "secret_sealed")

    answer = reading.text(owner.post(f"{INDEX}{hook.slug}/", {"do": "secret"}))

    hook.refresh_from_db()
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer)
    assert found is not None
    assert found.group() == vault.open_(hook, "secret_sealed") != before
    assert "The former secret works until" in reading.text(owner.get(f"{INDEX}{hook.slug}/"))


def test_pausing_going_on_choosing_and_removing(owner: Client) -> None:
    hook = connected(owner)
    page = f"{INDEX}{hook.slug}/"

    owner.post(page, {"do": "pause"})
    assert "It is paused" in reading.text(owner.get(page))
    assert "An owner paused it." in reading.text(owner.get(page))
    refused = owner.post(page, {"do": "try"})
    assert refused.status_code == 422
    assert "Let us post to it again first." in reading.text(refused)
    owner.post(page, {"do": "resume"})
    assert "It is listening" in reading.text(owner.get(page))
    owner.post(page, {"do": "choose", "name": "The chat", "hears": ["campaign.closed"]})
    hook.refresh_from_db()
    assert (hook.name, hook.hears) == ("The chat", ["campaign.closed"])
    assert owner.post(page, {"do": "choose", "name": "", "hears": []}).status_code == 422
    assert owner.post(page, {"do": "nonsense"}).status_code == 422
    assert owner.post(page, {}).status_code == 422
    assert owner.post(page, {"do": "remove"})["Location"] == INDEX
    assert owner.get(page).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"address": "https://169.254.169.254/"}, "belongs to a private network"),
        ({"address": "https://user@hooks.example.org/"}, "Write the whole address"),
        ({"address": "https://hooks.example.org:25/"}, "We never post to this port"),
        ({"address": "https://testserver/"}, "This is our own address"),
        ({"address": "https://hooks\u3002example.org/"}, "Write the whole address"),
        ({"name": ""}, "Give it a name"),
        ({"hears": []}, "Choose at least one thing"),
        ({"hears": ["rsvp.made"]}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said(owner: Client, typed: dict[str, Any], sentence: str) -> None:
    answer = owner.post(ADD, {**GIVEN, **typed})

    assert answer.status_code == 422
    assert sentence in reading.text(answer)
    assert Hook.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_nobody_but_owners_finds_the_page(sit: Any, owner: Client, role: Role) -> None:
    hook = connected(owner)
    somebody = sit(role)

    for path in (INDEX, ADD, f"{INDEX}{hook.slug}/"):
        assert somebody.get(path).status_code == 404
        assert somebody.post(path, {"do": "remove"}).status_code == 404
    assert Hook.objects.count() == 1


def test_where_it_is_switched_off_the_page_says_so(owner: Client, settings: Any) -> None:
    hook = connected(owner)
    settings.GROUNDSWELL_OTHER_PROGRAMS = False

    for path in (INDEX, ADD, f"{INDEX}{hook.slug}/"):
        assert "Switched off on the server" in reading.text(owner.get(path))
    refused = owner.post(ADD, GIVEN)
    assert refused.status_code == 422
    assert "tells other programs nothing" in reading.text(refused)


def test_every_state_and_every_code_has_words(owner: Client) -> None:
    hook = connected(owner, hears=list(telling.KINDS))
    states = list(HookPost.State)
    codes = ["", "tls", "http_503", "http_302", "not_public", "name_slow", "proxy_gone"]
    rows = [(state, codes[number % len(codes)]) for number, state in enumerate(states)]
    for number, (state, code) in enumerate([*rows, (HookPost.State.WAITING, "http_302")]):
        HookPost.objects.create(
            hook=hook, post_id=str(number), kind="event.listed", event_id=1, campaign_id=1,
            happened_at=hook.created_at, state=state, code=code, attempts=number,
            not_before=hook.created_at,
        )  # fmt: skip

    words = reading.text(owner.get(f"{INDEX}{hook.slug}/"))

    for expected in (
        "Waits",
        "On its way",
        "Arrived",
        "Did not arrive",
        "Not public any more",
        "Stayed in the house",
        "Tried again",
        "It sent us elsewhere (302)",
    ):
        assert expected in words


@pytest.mark.parametrize("slug", ["%00", "absent22%00", "x" * 3000, "..", "%E2%80%AE"])
def test_a_program_that_nobody_named_is_not_found(owner: Client, slug: str) -> None:
    connected(owner)

    assert owner.get(f"{INDEX}{slug}/").status_code == 404
    assert owner.post(f"{INDEX}{slug}/", {"do": "remove\x00"}).status_code == 404
