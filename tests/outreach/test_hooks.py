"""Other programs: what they are told, and who decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from groundswell.campaigns import operations as campaign_ops
from groundswell.events.models import Event
from groundswell.events.operations import hosting
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor, Role
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook, HookPost
from groundswell.outreach.operations import hooks
from groundswell.site import operations as site_ops
from groundswell.site import vault
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.outreach.hooking import ALL, connect, listed, told
from tests.running.receiver import Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
State = HookPost.State


# --- what is told --------------------------------------------------------------------------------


def test_an_event_on_the_map_is_told_to_the_last_word(
    other: Receiver, work: Callable[[], int]
) -> None:
    connect(other.url, "event.listed")
    event = listed()
    work()

    assert told(other) == [
        {
            "type": "event.listed",
            "timestamp": "2026-03-04T10:00:00Z",
            "data": {
                "slug": event.slug,
                "url": f"http://127.0.0.1:8000/en/e/{event.slug}",
                "state": "on_the_map",
                "campaign": event.campaign.slug,
                "title": "Hyde Park Corner bus stop",
                "language": "en",
                "is_online": False,
                "town": "Leeds",
                "country": "GB",
                "starts_at": event.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "ends_at": event.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "zone": "Europe/London",
                "seats": "free",
            },
        }
    ]


CANARIES = ("Dolores", "Mar\u00edn", "dolores@example.org", "amina", "Woodhouse", "Secret Lane")


@pytest.mark.parametrize("publicity", list(Event.Publicity))
def test_nobody_and_no_venue_is_in_any_post(
    publicity: str, other: Receiver, work: Callable[[], int]
) -> None:
    connect(other.url)
    campaign = live_campaign()
    place = make.leeds(venue="7 Secret Lane", publicity=publicity)
    event = make.listed_event(campaign, place=place)
    make.signed_up(event, email="amina@example.org")
    hosting.cancel_event(event_id=event.id, words="Dolores is ill", by=SYSTEM)
    campaign_ops.close_campaign(campaign=campaign, by=SYSTEM)
    work()

    words = b"".join(heard.body for heard in other.heard).decode()
    assert [one["type"] for one in told(other)].count("event.cancelled") == 1
    assert [word for word in (*CANARIES, "ill") if word.lower() in words.lower()] == []
    if publicity == Event.Publicity.ONLINE:
        assert "Leeds" not in words


def test_a_venue_in_a_post_would_be_found(
    other: Receiver, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    really = telling._event
    monkeypatch.setattr(
        telling,
        "_event",
        lambda event, discreet: {
            **(really(event, discreet) or {}),
            "venue": event.venue or vault.open_(event, "venue_sealed"),
        },
    )
    connect(other.url)
    listed(place=make.leeds(venue="7 Secret Lane", publicity=Event.Publicity.GOING))
    work()

    assert any("Secret Lane" in heard.body.decode() for heard in other.heard)


def test_what_never_was_on_the_map_is_not_told(other: Receiver, work: Callable[[], int]) -> None:
    connect(other.url)
    event = make.waiting_event(live_campaign())
    hosting.cancel_event(event_id=event.id, words="No", by=SYSTEM)
    work()

    assert other.heard == [] or {one["type"] for one in told(other)} == {"campaign.opened"}
    kinds = HookPost.objects.filter(state=State.LEFT_OUT).values_list("kind", flat=True)
    assert list(kinds) == ["event.cancelled"]


def test_an_event_that_left_the_map_keeps_its_new_words_to_itself(
    other: Receiver, work: Callable[[], int]
) -> None:
    event = listed()
    connect(other.url)
    Event.objects.filter(id=event.id).update(state=Event.State.WAITING, title="Not looked at yet")
    post = noted(event, "event.changed")

    data = json.loads(telling.body(post) or b"")["data"]

    assert data == {"slug": event.slug, "url": data["url"], "state": "off_the_map"}


def noted(event: Event, kind: str) -> HookPost:
    """A post that waits, without a reaction."""
    hook = Hook.objects.get()
    return HookPost.objects.create(
        hook=hook, post_id=f"post_{kind}", kind=kind, event_id=event.id,
        campaign_id=event.campaign_id, happened_at=clock.now(), not_before=clock.now(),
    )  # fmt: skip


def test_nothing_is_told_of_a_discreet_country(other: Receiver, work: Callable[[], int]) -> None:
    site_ops.set_discreet_countries(countries=["GB"], by=SYSTEM)
    connect(other.url)
    campaign = live_campaign(countries=["GB", "FR"])
    make.listed_event(campaign)
    paris = make.leeds(town="Paris", country="FR", latitude=48.8, longitude=2.3)
    abroad = make.listed_event(campaign, place=paris, zone="Europe/Paris", host="b@example.org")
    work()

    assert [one["data"]["slug"] for one in told(other)] == [abroad.slug]


def test_a_program_hears_what_was_chosen(other: Receiver, work: Callable[[], int]) -> None:
    connect(other.url, "campaign.closed")
    event = listed()
    campaign_ops.close_campaign(campaign=event.campaign, by=SYSTEM)
    work()

    assert [(one["type"], one["data"]["state"]) for one in told(other)] == [
        ("campaign.closed", "closed")
    ]


def test_nothing_is_told_from_before_it_was_connected(
    other: Receiver, work: Callable[[], int], still_clock: Any
) -> None:
    event = listed()  # its reactions have not run yet
    still_clock.shift(timedelta(seconds=1))
    connect(other.url)
    hosting.cancel_event(event_id=event.id, words="No", by=SYSTEM)
    work()

    assert [one["type"] for one in told(other)] == ["event.cancelled"]


def test_full_is_told_as_full(other: Receiver, work: Callable[[], int]) -> None:
    connect(other.url)
    event = listed()
    event.seats.capacity, event.seats.taken = 2, 2
    event.seats.save()

    data = json.loads(telling.body(noted(event, "event.changed")) or b"")["data"]

    assert data["seats"] == "full"


# --- who and what --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_owners_connect_programs(role: Role, other: Receiver) -> None:
    hook, _secret = connect(other.url)
    somebody = actors.account(7, [role])
    every: list[Callable[[Actor], Any]] = [
        lambda by: hooks.add(name="x", address=other.url, hears=ALL, by=by),
        lambda by: hooks.choose(hook_id=hook.id, name="x", hears=ALL, by=by),
        lambda by: hooks.new_secret(hook_id=hook.id, by=by),
        lambda by: hooks.pause(hook_id=hook.id, by=by),
        lambda by: hooks.resume(hook_id=hook.id, by=by),
        lambda by: hooks.try_out(hook_id=hook.id, by=by),
        lambda by: hooks.remove(hook_id=hook.id, by=by),
    ]
    for press in every:
        with pytest.raises(hooks.OnlyOwnersConnect):
            press(somebody)
    for press in every:
        press(actors.account(8, [Role.OWNER]))

    assert Hook.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("https://169.254.169.254/", hooks.AddressIsInside),
        ("https://127.0.0.1/", None),
        ("https://hooks.example.org:22/", hooks.PortIsClosed),
        ("https://user:secret@hooks.example.org/", hooks.NotAnAddress),
        ("http://hooks.example.org/", hooks.NotAnAddress),
        ("hooks", hooks.NotAnAddress),
        ("", hooks.NotAnAddress),
        ("https://testserver/", hooks.AddressIsOurs),
    ],
)
def test_where_it_may_not_listen(
    address: str, refusal: type[Exception] | None, settings: Any
) -> None:
    settings.GROUNDSWELL_OUTGOING_LOOPBACK = False
    with pytest.raises(refusal or hooks.AddressIsOurs):
        connect(address)

    assert Hook.objects.count() == 0


def test_a_name_and_something_to_hear_are_needed_and_there_is_an_end(other: Receiver) -> None:
    with pytest.raises(hooks.GiveItAName):
        hooks.add(name=" ", address=other.url, hears=ALL, by=SYSTEM)
    with pytest.raises(hooks.ChooseSomething):
        hooks.add(name="x", address=other.url, hears=["rsvp.made"], by=SYSTEM)
    for _ in range(hooks.MOST_HOOKS):
        connect(other.url)
    with pytest.raises(hooks.EnoughPrograms):
        connect(other.url)
    hook = Hook.objects.order_by("id")[0]
    for _ in range(hooks.TRIES_AT_ONCE):
        hooks.try_out(hook_id=hook.id, by=SYSTEM)
    with pytest.raises(hooks.NoMoreTries):
        hooks.try_out(hook_id=hook.id, by=SYSTEM)


def test_address_and_secret_are_sealed(other: Receiver) -> None:
    hook, secret = connect(other.url)

    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in Hook.objects.values_list().get()
    )
    assert secret.encode() not in stored
    assert str(other.port).encode() + b"/hook" not in stored
    assert vault.open_(hook, "secret_sealed") == secret


def test_posts_go_after_fourteen_days(
    other: Receiver, work: Callable[[], int], still_clock: Any
) -> None:
    hook, _secret = connect(other.url)
    hooks.try_out(hook_id=hook.id, by=SYSTEM)
    work()
    still_clock.shift(timedelta(days=13, hours=23))
    hooks.tidy_hooks.call()
    assert HookPost.objects.count() == 1
    still_clock.shift(timedelta(hours=2))
    hooks.tidy_hooks.call()

    assert HookPost.objects.count() == 0
