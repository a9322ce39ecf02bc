"""What becomes of held sign-ups and events: confirmed, let in, deleted, taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.accounts.doubts import Doubt
from groundswell.events import facts, held, policy, seats
from groundswell.events.models import Event, Held, Rsvp
from groundswell.events.operations import agreeing, coming_from, concerns, rsvps
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import known
from groundswell.people.models import FormEntry, Person
from groundswell.people.operations import erasing
from groundswell.people.operations import persons as person_ops

AT_ONCE = 500
TAKE_BACK_WITHIN = timedelta(days=1)
SIGN_UP_WAITS = timedelta(days=7)
EVENT_WAITS = timedelta(days=30)


class OnlyOrganisersSort(Refusal):
    sentence = _("Only organisers can decide what is let in.")


class TooManyAtOnce(Refusal):
    sentence = _("Decide about 500 of them at a time at most.")


class ChooseSome(Refusal):
    sentence = _("Choose at least one of the list.")


# --- by the person ------------------------------------------------------------------------------


@transaction.atomic
def confirm(*, rsvp_id: int, by: Actor) -> Rsvp.State:
    """ "Yes, this is me": the link of our mail lets a held sign-up in. Twice is harmless.

    Returns how it stands then. Raises EventTakesNoSignUps, AlreadyCancelled for somebody blocked.
    """
    rsvp = rsvps.locked(rsvp_id, by)
    if rsvp.state != Rsvp.State.HELD:
        return Rsvp.State(rsvp.state)
    waiting = Held.objects.get(rsvp=rsvp)
    if waiting.because == Doubt.BLOCKED:
        raise rsvps.AlreadyCancelled
    if not policy.takes_rsvps(rsvp.event) or rsvp.event.ends_at <= clock.now():
        raise rsvps.EventTakesNoSignUps
    if rsvp.person_id is not None:
        person_ops.prove_mailbox(person_id=rsvp.person_id, by=by)
    rsvp.is_proven = True
    _let_sign_up_in(rsvp, waiting, by, is_by_link=True)
    return Rsvp.State(rsvp.state)


def _let_sign_up_in(rsvp: Rsvp, waiting: Held, by: Actor, *, is_by_link: bool = False) -> None:
    """A seat or a place in the line, now; the event's counter is locked already."""
    rsvps.sit(rsvp)
    coming_from.note_rsvp(rsvp, rsvp.utm.pop("ref", ""))
    columns = ["state", "hold_until", "is_proven", "utm"]
    rsvp.save(update_fields=columns)
    if waiting.wants_campaign_mail and rsvp.person_id is not None:
        agreeing.agree_late(rsvp, by, is_by_link=is_by_link)
    held.forget(rsvp)
    ledger_ops.record(rsvps.made_fact(rsvp, is_new_person=rsvp.is_first), by=by)


# --- by organisers ------------------------------------------------------------------------------


def _chosen(held_ids: Collection[int], by: Actor, *, is_deleted: bool) -> list[Held]:
    """The rows that still wait, each event's counter locked first and in one order."""
    if not policy.can_sort_quarantine(by):
        raise OnlyOrganisersSort
    if not held_ids:
        raise ChooseSome
    if len(held_ids) > AT_ONCE:
        raise TooManyAtOnce
    found = Held.objects.filter(id__in=held_ids, deleted_at__isnull=not is_deleted)
    for event_id in sorted(set(found.values_list("event_id", flat=True))):
        seats.lock(event_id)
    related = found.select_related("event", "rsvp", "rsvp__person", "rsvp__event")
    return list(related.select_for_update(of=("self",)).order_by("id"))


@transaction.atomic
def let_in(*, held_ids: Collection[int], by: Actor) -> int:
    """They are people: sign-ups get a seat or a place in the line, events their own link.

    Returns how many; what was decided meanwhile is left out.
    """
    rows = _chosen(held_ids, by, is_deleted=False)
    for row in rows:
        if row.rsvp is not None:
            _let_sign_up_in(row.rsvp, row, by)
            continue
        # The host has not had our mail yet, so the day to open it begins now.
        Event.objects.filter(id=row.event_id).update(
            state=Event.State.UNPROVEN, created_at=clock.now()
        )
        row.delete()
        told = facts.EventLetIn(campaign_id=row.event.campaign_id, event_id=row.event_id)
        ledger_ops.record(told, by=by)
    return len(rows)


