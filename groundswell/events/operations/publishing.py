"""Publishing from a public page: as ``hosting.publish_event``, with a look at who sent it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, transaction

from groundswell.accounts import doubts
from groundswell.accounts.doubts import Doubt, Look
from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event, HostDraft
from groundswell.events.operations import coming_from, holding, hosting
from groundswell.kernel.actor import Actor
from groundswell.people import contacts
from groundswell.people import queries as people_queries
from groundswell.people.operations.persons import Typed
from groundswell.people.operations.sources import CameBy

LINKS_MOST = 2
# Every event is proven by its host's mail and reviewed by a person, so haste alone holds nothing.
_HASTE = {Doubt.FAST, Doubt.STALE, Doubt.UNSTAMPED}


def publish(
    *,
    campaign: Campaign,
    plan: hosting.HostPlan,
    host: Typed,
    look: Look,
    by: Actor,
    draft: HostDraft | None = None,
    came_by: CameBy | None = None,
    **others: Any,
) -> Event:
    """Publish; on a doubt the event waits in quarantine, without a page and without a mail.

    ``came_by``: what the host's link said; noted once, when the event comes into being.

    Raises what ``hosting.publish_event`` raises, and doubts.OneMoment.
    """
    if look.doubt in _HASTE:
        look = Look(network=look.network, can_work=look.can_work, has_worked=look.has_worked)
    for last_try in (False, True):
        try:
            with transaction.atomic():
                verdict = doubts.weigh(
                    look, kind="hosting", thing=str(campaign.id), worse=_worse(plan, host)
                )
                was_there = _has_event(draft)
                event = hosting.publish_event(
                    campaign=campaign, plan=plan, host=host, by=by, draft=draft, **others
                )
                if came_by and not was_there:
                    coming_from.note_host(event, came_by)
                is_fresh = event.state == Event.State.UNPROVEN and not event.held.exists()
                if verdict.doubt and is_fresh:
                    holding.hold_event(event, verdict.doubt)
                return event
        except IntegrityError:
            if last_try or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _has_event(draft: HostDraft | None) -> bool:
    """Whether the draft became an event before: the same press twice."""
    if draft is None:
        return False
    return HostDraft.objects.filter(id=draft.id, event_id__isnull=False).exists()


def _worse(plan: hosting.HostPlan, host: Typed) -> Doubt:
    email = contacts.normalised_email(host.email)
    if people_queries.is_blocked(contacts.lasting_email(email)):
        return Doubt.BLOCKED
    words = f"{plan.title} {plan.description}"
    is_advert = words.count("://") + words.lower().count("www.") > LINKS_MOST
    return Doubt.LINKS if is_advert or doubts.advertises(plan.title) else Doubt.NONE
