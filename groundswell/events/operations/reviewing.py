"""Review: approve, ask the host, decline; each with the sentence the host receives."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.events import facts, policy
from groundswell.events.models import Event
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_text
from groundswell.ledger import operations as ledger_ops


class OnlyOrganisersReview(Refusal):
    sentence = _("Only organisers can review events.")


class NothingToReview(Refusal):
    sentence = _("This event does not wait for review any more.")


class SayWhy(Refusal):
    sentence = _("Write the sentence that the host will receive.")
    field = "words"


_WAITING = {Event.State.WAITING, Event.State.ASKED}


def _under_review(event_id: int, by: Actor) -> Event:
    event = Event.objects.select_for_update().get(id=event_id)
    if not policy.can_review(by, event):
        raise OnlyOrganisersReview
    if event.state not in _WAITING:
        raise NothingToReview
    return event


@transaction.atomic
def approve(*, event_id: int, words: str = "", by: Actor) -> None:
    """Put the event on the map. Approving twice is refused with a plain sentence."""
    event = _under_review(event_id, by)
    Event.objects.filter(id=event.id).update(
        state=Event.State.LISTED, listed_at=clock.now(), review_words=clean_text(words)[:1000]
    )
    fact = facts.EventListed(campaign_id=event.campaign_id, event_id=event.id)
    ledger_ops.record(fact, by=by)


@transaction.atomic
def ask_host(*, event_id: int, words: str, by: Actor) -> None:
    """Ask the host something; the event stays live at its own link."""
    event = _under_review(event_id, by)
    if not clean_text(words):
        raise SayWhy
    Event.objects.filter(id=event.id).update(
        state=Event.State.ASKED, review_words=clean_text(words)[:1000]
    )
    fact = facts.HostAsked(campaign_id=event.campaign_id, event_id=event.id)
    ledger_ops.record(fact, by=by)


@transaction.atomic
def decline(*, event_id: int, words: str, by: Actor) -> None:
    """Decline; the host receives the words, and whoever signed up is told that it is off."""
    event = _under_review(event_id, by)
    if not clean_text(words):
        raise SayWhy
    Event.objects.filter(id=event.id).update(
        state=Event.State.DECLINED, review_words=clean_text(words)[:1000]
    )
    fact = facts.EventDeclined(campaign_id=event.campaign_id, event_id=event.id)
    ledger_ops.record(fact, by=by)
