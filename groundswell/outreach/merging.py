"""What becomes of messages and conversations when two people turn out to be one, or two again."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from groundswell.events.models import Rsvp
from groundswell.outreach.models import (
    Alias,
    Conversation,
    Line,
    Message,
    PassedOn,
    ShownMail,
    Silence,
)
from groundswell.people.moving import Moves, Parting


def merge(moves: Moves) -> None:
    """Everything written to or by the one that goes passes on; of two conversations with the same
    host about the same event one stays, with the lines of both."""
    for model in (Message, ShownMail, PassedOn):
        rows = model._default_manager.filter(person_id=moves.gone_id)
        moves.change(rows, person_id=moves.kept_id)
    for talk in list(_talks_of(moves.gone_id)):
        _move(moves, talk)
    for row in list(Silence.objects.filter(_of_either(moves.gone_id)).order_by("id")):
        _move_silence(moves, row)


def _talks_of(person_id: int) -> Any:
    mine = Conversation.objects.filter(Q(person_id=person_id) | Q(holder_id=person_id))
    return mine.order_by("created_at", "id")


def _of_either(person_id: int) -> Q:
    return Q(person_id=person_id) | Q(writer_id=person_id)


def _move(moves: Moves, talk: Conversation) -> None:
    kept_id, gone_id = moves.kept_id, moves.gone_id
    holder_id = kept_id if talk.holder_id == gone_id else talk.holder_id
    person_id = kept_id if talk.person_id == gone_id else talk.person_id
    row = Conversation.objects.filter(id=talk.id)
    if holder_id == person_id:
        moves.delete(row)  # somebody wrote to themselves
        return
    same = Conversation.objects.filter(
        event_id=talk.event_id, holder_id=holder_id, person_id=person_id
    ).first()
    if same is None:
        moves.change(row, holder_id=holder_id, person_id=person_id)
        return
    moves.change(talk.lines.all(), conversation_id=same.id)
    moves.change(talk.aliases.all(), conversation_id=same.id)
    better: dict[str, Any] = {}
    if talk.last_line_at and (same.last_line_at is None or same.last_line_at < talk.last_line_at):
        better["last_line_at"] = talk.last_line_at
    if talk.state != Conversation.State.OPEN and same.state == Conversation.State.OPEN:
        better |= {
            "state": talk.state, "reported_by": talk.reported_by, "reported_at": talk.reported_at,
        }  # fmt: skip
    if better:
        moves.change(Conversation.objects.filter(id=same.id), **better)
    moves.delete(row)


def _move_silence(moves: Moves, row: Silence) -> None:
    """To the kept person, once; nobody silences themselves."""
    kept_id, gone_id = moves.kept_id, moves.gone_id
    person_id = kept_id if row.person_id == gone_id else row.person_id
    writer_id = kept_id if row.writer_id == gone_id else row.writer_id
    known = Silence.objects.filter(person_id=person_id, writer_id=writer_id)
    one = Silence.objects.filter(id=row.id)
    if person_id == writer_id or known.exists():
        moves.delete(one)
    else:
        moves.change(one, person_id=person_id, writer_id=writer_id)


def part(parting: Parting) -> None:
    """Messages about sign-ups that went back go along. In a conversation that came back the lines
    written since by whoever comes back are sealed by their key again."""
    theirs = Rsvp.objects.filter(person_id=parting.gone_id).values("id")
    since = Message.objects.filter(person_id=parting.kept_id, created_at__gte=parting.since)
    since.filter(rsvp_id__in=theirs).update(person_id=parting.gone_id)
    gone_id = parting.gone_id
    sides = Q(writer="holder", conversation__holder_id=gone_id) | Q(
        writer="person", conversation__person_id=gone_id
    )
    parting.reseal(Line.objects.filter(sides), "body_sealed")
    parting.reseal(Alias.objects.filter(sides), "local_sealed")
    parting.reseal(ShownMail.objects.filter(person_id=gone_id), "mail_sealed")
    parting.reseal(PassedOn.objects.filter(person_id=gone_id), "words_sealed")
