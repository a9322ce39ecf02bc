"""The control of R4: Groundswell without its guarded seat counter, to show that the guard works.

Seats are counted first and taken afterwards, as peers do it: two requests see the same free
seat. Only benchmarks and load tests start this.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

_seen = threading.local()


def _look(draft: Callable[..., Any]) -> Callable[..., Any]:
    """Count the free seats before the transaction, where the sign-up is prepared."""

    def looked(event: Any, known: Any, typed: Any, sign_up: Any, rsvp_id: int) -> Any:
        from django.db.models import Sum

        from groundswell.events.models import Rsvp, Seats

        going = Rsvp.objects.filter(event_id=event.id, state="going")
        taken = going.aggregate(sum=Sum("party", default=0))["sum"]
        capacity = Seats.objects.values_list("capacity", flat=True).get(event_id=event.id)
        _seen.has_room = capacity is None or taken + sign_up.party <= capacity
        time.sleep(0.005)  # whatever else a request does between looking and acting
        return draft(event, known, typed, sign_up, rsvp_id)

    return looked


def _act(event_id: int, party: int) -> Any:
    """Take the seats that were free a moment ago."""
    from django.db.models import F

    from groundswell.events import seats
    from groundswell.events.models import Seats

    if not _seen.has_room:
        return None
    Seats.objects.filter(event_id=event_id).update(taken=F("taken") + party)
    return seats.Taken(None, party)


def main(arguments: Sequence[str]) -> int:
    """``groundswell`` with the guard taken away, and the constraint that stands behind it."""
    os.environ["GROUNDSWELL_WEB_THREADS"] = "8"  # many eyes on the same free seat
    import django

    django.setup()
    from django.db import connection

    from groundswell.cli import main as groundswell
    from groundswell.events import seats
    from groundswell.events.models import Seats
    from groundswell.events.operations import rsvps

    constraints, Seats._meta.constraints = list(Seats._meta.constraints), []
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(Seats, constraint)
    connection.close()
    rsvps._draft = _look(rsvps._draft)
    seats.take = _act
    return groundswell(arguments)
