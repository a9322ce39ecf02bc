"""What happens on the day, moment by moment, on a clock."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.campaigns.kit import KitText, on_the_clock
from groundswell.events.models import Event

_USUAL_START = "11:00"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens; ``at`` is a wall time."""

    at: str
    title: str
    text: str


def from_start(kit: KitText, start: str) -> list[Moment]:
    """The kit's moments for an event that starts at the wall time ``start`` ("11:00", or "")."""
    start = start or _USUAL_START
    return [Moment(on_the_clock(each.minute, start), each.title, each.text) for each in kit.moments]


def of_event(kit: KitText, event: Event) -> list[Moment]:
    """The moments on the clocks of the event's own place."""
    return from_start(kit, event.starts_wall[11:16])
