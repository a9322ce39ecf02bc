"""Signing up, changing, cancelling, proving, confirming, and giving lapsed seats back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import doubts
from groundswell.accounts.doubts import Doubt, Look
from groundswell.events import facts, held, policy, seats
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import agreeing, coming_from
from groundswell.kernel import clock, rows
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
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


class NameHoldsALink(Refusal):
    sentence = _("Write your first name only, without an address or a web page.")
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
    ref: str = ""  # who sent them: people/referrals.py


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
    *,
    event: Event,
    typed: Typed,
    sign_up: SignUp,
    by: Actor,
    consent_source: str = "public.rsvp",
    look: Look | None = None,
) -> Made:
    """Sign somebody up: a seat at once, or a place in the waiting list when it is full.

    A repeat with the same address changes nothing and gives the same answer, so nobody can find
    out who is signed up already; the mail with the link goes out again, once a day.

    ``look``: what a public page saw of the form. On a doubt the sign-up is held: no seat, no
    number, until its owner opens the link in the mail or an organiser lets it in.

    Raises EventTakesNoSignUps, PartyTooLarge, NameIsMissing, contacts.NotAnEmail; with a look also
    NameHoldsALink and doubts.OneMoment.
    """
    _refuse_nonsense(event, typed, sign_up)
    if look is not None and doubts.advertises(typed.given):
        raise NameHoldsALink
    for last_try in (False, True):
        known = person_ops.prepare(typed=typed)
        worse = held.worse(known.person, known.contact, is_new=known.is_new) if look else Doubt.NONE
        draft = _draft(event, known, typed, sign_up, new_id())
        try:
            with transaction.atomic():
                verdict = _verdict(event, look, worse)
                return _write(event, known, draft, sign_up, by, consent_source, verdict)
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


def _verdict(event: Event, look: Look | None, worse: Doubt) -> doubts.Verdict:
    """Counted first in the transaction, before any other row of the event is locked."""
    if look is None:
        return doubts.Verdict()
    verdict = doubts.weigh(look, kind="sign_up", thing=str(event.id), worse=worse)
    if verdict.begins:
        seats.lock(event.id)
        held.hold_seats_of_a_surge(event.id, since=doubts.WINDOW, lasts=HOLD)
    return verdict


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
    verdict: doubts.Verdict,
) -> Made:
    again = None
    person_ops.keep(known)
    if not known.is_new:
        seats.lock(event.id)
        again = Rsvp.objects.filter(event=event, person=known.person).first()
    if again is not None:
        if again.state in {Rsvp.State.GOING, Rsvp.State.WAITING}:
            _tell_repeat(again, by)
            return Made(again, True, _shown(event, sign_up, verdict))
        rsvp = _in_place_of(again, rsvp)
    if verdict.doubt:
        return _hold(rsvp, again, sign_up, by, consent_source, verdict.doubt)
    sit(rsvp, is_surge=verdict.is_surge)
    _store(rsvp, again)
    if again is not None:
        held.forget(rsvp)
    agreeing.agree(
        rsvp, consent_source, by, wants_mail=sign_up.wants_campaign_mail, is_new=known.is_new
    )
    coming_from.note_rsvp(rsvp, sign_up.ref)
    fact = made_fact(rsvp, is_new_person=known.is_new, contact_id=known.contact.id)
    ledger_ops.record(fact, by=by)
    return Made(rsvp, False, Rsvp.State(rsvp.state))


def _shown(event: Event, sign_up: SignUp, verdict: doubts.Verdict) -> Rsvp.State:
    """What somebody new would get now."""
    if verdict.doubt:
        return Rsvp.State.HELD
    room = seats.has_room(event.id, sign_up.party)
    return Rsvp.State.GOING if room else Rsvp.State.WAITING


def sit(rsvp: Rsvp, *, is_surge: bool = False) -> None:
    """Take a seat, or a place in the waiting list, for a sign-up that is not written yet."""
    taken = seats.take(rsvp.event_id, rsvp.party)
    rsvp.state = Rsvp.State.GOING if taken else Rsvp.State.WAITING
    if taken is None:
        seats.queue(rsvp.event_id, +1)
    elif (taken.is_nearly_full or is_surge) and not rsvp.is_proven:
        rsvp.hold_until = clock.now() + HOLD


def _store(rsvp: Rsvp, again: Rsvp | None) -> None:
    if again is None:
        rows.insert(rsvp)
    else:
        rsvp.save(force_update=True)


def _hold(
    rsvp: Rsvp,
    again: Rsvp | None,
    sign_up: SignUp,
    by: Actor,
    source: str,
    doubt: Doubt,
) -> Made:
    """Keep everything that was typed, without a seat; the mail with the link follows."""
    was_held = again is not None and again.state == Rsvp.State.HELD
    rsvp.state, rsvp.is_proven = Rsvp.State.HELD, False
    if sign_up.ref:
        rsvp.utm["ref"] = sign_up.ref[:40]  # until it is let in
    _store(rsvp, again)
    held.keep(rsvp, because=doubt, wants_campaign_mail=sign_up.wants_campaign_mail)
    if not was_held:
        agreeing.agree(rsvp, source, by, is_new=rsvp.is_first)
    fact = facts.RsvpHeld(
        person_id=rsvp.person_id,
        campaign_id=rsvp.campaign_id,
        event_id=rsvp.event_id,
        rsvp_id=rsvp.id,
        because=doubt.value,
    )
    ledger_ops.record(fact, by=by)
    return Made(rsvp, was_held, Rsvp.State.HELD)


def made_fact(rsvp: Rsvp, *, is_new_person: bool, contact_id: int | None = None) -> facts.RsvpMade:
    """ "Signed up", for a sign-up that stands."""
    assert rsvp.person_id is not None
    return facts.RsvpMade(
        person_id=rsvp.person_id,
        campaign_id=rsvp.campaign_id,
        event_id=rsvp.event_id,
        rsvp_id=rsvp.id,
        state=rsvp.state,
        is_proven=rsvp.is_proven,
        is_new_person=is_new_person,
        contact_id=contact_id,
    )


def _tell_repeat(again: Rsvp, by: Actor) -> None:
    """Whoever signs up again has lost our mail: how it stands goes there once more."""
    if clock.now() - again.created_at >= SAME_PRESS:
        ledger_ops.record(fact_of(facts.RsvpRepeated, again), by=by)


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


def locked(rsvp_id: int, by: Actor) -> Rsvp:
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


def fact_of(cls: type[RsvpFact], rsvp: Rsvp) -> RsvpFact:
    return cls(
        person_id=rsvp.person_id,
        campaign_id=rsvp.campaign_id,
        event_id=rsvp.event_id,
        rsvp_id=rsvp.id,
    )


def promote(event_id: int) -> None:
    """Promote whoever fits now, and tell it; in the transaction that freed the seats."""
    promoted = seats.promote(event_id)
    ledger_ops.record_many([fact_of(facts.SeatPromoted, rsvp) for rsvp in promoted], by=SYSTEM)


@transaction.atomic
def cancel_rsvp(*, rsvp_id: int, by: Actor) -> None:
    """Cancel, and give the seats to whoever waits. Twice is harmless."""
    rsvp = locked(rsvp_id, by)
    leave(rsvp, Rsvp.State.CANCELLED)
    if rsvp.state == Rsvp.State.CANCELLED:
        return
    ledger_ops.record(fact_of(facts.RsvpCancelled, rsvp), by=by)
    promote(rsvp.event_id)


def leave(rsvp: Rsvp, state: Rsvp.State) -> None:
    """Free what the RSVP held, and store the new state (the given object keeps the old one)."""
    if rsvp.state == Rsvp.State.GOING:
        seats.give_back(rsvp.event_id, rsvp.party)
    elif rsvp.state == Rsvp.State.WAITING:
        seats.queue(rsvp.event_id, -1)
    elif rsvp.state == Rsvp.State.HELD:
        held.forget(rsvp)
    Rsvp.objects.filter(id=rsvp.id).update(state=state, hold_until=None, checked_in_at=None)


@transaction.atomic
def change_party(*, rsvp_id: int, party: int, by: Actor) -> Rsvp.State:
    """Change how many come. More than fit: the seats held stay, and EventIsFull says so."""
    if not 1 <= party <= PARTY_MOST:
        raise PartyTooLarge
    rsvp = locked(rsvp_id, by)
    if rsvp.state not in {Rsvp.State.GOING, Rsvp.State.WAITING}:
        raise AlreadyCancelled
    more = party - rsvp.party
    if rsvp.state == Rsvp.State.GOING and more > 0 and not seats.take(rsvp.event_id, more):
        raise EventIsFull
    if rsvp.state == Rsvp.State.GOING and more < 0:
        seats.give_back(rsvp.event_id, -more)
    Rsvp.objects.filter(id=rsvp.id).update(party=party)
    ledger_ops.record(fact_of(facts.RsvpChanged, rsvp), by=by)
    promote(rsvp.event_id)
    return Rsvp.State(Rsvp.objects.values_list("state", flat=True).get(id=rsvp.id))


@transaction.atomic
def confirm_rsvp(*, rsvp_id: int, by: Actor) -> None:
    """ "I am coming", the day before. Twice is harmless."""
    rsvp = locked(rsvp_id, by)
    if rsvp.state != Rsvp.State.GOING:
        raise AlreadyCancelled
    fresh = Rsvp.objects.filter(id=rsvp.id, confirmed_at=None).update(confirmed_at=clock.now())
    if fresh:
        ledger_ops.record(fact_of(facts.RsvpConfirmed, rsvp), by=by)
