"""On the day and after: ticking people in, their own word, and the host's report."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.events import facts, policy, seats
from groundswell.events.models import Event, Report, Rsvp
from groundswell.events.operations.hosting import NotYourEvent
from groundswell.events.operations.rsvps import NotYourSignUp
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops

DOORS_OPEN = timedelta(hours=12)
COUNT_MOST = 10_000_000


class NotYet(Refusal):
    sentence = _("Ticking people in opens twelve hours before the event starts.")


class NotGoing(Refusal):
    sentence = _("This person has cancelled.")


class NotStartedYet(Refusal):
    sentence = _("The event has not started yet. Come back to this page afterwards.")


class CountsDoNotFit(Refusal):
    sentence = _("Put the lowest count first, your best guess next, the highest last.")
    field = "best_count"


class CountOutOfRange(Refusal):
    sentence = _("Write how many people came, as a number such as 25.")
    field = "best_count"


@transaction.atomic
def check_in(*, rsvp_id: int, here: bool, by: Actor) -> None:
    """Tick somebody in, or take the tick back. Either one twice is harmless."""
    event_id = Rsvp.objects.values_list("event_id", flat=True).get(id=rsvp_id)
    seats.lock(event_id)
    event = Event.objects.get(id=event_id)
    if not policy.can_host_manage(by, event):
        raise NotYourEvent
    if clock.now() < event.starts_at - DOORS_OPEN:
        raise NotYet
    rsvp = Rsvp.objects.select_for_update().get(id=rsvp_id)
    if rsvp.state == Rsvp.State.CANCELLED:
        raise NotGoing
    if here == (rsvp.checked_in_at is not None):
        return
    Rsvp.objects.filter(id=rsvp.id).update(
        checked_in_at=clock.now() if here else None, came=True if here else None
    )
    kind = facts.CheckedIn if here else facts.CheckInUndone
    ledger_ops.record(
        kind(
            person_id=rsvp.person_id,
            campaign_id=rsvp.campaign_id,
            event_id=rsvp.event_id,
            rsvp_id=rsvp.id,
        ),
        by=by,
    )


@transaction.atomic
def tell_attendance(*, rsvp_id: int, came: bool, by: Actor) -> None:
    """ "Did you make it?" A host's tick is never overwritten by a no."""
    rsvp = Rsvp.objects.select_for_update(of=("self",)).select_related("event").get(id=rsvp_id)
    if not policy.can_change_rsvp(by, rsvp):
        raise NotYourSignUp
    if clock.now() < rsvp.event.starts_at:
        raise NotStartedYet
    if rsvp.checked_in_at is None:
        Rsvp.objects.filter(id=rsvp.id).update(came=came)
    ledger_ops.record(
        facts.AttendanceTold(
            person_id=rsvp.person_id,
            campaign_id=rsvp.campaign_id,
            event_id=rsvp.event_id,
            rsvp_id=rsvp.id,
            came=came,
        ),
        by=by,
    )


@transaction.atomic
def file_report(
    *, event_id: int, low: int | None, best: int, high: int | None, sentence: str, by: Actor
) -> Report:
    """The host's counts and one sentence; filing again replaces the report."""
    event = Event.objects.select_for_update().get(id=event_id)
    if not policy.can_host_manage(by, event):
        raise NotYourEvent
    if clock.now() < event.starts_at:
        raise NotStartedYet
    if any(count is not None and not 0 <= count <= COUNT_MOST for count in (low, best, high)):
        raise CountOutOfRange
    if (low is not None and low > best) or (high is not None and high < best):
        raise CountsDoNotFit
    report, _new = Report.objects.update_or_create(
        event=event,
        defaults={
            "low_count": low,
            "best_count": best,
            "high_count": high,
            "sentence": clean_line(sentence)[:300],
            "filed_at": clock.now(),
        },
    )
    ledger_ops.record(facts.ReportFiled(campaign_id=event.campaign_id, event_id=event.id), by=by)
    return report
