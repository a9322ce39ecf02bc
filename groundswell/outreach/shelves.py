"""What the outreach room holds about a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.outreach.models import (
    Alias,
    Conversation,
    Line,
    Message,
    PassedOn,
    ShownMail,
    Silence,
)
from groundswell.people.models import Person
from groundswell.people.sockets import Rows, Told
from groundswell.site import vault


class OutreachShelf:
    """Messages to a person and what became of them; conversations, with the person's own words."""

    models: tuple[str, ...] = (
        "outreach.message",
        "outreach.shownmail",
        "outreach.conversation",
        "outreach.silence",
        "outreach.passedon",
    )

    def rows(self, person_id: int) -> list[Rows]:
        return [
            Rows(Message.objects.filter(person_id=person_id).order_by("created_at", "id")),
            Rows(ShownMail.objects.filter(person_id=person_id).order_by("id")),
            Rows(_conversations_of(person_id), _about),
            Rows(_lines_of(person_id)),
            Rows(Silence.objects.filter(person_id=person_id).order_by("since")),
            Rows(PassedOn.objects.filter(person_id=person_id).order_by("came_at")),
        ]

    def tell(self, person_id: int) -> list[Told]:
        return [*_told_messages(person_id), *_told_words(person_id), *_told_silences(person_id)]

    def keeps(self, person_ids: Collection[int]) -> set[int]:
        return set()

    def merge(self, kept_id: int, gone_id: int) -> None:
        Message.objects.filter(person_id=gone_id).update(person_id=kept_id)
        kept = Person.objects.get(id=kept_id)
        for shown in ShownMail.objects.filter(person_id=gone_id):
            mail = vault.open_(shown, "mail_sealed")
            shown.mail_sealed = vault.seal(shown, "mail_sealed", mail, key_id=kept.key_id)
            shown.person = kept
            shown.save(update_fields=["person", "mail_sealed"])
        for line in _lines_of(gone_id):  # before the conversations forget whose they were
            words = vault.open_(line, "body_sealed")
            line.body_sealed = vault.seal(line, "body_sealed", words, key_id=kept.key_id)
            line.save(update_fields=["body_sealed"])
        for alias in _aliases_of(gone_id):
            local = vault.open_(alias, "local_sealed")
            alias.local_sealed = vault.seal(alias, "local_sealed", local, key_id=kept.key_id)
            alias.save(update_fields=["local_sealed"])
        for passed in PassedOn.objects.filter(person_id=gone_id):
            told = vault.open_(passed, "words_sealed")
            passed.words_sealed = vault.seal(passed, "words_sealed", told, key_id=kept.key_id)
            passed.person = kept
            passed.save(update_fields=["person", "words_sealed"])
        for talk in _conversations_of(gone_id):
            _move(talk, kept_id, gone_id)
        for row in Silence.objects.filter(Q(person_id=gone_id) | Q(writer_id=gone_id)):
            _move_silence(row, kept_id, gone_id)

    def erase(self, person_id: int) -> None:
        Message.objects.filter(person_id=person_id).delete()
        PassedOn.objects.filter(person_id=person_id).delete()
        ShownMail.objects.filter(person_id=person_id).delete()
        # The other side's words go too: they were said to somebody who is not there any more.
        _conversations_of(person_id).delete()
        Silence.objects.filter(Q(person_id=person_id) | Q(writer_id=person_id)).delete()


def _conversations_of(person_id: int) -> QuerySet[Conversation]:
    mine = Conversation.objects.filter(Q(person_id=person_id) | Q(holder_id=person_id))
    return mine.select_related("event").order_by("created_at", "id")


def _side(person_id: int, side: str) -> Q:
    return Q(writer=side, **{f"conversation__{side}_id": person_id})


def _lines_of(person_id: int) -> QuerySet[Line]:
    """What this person wrote. The other side's words are the other side's."""
    mine = _side(person_id, "holder") | _side(person_id, "person")
    return Line.objects.filter(mine).select_related("conversation__event").order_by("written_at")


def _aliases_of(person_id: int) -> QuerySet[Alias]:
    return Alias.objects.filter(_side(person_id, "holder") | _side(person_id, "person"))


def _about(talk: Conversation) -> dict[str, Any]:
    """The event beside its number, so that the file makes sense without us."""
    return {"event_title": talk.event.title}


# --- in sentences ------------------------------------------------------------------------------


def _told_messages(person_id: int) -> list[Told]:
    sent = Message.objects.filter(person_id=person_id).order_by("created_at")
    first, count = sent.first(), sent.count()
    if first is None:
        return []
    words = ngettext("{number} message", "{number} messages", count)
    return [
        Told(
            what=_("That we wrote to you, what kind of message it was, and whether it left"),
            lines=(words.format(number=formats.number(count)),),
            since=first.created_at,
            why=_("So that nothing is sent twice and nothing is lost."),
            until=_("90 days; about an event, 30 days after it. The words are not kept."),
        )
    ]


def _told_words(person_id: int) -> list[Told]:
    lines = list(_lines_of(person_id))
    if not lines:
        return []
    vault.load_keys_of(lines, "body_sealed")
    return [
        Told(
            what=_("What you wrote to somebody through us"),
            lines=tuple(
                _("{event}: {words}").format(
                    event=f"\u2068{line.conversation.event.title}\u2069",
                    words=f"\u2068{vault.open_(line, 'body_sealed')}\u2069",
                )
                for line in lines
            ),
            since=lines[0].written_at,
            why=_("So that both of you can read it, and neither sees an address."),
            until=_("30 days after the event."),
        )
    ]


def _told_silences(person_id: int) -> list[Told]:
    rows = list(Silence.objects.filter(person_id=person_id).order_by("since"))
    if not rows:
        return []
    return [
        Told(
            what=_("That you want no more messages from somebody through us"),
            lines=tuple(formats.day_and_year(row.since.date()) for row in rows),
            since=rows[0].since,
            why=_("So that nobody whom you stopped can write to you."),
            until=_("Until you take it back."),
        )
    ]


# --- two become one ----------------------------------------------------------------------------


def _move(talk: Conversation, kept_id: int, gone_id: int) -> None:
    """To the kept person; where that one has the same conversation already, the two become one."""
    pair = {
        "holder_id": kept_id if talk.holder_id == gone_id else talk.holder_id,
        "person_id": kept_id if talk.person_id == gone_id else talk.person_id,
    }
    if pair["holder_id"] == pair["person_id"]:
        talk.delete()  # somebody wrote to themselves
        return
    same = Conversation.objects.filter(event_id=talk.event_id, **pair).first()
    if same is None:
        Conversation.objects.filter(id=talk.id).update(**pair)
        return
    talk.lines.update(conversation=same)
    talk.aliases.update(conversation=same)
    if talk.last_line_at and (same.last_line_at is None or same.last_line_at < talk.last_line_at):
        same.last_line_at = talk.last_line_at
    if talk.state != Conversation.State.OPEN and same.state == Conversation.State.OPEN:
        same.state, same.reported_by = talk.state, talk.reported_by
        same.reported_at = talk.reported_at
    same.save()
    talk.delete()


def _move_silence(row: Silence, kept_id: int, gone_id: int) -> None:
    """To the kept person, once; nobody silences themselves."""
    person_id = kept_id if row.person_id == gone_id else row.person_id
    writer_id = kept_id if row.writer_id == gone_id else row.writer_id
    known = Silence.objects.filter(person_id=person_id, writer_id=writer_id)
    if person_id == writer_id or known.exists():
        row.delete()
    else:
        Silence.objects.filter(id=row.id).update(person_id=person_id, writer_id=writer_id)
