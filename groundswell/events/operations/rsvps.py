"""Signing up, changing, cancelling, proving, confirming, and giving lapsed seats back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.events import facts, policy, seats
from groundswell.events.models import Event, Rsvp
from groundswell.kernel import clock, rows
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts
from groundswell.people.models import Consent, Contact
from groundswell.people.operations import consents as consent_ops
from groundswell.people.operations import persons as person_ops
from groundswell.people.operations.persons import Typed
from groundswell.site import vault

PARTY_MOST = 5
HOLD = timedelta(minutes=30)
PHONE_MOST = 40
SAME_PRESS = timedelta(minutes=10)  # a second press, a reload: no news for the mail box


class EventTakesNoSignUps(Refusal):
    sentence = _("This event takes no sign-ups any more. Find another one near you.")


class PartyTooLarge(Refusal):
    sentence = _("Choose a number of people between 1 and 5.")
    field = "party"


class NameIsMissing(Refusal):
    sentence = _("Write your first name, so the host knows who comes.")
    field = "given"


class NotYourSignUp(Refusal):
    sentence = _("This link belongs to another sign-up. Open the link in your own e-mail.")


class EventIsFull(Refusal):
    sentence = _("There are not that many places left. Your own place is still yours.")
    field = "party"


class AlreadyCancelled(Refusal):
    sentence = _("This sign-up is cancelled. Sign up again on the event's page.")


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a visitor chose in the RSVP form."""

    party: int = 1
    wants_reminder: bool = True
    can_help: bool = False
    wants_campaign_mail: bool = False
    phone: str = ""
    source: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a sign-up. ``shown`` is what a visitor may be told.

    For a repeat, ``shown`` says what a new sign-up would get now: the true state goes by mail to
    the owner of the address, so nobody learns from the page who is signed up.
    """

    rsvp: Rsvp
    is_repeat: bool
    shown: Rsvp.State


def make_rsvp(
    *, event: Event, typed: Typed, sign_up: SignUp, by: Actor, consent_source: str = "public.rsvp"
) -> Made:
    """Sign somebody up: a seat at once, or a place in the waiting list when it is full.

    A repeat with the same address changes nothing and gives the same answer, so nobody can find
    out who is signed up already; the mail with the link goes out again, once a day.

    Raises EventTakesNoSignUps, PartyTooLarge, NameIsMissing, contacts.NotAnEmail.
    """
    _refuse_nonsense(event, typed, sign_up)
    for last_try in (False, True):
        known = person_ops.prepare(typed=typed)
        draft = _draft(event, known, typed, sign_up, new_id())
        try:
            with transaction.atomic():
                return _write(event, known, draft, sign_up, by, consent_source)
        except IntegrityError:
            # The same new address arrived twice in the same moment: the second try finds it.
            if last_try or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _refuse_nonsense(event: Event, typed: Typed, sign_up: SignUp) -> None:
    if not policy.takes_rsvps(event) or event.ends_at <= clock.now():
        raise EventTakesNoSignUps
    if not 1 <= sign_up.party <= PARTY_MOST:
        raise PartyTooLarge
    if not clean_line(typed.given):
        raise NameIsMissing


def _draft(
    event: Event, known: person_ops.Recognised, typed: Typed, sign_up: SignUp, rsvp_id: int
) -> Rsvp:
    """The sign-up with everything sealed, before the transaction: SQLite lets one write at a
    time, so nothing is worked out while the write lock is held."""
    now, key_id = clock.now(), known.person.key_id
    rsvp = Rsvp(
        id=rsvp_id,
        event=event,
        campaign_id=event.campaign_id,
        person=known.person,
        party=sign_up.party,
        is_proven=known.contact.proven_at is not None,
        wants_reminder=sign_up.wants_reminder,
        can_help=sign_up.can_help,
        is_first=known.is_new,
        language=typed.language,
        source=clean_line(sign_up.source)[:40],
        utm={key[:20]: clean_line(value)[:100] for key, value in sign_up.utm.items()},
        created_at=now,
        created_on=now.date(),
    )
    rsvp.name_sealed = _sealed_name(rsvp, typed, key_id)
    phone = clean_line(sign_up.phone)[:PHONE_MOST]
    rsvp.phone_sealed = vault.seal(rsvp, "phone_sealed", phone, key_id=key_id)
    return rsvp


def _write(
    event: Event,
    known: person_ops.Recognised,
    rsvp: Rsvp,
    sign_up: SignUp,
    by: Actor,
    consent_source: str,
) -> Made:
    again = None
    person_ops.keep(known)
    if not known.is_new:
        seats.lock(event.id)
        again = Rsvp.objects.filter(event=event, person=known.person).first()
    if again is not None:
        if again.state in {Rsvp.State.GOING, Rsvp.State.WAITING}:
            _tell_repeat(again, by)
            room = seats.has_room(event.id, sign_up.party)
            return Made(again, True, Rsvp.State.GOING if room else Rsvp.State.WAITING)
        rsvp = _in_place_of(again, rsvp)
    taken = seats.take(event.id, sign_up.party)
    rsvp.state = Rsvp.State.GOING if taken else Rsvp.State.WAITING
    if taken is None:
        seats.queue(event.id, +1)
    elif taken.is_nearly_full and not rsvp.is_proven:
        rsvp.hold_until = rsvp.created_at + HOLD
    if again is None:
        rows.insert(rsvp)
    else:
        rsvp.save(force_update=True)
    _agree(rsvp, sign_up, consent_source, by)
    ledger_ops.record(
        facts.RsvpMade(
            person_id=known.person.id,
            campaign_id=event.campaign_id,
            event_id=event.id,
            rsvp_id=rsvp.id,
            state=rsvp.state,
            is_proven=rsvp.is_proven,
            is_new_person=known.is_new,
        ),
        by=by,
    )
    return Made(rsvp, False, Rsvp.State(rsvp.state))


def _tell_repeat(again: Rsvp, by: Actor) -> None:
    """Whoever signs up again has lost our mail: how it stands goes there once more."""
    if clock.now() - again.created_at >= SAME_PRESS:
        ledger_ops.record(_fact(facts.RsvpRepeated, again), by=by)


def _in_place_of(again: Rsvp, rsvp: Rsvp) -> Rsvp:
    """The new sign-up under the id of the cancelled one: what is sealed belongs to its row."""
    key_id = rsvp.person.key_id if rsvp.person else 0
    told = {column: vault.open_(rsvp, column) for column in ("name_sealed", "phone_sealed")}
    rsvp.id = again.id
    for column, text in told.items():
        setattr(rsvp, column, vault.seal(rsvp, column, text, key_id=key_id))
    return rsvp


def _sealed_name(rsvp: Rsvp, typed: Typed, key_id: int) -> bytes:
    name = f"{clean_line(typed.given)} {clean_line(typed.family)}".strip()
    return vault.seal(rsvp, "name_sealed", name[: person_ops.NAME_MOST], key_id=key_id)


def _agree(rsvp: Rsvp, sign_up: SignUp, source: str, by: Actor) -> None:
    purpose = Consent.Purpose
    agreements = [consent_ops.Agreement(purpose.EVENT, rsvp.event_id, "rsvp-event-1")]
    if sign_up.wants_campaign_mail:
        agreements.append(
            consent_ops.Agreement(purpose.CAMPAIGN, rsvp.campaign_id, "rsvp-campaign-1")
        )
    assert rsvp.person_id is not None
    consent_ops.give(person_id=rsvp.person_id, agreements=agreements, source=source, by=by)


def _locked(rsvp_id: int, by: Actor) -> Rsvp:
    """The RSVP, with its event's counter locked first, as everywhere: no two can deadlock."""
    seats.lock(Rsvp.objects.values_list("event_id", flat=True).get(id=rsvp_id))
    rsvp = Rsvp.objects.select_for_update().get(id=rsvp_id)
    if not policy.can_change_rsvp(by, rsvp):
        raise NotYourSignUp
    return rsvp


