"""What a host's page shows beside the people coming: the checklist with its due days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundswell.campaigns import queries as campaign_queries
from groundswell.events import times
from groundswell.events.models import Event, Tick
from groundswell.kernel import clock
from groundswell.places import zones


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One thing to do, with its day, and whether it is done or late."""

    key: str
    title: str
    why: str
    due_on: date
    is_done: bool
    is_late: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """The lines in the order of their days."""

    lines: tuple[ChecklistLine, ...]
    done_count: int


def checklist(event: Event, language: str) -> Checklist:
    """The kit's tasks for one event; days count in the event's own zone (two queries)."""
    kit = campaign_queries.current_kit(event.campaign, language)
    done = set(Tick.objects.filter(event=event).values_list("key", flat=True))
    held_on = starts_on(event)
    today = zones.local_parts(clock.now(), event.zone).on
    lines: list[ChecklistLine] = []
    has_next = False
    for task in sorted(kit.tasks, key=lambda each: each.due_days):
        due_on = held_on + timedelta(days=task.due_days)
        is_done = task.key in done
        is_next = not is_done and not has_next
        has_next = has_next or is_next
        lines.append(
            ChecklistLine(
                task.key,
                task.title,
                task.why,
                due_on,
                is_done,
                not is_done and due_on < today,
                is_next,
            )
        )
    return Checklist(tuple(lines), sum(line.is_done for line in lines))


def starts_on(event: Event) -> date:
    """The day on which the event starts, on the clocks of its place."""
    return _wall(event.starts_wall).date()


def walls(event: Event) -> tuple[datetime, datetime]:
    """Start and end as naive wall times."""
    return _wall(event.starts_wall), _wall(event.ends_wall)


def _wall(text: str) -> datetime:
    return datetime.strptime(text, times.WALL)  # noqa: DTZ007 - a wall time is naive


def is_trusted(event: Event) -> bool:
    """Whether the host may write links to people: the office approved this event, or the host has
    held one before."""
    if event.state == Event.State.LISTED:
        return True
    held = Event.objects.filter(
        host_id=event.host_id, state=Event.State.LISTED, ends_at__lt=clock.now()
    )
    return event.host is not None and held.exists()
