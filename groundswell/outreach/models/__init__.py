"""The outbox, the blind relay, and the other programs that hear what is public."""

from __future__ import annotations

from groundswell.outreach.models.hooks import Hook, HookPost
from groundswell.outreach.models.outbox import Message, ReminderPlan, ShownMail
from groundswell.outreach.models.relay import (
    Alias,
    Conversation,
    Inbound,
    Line,
    PassedOn,
    Silence,
)

__all__ = [
    "Alias",
    "Conversation",
    "Hook",
    "HookPost",
    "Inbound",
    "Line",
    "Message",
    "PassedOn",
    "ReminderPlan",
    "ShownMail",
    "Silence",
]
