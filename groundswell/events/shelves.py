"""What the events room holds about a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.events import merging
from groundswell.events.models import Event, HostMessage, Report, Rsvp
from groundswell.events.operations import forgetting, leaving
from groundswell.events.policy import RUNNING
from groundswell.events.queries import drafts as draft_queries
from groundswell.kernel import clock, formats
from groundswell.people.models import Person
from groundswell.people.moving import Moves, Parting
from groundswell.people.sockets import Fate, Rows, Told
from groundswell.site import vault


class EventsShelf:
    """Sign-ups, hosted events, and what a host wrote."""

    models: tuple[str, ...] = (
        "events.rsvp",
        "events.event",
        "events.hostdraft",
        "events.hostmessage",
        "events.report",
    )

    def rows(self, person_id: int) -> list[Rows]:
        hosted = Event.objects.filter(host_id=person_id)
        return [
            Rows(_sign_ups(person_id), _which_event),
            Rows(hosted.order_by("id")),
            Rows(leaving.drafts_of(person_id)),
            Rows(HostMessage.objects.filter(event__in=hosted).order_by("id")),
            Rows(Report.objects.filter(event__in=hosted)),
        ]

    def tell(self, person_id: int) -> list[Told]:
        return [
            *(_told_sign_up(rsvp) for rsvp in _sign_ups(person_id)),
            *(
                _told_hosting(event)
                for event in Event.objects.filter(host_id=person_id).order_by("-starts_at")
            ),
            *_told_drafts(person_id),
        ]

    def keeps(self, person_ids: Collection[int]) -> set[int]:
        """Whoever signed up for something that is not forgotten yet, and whoever held it."""
        found = Person.objects.filter(id__in=person_ids)
        bound = found.filter(Q(rsvps__isnull=False) | Q(hosted_events__isnull=False))
        return set(bound.values_list("id", flat=True))

    def merge(self, moves: Moves) -> None:
        merging.merge(moves)

    def part(self, parting: Parting) -> None:
        merging.part(parting)

    def erase(self, person_id: int) -> None:
        leaving.leave(person_id)


def _sign_ups(person_id: int) -> Any:
    found = Rsvp.objects.select_related("event").filter(person_id=person_id)
    return found.order_by("-event__starts_at", "id")


def _which_event(rsvp: Rsvp) -> dict[str, Any]:
    """The event beside its number, so that the file makes sense without us."""
    event = rsvp.event
    return {
        "event_title": event.title,
        "event_starts": event.starts_wall,
        "event_zone": event.zone,
        "event_town": event.town,
    }


# --- in sentences ------------------------------------------------------------------------------


def _named(event: Event) -> str:
    """Title and town, each in its own direction (UAX #9)."""
    return f"\u2068{event.title}\u2069, \u2068{event.town}\u2069"


def _told_sign_up(rsvp: Rsvp) -> Told:
    event = rsvp.event
    going = ngettext("{number} person", "{number} people", rsvp.party)
    lines = [
        _named(event),
        formats.span(event.starts_at, event.ends_at, event.zone),
        _("{people}, under the name {name}").format(
            people=going.format(number=formats.number(rsvp.party)),
            name=vault.open_(rsvp, "name_sealed"),
        ),
    ]
    phone = vault.open_(rsvp, "phone_sealed")
    if phone:
        lines.append(_("Phone, until you open a link of our mails: {phone}").format(phone=phone))
    if rsvp.came or rsvp.checked_in_at is not None:
        lines.append(_("You were there."))
    is_standing = rsvp.state in {Rsvp.State.GOING, Rsvp.State.WAITING}
    is_to_come = is_standing and event.ends_at > clock.now()
    return Told(
        what=_("A sign-up") if is_standing else _("A sign-up that you cancelled"),
        lines=tuple(lines),
        since=rsvp.created_at,
        why=_("So that the host knows how many come, and we can tell you when plans change."),
        until=_("Until {day}: then only the number of people stays.").format(
            day=formats.day_and_year(event.ends_at + forgetting.SIGN_UPS_KEPT, event.zone)
        ),
        fate=Fate.CUT,
        afterwards=_("It is cancelled, and your place goes to whoever waits.")
        if is_to_come
        else _("The number of people stays; nothing leads from it to you."),
    )


def _told_hosting(event: Event) -> Told:
    is_to_come = event.state in RUNNING and event.ends_at > clock.now()
    afterwards = _("That it took place stays, with its town and its numbers; your words go.")
    if is_to_come:
        afterwards = _(
            "It is cancelled and everybody who signed up is told. If somebody else can hold it, "
            "write to the organisers first."
        )
    return Told(
        what=_("An event that you hold") if is_to_come else _("An event that you held"),
        lines=(
            _named(event),
            formats.span(event.starts_at, event.ends_at, event.zone),
            *_messages(event),
        ),
        since=event.created_at,
        why=_("You published it. People see your first name there, and never your address."),
        until=_("Until {day}: then nothing says who held it.").format(
            day=formats.day_and_year(event.ends_at + forgetting.HOST_KEPT, event.zone)
        ),
        fate=Fate.CUT,
        afterwards=afterwards,
    )


def _messages(event: Event) -> Iterator[str]:
    count = event.host_messages.count()
    if count:
        words = ngettext(
            "{number} message to the people coming, for 90 days",
            "{number} messages to the people coming, for 90 days",
            count,
        )
        yield words.format(number=formats.number(count))


def _told_drafts(person_id: int) -> list[Told]:
    drafts = [draft for draft in leaving.drafts_of(person_id) if draft.event_id is None]
    return [
        Told(
            what=_("Answers on the way to an event that is not published"),
            lines=tuple(
                f"{value}"
                for value in draft_queries.answers(draft).values()
                if isinstance(value, str)
            ),
            since=draft.created_at,
            why=_("So that you can go on where you stopped."),
            until=_("14 days after the last answer."),
        )
        for draft in drafts
    ]
