"""What people came by to an event: noted on the person once it stands, for very few sign-ups."""

from __future__ import annotations

from groundswell.events.models import Event, Rsvp
from groundswell.people.models import Touch
from groundswell.people.operations import sources
from groundswell.people.operations.sources import CameBy


def note_rsvp(rsvp: Rsvp, ref: str = "") -> None:
    """In the transaction in which the sign-up stands; ``ref``: who sent them."""
    if not (rsvp.source or rsvp.utm or ref) or rsvp.person is None:
        return
    came_by = CameBy.read({**rsvp.utm, "source": rsvp.source, "ref": ref})
    what, about_id = Touch.What.RSVP, rsvp.campaign_id
    sources.touch(person_id=rsvp.person.id, came_by=came_by, what=what, about_id=about_id)


def note_host(event: Event, came_by: CameBy) -> None:
    """In the transaction that made the event."""
    if event.host_id is not None:
        what, about_id = Touch.What.HOST, event.campaign_id
        sources.touch(person_id=event.host_id, came_by=came_by, what=what, about_id=about_id)