@transaction.atomic
def discard(*, held_ids: Collection[int], by: Actor) -> int:
    """Out of the list, and out of the database a day later; until then it can be taken back."""
    rows = _chosen(held_ids, by, is_deleted=False)
    Rsvp.objects.filter(held__in=rows).update(state=Rsvp.State.CANCELLED)
    events = [row.event_id for row in rows if row.rsvp is None]
    Event.objects.filter(id__in=events).update(state=Event.State.LAPSED)
    Held.objects.filter(id__in=[row.id for row in rows]).update(deleted_at=clock.now())
    ledger_ops.record_many([_fact(facts.HeldDeleted, row) for row in rows], by=by)
    return len(rows)


@transaction.atomic
def take_back(*, deleted_at: datetime, by: Actor) -> int:
    """Everything that was deleted in one press waits in quarantine again. Returns how many."""
    since = clock.now() - TAKE_BACK_WITHIN
    pressed = Held.objects.filter(deleted_at=deleted_at, deleted_at__gte=since)
    ids = list(pressed.values_list("id", flat=True)[:AT_ONCE])
    rows = _chosen(ids, by, is_deleted=True)
    Rsvp.objects.filter(held__in=rows, state=Rsvp.State.CANCELLED).update(state=Rsvp.State.HELD)
    events = [row.event_id for row in rows if row.rsvp is None]
    lapsed = Event.objects.filter(id__in=events, state=Event.State.LAPSED)
    lapsed.update(state=Event.State.HELD)
    Held.objects.filter(id__in=[row.id for row in rows]).update(deleted_at=None)
    ledger_ops.record_many([_fact(facts.HeldTakenBack, row) for row in rows], by=by)
    return len(rows)


def _fact(
    cls: type[facts.HeldDeleted | facts.HeldTakenBack], row: Held
) -> facts.HeldDeleted | facts.HeldTakenBack:
    return cls(campaign_id=row.event.campaign_id, event_id=row.event_id, held_id=row.id)


# --- by the clock -------------------------------------------------------------------------------


def held_due(now: datetime) -> QuerySet[Held]:
    """What was deleted yesterday, or confirmed by nobody in time."""
    over = (
        Q(deleted_at__lt=now - TAKE_BACK_WITHIN)
        | Q(rsvp__isnull=False, held_at__lt=now - SIGN_UP_WAITS)
        | Q(rsvp__isnull=True, held_at__lt=now - EVENT_WAITS)
    )
    return Held.objects.filter(over)


@task()
def tidy_quarantine() -> Again | None:
    """Every hour: what was deleted yesterday, or confirmed by nobody, is erased; 100 at a time."""
    due = held_due(clock.now())
    ids = list(due.order_by("id").values_list("id", flat=True)[:100])
    for held_id in ids:
        _erase(held_id)
    concerns.forget_old_concerns()
    return Again({"args": [], "kwargs": {}}) if len(ids) == 100 else None


@transaction.atomic
def _erase(held_id: int) -> None:
    row = Held.objects.select_related("event", "rsvp").filter(id=held_id).first()
    if row is None:
        return
    if row.rsvp is not None:
        person_id = row.rsvp.person_id
        waits = {Rsvp.State.HELD, Rsvp.State.CANCELLED}
        if row.rsvp.state in waits:
            row.rsvp.delete()
    else:
        person_id = row.event.host_id
        if row.event.state in {Event.State.HELD, Event.State.LAPSED}:
            row.event.delete()
    Held.objects.filter(id=held_id).delete()
    if person_id is not None:
        _erase_person(person_id)


def _erase_person(person_id: int) -> None:
    """Whoever came only with what was erased goes with it; nobody else."""
    is_known = (
        Person.objects.filter(known.otherwise("pk"), id=person_id).exists()
        or Rsvp.objects.filter(person_id=person_id).exists()
        or Event.objects.filter(host_id=person_id).exists()
        or FormEntry.objects.filter(person_id=person_id).exists()
    )
    if not is_known:
        for key_id in Person.objects.filter(id=person_id).values_list("key_id", flat=True):
            erasing.erase(person_id, key_id)


def hold_event(event: Event, because: Doubt) -> None:
    """Put an event that was just published into quarantine, in the caller's transaction."""
    Event.objects.filter(id=event.id).update(state=Event.State.HELD)
    event.state = Event.State.HELD
    Held(event=event, because=because.value, held_at=clock.now()).save(force_insert=True)
    told = facts.EventHeld(campaign_id=event.campaign_id, event_id=event.id, because=because.value)
    ledger_ops.record(told, by=SYSTEM)
