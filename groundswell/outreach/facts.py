"""What happened to messages by somebody's hand, in ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.facts import Fact


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
