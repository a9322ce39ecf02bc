"""An event as the plan that it stands for, to change parts of it."""

from __future__ import annotations

from datetime import UTC

from groundswell.events import times
from groundswell.events.models import Event
from groundswell.events.operations.hosting import HostPlan, Place
from groundswell.site import vault


def exact_place(event: Event) -> str:
    """The venue, or the sealed place of a private event or link of an online one."""
    return event.venue or vault.open_(event, "venue_sealed")


def plan_of(event: Event) -> HostPlan:
    """What the host decided, as it stands now. The event's seats must be loaded.

    The point of a private place is the displaced one; ``change_event`` leaves it where it is.
    """
    return HostPlan(
        kind=event.kind,
        title=event.title,
        slot=times.Slot(
            event.starts_wall,
            event.ends_wall,
            event.starts_at.astimezone(UTC),
            event.ends_at.astimezone(UTC),
            event.zone,
        ),
        place=Place(
            town=event.town,
            country=event.country,
            latitude=event.latitude,
            longitude=event.longitude,
            venue=exact_place(event),
            publicity=Event.Publicity(event.publicity),
        ),
        language=event.language,
        description=event.description,
        capacity=event.seats.capacity,
        is_flexible=event.is_flexible,
        is_step_free=event.is_step_free,
        has_hearing_loop=event.has_hearing_loop,
        is_for_children=event.is_for_children,
    )
