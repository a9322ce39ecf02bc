"""Two persons become one, and two again: the row itself, contacts, consents, links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from groundswell.accounts import queries as account_queries
from groundswell.kernel import clock
from groundswell.kernel.ids import new_id
from groundswell.people import queries, search_names
from groundswell.people.models import (
    Consent,
    Contact,
    LikenessKey,
    Look,
    NewAddress,
    Person,
    Touch,
)
from groundswell.people.moving import Moves, Parting
from groundswell.site import vault

SOURCE = "merge"
# What one sign-up writes, it writes within this of each other.
_AT_ONCE = timedelta(seconds=2)
_PROVEN_BY = {
    Consent.Channel.EMAIL: Contact.Kind.EMAIL,
    Consent.Channel.TEXT: Contact.Kind.PHONE,
}
_SUREST = ("said", "address", "phone", "country", "")


def merge(moves: Moves) -> None:
    """Contacts, consents and links pass on; the two rows become one, and the other goes."""
    _leave_unproven(moves)
    _merge_contacts(moves)
    _merge_consents(moves)
    moves.change(account_queries.links_of(moves.gone_id), person_id=moves.kept_id)
    _merge_row(moves)
    seen = set(Look.objects.filter(person_id=moves.kept_id).values_list("account_id", "on"))
    for look in Look.objects.filter(person_id=moves.gone_id):
        row = Look.objects.filter(id=look.id)
        if (look.account_id, look.on) in seen:
            moves.delete(row)
        else:
            moves.change(row, person_id=moves.kept_id)
    moves.delete(NewAddress.objects.filter(person_id=moves.gone_id))
    # What people are found by is made anew from what is sealed.
    search_names.forget([moves.gone_id])
    LikenessKey.objects.filter(person_id__in=[moves.kept_id, moves.gone_id]).delete()


def _merge_contacts(moves: Moves) -> None:
    """Every address once. Of one that both have: proven by either, a problem on either stays."""
    held = {
        (contact.kind, bytes(contact.blind)): contact
        for contact in Contact.objects.filter(person_id=moves.kept_id)
    }
    for contact in Contact.objects.filter(person_id=moves.gone_id).order_by("id"):
        row, same = Contact.objects.filter(id=contact.id), None
        same = held.get((contact.kind, bytes(contact.blind)))
        if same is None:
            moves.change(row, person_id=moves.kept_id)
            continue
        better: dict[str, Any] = {}
        if contact.problem and not same.problem:
            better["problem"] = contact.problem
        if contact.proven_at and (same.proven_at is None or contact.proven_at < same.proven_at):
            better["proven_at"] = contact.proven_at
        if better:
            moves.change(Contact.objects.filter(id=same.id), **better)
        moves.delete(row)


def _merge_consents(moves: Moves) -> None:
    """One ledger of both, in the order of time. Whoever stopped something on either side has
    stopped it: where the two say different things, a withdrawal is written."""
    current: dict[tuple[Any, ...], list[Consent]] = {}
    ids = [moves.kept_id, moves.gone_id]
    for line in Consent.objects.filter(person_id__in=ids, is_current=True).order_by("at", "id"):
        about = (line.channel, line.purpose, line.about_id)
        current.setdefault(about, []).append(line)
    moves.change(Consent.objects.filter(person_id=moves.gone_id), person_id=moves.kept_id)
    for lines in current.values():
        older, newest = lines[:-1], lines[-1]
        has_stopped = newest.is_given and any(not line.is_given for line in older)
        over = [line.id for line in (lines if has_stopped else older)]
        if over:
            moves.change(Consent.objects.filter(id__in=over), is_current=False)
        if has_stopped:
            stop = Consent(
                id=new_id(), person_id=moves.kept_id, channel=newest.channel,
                purpose=newest.purpose, about_id=newest.about_id, is_given=False,
                wording="withdrawn", source=SOURCE, at=clock.now(),
            )  # fmt: skip
            stop.save(force_insert=True)
            moves.note("people.stopped", consent=stop.id)


def _leave_unproven(moves: Moves) -> None:
    """A yes that waits for the proof of one's address is not proven by that of the other."""
    for channel, kind in _PROVEN_BY.items():
        held = Contact.objects.filter(kind=kind, proven_at__isnull=False)
        sides = (moves.kept_id, moves.gone_id)
        proven = set(held.filter(person_id__in=sides).values_list("person_id", flat=True))
        if len(proven) == 1:
            waits = Consent.objects.filter(person_id__in=sides, channel=channel, needs_proof=True)
            moves.delete(waits.filter(is_current=True, is_given=True).exclude(person__in=proven))


