"""Signed links as a mail would carry them."""

from __future__ import annotations

from datetime import timedelta

from groundswell.accounts.operations import links
from groundswell.events.models import Event, Rsvp
from groundswell.kernel import clock


def host_token(event: Event, *, days: int = 30) -> str:
    """The token of the host's link of an event."""
    return links.make_link(
        purpose="host",
        person_id=event.host_id,
        object_id=event.id,
        expires_at=clock.now() + timedelta(days=days),
    )


def rsvp_token(rsvp: Rsvp, *, days: int = 30) -> str:
    """The token of the link of a sign-up."""
    return links.make_link(
        purpose="rsvp",
        person_id=rsvp.person_id,
        object_id=rsvp.id,
        expires_at=clock.now() + timedelta(days=days),
    )


def data_token(person_id: int | None, *, hours: int = 24) -> str:
    """The token of the link to everything held about a person."""
    return links.make_link(
        purpose="data",
        person_id=person_id,
        object_id=None,
        expires_at=clock.now() + timedelta(hours=hours),
    )
