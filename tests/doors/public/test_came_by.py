"""What a link says about where somebody came from travels through every public form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.events.models import Event, HostDraft, Rsvp
from groundswell.events.operations import holding
from groundswell.events.queries import drafts
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.people import queries, referrals
from groundswell.people.models import Person, SourceCode, Touch
from groundswell.people.operations import persons
from groundswell.people.operations.persons import Typed
from groundswell.web import form_guard
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db


def somebody(email: str = "amina@example.org") -> Person:
    return persons.recognise(typed=Typed(given="Amina", email=email)).person


def post_sign_up(client: Client, event: Event, **more: str) -> Any:
    with clock.at(clock.now() - timedelta(minutes=1)):
        stamp = form_guard.stamp(f"sign-up:{event.slug}")
    typed = {"given": "Dara", "email": "dara@example.org", "party": "1", "stamp": stamp}
    return client.post(reverse("event_sign_up", args=[event.slug]), {**typed, **more})


def test_a_sign_up_carries_what_its_link_said(client: Client) -> None:
    event, friend = make.listed_event(live_campaign()), somebody("bo@example.org")
    ref = referrals.code_of(friend.id)

    page = client.get(
        reverse("event", args=[event.slug]),
        {"source": "Leaflet", "utm_medium": "paper", "ref": ref},
    )
    answer = post_sign_up(client, event, source="Leaflet", utm_medium="paper", ref=ref)

    assert f'name="ref" value="{ref}"' in page.content.decode()
    assert answer.status_code == 302
    person = queries.person_of_email("dara@example.org")
    assert person is not None
    touch = Touch.objects.get(person=person)
    assert (touch.what, touch.about_id, touch.utm) == (
        "rsvp", event.campaign_id, {"utm_medium": "paper"},
    )  # fmt: skip
    assert person.first_source == person.last_source == SourceCode.objects.get(code="leaflet")
    assert person.recruiter_id == friend.id
    assert SourceCode.objects.get().is_found


def test_a_sign_up_without_a_source_touches_nothing(client: Client) -> None:
    event = make.listed_event(live_campaign())

    assert post_sign_up(client, event).status_code == 302

    assert not Touch.objects.exists()


def test_a_held_sign_up_leaves_its_source_when_it_is_let_in(client: Client) -> None:
    event, friend = make.listed_event(live_campaign()), somebody("bo@example.org")

    post_sign_up(client, event, homepage="x", source="robot", ref=referrals.code_of(friend.id))
    assert not Touch.objects.exists()
    rsvp = Rsvp.objects.get(state=Rsvp.State.HELD)
    holding.let_in(held_ids=[rsvp.held.id], by=SYSTEM)  # type: ignore[attr-defined]  # one to one

    touch = Touch.objects.get()
    assert (touch.person_id, touch.referrer_id) == (rsvp.person_id, friend.id)
    rsvp.refresh_from_db()
    assert rsvp.utm == {}


def test_a_host_carries_it_through_the_wizard(client: Client) -> None:
    campaign = live_campaign()
    start = reverse("host_start", args=[campaign.slug])

    page = client.get(start, {"source": "poster"})
    client.post(start, {"kind": "meeting", "source": "poster"})

    assert 'name="source" value="poster"' in page.content.decode()
    assert drafts.answers(HostDraft.objects.get())["came_by"] == {"source": "poster"}


def test_the_link_to_hosting_keeps_the_source(client: Client) -> None:
    campaign = live_campaign()
    make.listed_event(campaign)

    page = client.get(reverse("campaign", args=[campaign.slug]), {"source": "poster"})

    assert f"{reverse('host_start', args=[campaign.slug])}?source=poster" in page.content.decode()
