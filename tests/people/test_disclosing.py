"""P4: what anybody can be made to hand over about a supporter, ninety days after their last event.

Six fields. A new column that says something makes this fail: it is a seventh.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from groundswell.events.models import Rsvp
from groundswell.events.operations import attendance, proving, rsvps
from groundswell.ledger import chain
from groundswell.people import exporting, queries
from groundswell.people.models import Person
from tests.factories import events as make
from tests.factories.campaigns import live_campaign
from tests.outreach.making import prove

pytestmark = pytest.mark.django_db

# Every column that is not empty, by the field that it is part of. Numbers of rows say nothing.
SIX_FIELDS = {
    "country": {"people.person.country"},
    "language": {"people.person.language"},
    "joined month": {"people.person.created_at", "people.contact.created_at"},
    "how often": {
        "people.person.last_active_on",
        "people.person.going_count",
        "people.person.attended_count",
    },
    "e-mail": {
        "people.contact.kind",
        "people.contact.value",
        "people.contact.blind",
        "people.contact.person",
        "people.contact.proven_at",
    },
    "consent": {
        f"people.consent.{column}"
        for column in (
            "person", "channel", "purpose", "about_id", "is_given", "is_current", "wording",
            "source", "at", "words",
        )
    } | {"people.person.reach"},
}  # fmt: skip


def plain_supporter(still_clock: Any) -> Rsvp:
    """Signed up with everything there is, came, said so, and was not heard of since."""
    event = make.listed_event(live_campaign())
    rsvp = make.signed_up(
        event, email="amina@example.org", family="Khan", phone="+44 7400 123456",
        wants_campaign_mail=True, source="poster", utm={"utm_source": "post"},
    )  # fmt: skip
    prove(rsvp)
    by = make.supporter_of(rsvp)
    proving.give_phone(rsvp_id=rsvp.id, phone="+44 7400 123457", by=by, came_by_link=True)
    rsvps.confirm_rsvp(rsvp_id=rsvp.id, by=by)
    still_clock.move_to(event.ends_at + timedelta(hours=1))
    attendance.check_in(rsvp_id=rsvp.id, here=True, by=make.host_of(event))
    attendance.tell_attendance(rsvp_id=rsvp.id, came=True, by=by)
    return rsvp


def said(held: dict[str, list[dict[str, Any]]]) -> set[str]:
    return {
        f"{table}.{name}"
        for table, found in held.items()
        for row in found
        for name, value in row.items()
        if value not in ("", None, 0, False, [], {})
    }


def test_six_fields_ninety_days_after_the_last_event(
    still_clock: Any, work: Callable[[], int]
) -> None:
    rsvp = plain_supporter(still_clock)
    work()
    still_clock.move_to(rsvp.event.ends_at + timedelta(days=90, hours=2))
    work()

    held = exporting.export(rsvp.person_id or 0)

    assert said(held) == set().union(*SIX_FIELDS.values())
    assert exporting.fields(held) == sorted(SIX_FIELDS)
    (person,) = held["people.person"]
    assert person["created_at"].startswith("2026-03-01T00:00")
    assert (person["name"], person["last_active_on"]) == ("", "2026-03-01")
    assert (person["going_count"], person["attended_count"], person["country"]) == (1, 1, "GB")


def test_control_while_the_event_is_fresh_there_is_much_more(
    still_clock: Any, work: Callable[[], int]
) -> None:
    rsvp = plain_supporter(still_clock)
    work()

    held = exporting.export(rsvp.person_id or 0)

    assert len(exporting.fields(held)) > 20
    assert {"events.rsvp", "ledger.entry", "outreach.message"} <= set(held)


def test_control_a_column_that_is_new_is_a_field_of_its_own() -> None:
    held = {"people.person": [{"language": "en", "shoe_size": 41, "hat_size": 0}]}

    assert exporting.fields(held) == ["language", "people.person.shoe_size"]


def test_who_signed_up_for_something_to_come_is_not_thinned(
    still_clock: Any, work: Callable[[], int]
) -> None:
    event = make.listed_event(live_campaign())
    rsvp = make.signed_up(event, email="amina@example.org", family="Khan")
    Person.objects.update(last_active_on="2025-10-01")
    chain.chain_more()

    work()

    assert queries.name_of(Person.objects.get(id=rsvp.person_id)).full == "Amina Khan"


def test_somebody_thin_who_comes_again_gives_their_name_again(
    still_clock: Any, work: Callable[[], int]
) -> None:
    rsvp = plain_supporter(still_clock)
    still_clock.move_to(rsvp.event.ends_at + timedelta(days=90, hours=2))
    work()
    later = rsvp.event.ends_at.date() + timedelta(days=120)
    event = make.listed_event(
        live_campaign("Trains", action_on=later, starts_on=later, ends_on=later), day=later
    )

    make.signed_up(event, email="amina@example.org", given="Aminata")

    person = Person.objects.get(id=rsvp.person_id)
    assert (queries.name_of(person).full, person.is_thin) == ("Aminata", False)


def disclosed(person: str) -> str:
    out = StringIO()
    call_command("disclose", person, stdout=out)
    return out.getvalue()


def test_the_command_finds_by_address_and_by_number(still_clock: Any) -> None:
    rsvp = plain_supporter(still_clock)

    by_email = disclosed(" AMINA@example.org")

    assert by_email == disclosed(str(rsvp.person_id))
    assert '"value": "amina@example.org"' in by_email


@pytest.mark.parametrize("typed", ["nobody@example.org", "7", "9" * 30, "amina"])
def test_the_command_says_when_there_is_nothing(typed: str) -> None:
    with pytest.raises(CommandError):
        disclosed(typed)
