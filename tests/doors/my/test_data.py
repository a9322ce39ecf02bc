"""Everything held about a person: found, corrected, taken along, stopped and erased by a link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from groundswell.accounts.models import Link
from groundswell.events.models import Event, Rsvp
from groundswell.ledger.models import Entry
from groundswell.outreach import stopping
from groundswell.people import queries
from groundswell.people.models import Consent, Contact, NewAddress, Person, Suppression
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories import profiles
from tests.factories.links import data_token, rsvp_token
from tests.outreach.making import prove
from tests.outreach.senders import NotingSender, use

pytestmark = pytest.mark.django_db

AMINA = "amina@example.org"


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> NotingSender:
    found = NotingSender()
    use(monkeypatch, found)
    return found


@pytest.fixture
def rsvp() -> Rsvp:
    made = make.signed_up(make.listed_event(), email=AMINA, family="Khan", wants_campaign_mail=True)
    prove(made)
    made.refresh_from_db()
    return made


def page(rsvp: Rsvp, part: str = "") -> str:
    return f"/en/my/data/{data_token(rsvp.person_id)}{part}"


def link_in(text: str, part: str) -> str:
    found = re.search(rf"{settings.GROUNDSWELL_ORIGIN}(/en/{part}\S+)", text)
    assert found is not None, text
    return found[1]


# --- getting the link --------------------------------------------------------------------------


def test_from_the_foot_of_a_mail_to_the_page(
    client: Client, rsvp: Rsvp, work: Callable[[], int], sender: NotingSender
) -> None:
    work()
    (confirmed,) = [mail for mail in sender.mails if mail.kind == "rsvp_going"]
    foot = link_in(confirmed.text, "your-data/")

    asked = client.get(foot)
    sent = client.post(foot)
    work()
    opened = client.get(link_in(sender.mails[-1].text, "my/data/"))

    assert (asked.status_code, sent["Location"]) == (200, "/en/your-data/sent/")
    assert (sender.mails[-1].kind, sender.mails[-1].to_address) == ("your_data", AMINA)
    assert "Amina Khan" in reading.text(opened)


def test_typing_an_address_sends_the_link_there(
    client: Client, rsvp: Rsvp, work: Callable[[], int], sender: NotingSender
) -> None:
    client.post("/en/your-data/", {"email": "AMINA@example.org "})
    work()

    assert [mail.to_address for mail in sender.mails if mail.kind == "your_data"] == [AMINA]


def test_the_answer_is_the_same_for_an_address_that_nobody_has(
    client: Client, rsvp: Rsvp, work: Callable[[], int], sender: NotingSender
) -> None:
    known = client.post("/en/your-data/", {"email": AMINA})
    unknown = client.post("/en/your-data/", {"email": "nobody@example.org"})
    work()

    assert (known.status_code, known.content, known["Location"]) == (
        unknown.status_code,
        unknown.content,
        unknown["Location"],
    )
    assert {mail.to_address for mail in sender.mails if mail.kind == "your_data"} == {AMINA}


def test_the_page_does_the_same_work_for_both(
    client: Client, rsvp: Rsvp, django_assert_num_queries: Any
) -> None:
    """Who has an address is looked up by a job, so that no clock tells it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for email in (AMINA, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries_made:
            client.post("/en/your-data/", {"email": email})
        asked.append([query["sql"].split(" ")[0] for query in queries_made.captured_queries])

    assert asked[0] == asked[1]
    assert not any("people_contact" in q["sql"] for q in queries_made.captured_queries)


def test_an_address_is_asked_for_three_times_a_day(client: Client, rsvp: Rsvp) -> None:
    answers = [client.post("/en/your-data/", {"email": AMINA}).status_code for _ in range(4)]
    others = [client.post("/en/your-data/", {"email": "x@y.org"}).status_code for _ in range(4)]

    assert answers == others == [302, 302, 302, 422]


def test_an_unproven_address_gets_one_mail_a_day(
    client: Client, work: Callable[[], int], sender: NotingSender, still_clock: Any
) -> None:
    make.signed_up(make.listed_event(), email=AMINA)
    work()
    client.post("/en/your-data/", {"email": AMINA})
    work()
    today = [mail.kind for mail in sender.mails if mail.to_address == AMINA]
    still_clock.shift(24 * 3600 + 60)
    work()

    assert today == ["rsvp_going"]
    assert sender.kinds().count("your_data") == 1


@pytest.mark.parametrize("typed", ["", "amina", "a@b", "\x00", "x" * 400 + "@example.org"])
def test_nonsense_is_refused_with_what_was_typed(client: Client, typed: str) -> None:
    assert client.post("/en/your-data/", {"email": typed}).status_code == 422


def test_a_changed_foot_link_is_none(client: Client, rsvp: Rsvp) -> None:
    stop = stopping.Stop(rsvp.person_id or 0, Consent.Purpose.EVENT, rsvp.event_id)
    signed = stopping.sign(stop)

    other_end = "AA" if not signed.endswith("AA") else "BA"
    for wrong in ("x", signed[:-1], signed[:-2] + other_end):
        assert client.post(f"/en/your-data/{wrong}").status_code == 404


# --- who may not -------------------------------------------------------------------------------


def test_reading_changes_nothing(client: Client, rsvp: Rsvp) -> None:
    token = data_token(rsvp.person_id)
    before = (Entry.objects.count(), Person.objects.count(), Link.objects.count())

    for part in ("", "/name", "/phone", "/address", "/messages", "/stay", "/file", "/erase"):
        for ask in (client.get, client.head):
            assert ask(f"/en/my/data/{token}{part}").status_code in {200, 302}

    assert (Entry.objects.count(), Person.objects.count(), Link.objects.count()) == before


def test_the_link_of_a_sign_up_opens_no_data(client: Client, rsvp: Rsvp) -> None:
    assert client.get(f"/en/my/data/{rsvp_token(rsvp)}").status_code == 410


def test_the_link_lasts_a_day(client: Client, rsvp: Rsvp, still_clock: Any) -> None:
    token = data_token(rsvp.person_id)
    still_clock.shift(25 * 3600)

    answer = client.get(f"/en/my/data/{token}")

    assert answer.status_code == 410
    assert "/en/your-data/" in answer.content.decode()


# --- correcting --------------------------------------------------------------------------------


def test_name_and_language(client: Client, rsvp: Rsvp) -> None:
    answer = client.post(page(rsvp, "/name"), {"given": "Aminata", "family": "", "language": "fr"})

    person = Person.objects.get(id=rsvp.person_id)
    assert answer.status_code == 302
    assert (queries.name_of(person).full, person.language) == ("Aminata", "fr")


@pytest.mark.parametrize(
    "typed", [{"given": "", "language": "en"}, {"given": "A", "language": "xx"}, {}]
)
def test_a_name_that_is_none_keeps_what_stands(
    client: Client, rsvp: Rsvp, typed: dict[str, str]
) -> None:
    answer = client.post(page(rsvp, "/name"), typed)

    assert answer.status_code == 422
    assert queries.name_of(Person.objects.get(id=rsvp.person_id)).full == "Amina Khan"


def test_phone_is_changed_refused_and_taken_away(client: Client, rsvp: Rsvp) -> None:
    said = []
    for typed in ("+44 7400 123456", "12", "+447400123457", ""):
        answer = client.post(page(rsvp, "/phone"), {"phone": typed})
        said.append((answer.status_code, queries.phone_of(rsvp.person_id or 0)))

    assert said == [
        (302, "+447400123456"),
        (422, "+447400123456"),
        (302, "+447400123457"),
        (302, ""),
    ]


def test_a_new_address_counts_once_its_own_mail_was_opened(
    client: Client, rsvp: Rsvp, work: Callable[[], int], sender: NotingSender
) -> None:
    client.post(page(rsvp, "/address"), {"email": "New@example.org"})
    work()
    (mail,) = [mail for mail in sender.mails if mail.kind == "new_address"]
    path = link_in(mail.text, "my/address/")
    client.get(path)
    before = queries.address_of(queries.email_contact(rsvp.person_id or 0))

    done = client.post(path)

    (contact,) = Contact.objects.filter(person_id=rsvp.person_id, kind="email")
    assert (mail.kind, mail.to_address, before) == ("new_address", "new@example.org", AMINA)
    assert (done.status_code, queries.address_of(contact)) == (200, "new@example.org")
    assert contact.proven_at is not None
    assert client.post(path).status_code == 422  # the link was used


def test_an_address_of_somebody_else_looks_the_same_until_it_is_opened(
    client: Client, rsvp: Rsvp, work: Callable[[], int], sender: NotingSender
) -> None:
    make.signed_up(rsvp.event, email="bea@example.org")
    token = data_token(rsvp.person_id)
    answers = [
        client.post(f"/en/my/data/{token}/address", {"email": email})
        for email in ("bea@example.org", "nobody@example.org")
    ]
    client.post(f"/en/my/data/{token}/address", {"email": "bea@example.org"})  # no second mail
    client.post(f"/en/my/data/{token}/address", {"email": "carl@example.org"})
    work()

    assert {answer.status_code for answer in answers} == {302}
    assert [mail.to_address for mail in sender.mails if mail.kind == "new_address"] == [
        "carl@example.org"
    ]
    assert NewAddress.objects.count() == 1


def test_an_address_that_is_taken_is_refused_to_its_owner_only(
    client: Client, rsvp: Rsvp, work: Callable[[], int], sender: NotingSender
) -> None:
    make.signed_up(rsvp.event, email="bea@example.org", given="Bea", family="Lund")
    client.post(page(rsvp, "/address"), {"email": "bea@example.org"})
    work()
    (mail,) = [mail for mail in sender.mails if mail.kind == "new_address"]

    answer = client.post(link_in(mail.text, "my/address/"))

    assert answer.status_code == 422
    assert "We hold this address already" in reading.text(answer)
    assert queries.person_of_email(AMINA) is not None


# --- messages ----------------------------------------------------------------------------------


def test_each_switch_stops_its_own_messages_and_brings_them_back(
    client: Client, rsvp: Rsvp, still_clock: Any
) -> None:
    person_id = rsvp.person_id or 0
    key = f"email:campaign:{rsvp.campaign_id}"
    said = []
    for turn in ("off", "off", "on"):
        still_clock.shift(1)
        client.post(page(rsvp, "/messages"), {"what": key, "turn": turn})
        said.append(
            [
                queries.has_consent(person_id, purpose="campaign", about_id=rsvp.campaign_id),
                queries.has_consent(person_id, purpose="event", about_id=rsvp.event_id),
            ]
        )

    assert said == [[False, True], [False, True], [True, True]]
    newest = Consent.objects.filter(purpose="campaign").latest("at")
    assert newest.wording == "rsvp-campaign-1"


def test_everything_at_once(client: Client, rsvp: Rsvp, still_clock: Any) -> None:
    still_clock.shift(1)
    assert "Stop everything" in client.get(page(rsvp)).content.decode()
    client.post(page(rsvp, "/messages"), {"what": "everything"})

    assert "Stop everything" not in client.get(page(rsvp)).content.decode()
    assert [topic.is_on for topic in queries.topics(rsvp.person_id or 0)] == [False, False]


@pytest.mark.parametrize(
    "typed",
    [{}, {"what": "email:event:7", "turn": "on"}, {"what": "x", "turn": "y"}, {"turn": "off"}],
)
def test_nothing_that_was_never_agreed_to_is_turned_on(
    client: Client, rsvp: Rsvp, typed: dict[str, str]
) -> None:
    before = Consent.objects.count()

    answer = client.post(page(rsvp, "/messages"), typed)

    assert (answer.status_code, Consent.objects.count()) == (302, before)


# --- taking along and erasing ------------------------------------------------------------------


def test_the_file_holds_what_the_page_says(client: Client, rsvp: Rsvp) -> None:
    answer = client.get(page(rsvp, "/file"))

    told = json.loads(answer.content)["held"]
    assert answer["Content-Disposition"] == 'attachment; filename="your-data.json"'
    assert answer["Cache-Control"] == "no-store"
    assert told["people.contact"][0]["value"] == AMINA
    assert told["people.person"][0]["name"] == {"given": "Amina", "family": "Khan"}
    assert told["events.rsvp"][0]["event_title"] == rsvp.event.title
    assert told["people.consent"][0]["words"].startswith("By pressing the button")


def test_the_preview_says_what_goes_what_is_cut_and_what_stays(client: Client, rsvp: Rsvp) -> None:
    words = reading.text(client.get(page(rsvp, "/erase")))

    assert "This goes Your name and language Your e-mail address" in words
    assert "your place goes to whoever waits" in words
    assert "Counts, such as how many people came" in words
    assert Person.objects.filter(id=rsvp.person_id).exists()


def test_erasing_frees_the_place_and_ends_the_link(client: Client, rsvp: Rsvp) -> None:
    path = page(rsvp, "/erase")

    answer = client.post(path)

    rsvp.event.seats.refresh_from_db()
    assert answer["Location"] == "/en/your-data/erased/"
    assert client.get("/en/your-data/erased/").status_code == 200
    assert client.get(path).status_code == 410
    assert not Person.objects.filter(id=rsvp.person_id).exists()
    assert (rsvp.event.seats.taken, Rsvp.objects.get().state) == (0, "cancelled")
    assert not Suppression.objects.exists()
    entry = Entry.objects.get(kind="people.PersonErased")
    assert (entry.person_id, entry.actor_id, entry.rest) == (None, None, {})


def test_a_fingerprint_stays_for_who_wants_it(client: Client, rsvp: Rsvp) -> None:
    blind = bytes(Contact.objects.get(person_id=rsvp.person_id).blind)

    client.post(page(rsvp, "/erase"), {"never_write": "on"})

    assert [bytes(row.blind) for row in Suppression.objects.all()] == [blind]


def test_a_coming_event_of_its_host_is_called_off_and_everybody_is_told(
    client: Client, work: Callable[[], int], sender: NotingSender
) -> None:
    event = make.listed_event(description="At Dolores' house")
    guest = make.signed_up(event, email="bea@example.org")
    prove(guest)
    token = data_token(event.host_id)
    preview = reading.text(client.get(f"/en/my/data/{token}/erase"))

    client.post(f"/en/my/data/{token}/erase")
    work()

    event.refresh_from_db()
    assert "It is cancelled and everybody who signed up is told" in preview
    assert (event.state, event.host_id, event.description) == (Event.State.CANCELLED, None, "")
    assert event.title == "Event in Leeds"
    told = [mail for mail in sender.mails if mail.kind == "event_cancelled"]
    assert [mail.to_address for mail in told] == ["bea@example.org"]
    assert "had to step down" in told[0].text


def test_staying_begins_the_two_years_anew(client: Client, rsvp: Rsvp, still_clock: Any) -> None:
    still_clock.shift(705 * 86_400)
    Person.objects.filter(id=rsvp.person_id).update(warned_on="2028-02-01")
    asked = reading.text(client.get(page(rsvp)))

    client.post(page(rsvp, "/stay"))

    person = Person.objects.get(id=rsvp.person_id)
    assert "Would you like to stay?" in asked
    assert (person.warned_on, person.last_active_on.isoformat()) == (None, "2028-02-07")


# --- topics ------------------------------------------------------------------------------------


def test_somebody_asks_for_a_topic_in_the_words_beside_the_button(
    client: Client, rsvp: Rsvp
) -> None:
    topic = profiles.topic("Night buses")
    told = client.get(page(rsvp)).content.decode()
    assert "Night buses" in told
    wanted = {"what": "topic", "topic": topic.id, "channel": "email"}

    client.post(page(rsvp, "/messages"), wanted)

    row = Consent.objects.get(purpose="news")
    assert (row.about_id, row.wording, row.proof) == (topic.id, "topic-email-1", "link")
    assert Person.objects.get(id=rsvp.person_id).reach == 1
    after = client.get(page(rsvp)).content.decode()
    assert 'name="what" value="topic"' not in after
    assert "News of this organisation" in after


def test_a_closed_topic_and_a_channel_without_a_number_are_refused(
    client: Client, rsvp: Rsvp
) -> None:
    topic = profiles.topic()
    for wanted in (
        {"what": "topic", "topic": topic.id, "channel": "text"},
        {"what": "topic", "topic": 1, "channel": "email"},
        {"what": "topic", "topic": "x", "channel": "email"},
    ):
        client.post(page(rsvp, "/messages"), wanted)

    assert not Consent.objects.filter(purpose="news").exists()
