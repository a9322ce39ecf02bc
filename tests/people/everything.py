"""Somebody who has left a trace in every table that can hold one, with canaries in every text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from groundswell.events.models import Event, HostDraft
from groundswell.events.operations import attendance, drafts, hosting, messages, proving
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import SYSTEM, VISITOR
from groundswell.ledger import worker
from groundswell.people.forms.content import Kind, Question
from groundswell.people.lists.wishes import Wish
from groundswell.people.models import Field, SourceCode, Touch
from groundswell.people.operations import (
    answers,
    asking,
    bulk,
    correcting,
    details,
    lookalikes,
    merging,
    new_address,
    notes,
    persons,
    tagging,
    ties,
)
from groundswell.people.operations.persons import Typed
from groundswell.people.operations.sources import CameBy
from tests.factories import events as make
from tests.factories import fields, forms, profiles
from tests.factories.campaigns import live_campaign
from tests.factories.links import data_token, host_token, rsvp_token

# What the person typed, page by page. Each is found nowhere once they are erased.
TYPED = {
    "given": "Kanarigiven",
    "family": "Kanarifamily",
    "sign-up name": "Kanarisignup",
    "title": "Kanarititle",
    "description": "Kanaridescription",
    "venue": "Kanarivenue",
    "draft": "Kanaridraft",
    "message": "Kanarimessage",
    "report": "Kanarireport",
    "change": "Kanarichange",
    "new address": "kanarinew@example.org",
    "phone": "+447400123456",
    "second phone": "+447400123457",
    "form answer": "Kanariformanswer",
    "form source": "kanariformsource",
    "source": "kanarisource",
    "utm": "kanariutm",
    "street": "Kanaristreet",
    "town": "Kanaritown",
    "note": "Kanarinote",
    "answer": "Kanarianswer",
}


def everything_about(email: str) -> int:
    """The id of a person who did everything that the house knows."""
    campaign = live_campaign()
    event = _host(campaign, email)
    guest = make.signed_up(event, email="guest@example.org")
    proving.prove_rsvps(person_id=guest.person_id or 0, by=make.supporter_of(guest))
    person_id = event.host_id
    assert person_id is not None
    own = actor.person(person_id)
    correcting.correct(
        person_id=person_id, given=TYPED["given"], family=TYPED["family"], language="en", by=own
    )
    other = make.listed_event(campaign, host="other@example.org", title="Another stop")
    rsvp = make.signed_up(
        other, email=email, given=TYPED["sign-up name"], source=TYPED["source"],
        utm={"utm_source": TYPED["utm"]}, wants_campaign_mail=True,
    )  # fmt: skip
    proving.give_phone(rsvp_id=rsvp.id, phone=TYPED["phone"], by=make.supporter_of(rsvp))
    correcting.set_phone(person_id=person_id, phone=TYPED["second phone"], by=own)
    new_address.ask_new_address(person_id=person_id, email=TYPED["new address"], by=own)
    asking.ask_by_address(email=email, by=VISITOR)
    drafts.begin(
        campaign=campaign,
        answers={"title": TYPED["draft"], "email": email.upper(), "given": TYPED["given"]},
        by=VISITOR,
    )
    _noted_by_the_team(person_id, other.host_id or 0)
    why = Question(key="why", kind=Kind.SHORT, labels={"en": "Why?"})
    forms.entry(
        forms.open_form(questions=[why]),
        email,
        given=TYPED["given"],
        answers={"why": [TYPED["form answer"]]},
        came_by=CameBy(TYPED["form source"]),
    )
    data_token(person_id)
    rsvp_token(rsvp)
    host_token(event)
    worker.run_until_idle()
    _looked_like_others(person_id)
    return person_id


def _looked_like_others(person_id: int) -> None:
    """Somebody who was put together with them, and somebody who waits to be."""
    twin = persons.recognise(
        typed=Typed(given=TYPED["given"], email=f"twin{person_id}@example.net")
    ).person
    other = persons.recognise(
        typed=Typed(given="Somebody", email=f"like{person_id}@example.net")
    ).person
    merging.merge(kept_id=person_id, gone_id=twin.id, by=SYSTEM)
    lookalikes.tell_apart(one_id=person_id, other_id=other.id, by=SYSTEM)
    lookalikes.compare([person_id])


def _host(campaign: Any, email: str) -> Event:
    """An event with everything a host can write. It is going on: its report is filed."""
    drafts.begin(campaign=campaign, answers={"kind": "meeting"}, by=VISITOR)
    place = make.leeds(venue=TYPED["venue"])
    day = clock.now().date()
    event = hosting.publish_event(
        campaign=campaign,
        plan=make.plan(
            title=TYPED["title"], description=TYPED["description"], place=place,
            day=day + timedelta(days=4),
        ),
        host=Typed(given=TYPED["given"], family=TYPED["family"], email=email),
        draft=HostDraft.objects.latest("id"),
        phone=TYPED["second phone"],
        by=VISITOR,
    )  # fmt: skip
    hosting.prove_host(event_id=event.id, by=make.host_of(event))
    messages.message_people(event_id=event.id, body=TYPED["message"], by=make.host_of(event))
    hosting.change_event(
        event_id=event.id,
        plan=make.plan(
            title=TYPED["title"], description=TYPED["description"], place=place,
            day=day + timedelta(days=5),
        ),
        words=TYPED["change"],
        by=make.host_of(event),
    )  # fmt: skip
    event.refresh_from_db()
    with clock.at(event.starts_at + timedelta(minutes=5)):
        attendance.file_report(
            event_id=event.id, low=None, best=9, high=None, sentence=TYPED["report"],
            by=make.host_of(event),
        )  # fmt: skip
    return event


def _noted_by_the_team(person_id: int, other_id: int) -> None:
    """What organisers keep about members."""
    by = SYSTEM
    home = details.Home(street=TYPED["street"], postcode="LS1 4DY", town=TYPED["town"])
    details.put_home(person_id=person_id, home=home, by=by)
    tagging.tag(person_id=person_id, name="Speaks Polish", by=by)
    if not Field.objects.filter(key="branch").exists():  # a second such person
        fields.field_of(key="branch")
    answers.answer(person_id=person_id, told={"branch": TYPED["answer"]}, by=by)
    notes.write_note(person_id=person_id, body=TYPED["note"], sees="see_all", by=by)
    ties.relate(person_id=person_id, other_id=other_id, kind="friend", by=by)
    picked = profiles.view("Van drivers", is_picked=True)
    bulk.start(kind="pick", about_id=picked.id, wish=Wish(ids=(person_id,)), by=by)
    source, _made = SourceCode.objects.get_or_create(
        code="poster-7", defaults={"created_at": clock.now()}
    )
    Touch.objects.create(
        person_id=person_id, source=source, what=Touch.What.FORM, at=clock.now(),
        utm={"utm_source": TYPED["utm"]},
    )  # fmt: skip
