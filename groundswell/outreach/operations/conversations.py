"""Two people write to each other through us: on the web here, by mail in ``operations.inbound``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import limits
from groundswell.events.models import Event, Rsvp
from groundswell.events.queries import hosting as host_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_text, has_link
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import policy, talking
from groundswell.outreach.facts import (
    ConversationReported,
    LineHeld,
    LinePassedOn,
    WriterHeardAgain,
    WriterSilenced,
)
from groundswell.outreach.models import Conversation, Line, Silence
from groundswell.outreach.operations import aliases, outbox
from groundswell.people.models import Person
from groundswell.site import vault

BODY_MOST = 4000
LINES_A_DAY = 20  # of one side of one conversation, by web and mail together
SAME_PRESS = timedelta(minutes=10)
MAIL_LASTS = timedelta(days=3)  # what could not leave by then is read on the page

UNKNOWN_SENDER, LINKS = "unknown_sender", "links"  # Line.held_for

Side = Conversation.Side


class NotYourConversation(Refusal):
    sentence = _("This link belongs to another conversation. Open the link in your own e-mail.")


class ConversationIsOver(Refusal):
    """Reported, ended, stopped or past its time: nobody learns which, lest it be held against
    whoever stopped it."""

    sentence = _("This conversation takes no more messages. Your words were not sent.")
    field = "body"


class WordsAreMissing(Refusal):
    sentence = _("Write your message.")
    field = "body"


class WroteEnough(Refusal):
    sentence = _("You have sent 20 messages today, which is as many as can go. Write tomorrow.")
    field = "body"


class ProveYourAddress(Refusal):
    sentence = _("First press “Yes, this is me” on the page of your sign-up. Then write.")
    field = "body"


class NotOnTheList(Refusal):
    sentence = _(
        "Only people who are coming or waiting can write to the host. Sign up again first."
    )
    field = "body"


class LinksWaitForApproval(Refusal):
    sentence = _(
        "Links can go out once the organisers have approved your event. Take the link out, and "
        "send it again."
    )
    field = "body"


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, ready to be kept. ``came_by``: the hash of the mail it came in."""

    body: str
    held_for: str = ""
    has_lost: bool = False
    came_by: bytes | None = None


# --- writing -----------------------------------------------------------------------------------


def write_to_host(*, rsvp_id: int, body: str, by: Actor) -> Line:
    """A supporter writes to the host of their event; the first time this opens a conversation.

    Raises NotYourConversation, ProveYourAddress, NotOnTheList and what :func:`answer` raises.
    """
    rsvp = Rsvp.objects.select_related("event", "event__host").filter(id=rsvp_id).first()
    is_theirs = rsvp is not None and by.id == rsvp.person_id and by.event_id == rsvp.event_id
    if rsvp is None or not is_theirs or rsvp.person_id is None:
        raise NotYourConversation
    if not rsvp.is_proven:
        raise ProveYourAddress
    known = talking.of_person(rsvp)
    if known is None:
        if rsvp.state not in {Rsvp.State.GOING, Rsvp.State.WAITING}:
            raise NotOnTheList
        if not clean_text(body):
            raise WordsAreMissing
        known = aliases.open_conversation(event=rsvp.event, person_id=rsvp.person_id)
    if known is None:
        raise ConversationIsOver
    return answer(conversation_id=known.id, body=body, by=by)


def answer(*, conversation_id: int, body: str, by: Actor) -> Line:
    """One more message in a conversation, by the page. Pressing twice sends once.

    Raises NotYourConversation, WordsAreMissing, ConversationIsOver, LinksWaitForApproval,
    WroteEnough.
    """
    talk = Conversation.objects.select_related("event").filter(id=conversation_id).first()
    side = policy.side_of(by, talk) if talk is not None else None
    if talk is None or side is None:
        raise NotYourConversation
    typed = talking.without_addresses(clean_text(body), talk, reader=talking.other(side))
    words = clean_text(typed)[:BODY_MOST]
    if not words:
        raise WordsAreMissing
    again = _same_press(talk, side, words)
    if again is not None:
        return again
    if not talking.takes_words(talk, writer=side):
        raise ConversationIsOver
    if side == Side.HOLDER and has_link(words) and not host_queries.is_trusted(talk.event):
        raise LinksWaitForApproval
    if not take_turn(talk, side):
        raise WroteEnough
    line = keep(conversation_id=talk.id, side=side, words=Words(words), by=by)
    if line is None:
        raise ConversationIsOver
    return line


def take_turn(talk: Conversation, side: str) -> bool:
    """One of the day's places of this side; call it before the operation that it protects."""
    return limits.take("conversation", f"{talk.id}:{side}", most=LINES_A_DAY, per=timedelta(days=1))


def _same_press(talk: Conversation, side: str, body: str) -> Line | None:
    last = talk.lines.filter(writer=side).order_by("-written_at", "-id").first()
    if last is None or clock.now() - last.written_at > SAME_PRESS:
        return None
    return last if vault.open_(last, "body_sealed") == body else None