RsvpFact = (
    facts.RsvpCancelled
    | facts.RsvpLapsed
    | facts.SeatPromoted
    | facts.RsvpConfirmed
    | facts.RsvpChanged
    | facts.CheckedIn
    | facts.CheckInUndone
    | facts.RsvpProven
    | facts.RsvpRepeated
)


def _fact(cls: type[RsvpFact], rsvp: Rsvp) -> RsvpFact:
    return cls(
        person_id=rsvp.person_id,
        campaign_id=rsvp.campaign_id,
        event_id=rsvp.event_id,
        rsvp_id=rsvp.id,
    )


def _promote(event_id: int) -> None:
    """Promote whoever fits now, and tell it; in the transaction that freed the seats."""
    promoted = seats.promote(event_id)
    ledger_ops.record_many([_fact(facts.SeatPromoted, rsvp) for rsvp in promoted], by=SYSTEM)


@transaction.atomic
def cancel_rsvp(*, rsvp_id: int, by: Actor) -> None:
    """Cancel, and give the seats to whoever waits. Twice is harmless."""
    rsvp = _locked(rsvp_id, by)
    _leave(rsvp, Rsvp.State.CANCELLED)
    if rsvp.state == Rsvp.State.CANCELLED:
        return
    ledger_ops.record(_fact(facts.RsvpCancelled, rsvp), by=by)
    _promote(rsvp.event_id)


def _leave(rsvp: Rsvp, state: Rsvp.State) -> None:
    """Free what the RSVP held, and store the new state (the given object keeps the old one)."""
    if rsvp.state == Rsvp.State.GOING:
        seats.give_back(rsvp.event_id, rsvp.party)
    elif rsvp.state == Rsvp.State.WAITING:
        seats.queue(rsvp.event_id, -1)
    Rsvp.objects.filter(id=rsvp.id).update(state=state, hold_until=None, checked_in_at=None)


