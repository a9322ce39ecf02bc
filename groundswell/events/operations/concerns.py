"""What visitors report about an event, and what organisers do about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits
from groundswell.events import facts, policy, seats
from groundswell.events.models import Concern, Event, Pause
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_text
from groundswell.ledger import operations as ledger_ops
from groundswell.site import vault

PAUSES_AT = 3  # reports from so many networks
OPEN_MOST = 200  # of one event; more say nothing new
WORDS_MOST = 1000
_DAY = timedelta(days=1)


class SayWhatIsWrong(Refusal):
    sentence = _("Write one sentence about what is wrong, so that somebody can look into it.")
    field = "words"


class OnlyOrganisersLook(Refusal):
    sentence = _("Only organisers can decide about reports.")


def report(*, event: Event, kind: str, words: str, network: str, by: Actor) -> None:
    """Keep what a visitor reports. Raises SayWhatIsWrong.

    ``network`` is the page's keyed hash; people without one count as one network together, so
    nobody can pause a host by reporting three times, and everybody is read.
    """
    told = clean_text(words)[:WORDS_MOST]
    if not told:
        raise SayWhatIsWrong
    key = f"{event.id}:{network or 'none'}"
    is_counted = limits.take("concern", key, most=1, per=_DAY)
    with transaction.atomic():
        _keep(event, Concern.Kind(kind), told, by, is_counted=is_counted)


def _keep(event: Event, kind: Concern.Kind, words: str, by: Actor, *, is_counted: bool) -> None:
    seats.lock(event.id)
    waiting = Concern.objects.filter(event=event, settled_at=None)
    if waiting.count() >= OPEN_MOST:
        return
    concern = Concern(event=event, kind=kind, is_counted=is_counted, created_at=clock.now())
    concern.words_sealed = vault.seal(concern, "words_sealed", words, key_id=vault.house_key_id())
    concern.save(force_insert=True)
    fact = facts.EventReported(
        campaign_id=event.campaign_id, event_id=event.id, concern_id=concern.id
    )
    ledger_ops.record(fact, by=by)
    if waiting.filter(is_counted=True).count() >= PAUSES_AT:
        _pause(event, SYSTEM)


def _pause(event: Event, by: Actor) -> None:
    _row, is_new = Pause.objects.get_or_create(event=event, defaults={"paused_at": clock.now()})
    if is_new:
        told = facts.MessagesPaused(campaign_id=event.campaign_id, event_id=event.id)
        ledger_ops.record(told, by=by)


def _looked_at(event_id: int, by: Actor) -> Event:
    if not policy.can_settle_concerns(by):
        raise OnlyOrganisersLook
    seats.lock(event_id)
    return Event.objects.get(id=event_id)


@transaction.atomic
def pause(*, event_id: int, by: Actor) -> None:
    """The host's messages wait, whatever the number of reports. Twice is harmless."""
    _pause(_looked_at(event_id, by), by)


@transaction.atomic
def settle(*, event_id: int, by: Actor) -> int:
    """Somebody has looked: the reports leave the list and the host's messages go on.

    Returns how many reports there were. What is wrong with an event is mended where events are
    changed and cancelled, and with whom, where addresses are blocked.
    """
    event = _looked_at(event_id, by)
    waiting = Concern.objects.filter(event=event, settled_at=None)
    count = waiting.update(settled_at=clock.now())
    gone, _rows = Pause.objects.filter(event=event).delete()
    if count or gone:
        told = facts.ConcernsSettled(campaign_id=event.campaign_id, event_id=event.id, count=count)
        ledger_ops.record(told, by=by)
    return count


def concerns_due(now: datetime) -> QuerySet[Concern]:
    """What was reported more than 90 days ago."""
    return Concern.objects.filter(created_at__lt=now - timedelta(days=90))


@transaction.atomic
def forget_old_concerns() -> int:
    """Delete what was reported long ago; returns how many."""
    return concerns_due(clock.now()).delete()[0]
