"""What follows when an event is published, reviewed, changed, called off, or its host writes."""

from __future__ import annotations

from datetime import timedelta

from groundswell.events.models import Event
from groundswell.events.operations.hosting import PROVE_WITHIN
from groundswell.kernel.actor import ActorKind
from groundswell.ledger.wires import Happening
from groundswell.outreach.operations import fanning, outbox, reminders

_HOST_TOLD_FOR = timedelta(days=3)


def event_hosted(happening: Happening) -> None:
    """The host's own link, which proves the address; and the event's reminders are planned."""
    event = _event(happening)
    if event is None:
        return
    _tell_host("host_link", event, happening, lasts=PROVE_WITHIN)
    reminders.plan(event=event, known_at=happening.at)


def event_let_in(happening: Happening) -> None:
    """Out of quarantine: the host gets the link that was held back, with a day to open it."""
    event_hosted(happening)


def concerns_settled(happening: Happening) -> None:
    """Somebody has looked: what the host wrote goes on its way."""
    outbox.release_paused(event_id=happening.fact.event_id)


def event_listed(happening: Happening) -> None:
    """The organisers approved; the host learns it."""
    _tell_host("host_listed", _event(happening), happening)


def host_asked(happening: Happening) -> None:
    """The organisers asked the host something."""
    _tell_host("host_asked", _event(happening), happening)


def event_declined(happening: Happening) -> None:
    """The host reads the organisers' words; whoever signed up reads that it is off."""
    event = _event(happening)
    _tell_host("host_declined", event, happening)
    _call_off(event, happening)


def event_cancelled(happening: Happening) -> None:
    """Everybody is told, with the words; the host too, unless they cancelled themselves."""
    event = _event(happening)
    if happening.by.kind != ActorKind.PERSON:
        _tell_host("host_cancelled", event, happening)
    _call_off(event, happening)


def event_lapsed(happening: Happening) -> None:
    """Never proven by its host: whoever found its link and signed up reads that it is off."""
    _call_off(_event(happening), happening)


def event_changed(happening: Happening) -> None:
    """A new time or place: everybody is told, and the reminders move along."""
    event = _event(happening)
    if event is None:
        return
    reminders.plan(event=event, known_at=happening.at)
    if happening.fact.has_moved:
        _tell_everybody("event_changed", happening)


def host_messaged(happening: Happening) -> None:
    """The host's words go to everybody who is going. The host never sees an address."""
    _tell_everybody("host_message", happening, message_id=happening.fact.message_id)


def _event(happening: Happening) -> Event | None:
    return Event.objects.select_related("host").filter(id=happening.fact.event_id).first()


def _tell_host(
    kind: str, event: Event | None, happening: Happening, *, lasts: timedelta = _HOST_TOLD_FOR
) -> None:
    if event is None:
        return
    message = outbox.to_host(
        kind,
        event,
        key=happening.entry_id,
        entry_id=happening.entry_id,
        expires_at=happening.at + lasts,
    )
    outbox.write([message])


def _tell_everybody(kind: str, happening: Happening, **args: object) -> None:
    fanning.start(
        kind,
        event_id=happening.fact.event_id,
        entry_id=happening.entry_id,
        known_at=happening.at,
        args=args,
    )


def _call_off(event: Event | None, happening: Happening) -> None:
    if event is None:
        return
    reminders.unplan(event_id=event.id)
    _tell_everybody("event_cancelled", happening)
