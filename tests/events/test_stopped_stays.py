"""Who stopped our mails gets none again by somebody who types their address into a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from groundswell.accounts.doubts import Doubt, Look
from groundswell.events.models import Event, Held, Rsvp
from groundswell.events.operations import agreeing, holding, rsvps
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.people import queries
from groundswell.people.models import Consent, FormEntry, Person
from groundswell.people.operations import consents, filling
from groundswell.people.operations.persons import Typed
from tests.factories import events as make
from tests.factories import forms

pytestmark = pytest.mark.django_db

EMAIL = "dara@example.org"


def sign_up(event: Event, *, look: Look | None = None) -> Rsvp:
    return rsvps.make_rsvp(
        event=event, typed=Typed(given="Dara", email=EMAIL),
        sign_up=rsvps.SignUp(wants_campaign_mail=True), by=VISITOR, look=look,
    ).rsvp  # fmt: skip


def stop(person_id: int, line: Consent) -> None:
    consents.withdraw(
        person_id=person_id, purpose=line.purpose, about_id=line.about_id, source="stop", by=SYSTEM
    )


def stopped_news() -> tuple[Event, Person]:
    """Somebody signed up with news of the campaign, and stopped it."""
    event = make.listed_event()
    first = sign_up(event)
    assert first.person is not None
    assert is_written_to(event, first.person)  # the control: a first word counts at once
    stop(first.person.id, Consent.objects.get(purpose="campaign"))
    return make.listed_event(campaign=event.campaign), first.person


def is_written_to(event: Event, person: Person) -> bool:
    person.refresh_from_db()
    found = queries.has_consent(person.id, purpose="campaign", about_id=event.campaign_id)
    assert found == (person.reach > 0)
    return found


def test_a_sign_up_of_somebody_who_stopped_brings_nothing_back() -> None:
    event, dara = stopped_news()

    rsvp = sign_up(event)

    assert (rsvp.state, rsvp.person_id) == ("going", dara.id)
    assert queries.has_consent(dara.id, purpose="event", about_id=event.id)
    assert not is_written_to(event, dara)


def test_control_without_the_look_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    event, dara = stopped_news()
    monkeypatch.setattr(agreeing, "_may_agree", lambda rsvp: True)

    sign_up(event)

    assert is_written_to(event, dara)


def test_news_of_another_campaign_was_not_stopped() -> None:
    _event, dara = stopped_news()
    other = make.listed_event()

    sign_up(other)

    assert is_written_to(other, dara)


@pytest.mark.parametrize("by_link", [True, False])
def test_of_one_that_waited_only_the_link_in_our_mail_asks_again(by_link: bool) -> None:
    event, dara = stopped_news()
    rsvp = sign_up(event, look=Look(doubt=Doubt.FAST))
    assert not is_written_to(event, dara)

    if by_link:
        holding.confirm(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))
    else:
        owner = actors.account(7, [Role.OWNER])
        holding.let_in(held_ids=[Held.objects.get(rsvp=rsvp).id], by=owner)

    rsvp.refresh_from_db()
    assert rsvp.state == "going"
    assert is_written_to(event, dara) == by_link


def test_what_was_stopped_while_it_waited_stays_stopped() -> None:
    event, dara = stopped_news()
    rsvp = sign_up(event, look=Look(doubt=Doubt.FAST))
    line = Consent.objects.filter(purpose="campaign", is_given=True).latest("at")
    with clock.at(clock.now() + timedelta(minutes=5)):
        stop(dara.id, line)
    with clock.at(clock.now() + timedelta(minutes=9)):
        holding.confirm(rsvp_id=rsvp.id, by=make.supporter_of(rsvp))

    assert not is_written_to(event, dara)


# --- forms --------------------------------------------------------------------------------------


def filled_in(form: Any) -> FormEntry:
    found: FormEntry = forms.entry(form, EMAIL, has_agreed=True)
    return found


def reaches(entry: FormEntry) -> bool:
    line = Consent.objects.filter(person_id=entry.person_id, is_given=True).latest("at")
    return queries.has_consent(entry.person_id, purpose=line.purpose, about_id=line.about_id)


def stopped_form() -> tuple[Any, FormEntry]:
    """Somebody agreed to news in a form, and stopped it; the same news stands in another form."""
    entry = filled_in(forms.open_form())
    assert reaches(entry)
    stop(entry.person_id, Consent.objects.get(is_given=True))
    return forms.open_form(), entry


def test_a_form_brings_nothing_back_until_its_link_is_opened() -> None:
    form, before = stopped_form()

    entry = filled_in(form)
    assert (entry.state, reaches(before)) == ("in", False)

    filling.confirm(entry_id=entry.id, by=actors.person(entry.person_id))
    assert reaches(before)


def test_what_was_stopped_after_the_form_stays_stopped() -> None:
    form = forms.open_form()
    entry = filled_in(form)
    with clock.at(clock.now() + timedelta(minutes=5)):
        stop(entry.person_id, Consent.objects.get(is_given=True))
    with clock.at(clock.now() + timedelta(minutes=9)):
        filling.confirm(entry_id=entry.id, by=actors.person(entry.person_id))

    assert not reaches(entry)


def test_what_was_stopped_while_a_form_was_held_stays_stopped() -> None:
    form = forms.open_form()
    filled_in(forms.open_form())
    entry = forms.entry(form, EMAIL, look=Look(doubt=Doubt.FAST), has_agreed=True)
    assert entry.state == "held"
    with clock.at(clock.now() + timedelta(minutes=5)):
        stop(entry.person_id, Consent.objects.get(is_given=True))
    with clock.at(clock.now() + timedelta(minutes=9)):
        filling.confirm(entry_id=entry.id, by=actors.person(entry.person_id))

    assert not reaches(entry)


def test_control_a_form_without_the_look_would(monkeypatch: pytest.MonkeyPatch) -> None:
    form, before = stopped_form()
    monkeypatch.setattr(filling, "_may_agree", lambda entry, content, by: True)

    filled_in(form)

    assert reaches(before)