def _merge_row(moves: Moves) -> None:
    kept = Person.objects.get(id=moves.kept_id)
    gone = Person.objects.get(id=moves.gone_id)
    most = queries.COUNT_MOST
    surer = min((kept, gone), key=lambda one: _SUREST.index(one.zone_from))
    languages = [*kept.other_languages, gone.language, *gone.other_languages]
    others = dict.fromkeys(one for one in languages if one != kept.language)
    now: dict[str, Any] = {
        "other_languages": list(others),
        "country": kept.country or gone.country,
        "time_zone": surer.time_zone,
        "zone_from": surer.zone_from,
        "point_person_id": kept.point_person_id or gone.point_person_id,
        "recruiter_id": _recruiter(kept, gone),
        "household_id": kept.household_id or gone.household_id,
        "is_synthetic": kept.is_synthetic and gone.is_synthetic,
        "created_at": min(kept.created_at, gone.created_at),
        "last_active_on": max(kept.last_active_on, gone.last_active_on),
        "going_count": min(most, kept.going_count + gone.going_count),
        "attended_count": min(most, kept.attended_count + gone.attended_count),
        "has_hosted": kept.has_hosted or gone.has_hosted,
        "warned_on": None,
        "is_compared": False,
        **_sources(kept, gone),
    }
    if kept.is_thin and not gone.is_thin:
        told = vault.open_(gone, "name_sealed")
        now["name_sealed"] = vault.seal(kept, "name_sealed", told, key_id=kept.key_id)
        now["is_thin"] = False
    changed = {name: value for name, value in now.items() if getattr(kept, name) != value}
    if changed:
        moves.change(Person.objects.filter(id=kept.id), **changed)


def _recruiter(kept: Person, gone: Person) -> int | None:
    theirs = None if gone.recruiter_id in (kept.id, gone.id) else gone.recruiter_id
    return kept.recruiter_id or theirs


def _sources(kept: Person, gone: Person) -> dict[str, Any]:
    """The source of the first and the last touch of both; by age where there are no touches."""
    touches = Touch.objects.filter(person_id__in=[kept.id, gone.id], source__isnull=False)
    ends = touches.order_by("at", "id").values_list("source_id", flat=True)
    older, newer = sorted((kept, gone), key=lambda one: (one.created_at, one.id))
    return {
        "first_source_id": ends.first() or older.first_source_id or newer.first_source_id,
        "last_source_id": ends.last() or newer.last_source_id or older.last_source_id,
    }


def part(parting: Parting) -> None:
    """The contacts are back; what was signed up for or agreed to since goes by the sign-ups that
    the rooms above gave back (``came_back``): consents and links about them go along."""
    for note in parting.notes:
        if note["note"] == "people.stopped":
            Consent.objects.filter(id=note["consent"]).delete()
    _stop_for_both(parting)
    contacts = list(Contact.objects.filter(person_id=parting.gone_id))
    for contact in contacts:  # the index may have been made anew in the meantime
        blind = vault.blind(contact.kind, queries.address_of(contact))
        if bytes(contact.blind) != blind:
            Contact.objects.filter(id=contact.id).update(blind=blind)
    parting.reseal(contacts, "value_sealed")
    persons = Person.objects.filter(id__in=[parting.kept_id, parting.gone_id])
    persons.update(is_compared=False)
    for person_id in (parting.kept_id, parting.gone_id):
        stand_anew(person_id)


def _stop_for_both(parting: Parting) -> None:
    """Whoever stopped something while the two were one did not say as which of them."""
    stops = Consent.objects.filter(
        person_id=parting.kept_id, is_given=False, at__gt=parting.since
    ).exclude(source=SOURCE)
    agreed = Consent.objects.filter(person_id=parting.gone_id, is_given=True)
    for stop in stops.order_by("at", "id"):
        same = {"channel": stop.channel, "purpose": stop.purpose, "about_id": stop.about_id}
        if agreed.filter(at__lt=stop.at, **same).exists():
            stop.id, stop.person_id = new_id(), parting.gone_id
            stop.save(force_insert=True)


def give_since(parting: Parting, *, rsvps: dict[int, tuple[int, Any]]) -> None:
    """Consents and links of these sign-ups (id: event and time) pass to whoever comes back."""
    for rsvp_id, (event_id, at) in rsvps.items():
        about_it = Q(purpose=Consent.Purpose.EVENT, about_id=event_id)
        with_it = Q(at__gte=at - _AT_ONCE, at__lte=at + _AT_ONCE)
        Consent.objects.filter(
            about_it | with_it, person_id=parting.kept_id, at__gte=parting.since
        ).update(person_id=parting.gone_id)
        links = account_queries.links_of(parting.kept_id)
        links.filter(purpose="rsvp", object_id=rsvp_id).update(person_id=parting.gone_id)


def stand_anew(person_id: int) -> None:
    """Work out again which line of the consent ledger is the newest of its kind."""
    newest: dict[tuple[Any, ...], int] = {}
    lines = Consent.objects.filter(person_id=person_id).order_by("at", "id")
    for line in lines.values_list("id", "channel", "purpose", "about_id"):
        newest[line[1:]] = line[0]
    lines.filter(is_current=True).exclude(id__in=newest.values()).update(is_current=False)
    lines.filter(is_current=False, id__in=newest.values()).update(is_current=True)
