"""The form by which a host changes an event: the same answers as in the wizard, on one page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from groundswell.events import times
from groundswell.events.models import Event
from groundswell.events.operations import hosting
from groundswell.events.queries import hosting as host_queries
from groundswell.kernel.refusal import Refusal
from groundswell.places import gazetteer
from groundswell.site import vault
from groundswell.web.forms import ClockTime, Day, Line, Paragraphs, PlainForm, WholeNumber, Yes


class ChangeForm(PlainForm):
    """Everything a host may change."""

    title = Line(
        label=_("Name of the event"),
        max_length=120,
        error_messages={"required": _("Give the event a name.")},
    )
    description = Paragraphs(label=_("What to expect"), required=False, max_length=2000)
    day = Day(label=_("Day"))
    starts = ClockTime(label=_("Starts"))
    ends = ClockTime(label=_("Ends"))
    town = Line(label=_("Town"), max_length=120, error_messages={"required": _("Write the town.")})
    venue = Line(
        label=_("Where people meet"),
        max_length=160,
        error_messages={"required": _("Say where people meet.")},
    )
    capacity = WholeNumber(
        label=_("Places"),
        help_text=_("Leave it empty if as many can come as like."),
        required=False,
        min_value=1,
        max_value=hosting.CAPACITY_MOST,
    )
    is_step_free = Yes(label=_("Step-free"))
    has_hearing_loop = Yes(label=_("Hearing loop"))
    is_for_children = Yes(label=_("Children welcome"))
    words = Paragraphs(
        label=_("What shall we tell everybody?"),
        help_text=_("Needed when day, time or place change. They get it by e-mail."),
        required=False,
        max_length=1000,
        rows=3,
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.place: hosting.Place | None = None
        self.slot: times.Slot | None = None

    def clean(self) -> dict[str, Any]:
        """Put day and times together, and find the town when it is another one."""
        data = super().clean() or {}
        try:
            self._find_place(data)
            if all(data.get(name) is not None for name in ("day", "starts", "ends")):
                self.slot = times.slot(data["day"], data["starts"], data["ends"], self._zone(data))
        except Refusal as refusal:
            self.refuse(refusal)
        return data

    def _zone(self, data: dict[str, Any]) -> str:
        if self.place is None or data.get("town") == self.event.town:
            return self.event.zone
        return gazetteer.zone_at(self.place.latitude, self.place.longitude)

    def _find_place(self, data: dict[str, Any]) -> None:
        typed, event = data.get("town"), self.event
        if not typed:
            return
        point = (event.latitude, event.longitude)
        country, town = event.country, event.town
        if typed != event.town:
            found = gazetteer.find(typed, countries=(event.country,))
            if not found.exact:
                self.add_error("town", _unknown_town(found))
                return
            same = [town for town in found.exact if town.country == event.country]
            first = (same or found.exact)[0]
            point, country = (first.lat, first.lon), first.country
            town = gazetteer.name(first)
        self.place = hosting.Place(
            town=town,
            country=country,
            latitude=point[0],
            longitude=point[1],
            venue=data.get("venue") or "",
            publicity=Event.Publicity(event.publicity),
        )

    def plan(self) -> hosting.HostPlan:
        """The answers as the operation takes them. Only after ``is_valid``."""
        assert self.place is not None
        assert self.slot is not None
        data = self.cleaned_data
        return hosting.HostPlan(
            kind=self.event.kind,
            title=data["title"],
            slot=self.slot,
            place=self.place,
            language=self.event.language,
            description=data["description"],
            capacity=data["capacity"],
            is_flexible=self.event.is_flexible,
            is_step_free=data["is_step_free"],
            has_hearing_loop=data["has_hearing_loop"],
            is_for_children=data["is_for_children"],
        )


def _unknown_town(found: gazetteer.PlaceSearch) -> str:
    suggestions = gazetteer.labels(found.suggestions[:3])
    if not suggestions:
        return str(_("We do not know this town. Write the next larger one."))
    return str(_("We do not know this town. Did you mean {towns}?")).format(
        towns=" · ".join(suggestions)  # a town's own name may hold a comma
    )


def typed_now(event: Event) -> dict[str, Any]:
    """The event as its host would have typed it."""
    first, last = host_queries.walls(event)
    return {
        "title": event.title,
        "description": event.description,
        "day": first.date(),
        "starts": first.time(),
        "ends": last.time(),
        "town": event.town,
        "venue": event.venue or vault.open_(event, "venue_sealed"),
        "capacity": event.seats.capacity,
        "is_step_free": event.is_step_free,
        "has_hearing_loop": event.has_hearing_loop,
        "is_for_children": event.is_for_children,
    }