@transaction.atomic
def keep(*, conversation_id: int, side: str, words: Words, by: Actor) -> Line | None:
    """Keep what somebody wrote, and pass it on unless it must wait for a look.

    None when the conversation takes no words any more, or when this very mail was kept before.
    """
    talk = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("event", "event__host")
        .get(id=conversation_id)
    )
    if not talking.takes_words(talk, writer=side):
        return None
    if words.came_by and Line.objects.filter(came_by=words.came_by).exists():
        return None
    line = Line(
        id=new_id(),
        conversation=talk,
        writer=side,
        state=Line.State.HELD if words.held_for else Line.State.PASSED,
        held_for=words.held_for,
        has_lost=words.has_lost,
        came_by=words.came_by,
        written_at=clock.now(),
    )
    writer_id = talking.person_of(talk, side)
    line.body_sealed = vault.seal(
        line,
        "body_sealed",
        clean_text(words.body)[:BODY_MOST],
        key_id=Person.objects.values_list("key_id", flat=True).get(id=writer_id),
    )
    line.save(force_insert=True)
    if words.held_for:
        held = LineHeld(
            person_id=writer_id, conversation_id=talk.id, line_id=line.id, because=words.held_for
        )
        ledger_ops.record(held, by=by)
    else:
        pass_on(line, by=by)
    return line


def pass_on(line: Line, *, by: Actor) -> None:
    """Write the message that carries a line to the other side, in the caller's transaction."""
    talk = line.conversation
    Conversation.objects.filter(id=talk.id).update(last_line_at=line.written_at)
    entry_id = ledger_ops.record(
        LinePassedOn(
            person_id=talking.person_of(talk, line.writer),
            conversation_id=talk.id,
            line_id=line.id,
        ),
        by=by,
    )
    expires_at = min(clock.now() + MAIL_LASTS, aliases.ends_at(talk.event))
    about = {"line_id": line.id}
    if line.writer == Side.PERSON:
        message = outbox.to_host(
            "supporter_words",
            talk.event,
            key=line.id,
            expires_at=expires_at,
            entry_id=entry_id,
            args=about,
        )
        outbox.write([message])
        return
    rsvp = talking.rsvp_of(talk)
    if rsvp is not None:
        message = outbox.to_supporter(
            "host_answer",
            rsvp,
            key=line.id,
            expires_at=expires_at,
            entry_id=entry_id,
            args=about,
        )
        outbox.write([message])


# --- report and stop ---------------------------------------------------------------------------


def _mine(conversation_id: int, by: Actor) -> tuple[Conversation, Conversation.Side]:
    talk = Conversation.objects.select_for_update().filter(id=conversation_id).first()
    side = policy.side_of(by, talk) if talk is not None else None
    if talk is None or side is None:
        raise NotYourConversation
    return talk, side


@transaction.atomic
def report(*, conversation_id: int, by: Actor) -> None:
    """Let the office look at a conversation; until then it rests. Twice is harmless."""
    talk, side = _mine(conversation_id, by)
    if talk.state != Conversation.State.OPEN:
        return
    talk.state, talk.reported_by, talk.reported_at = Conversation.State.PAUSED, side, clock.now()
    talk.save(update_fields=["state", "reported_by", "reported_at"])
    fact = ConversationReported(
        event_id=talk.event_id,
        person_id=talking.person_of(talk, side),
        conversation_id=talk.id,
    )
    ledger_ops.record(fact, by=by)


def report_event(*, event: Event, by: Actor) -> None:
    """Report the host's words to everybody: the same, where no conversation has begun yet."""
    if by.id is None or by.event_id != event.id:
        raise NotYourConversation
    talk = aliases.open_conversation(event=event, person_id=by.id)
    if talk is not None:
        report(conversation_id=talk.id, by=by)


@transaction.atomic
def stop(*, writer_id: int | None, by: Actor) -> None:
    """Never again words through us from one person, or (None) from anybody. Twice is harmless.

    What waits in the outbox stops at its gate.
    """
    if by.id is None or not Person.objects.filter(id=by.id).exists():
        raise NotYourConversation
    known = Silence.objects.filter(person_id=by.id, writer_id=writer_id)
    if known.exists():
        return
    row = Silence(id=new_id(), person_id=by.id, writer_id=writer_id, since=clock.now())
    Silence.objects.bulk_create([row], ignore_conflicts=True)
    ledger_ops.record(WriterSilenced(person_id=by.id, silence_id=row.id), by=by)


@transaction.atomic
def hear_again(*, writer_id: int, by: Actor) -> None:
    """Take a stop back: this writer, and the stop of everybody with it. Twice is harmless."""
    if by.id is None:
        raise NotYourConversation
    for row in Silence.objects.filter(talking.silences_of(by.id, writer_id)):
        ledger_ops.record(WriterHeardAgain(person_id=by.id, silence_id=row.id), by=by)
        row.delete()
