"""What happened to messages by somebody's hand, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import KEEP_NINETY_DAYS, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSentAgain(Fact):
    sentence: ClassVar[str | Promise] = _("Had a message sent again that may have arrived.")
    person_id: int | None
    event_id: int | None
    message_id: int
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGivenUp(Fact):
    sentence: ClassVar[str | Promise] = _("Decided not to send a message again.")
    person_id: int | None
    event_id: int | None
    message_id: int
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesWantedAgain(Fact):
    sentence: ClassVar[str | Promise] = _("Took the stop of messages back.")
    person_id: int
    purpose: str
    about_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePassedOn(Fact):
    sentence: ClassVar[str | Promise] = _("Wrote to somebody through us; no address was shown.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int
    conversation_id: int
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHeld(Fact):
    sentence: ClassVar[str | Promise] = _("A message between two people waits for a look.")
    keep_days: ClassVar[int] = KEEP_NINETY_DAYS
    person_id: int
    conversation_id: int
    line_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReported(Fact):
    sentence: ClassVar[str | Promise] = _("Reported a conversation; it rests until we looked.")
    event_id: int
    person_id: int
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRead(Fact):
    sentence: ClassVar[str | Promise] = _("Opened the words of a conversation, with a reason.")
    event_id: int
    conversation_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationResumed(Fact):
    sentence: ClassVar[str | Promise] = _("Let a reported conversation go on.")
    event_id: int
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationClosed(Fact):
    sentence: ClassVar[str | Promise] = _("Ended a reported conversation for good.")
    event_id: int
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLinePassedOn(Fact):
    sentence: ClassVar[str | Promise] = _("Passed on a message that had waited for a look.")
    event_id: int
    conversation_id: int
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLineDropped(Fact):
    sentence: ClassVar[str | Promise] = _("Did not pass on a message that had waited for a look.")
    event_id: int
    conversation_id: int
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterSilenced(Fact):
    sentence: ClassVar[str | Promise] = _("Wants no more messages from somebody.")
    person_id: int
    silence_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterHeardAgain(Fact):
    sentence: ClassVar[str | Promise] = _("Takes messages from somebody again.")
    person_id: int
    silence_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAdded(Fact):
    sentence: ClassVar[str | Promise] = _("Let another program hear what is public here.")
    hook_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HookChanged(Fact):
    """``part``: "choices", "secret", "paused", "resumed" or "tried"."""

    sentence: ClassVar[str | Promise] = _("Changed what another program hears, or tried it out.")
    hook_id: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRemoved(Fact):
    sentence: ClassVar[str | Promise] = _("Stopped telling another program anything.")
    hook_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HookGaveUp(Fact):
    """Heard above: the owners are told. ``because``: models.Hook.Because."""

    sentence: ClassVar[str | Promise] = _("Another program stopped answering; it was paused.")
    hook_id: int
    because: str
