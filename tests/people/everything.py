"""Somebody who has left a trace in every table that can hold one, with canaries in every text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from groundswell.events.models import Event, HostDraft
from groundswell.events.operations import attendance, drafts, hosting, messages, proving
from groundswell.kernel import actor, clock
from groundswell.kernel.actor import VISITOR
from groundswell.ledger import worker
from groundswell.people.operations import asking, correcting, new_address
from groundswell.people.operations.persons import Typed
from tests.factories import events as make
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
    "source": "kanarisource",
    "utm": "kanariutm",
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
    data_token(person_id)
    rsvp_token(rsvp)
    host_token(event)
    worker.run_until_idle()
    return person_id


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
