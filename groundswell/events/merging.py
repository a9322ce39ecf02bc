"""What becomes of sign-ups and events when two people turn out to be one, or two after all."""

from __future__ import annotations

from typing import Any

from groundswell.accounts import queries as account_queries
from groundswell.events import seats
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import rsvps
from groundswell.ledger import queries as ledger_queries
from groundswell.people import merging_persons
from groundswell.people.moving import Moves, Parting

_STANDING = (Rsvp.State.GOING, Rsvp.State.WAITING)
_DOUBLE = "events.double"


def merge(moves: Moves) -> None:
    """Sign-ups and events pass on. Of two sign-ups for one event one stays: the one that stands,
    else the kept one's; the other gives its places back."""
    there = {rsvp.event_id: rsvp for rsvp in Rsvp.objects.filter(person_id=moves.kept_id)}
    for rsvp in Rsvp.objects.filter(person_id=moves.gone_id).order_by("id"):
        own = there.get(rsvp.event_id)
        if own is None:
            moves.change(Rsvp.objects.filter(id=rsvp.id), person_id=moves.kept_id)
        elif own.state not in _STANDING and rsvp.state in _STANDING:
            _give_up(moves, own, instead=rsvp)
            moves.change(Rsvp.objects.filter(id=rsvp.id), person_id=moves.kept_id)
        else:
            _give_up(moves, rsvp, instead=own)
    moves.change(Event.objects.filter(host_id=moves.gone_id), host_id=moves.kept_id)


def _give_up(moves: Moves, rsvp: Rsvp, *, instead: Rsvp) -> None:
    """The places go to whoever waits; the row stays as a cancelled one of nobody. Its links open
    the sign-up that stays."""
    seats.lock(rsvp.event_id)
    rsvp.refresh_from_db()
    moves.note(
        _DOUBLE, rsvp=rsvp.id, event=rsvp.event_id, state=rsvp.state, party=rsvp.party,
        came=rsvp.came, at=[_moment(rsvp.checked_in_at), _moment(rsvp.hold_until)],
    )  # fmt: skip
    rsvps.leave(rsvp, Rsvp.State.CANCELLED)
    moves.change(
        Rsvp.objects.filter(id=rsvp.id),
        person_id=None, name_sealed=b"", phone_sealed=b"", source="", utm={}, came=None,
    )  # fmt: skip
    for person_id in (moves.kept_id, moves.gone_id):
        links = account_queries.links_of(person_id)
        moves.change(links.filter(purpose="rsvp", object_id=rsvp.id), object_id=instead.id)
    rsvps.promote(rsvp.event_id)


def _moment(at: Any) -> str | None:
    """A moment as plain data."""
    return at.isoformat() if at is not None else None


def part(parting: Parting) -> None:
    """Doubles stand again, on the waiting list where their places are taken by now. Sign-ups made
    since go with the address that they were made by; what somebody hosts since stays."""
    for note in parting.notes:
        if note["note"] == _DOUBLE:
            _stand_again(note)
    since = Rsvp.objects.filter(person_id=parting.kept_id, created_at__gte=parting.since)
    addresses = parting.ids("people.contact")
    by_address = {
        entry.rest["rsvp_id"]
        for entry in ledger_queries.timeline_of_person(parting.kept_id).filter(
            kind="events.RsvpMade", at__gte=parting.since
        )
        if entry.rest.get("contact_id") in addresses
    }
    back = list(since.filter(id__in=by_address))
    held = set(Rsvp.objects.filter(person_id=parting.gone_id).values_list("event_id", flat=True))
    back = [rsvp for rsvp in back if rsvp.event_id not in held]
    Rsvp.objects.filter(id__in=[rsvp.id for rsvp in back]).update(person_id=parting.gone_id)
    merging_persons.give_since(
        parting, rsvps={rsvp.id: (rsvp.event_id, rsvp.created_at) for rsvp in back}
    )
    parting.reseal(Rsvp.objects.filter(person_id=parting.gone_id), "name_sealed", "phone_sealed")


def _stand_again(note: dict[str, Any]) -> None:
    rsvp = Rsvp.objects.filter(id=note["rsvp"]).first()
    if rsvp is None or rsvp.person_id is None:
        return  # its event was forgotten since
    seats.lock(rsvp.event_id)
    state = note["state"]
    if state == Rsvp.State.GOING and seats.take(rsvp.event_id, rsvp.party) is None:
        state = Rsvp.State.WAITING
    if state == Rsvp.State.WAITING:
        seats.queue(rsvp.event_id, 1)
    if state not in _STANDING:
        state = Rsvp.State.CANCELLED if state == Rsvp.State.HELD else state
    checked_in, hold = note["at"]
    Rsvp.objects.filter(id=rsvp.id).update(
        state=state, hold_until=hold,
        checked_in_at=checked_in if state != Rsvp.State.CANCELLED else None,
    )  # fmt: skip
