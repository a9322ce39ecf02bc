"""Messages for tests: written as a reaction writes them, and looked at after a round."""

from __future__ import annotations

from typing import Any

from groundswell.events.models import Rsvp
from groundswell.events.operations import proving
from groundswell.kernel.ids import new_id
from groundswell.outreach.delivery import deliver_round
from groundswell.outreach.models import Message
from groundswell.outreach.operations import outbox
from tests.factories import events as make


def prove(rsvp: Rsvp) -> None:
    proving.prove_rsvps(person_id=rsvp.person_id or 0, by=make.supporter_of(rsvp))


def ready(rsvp: Rsvp, kind: str = "rsvp_going", **others: Any) -> Message:
    """A message in the outbox, as a reaction writes it."""
    event = rsvp.event
    message = outbox.to_supporter(
        kind,
        rsvp,
        key=new_id(),
        expires_at=event.ends_at,
        args={"starts": int(event.starts_at.timestamp())},
    )
    for name, value in others.items():
        setattr(message, name, value)
    outbox.write([message])
    return message


def result(message: Message) -> tuple[str, str]:
    deliver_round()
    message.refresh_from_db()
    return message.state, message.error
