"""The host's checklist: what is done, and whether the kit was opened."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.campaigns import queries as campaign_queries
from groundswell.events.models import Event, Tick
from groundswell.events.operations.hosting import managed
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal


class NotOnTheList(Refusal):
    sentence = _("This line is not on your checklist any more. Load the page again.")


@transaction.atomic
def tick(*, event_id: int, key: str, done: bool, by: Actor) -> None:
    """Tick or untick a line of the checklist. Raises NotOnTheList."""
    event = managed(event_id, by)
    kit = campaign_queries.current_kit(event.campaign, event.language)
    if key not in {task.key for task in kit.tasks}:
        raise NotOnTheList
    if done:
        Tick.objects.bulk_create(
            [Tick(event=event, key=key, done_at=clock.now())], ignore_conflicts=True
        )
    else:
        Tick.objects.filter(event=event, key=key).delete()


@transaction.atomic
def open_kit(*, event_id: int, by: Actor) -> None:
    """Note that the host has opened the kit; the office sees who has not."""
    managed(event_id, by)
    Event.objects.filter(id=event_id, kit_opened_at=None).update(kit_opened_at=clock.now())