@transaction.atomic
def change_party(*, rsvp_id: int, party: int, by: Actor) -> Rsvp.State:
    """Change how many come. More than fit: the seats held stay, and EventIsFull says so."""
    if not 1 <= party <= PARTY_MOST:
        raise PartyTooLarge
    rsvp = _locked(rsvp_id, by)
    if rsvp.state not in {Rsvp.State.GOING, Rsvp.State.WAITING}:
        raise AlreadyCancelled
    more = party - rsvp.party
    if rsvp.state == Rsvp.State.GOING and more > 0 and not seats.take(rsvp.event_id, more):
        raise EventIsFull
    if rsvp.state == Rsvp.State.GOING and more < 0:
        seats.give_back(rsvp.event_id, -more)
    Rsvp.objects.filter(id=rsvp.id).update(party=party)
    ledger_ops.record(_fact(facts.RsvpChanged, rsvp), by=by)
    _promote(rsvp.event_id)
    return Rsvp.State(Rsvp.objects.values_list("state", flat=True).get(id=rsvp.id))


@transaction.atomic
def prove_rsvps(*, person_id: int, by: Actor) -> int:
    """The person opened a link in our mail: their sign-ups are proven, their phone is kept.

    Returns how many sign-ups were waiting for it.
    """
    contact = (
        Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL).order_by("id").first()
    )
    if contact is not None:
        person_ops.prove_email(contact_id=contact.id, by=by)
    touched = list(
        Rsvp.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(Q(is_proven=False) | ~Q(phone_sealed=b""), person_id=person_id)
    )
    waiting = [rsvp for rsvp in touched if not rsvp.is_proven]
    Rsvp.objects.filter(id__in=[rsvp.id for rsvp in waiting]).update(
        is_proven=True, hold_until=None
    )
    for rsvp in touched:
        _keep_phone(rsvp, by)
    ledger_ops.record_many([_fact(facts.RsvpProven, rsvp) for rsvp in waiting], by=by)
    return len(waiting)


def _keep_phone(rsvp: Rsvp, by: Actor) -> None:
    """The number typed after signing up becomes a contact, now that the address is proven."""
    phone = vault.open_(rsvp, "phone_sealed")
    if phone and rsvp.person is not None:
        person_ops.attach_phone(person=rsvp.person, phone=phone, by=by)
        Rsvp.objects.filter(id=rsvp.id).update(phone_sealed=b"")


@transaction.atomic
def give_phone(*, rsvp_id: int, phone: str, by: Actor, came_by_link: bool = False) -> None:
    """Keep a phone number on the sign-up until a link of our mail is opened, then on the person.

    ``came_by_link``: they stand on a page that such a link opened, so it is theirs at once. On
    the page after signing up nobody has proven anything, even if we knew the address before.
    Raises contacts.NotAPhone.
    """
    rsvp = Rsvp.objects.select_for_update(of=("self",)).select_related("person").get(id=rsvp_id)
    if not policy.can_change_rsvp(by, rsvp):
        raise NotYourSignUp
    if rsvp.person is None:
        raise AlreadyCancelled
    number = contacts.normalised_phone(phone, country=rsvp.person.country)
    sealed = vault.seal(rsvp, "phone_sealed", number, key_id=rsvp.person.key_id)
    Rsvp.objects.filter(id=rsvp.id).update(phone_sealed=sealed)
    if came_by_link:
        rsvp.phone_sealed = sealed
        _keep_phone(rsvp, by)


@transaction.atomic
def confirm_rsvp(*, rsvp_id: int, by: Actor) -> None:
    """ "I am coming", the day before. Twice is harmless."""
    rsvp = _locked(rsvp_id, by)
    if rsvp.state != Rsvp.State.GOING:
        raise AlreadyCancelled
    fresh = Rsvp.objects.filter(id=rsvp.id, confirmed_at=None).update(confirmed_at=clock.now())
    if fresh:
        ledger_ops.record(_fact(facts.RsvpConfirmed, rsvp), by=by)


def lapse_holds() -> int:
    """Give back unproven seats whose half hour is over, event by event. Returns how many."""
    overdue = Rsvp.objects.filter(
        hold_until__lt=clock.now(), state=Rsvp.State.GOING, is_proven=False
    )
    return sum(_lapse(event_id) for event_id in set(overdue.values_list("event_id", flat=True)))


@transaction.atomic
def _lapse(event_id: int) -> int:
    seats.lock(event_id)
    lapsed = list(
        Rsvp.objects.select_for_update().filter(
            event_id=event_id,
            hold_until__lt=clock.now(),
            state=Rsvp.State.GOING,
            is_proven=False,
        )
    )
    for rsvp in lapsed:
        _leave(rsvp, Rsvp.State.LAPSED)
    ledger_ops.record_many([_fact(facts.RsvpLapsed, rsvp) for rsvp in lapsed], by=SYSTEM)
    _promote(event_id)
    return len(lapsed)


@task()
def lapse_unproven_seats() -> None:
    """Every minute (config/wiring.py)."""
    lapse_holds()
