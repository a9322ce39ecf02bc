"""A form on a doubt: nothing typed is lost, and everybody has a way on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from groundswell.accounts import doubts
from groundswell.events.models import Concern, Event, Held, HostDraft, Rsvp
from groundswell.events.operations import drafts
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.public import slips
from groundswell.site import operations as site_ops
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories import links
from tests.factories.campaigns import live_campaign
from tests.web.test_form_guard import worked

pytestmark = pytest.mark.django_db

TYPED = {"given": "Amina", "email": "amina@example.org", "party": "2"}


@pytest.fixture
def event() -> Event:
    return make.listed_event(capacity=50)


def about(event: Event) -> str:
    return f"sign-up:{event.slug}"


def post(client: Client, event: Event, *, age: int = 60, **changes: str) -> Any:
    quiet = reading.quiet(about(event), age=age)
    return client.post(f"/en/e/{event.slug}/sign-up", {**TYPED, **quiet, **changes})


def test_the_quiet_fields_are_there_and_nobody_meets_them(client: Client, event: Event) -> None:
    page = client.get(f"/en/e/{event.slug}").content.decode()

    (trap,) = re.findall(r'<input[^>]*name="homepage"[^>]*>', page)
    around = page.split(trap)[0].rsplit("<div", 1)[1]
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap
    assert 'aria-hidden="true"' in around
    assert "style=" not in page
    assert reading.value_of(client.get(f"/en/e/{event.slug}"), "stamp").count(".") == 1


@pytest.mark.parametrize(
    ("changes", "age", "because"),
    [
        ({"homepage": "https://x.example"}, 60, "trap"),
        ({"stamp": ""}, 60, "unstamped"),
        ({}, 1, "fast"),
        ({}, 13 * 3600, "stale"),
    ],
)
def test_without_a_script_the_mail_is_the_way_on(
    client: Client, event: Event, changes: dict[str, str], age: int, because: str
) -> None:
    answer = post(client, event, age=age, **changes)
    done = client.get(answer["Location"])

    rsvp = Rsvp.objects.get()
    assert (answer.status_code, rsvp.state, Held.objects.get().because) == (302, "held", because)
    assert "One press is left, Amina" in reading.text(done)
    assert "You’re going" not in reading.text(done)
    token = links.rsvp_token(rsvp)
    client.post(f"/en/my/going/{token}/prove")
    rsvp.refresh_from_db()
    assert (rsvp.state, rsvp.party, event.seats.__class__.objects.get(event=event).taken) == (
        "going", 2, 2,
    )  # fmt: skip


def test_control_a_form_that_a_person_sends_is_not_held(client: Client, event: Event) -> None:
    post(client, event)

    assert (Rsvp.objects.get().state, Held.objects.count()) == ("going", 0)


def test_opening_the_link_of_a_held_sign_up_changes_nothing(client: Client, event: Event) -> None:
    post(client, event, age=1)
    path = f"/en/my/going/{links.rsvp_token(Rsvp.objects.get())}"

    for verb in (client.get, client.head):
        assert verb(path).status_code == 200
        assert verb(f"{path}/prove").status_code == 302
    assert Rsvp.objects.get().state == "held"


def test_a_script_is_asked_for_work_and_what_was_typed_stays(client: Client, event: Event) -> None:
    asked = post(client, event, age=1, script="yes", wants_reminder="on")

    page = asked.content.decode()
    assert (asked.status_code, Rsvp.objects.count()) == (422, 0)
    assert "data-asks" in page
    assert [reading.value_of(asked, name) for name in ("given", "email")] == [
        "Amina", "amina@example.org",
    ]  # fmt: skip
    assert reading.errors(asked) == [str(doubts.OneMoment.sentence)]
    stamp = reading.value_of(asked, "stamp")
    work = worked(stamp)
    sent = {**TYPED, "stamp": stamp, "script": "again", "work": work, "homepage": ""}
    client.post(f"/en/e/{event.slug}/sign-up", sent)

    assert (Rsvp.objects.get().state, Held.objects.count()) == ("going", 0)


def test_a_script_that_brings_no_work_ends_at_the_mail(client: Client, event: Event) -> None:
    post(client, event, age=1, script="again", work="12345")

    assert Rsvp.objects.get().state == "held"


def test_a_surge_asks_and_calms_down(client: Client, event: Event, still_clock: Any) -> None:
    for number in range(doubts.PER_THING):
        post(client, event, email=f"a{number}@example.org", party="1")
    assert Rsvp.objects.filter(state="going").count() == doubts.PER_THING

    assert post(client, event, email="late@example.org", script="yes").status_code == 422
    post(client, event, email="plain@example.org")
    assert Held.objects.get().because == "surge"
    still_clock.shift(doubts.WINDOW)
    post(client, event, email="calm@example.org")
    assert Rsvp.objects.latest("id").state == "going"


def test_a_name_with_a_link_is_an_error_beside_the_name(client: Client, event: Event) -> None:
    answer = post(client, event, given="Win https://x.example")

    assert (answer.status_code, Rsvp.objects.count()) == (422, 0)
    assert reading.value_of(answer, "given") == "Win https://x.example"


def test_the_slip_of_a_held_sign_up_says_so_and_offers_no_calendar(
    client: Client, event: Event
) -> None:
    done = client.get(post(client, event, age=1)["Location"])

    assert slips.cookie() in client.cookies
    assert "Add to calendar" not in reading.text(done)
    assert "Your phone number" not in reading.text(done)


# --- hosting -------------------------------------------------------------------------------------


def _wizard() -> tuple[str, int]:
    campaign = live_campaign()
    place = {"label": "Leeds, England", "town": "Leeds", "country": "GB", "zone": "Europe/London",
             "latitude": 53.8, "longitude": -1.55}  # fmt: skip
    answers = {
        "kind": "meeting", "title": "Stop H", "day": campaign.action_on.isoformat(),
        "starts": "11:00", "ends": "12:00", "town": "Leeds", "place": place, "venue": "Stop H",
        "publicity": "everyone", "language": "en", "capacity": 20, "given": "Noor",
        "family": "Reed", "email": "noor@example.org",
    }  # fmt: skip
    return drafts.begin(campaign=campaign, answers=answers, by=VISITOR), HostDraft.objects.get().id


def test_an_event_on_a_doubt_is_looked_at_first_and_its_host_reads_so(client: Client) -> None:
    token, draft_id = _wizard()
    quiet = reading.quiet(f"hosting:{draft_id}", homepage="x")

    answer = client.post(f"/en/host/{token}/check", quiet)

    assert answer["Location"] == f"/en/host/{token}/live"
    assert "We look at your event first" in reading.text(client.get(answer["Location"]))
    event = Event.objects.get()
    assert (event.state, client.get(f"/en/e/{event.slug}").status_code) == ("held", 404)
    assert client.get(f"/en/e/{event.slug}.ics").status_code == 404


def test_control_an_event_without_a_doubt_is_live(client: Client) -> None:
    token, draft_id = _wizard()

    client.post(f"/en/host/{token}/check", reading.quiet(f"hosting:{draft_id}"))

    event = Event.objects.get()
    assert (event.state, client.get(f"/en/e/{event.slug}").status_code) == ("unproven", 200)


def test_a_host_is_asked_for_work_in_an_attack(client: Client) -> None:
    site_ops.set_safeguards(forms="always", security_contact="", security_policy="", by=SYSTEM)
    token, draft_id = _wizard()
    quiet = reading.quiet(f"hosting:{draft_id}", script="yes")

    asked = client.post(f"/en/host/{token}/check", quiet)
    assert (asked.status_code, Event.objects.count()) == (422, 0)
    work = worked(quiet["stamp"], "")
    client.post(f"/en/host/{token}/check", {**quiet, "script": "again", "work": work})

    assert Event.objects.get().state == "unproven"


# --- reports -------------------------------------------------------------------------------------


def test_reporting_needs_no_account_and_answers_everybody_alike(
    client: Client, event: Event
) -> None:
    path = f"/en/e/{event.slug}/report"
    told = {"kind": "danger", "words": "The door is a trap."}

    answers = [client.post(path, told) for _again in range(3)]
    program = client.post(path, {**told, "homepage": "x"})

    assert {(each.status_code, each["Location"]) for each in [*answers, program]} == {
        (302, f"/en/e/{event.slug}/reported")
    }
    assert Concern.objects.count() == 3
    assert "Thank you for telling us" in reading.text(client.get(answers[0]["Location"]))
    refused = client.post(path, {"kind": "danger", "words": "  "})
    assert (refused.status_code, 'value="danger"' in refused.content.decode()) == (422, True)


def test_an_event_that_nobody_may_see_cannot_be_reported(client: Client) -> None:
    event = make.unproven_event()
    Event.objects.filter(id=event.id).update(state="declined")

    assert client.post(f"/en/e/{event.slug}/report", {}).status_code == 404
    assert client.get(f"/en/e/{event.slug}/reported").status_code == 404
