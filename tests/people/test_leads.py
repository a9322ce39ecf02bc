"""Leads of ad services: read in each shape, stored once, taken into a form with a proof to come."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor
from groundswell.kernel.roles import Role
from groundswell.ledger import worker
from groundswell.people import lead_files, lead_queries, queries
from groundswell.people.lead_files import Lead
from groundswell.people.models import Consent, FormEntry, LeadPost, LeadSource, Person, Touch
from groundswell.people.operations import blocking, building, filling, leads
from groundswell.site import vault
from tests.factories import forms as make

pytestmark = pytest.mark.django_db

META = (
    "id,created_time,ad_name,campaign_name,platform,what_is_your_work?,favourite_bus,email,"
    "full_name,phone_number\n"
    "l:77,2026-03-01T10:00:00,Blue,Spring,fb,Nurse,The 36,Dara@Example.org,Dara Quinn,"
    "p:+447400123456\n"
    "l:78,2026-03-01T10:00:00,Blue,Spring,ig,Plumber,,eli@example.org,Eli,\n"
)
OTHERS = [role for role in Role if role not in {Role.OWNER, Role.ORGANISER, Role.DATA_MANAGER}]


def of_role(role: Role) -> Actor:
    return actor.account(1, [role])


def entry_of(email: str) -> FormEntry:
    person = queries.person_of_email(email)
    return FormEntry.objects.select_related("person", "version", "form").get(person=person)


def taken(text: str = META, **form: Any) -> LeadSource:
    row = make.lead_source(make.open_form(**form))
    leads.take_table(lead_source_id=row.id, text=text, by=of_role(Role.DATA_MANAGER))
    worker.run_until_idle()
    return row


# --- reading -----------------------------------------------------------------------------------


def test_a_table_of_meta_is_read() -> None:
    first, second = lead_files.of_table(META)

    assert first == Lead(
        id="77", email="Dara@Example.org", given="Dara", family="Quinn", phone="+447400123456",
        utm={"utm_content": "Blue", "utm_campaign": "Spring", "utm_medium": "fb"},
        others={"what_is_your_work?": "Nurse", "favourite_bus": "The 36"},
    )  # fmt: skip
    assert (second.given, second.family, second.phone) == ("Eli", "", "")


def test_a_post_of_meta_and_one_of_google_are_read() -> None:
    values = [{"name": "email", "values": ["a@example.org"]}, {"name": "zip", "values": ["z:1"]}]
    value = {"leadgen_id": 9, "page_id": 4, "field_data": values}
    meta = {"object": "page", "entry": [{"changes": [{"field": "leadgen", "value": value}]}]}
    google = {
        "lead_id": "g1",
        "google_key": "s",
        "is_test": True,
        "user_column_data": [
            {"column_id": "FULL_NAME", "string_value": "Bo Li"},
            {"column_id": "EMAIL", "string_value": "bo@example.org"},
        ],
    }

    assert lead_files.of_post(meta) == [
        Lead(id="9", email="a@example.org", given="a", postcode="1")
    ]
    assert lead_files.of_post(google) == [
        Lead(id="g1", email="bo@example.org", given="Bo", family="Li", is_test=True)
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "email\n", "\x00", '"'])
def test_what_holds_no_lead_is_refused(text: str) -> None:
    with pytest.raises(lead_files.NoLeads):
        lead_files.of_table(text)


def test_too_many_leads_are_refused() -> None:
    with pytest.raises(lead_files.TooManyLeads):
        lead_files.of_table("email\n" + "a@example.org\n" * 501)


_JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=9),
    lambda inner: strategies.lists(inner, max_size=4)
    | strategies.dictionaries(
        strategies.sampled_from(["entry", "changes", "value", "field_data", "leads", "email",
                                 "name", "values", "user_column_data", "column_id", "id"]),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_JSON)
def test_whatever_is_posted_is_read_or_left(told: Any) -> None:
    for lead in lead_files.of_post(told):
        assert lead.id


# --- taking in ---------------------------------------------------------------------------------


def test_a_lead_goes_into_the_form_and_its_consent_waits_for_a_proof() -> None:
    row = taken(phone="may")

    entry = entry_of("dara@example.org")
    typed = filling.typed_of(entry)
    consent = Consent.objects.get(person=entry.person)
    assert (entry.state, typed["answers"], typed["others"]) == (
        FormEntry.State.IN, {"job": "a"}, {"favourite_bus": "The 36"},
    )  # fmt: skip
    assert (consent.needs_proof, consent.source) == (True, "lead")
    assert consent.proof.startswith("lead:")
    assert not queries.has_consent(entry.person_id, purpose="news", about_id=0)
    touch = Touch.objects.get(person=entry.person)
    assert (touch.what, touch.source_id) == ("lead", row.source_id)
    assert touch.utm["utm_campaign"] == "Spring"
    assert queries.name_of(entry.person).given == "Dara"
    assert queries.phone_of(entry.person_id) == "+447400123456"
    other = filling.typed_of(entry_of("eli@example.org"))
    assert (other["answers"], other["others"]) == ({}, {"what_is_your_work?": "Plumber"})
    assert lead_queries.verdicts(row.id) == {"taken": 2}
    assert [bytes(post.told_sealed) for post in LeadPost.objects.all()] == [b"", b""]


def test_half_a_letter_in_the_name_of_a_question_breaks_nothing() -> None:
    source = make.lead_source(make.open_form())
    told = json.loads('{"email": "kim@example.org", "first_name": "Kim", "\\ud800": "x"}')

    assert leads.store(lead_source=source, leads=lead_files.of_post(told)) == 1


def test_the_same_lead_is_taken_once() -> None:
    row = taken()

    again = leads.take_table(lead_source_id=row.id, text=META, by=SYSTEM)
    worker.run_until_idle()

    assert again == 0
    assert FormEntry.objects.count() == 2


def test_what_cannot_be_taken_says_why_and_is_tried_again() -> None:
    text = "id,email,full_name\n1,not an address,A\n2,b@example.org,http://spam.example\n"
    row = taken(text)
    assert lead_queries.verdicts(row.id) == {"email": 1, "other": 1}

    building.close(form_id=row.form_id, by=SYSTEM)
    assert leads.try_again(lead_source_id=row.id, by=SYSTEM) == 2
    worker.run_until_idle()

    assert lead_queries.verdicts(row.id) == {"closed": 1, "email": 1}
    assert Person.objects.count() == 0


def test_tests_and_blocked_addresses_bring_nobody() -> None:
    row = make.lead_source(make.open_form())
    blocking.block_email(email="dara@example.org", reason="spam", by=SYSTEM)

    found = [Lead(id="1", email="dara@example.org"), Lead(id="2", email="x", is_test=True)]
    assert leads.store(lead_source=row, leads=found) == 2
    worker.run_until_idle()

    assert lead_queries.verdicts(row.id) == {"blocked": 1, "test": 1}
    assert FormEntry.objects.count() == 0


def test_a_form_without_a_consent_of_its_own_takes_no_leads() -> None:
    for form in (make.open_form(), make.open_form(purpose="")):
        with pytest.raises(leads.FormNeedsItsConsent):
            leads.add(name="Meta", form_id=form.id, code="ads", by=SYSTEM)

    assert not LeadSource.objects.exists()


def test_a_closed_source_has_no_secret_and_takes_nothing() -> None:
    row, secret = make.lead_source_and_secret(make.open_form())
    assert lead_queries.secret_of(row.key) == secret

    leads.close(lead_source_id=row.id, by=SYSTEM)

    assert lead_queries.secret_of(row.key) == ""
    with pytest.raises(leads.NoSuchLeadSource):
        leads.take_table(lead_source_id=row.id, text=META, by=SYSTEM)


@pytest.mark.parametrize("by", [VISITOR, *map(of_role, OTHERS)], ids=str)
def test_who_may_not_take_leads(by: Actor) -> None:
    row = make.lead_source(make.open_form())

    for forbidden in (
        lambda: leads.add(name="x", form_id=row.form_id, code="x", by=by),
        lambda: leads.close(lead_source_id=row.id, by=by),
        lambda: leads.take_table(lead_source_id=row.id, text=META, by=by),
        lambda: leads.try_again(lead_source_id=row.id, by=by),
    ):
        with pytest.raises(leads.OnlyTheTeamTakesLeads):
            forbidden()

    assert (LeadPost.objects.count(), LeadSource.objects.get().is_off) == (0, False)


def test_posts_go_after_a_month() -> None:
    row = make.lead_source(make.open_form())
    leads.store(lead_source=row, leads=[Lead(id="1", email="no")])
    told = json.loads(vault.open_(LeadPost.objects.get(), "told_sealed"))
    assert told["email"] == "no"

    for days, left in ((29, 1), (31, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            leads.tidy_leads.call()
        assert LeadPost.objects.count() == left
