"""What the office does about conversations: read with a reason, let go on, end, pass on, drop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.sealing import CannotOpen
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import policy, talking
from groundswell.outreach.facts import (
    ConversationClosed,
    ConversationRead,
    ConversationResumed,
    HeldLineDropped,
    HeldLinePassedOn,
)
from groundswell.outreach.models import Conversation, Line
from groundswell.outreach.operations import conversations
from groundswell.site import vault

# Why somebody may read what two people wrote to each other; the code stands in the ledger.
REASONS: dict[str, Promise] = {
    "report": _("Somebody reported it"),
    "held": _("Something waits to be passed on"),
    "danger": _("Somebody may be in danger"),
}


class OnlyOrganisersLook(Refusal):
    sentence = _("Only organisers can look at reports.")


class NothingToLookAt(Refusal):
    sentence = _("Nothing waits here any more: somebody has decided already.")


class SayWhy(Refusal):
    sentence = _("Choose why you need to read it. The reason is recorded.")
    field = "because"


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the office reads it: who wrote by side, no name."""

    line_id: int
    writer: str
    body: str
    is_held: bool
    held_for: str
    written_at: datetime


def _waiting(conversation_id: int, by: Actor) -> Conversation:
    if not policy.can_decide_on_reports(by):
        raise OnlyOrganisersLook
    if not talking.to_look_at(conversation_id):
        raise NothingToLookAt
    return (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("event", "event__host")
        .get(id=conversation_id)
    )


@transaction.atomic
def read(*, conversation_id: int, because: str, by: Actor) -> list[Shown]:
    """The words of a reported conversation, oldest first; that they were read is recorded.

    Raises OnlyOrganisersLook, NothingToLookAt, SayWhy.
    """
    talk = _waiting(conversation_id, by)
    if because not in REASONS:
        raise SayWhy
    fact = ConversationRead(event_id=talk.event_id, conversation_id=talk.id, because=because)
    ledger_ops.record(fact, by=by)
    rows = list(talk.lines.order_by("written_at", "id")[: talking.LINES_SHOWN])
    vault.load_keys_of(rows, "body_sealed")
    return [
        Shown(
            row.id,
            row.writer,
            _words(row),
            row.state == Line.State.HELD,
            row.held_for,
            row.written_at,
        )
        for row in rows
    ]


def _words(row: Line) -> str:
    try:
        return vault.open_(row, "body_sealed")
    except CannotOpen:  # the writer was erased a moment ago
        return ""


@transaction.atomic
def resume(*, conversation_id: int, by: Actor) -> None:
    """Let a reported conversation go on. Raises OnlyOrganisersLook, NothingToLookAt."""
    talk = _paused(conversation_id, by)
    Conversation.objects.filter(id=talk.id).update(
        state=Conversation.State.OPEN, reported_by="", reported_at=None
    )
    fact = ConversationResumed(event_id=talk.event_id, conversation_id=talk.id)
    ledger_ops.record(fact, by=by)


@transaction.atomic
def close(*, conversation_id: int, by: Actor) -> None:
    """End a reported conversation for good; what was held in it is dropped.

    Raises OnlyOrganisersLook, NothingToLookAt.
    """
    talk = _paused(conversation_id, by)
    Conversation.objects.filter(id=talk.id).update(state=Conversation.State.CLOSED)
    talk.lines.filter(state=Line.State.HELD).update(state=Line.State.DROPPED, body_sealed=b"")
    ledger_ops.record(ConversationClosed(event_id=talk.event_id, conversation_id=talk.id), by=by)


def _paused(conversation_id: int, by: Actor) -> Conversation:
    talk = _waiting(conversation_id, by)
    if talk.state != Conversation.State.PAUSED:
        raise NothingToLookAt
    return talk


@transaction.atomic
def decide(*, conversation_id: int, line_id: int, pass_on: bool, by: Actor) -> None:
    """Pass a held message on, or drop it. Raises OnlyOrganisersLook, NothingToLookAt, and
    conversations.ConversationIsOver where nobody would get it."""
    talk = _waiting(conversation_id, by)
    line = talk.lines.select_for_update().filter(id=line_id, state=Line.State.HELD).first()
    if line is None:
        raise NothingToLookAt
    ids = {"event_id": talk.event_id, "conversation_id": talk.id, "line_id": line.id}
    if not pass_on:
        line.state, line.body_sealed = Line.State.DROPPED, b""
        line.save(update_fields=["state", "body_sealed"])
        ledger_ops.record(HeldLineDropped(**ids), by=by)
        return
    if not talking.takes_words(talk, writer=line.writer):
        raise conversations.ConversationIsOver
    line.state, line.conversation = Line.State.PASSED, talk
    line.save(update_fields=["state"])
    ledger_ops.record(HeldLinePassedOn(**ids), by=by)
    conversations.pass_on(line, by=by)
