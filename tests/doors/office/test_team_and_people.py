"""Team and roles, regions, people: what the pages show, refuse and keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, Grant
from groundswell.events.models import Event
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, Held, Role
from groundswell.kernel.scopes import EVERYWHERE, Scope
from groundswell.ledger.models import Entry
from groundswell.people.models import Look
from groundswell.people.operations import looking
from groundswell.places import operations as place_ops
from groundswell.places.models import Region
from tests.factories import campaigns, events

pytestmark = pytest.mark.django_db

CHILE = scopes.country("CL")


@pytest.fixture
def sit_over(sit: Any) -> Any:
    """``sit_over(role, scope)``: a browser of somebody who holds a role over a scope."""

    def sit_as(role: Role, scope: Scope) -> Client:
        client: Client = sit()
        account_id = int(client.session["_auth_user_id"])
        accounts_ops.grant_role(account_id=account_id, role=role, scope=scope, by=SYSTEM)
        return client

    return sit_as


def account_of(client: Client) -> Account:
    return Account.objects.get(id=client.session["_auth_user_id"])


def typed(**others: str) -> dict[str, str]:
    return {
        "email": "leo@example.org",
        "name": "Leo",
        "role": "coach",
        "scope": "country:CL",
        "ends_on": "2026-05-01",
        **others,
    }


# --- roles -------------------------------------------------------------------------------------


def test_inviting_gives_the_role_and_sends_a_mail(owner: Client) -> None:
    answer = owner.post(reverse("office:invite"), typed(), follow=True)

    leo = accounts_queries.account_by_email("leo@example.org")
    assert leo is not None
    assert accounts_queries.actor_of(leo).held == {Held(Role.COACH, CHILE)}
    assert "Leo has the role" in answer.content.decode()
    grant = Grant.objects.get(account=leo)
    assert grant.ends_at is not None
    assert grant.ends_at.isoformat() == "2026-05-02T00:00:00+00:00"  # the last day is a whole one


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "leo@"}, "Finish the e-mail address"),
        ({"name": ""}, "Write their name."),
        ({"role": "emperor"}, "Choose one of the answers shown."),
        ({"scope": "country:XX"}, "Choose one of the answers shown."),
        ({"scope": "nonsense"}, "Choose one of the answers shown."),
        ({"ends_on": "2026-02-30"}, "Choose a day that exists"),
        ({"ends_on": "2020-01-01"}, "Choose a day in the future"),
        ({"ends_on": "9999-12-31"}, "Choose a day in the future"),
        ({"role": "owner"}, "An owner runs the whole installation."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    owner: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = owner.post(reverse("office:invite"), typed(**wrong))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    kept = {"email": "leo@example.org", "name": "Leo", **wrong}
    assert f'value="{kept["email"]}"' in text
    assert accounts_queries.account_by_email("leo@example.org") is None


def test_a_regional_organiser_is_offered_a_part_of_their_own(sit_over: Any) -> None:
    rosa = sit_over(Role.REGIONAL_ORGANISER, CHILE)

    form = rosa.get(reverse("office:invite")).context["form"]

    assert [value for value, _label in form.fields["role"].choices] == [
        "team_lead",
        "coach",
        "read_only",
    ]
    assert form.fields["scope"].choices == [("Country", [("country:CL", "Chile")])]


def test_a_role_for_one_event_is_given_from_its_page(sit_over: Any, owner: Client) -> None:
    event = events.listed_event()
    page = owner.get(reverse("office:event", args=[event.campaign.slug, event.slug]))
    link = f"{reverse('office:invite')}?for=event:{event.id}"

    assert link in page.content.decode()
    form = owner.get(link).context["form"]
    assert form.fields["scope"].choices[1] == (f"event:{event.id}", f"Event: {event.title}")
    chile = sit_over(Role.REGIONAL_ORGANISER, CHILE).get(link).context["form"]
    assert chile.fields["scope"].choices == [("Country", [("country:CL", "Chile")])]


def test_ending_a_role_says_so_and_holds_at_once(owner: Client, sit_over: Any) -> None:
    rosa = sit_over(Role.REGIONAL_ORGANISER, CHILE)
    account = account_of(rosa)
    assert rosa.get(reverse("office:team")).status_code == 200

    for role in ("regional_organiser@country:PE", "regional_organiser@country:CL"):
        answer = owner.post(reverse("office:role_end", args=[account.id]), {"role": role})
        assert answer.status_code == 302

    assert accounts_queries.actor_of(account).held == frozenset()
    assert rosa.get(reverse("office:team")).status_code == 404


def test_the_last_owner_stays(owner: Client) -> None:
    me = account_of(owner)
    pages = [
        owner.post(
            reverse("office:role_end", args=[me.id]),
            {"role": "owner@installation"},
            follow=True,
        ),
        owner.post(reverse("office:member_close", args=[me.id]), follow=True),
    ]

    for page in pages:
        assert "An installation needs an owner." in page.content.decode()
    assert accounts_queries.actor_of(me).is_owner


def test_closing_an_account_asks_first(owner: Client, sit: Any) -> None:
    leaving = sit("organiser", name="Leo")
    account = account_of(leaving)
    address = reverse("office:member_close", args=[account.id])

    assert "This cannot be undone." in owner.get(address).content.decode()
    assert accounts_queries.find_account(account.id) is not None
    owner.post(address)

    assert accounts_queries.find_account(account.id) is None
    assert leaving.get(reverse("office:home")).status_code == 302


def test_team_costs_the_same_with_one_and_three_people(
    owner: Client, sit: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            owner.get(reverse("office:team"))
        counts.append(len(seen))
        for _more in range(2):
            sit("organiser")

    assert counts[0] == counts[1]


# --- proving again -----------------------------------------------------------------------------


def test_a_dangerous_page_asks_for_the_second_step_again(owner: Client) -> None:
    session = owner.session
    session["proven_at"] = (clock.now() - timedelta(minutes=16)).isoformat()
    session.save()

    opened = owner.get(reverse("office:invite"))
    sent = owner.post(reverse("office:invite"), typed())

    assert opened["Location"] == f"{reverse('my_prove')}?next=%2Fen%2Foffice%2Fteam%2Finvite%2F"
    assert sent["Location"] == reverse("office:team")  # what was typed in time is not lost


def test_what_is_sent_too_late_is_not_done(owner: Client) -> None:
    session = owner.session
    session["proven_at"] = (clock.now() - timedelta(minutes=46)).isoformat()
    session.save()

    assert owner.post(reverse("office:invite"), typed())["Location"] == reverse("my_prove")
    assert accounts_queries.account_by_email("leo@example.org") is None


# --- regions -----------------------------------------------------------------------------------


def test_regions_are_made_changed_and_removed(owner: Client) -> None:
    owner.post(reverse("office:region_add"), {"name": "Andes", "countries": ["PE", "CL"]})
    region = Region.objects.get()
    assert (region.name, region.countries) == ("Andes", ["CL", "PE"])

    address = reverse("office:region", args=[region.id])
    owner.post(address, {"name": "The Andes", "countries": ["CL", "PE", "EC"]})
    assert Region.objects.get().countries == ["CL", "EC", "PE"]
    assert "Chile, Ecuador" in owner.get(reverse("office:regions")).content.decode()
    owner.post(address, {"do": "remove"})
    assert Region.objects.count() == 0


def test_a_region_needs_a_name_of_its_own_and_countries(owner: Client) -> None:
    place_ops.put_region(name="Andes", countries=["CL"], by=SYSTEM)

    for sent, sentence in (
        ({"name": "Andes", "countries": ["PE"]}, "that no other has"),
        ({"name": "Incas", "countries": []}, "Choose at least one country."),
        ({"name": "", "countries": ["PE"]}, "that no other has"),
    ):
        answer = owner.post(reverse("office:region_add"), sent)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Region.objects.count() == 1


def test_only_owners_change_regions() -> None:
    region = place_ops.put_region(name="Andes", countries=["CL"], by=SYSTEM)
    from groundswell.kernel import actor as actors

    organiser = actors.account(7, [Role.ORGANISER])
    with pytest.raises(place_ops.OnlyOwnersChangeRegions):
        place_ops.put_region(name="X", countries=["CL"], by=organiser)
    with pytest.raises(place_ops.OnlyOwnersChangeRegions):
        place_ops.remove_region(region_id=region.id, by=organiser)


# --- people ------------------------------------------------------------------------------------


def a_person(**sign_up: str) -> Any:
    event = events.listed_event()
    rsvp = events.signed_up(
        event, **{"email": "amina@example.org", "given": "Amina", "family": "Khan", **sign_up}
    )
    return rsvp.person


def test_address_and_number_are_shown_for_a_reason_that_is_written_down(organiser: Client) -> None:
    person = a_person()
    address = reverse("office:person", args=[person.id])

    closed = organiser.get(address).content.decode()
    refused = organiser.post(address, {})
    opened = organiser.post(address, {"reason": "question"})

    assert "Amina Khan" in closed
    assert "amina@example.org" not in closed
    assert refused.status_code == 422
    assert "amina@example.org" not in refused.content.decode()
    assert "amina@example.org" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    entry = Entry.objects.get(kind="people.ContactsOpened")
    assert (entry.person_id, entry.rest) == (person.id, {"reason": "question"})


def test_each_page_says_why_it_is_seen(organiser: Client, sit_over: Any) -> None:
    person = a_person()
    british = sit_over(Role.REGIONAL_ORGANISER, scopes.country("GB"))

    def why(client: Client) -> set[str]:
        page = client.get(reverse("office:person", args=[person.id]))
        return {str(reason) for reason in page.context["why"]}

    assert why(organiser) == {"Your role is for the whole installation."}
    assert why(british) == {"They signed up for an event that you look after."}


def test_a_regional_organiser_of_another_country_finds_nobody(sit_over: Any) -> None:
    person = a_person()
    event = Event.objects.get()
    chile = sit_over(Role.REGIONAL_ORGANISER, CHILE)

    pages = {
        "search": chile.get(reverse("office:people") + "?q=amina@example.org"),
        "list": chile.get(reverse("office:people")),
        "events": chile.get(reverse("office:events", args=[event.campaign.slug])),
    }
    assert chile.get(reverse("office:person", args=[person.id])).status_code == 404
    at = [event.campaign.slug, event.slug]
    for name in ("event", "event_change", "event_cancel", "event_capacity", "review_one"):
        assert chile.get(reverse(f"office:{name}", args=at)).status_code == 404
    for name, page in pages.items():
        text = page.content.decode()
        assert [word for word in ("Amina", "Khan", event.title, "Dolores") if word in text] == [], (
            name
        )


def test_the_timeline_leaves_out_events_of_others(sit_over: Any) -> None:
    person = a_person()
    far = events.listed_event(campaigns.live_campaign("Trains"), host="far@example.org")
    Event.objects.filter(id=far.id).update(country="CL")
    events.signed_up(far, email="amina@example.org")
    address = reverse("office:person", args=[person.id])

    both, one = sit_over(Role.ORGANISER, EVERYWHERE), sit_over(Role.REGIONAL_ORGANISER, CHILE)

    assert [len(c.get(address).context["took_part"]) for c in (both, one)] == [2, 1]
    counts = [len(c.get(address).context["timeline"]) for c in (both, one)]
    assert counts[0] > counts[1] > 0


def test_list_stops_at_the_days_number(organiser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person = a_person()
    monkeypatch.setitem(looking.A_DAY, Role.ORGANISER, 1)  # type: ignore[arg-type]  # a dict behind

    answer = organiser.get(reverse("office:people"))
    again = organiser.get(reverse("office:people"))

    assert (answer.status_code, again.status_code) == (429, 429)
    assert "Khan" not in answer.content.decode()
    assert Entry.objects.filter(kind="people.LookedAtTooMany").count() == 1
    # The host alone is one person, and may be looked at.
    assert organiser.get(reverse("office:person", args=[person.id])).status_code == 200


def test_without_the_count_the_whole_list_is_shown(
    organiser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the one before."""
    a_person()
    monkeypatch.setitem(looking.A_DAY, Role.ORGANISER, 1)  # type: ignore[arg-type]  # a dict behind
    monkeypatch.setattr(looking, "note_seen", lambda **seen: None)

    assert "Khan" in organiser.get(reverse("office:people")).content.decode()
    assert Look.objects.count() == 0


def test_list_costs_the_same_with_two_and_four_people(organiser: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    event, counts = events.listed_event(), []
    for _round in range(2):
        events.signed_up(event)
        events.signed_up(event)
        organiser.get(reverse("office:people"))  # everybody was looked at once
        with CaptureQueriesContext(connection) as seen:
            organiser.get(reverse("office:people"))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_pages_keep_the_search(organiser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.office.people import index as people_page

    monkeypatch.setattr(people_page, "PER_PAGE", 1)
    event = events.listed_event()
    for _ in range(2):
        events.signed_up(event)

    text = organiser.get(reverse("office:people") + "?q=amina").content.decode()

    assert "?q=amina&amp;page=2" in text
    assert "Nobody here fits." in organiser.get(reverse("office:people") + "?q=zz").content.decode()
