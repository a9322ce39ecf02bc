"""The seat counter: one guarded update decides, on both databases, whatever comes at once.

``taken`` moves only through these functions, inside the caller's transaction, and a CHECK
constraint stands behind them. Nothing ever counts RSVPs and then inserts.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from groundswell.events.models import Rsvp, Seats

NEARLY_FULL = 0.8  # from here on an unproven seat lapses after half an hour

# One statement that guards, counts and answers: every sign-up of a surge waits for this row.
_TAKE = """
    UPDATE events_seats SET taken = taken + %(party)s
    WHERE event_id = %(event)s AND (capacity IS NULL OR capacity >= taken + %(party)s)
    RETURNING capacity, taken
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """The counter of an event right after seats were taken."""

    capacity: int | None  # none: as many as come
    taken: int

    @property
    def is_nearly_full(self) -> bool:
        """At or above 80 % of the capacity."""
        return self.capacity is not None and self.taken >= NEARLY_FULL * self.capacity


def lock(event_id: int) -> None:
    """Hold the counter row until the commit. Always before any RSVP row of the same event."""
    list(Seats.objects.select_for_update().filter(event_id=event_id).values_list("taken"))


def take(event_id: int, party: int) -> Taken | None:
    """Take ``party`` seats if they are free. The row stays locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"event": event_id, "party": party})
        row = cursor.fetchone()
    return Taken(*row) if row else None


def has_room(event_id: int, party: int) -> bool:
    """Whether ``party`` seats are free right now; only :func:`take` decides."""
    capacity, taken = Seats.objects.values_list("capacity", "taken").get(event_id=event_id)
    return capacity is None or capacity >= taken + party


def give_back(event_id: int, party: int) -> None:
    """Free ``party`` seats; whoever waits is promoted by :func:`promote` afterwards."""
    Seats.objects.filter(event_id=event_id).update(taken=F("taken") - party)


def queue(event_id: int, change: int) -> None:
    """Change the number of waiting parties."""
    Seats.objects.filter(event_id=event_id).update(waiting=F("waiting") + change)


def promote(event_id: int) -> list[Rsvp]:
    """Give free seats to waiting parties, the longest waiting first that fits.

    A party that is too large for the free seats keeps its place and is asked again next time.
    The caller holds the counter row (it has just changed it), so two promotions never overlap.
    Returns the promoted RSVPs.
    """
    capacity, taken, waiting = Seats.objects.values_list("capacity", "taken", "waiting").get(
        event_id=event_id
    )
    if not waiting:
        return []
    promoted = []
    queue_of = Rsvp.objects.filter(event_id=event_id, state=Rsvp.State.WAITING)
    free = None if capacity is None else capacity - taken
    if free is not None:
        if free < 1:
            return []
        queue_of = queue_of.filter(party__lte=free)
    for rsvp in queue_of.order_by("created_at", "id").iterator(chunk_size=200):
        if free is not None:
            if rsvp.party > free:
                continue
            free -= rsvp.party
        promoted.append(rsvp)
        if free == 0:
            break
    if promoted:
        Rsvp.objects.filter(id__in=[rsvp.id for rsvp in promoted]).update(state=Rsvp.State.GOING)
        Seats.objects.filter(event_id=event_id).update(
            taken=F("taken") + sum(rsvp.party for rsvp in promoted),
            waiting=F("waiting") - len(promoted),
        )
    return promoted
