"""What the outreach room holds about a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.outreach import merging
from groundswell.outreach.models import (
    Conversation,
    Line,
    Message,
    PassedOn,
    ShownMail,
    Silence,
)
from groundswell.people.moving import Moves, Parting
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

    def merge(self, moves: Moves) -> None:
        merging.merge(moves)

    def part(self, parting: Parting) -> None:
        merging.part(parting)

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
