"""A host's message to everybody who is going. The server sends it; no address is ever shown."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.events import facts
from groundswell.events.models import HostMessage, Pause, Rsvp
from groundswell.events.operations.hosting import WordsAreMissing, managed, running
from groundswell.events.queries import hosting as host_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_text, has_link
from groundswell.ledger import operations as ledger_ops
from groundswell.people import queries as people_queries
from groundswell.site import vault

MESSAGES_MOST = 3
SAME_PRESS = timedelta(minutes=10)


class LinksWaitForApproval(Refusal):
    sentence = _(
        "Links can go out once the organisers have approved your event. Take the link out, and "
        "send it again."
    )
    field = "body"


class EnoughMessages(Refusal):
    sentence = _("You have sent three messages, which is as many as an event can send.")


class MessagesArePaused(Refusal):
    sentence = _("The organisers look into something first. Your message can go after that.")


@transaction.atomic
def message_people(*, event_id: int, body: str, by: Actor) -> HostMessage:
    """A message to everybody who is going, sent by the server. Three per event at most."""
    event = running(managed(event_id, by))
    if not clean_text(body):
        raise WordsAreMissing(field="body")
    if has_link(body) and not host_queries.is_trusted(event):
        raise LinksWaitForApproval
    if Pause.objects.filter(event=event).exists() or people_queries.is_blocked_person(
        event.host_id
    ):
        raise MessagesArePaused
    sent = list(event.host_messages.order_by("-created_at"))
    if sent and _is_same_press(sent[0], clean_text(body)[:2000]):
        return sent[0]
    if len(sent) >= MESSAGES_MOST:
        raise EnoughMessages
    message = HostMessage(
        id=new_id(),
        event=event,
        created_at=clock.now(),
        recipient_count=event.rsvps.filter(state=Rsvp.State.GOING).count(),
    )
    message.body_sealed = vault.seal(
        message, "body_sealed", clean_text(body)[:2000], key_id=vault.house_key_id()
    )
    message.save(force_insert=True)
    ledger_ops.record(
        facts.HostMessaged(campaign_id=event.campaign_id, event_id=event.id, message_id=message.id),
        by=by,
    )
    return message


def _is_same_press(last: HostMessage, body: str) -> bool:
    """Whether somebody pressed twice: the same words again within minutes are one message."""
    is_recent = clock.now() - last.created_at < SAME_PRESS
    return is_recent and vault.open_(last, "body_sealed") == body
