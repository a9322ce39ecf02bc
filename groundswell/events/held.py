"""Holding a sign-up back, as a step of an operation: a row in quarantine and no seat.

Like ``seats.py``: only functions that run inside the caller's transaction.
"""

from __future__ import annotations

from datetime import timedelta

from groundswell.accounts.doubts import Doubt
from groundswell.events.models import Held, Rsvp
from groundswell.kernel import clock
from groundswell.people import queries as people_queries
from groundswell.people.models import Contact, Person

OPEN_MOST = 5  # events that one unproven address can be signed up for


def worse(person: Person, contact: Contact, *, is_new: bool) -> Doubt:
    """What speaks against a sign-up by its address: blocked, or unproven and everywhere."""
    if people_queries.is_blocked_contact(contact):
        return Doubt.BLOCKED
    if is_new or contact.proven_at is not None:
        return Doubt.NONE
    standing = Rsvp.objects.filter(
        person=person,
        state__in=[Rsvp.State.GOING, Rsvp.State.WAITING],
        event__ends_at__gt=clock.now(),
    )
    return Doubt.OFTEN if standing.count() >= OPEN_MOST else Doubt.NONE


def keep(rsvp: Rsvp, *, because: Doubt, wants_campaign_mail: bool) -> None:
    """Note why a sign-up (written already) is held; one that was deleted waits again."""
    Held.objects.update_or_create(
        rsvp=rsvp,
        defaults={
            "event_id": rsvp.event_id,
            "because": because.value,
            "wants_campaign_mail": wants_campaign_mail,
            "held_at": clock.now(),
            "deleted_at": None,
        },
    )


def forget(rsvp: Rsvp) -> None:
    """The sign-up is in: nothing waits any more."""
    Held.objects.filter(rsvp=rsvp).delete()


def hold_seats_of_a_surge(event_id: int, *, since: timedelta, lasts: timedelta) -> None:
    """A surge has begun: the unproven seats of its first minutes must be proven as well."""
    now = clock.now()
    Rsvp.objects.filter(
        event_id=event_id,
        state=Rsvp.State.GOING,
        is_proven=False,
        hold_until=None,
        created_at__gte=now - since,
    ).update(hold_until=now + lasts)
