"""One round of delivery, as the worker runs it."""

from __future__ import annotations

import logging
import time

from django.core.exceptions import ObjectDoesNotExist
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch

from groundswell.kernel.sealing import CannotOpen
from groundswell.outreach import senders
from groundswell.outreach.delivery import claiming, gate, outcomes
from groundswell.outreach.mail import compose
from groundswell.outreach.models import Message
from groundswell.outreach.senders import Outcome, Result, Sender
from groundswell.outreach.weighing import weigh
from groundswell.site import queries as site_queries

log = logging.getLogger(__name__)

GATE = 1  # messages in one gate; everything that we send now is transactional or a reminder
BATCH_SECONDS = 1.0  # after this long, look for something more urgent
_PAUSE_SHORTEST, _PAUSE_LONGEST = 5.0, 60.0

# What a mail that cannot be put together raises: its person was erased, a row or page is missing,
# a value cannot stand in a header. It ends that one row; nothing has left the house by then.
_CANNOT_COMPOSE = (
    ArithmeticError,
    AttributeError,
    CannotOpen,
    LookupError,
    NoReverseMatch,
    ObjectDoesNotExist,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
    ValueError,
)

_SHUT = Outcome(Result.NOT_NOW, "shut", is_our_trouble=True)
_LOCKED = Outcome(Result.NOT_NOW, "locked", is_our_trouble=True)


class _Pause:
    """While the way out is shut, this process looks again after 5 to 60 seconds."""

    def __init__(self) -> None:
        self.until, self.length = 0.0, 0.0

    def is_on(self) -> bool:
        return time.monotonic() < self.until

    def begin(self) -> None:
        self.length = min(max(self.length * 2, _PAUSE_SHORTEST), _PAUSE_LONGEST)
        self.until = time.monotonic() + self.length

    def end(self) -> None:
        self.until, self.length = 0.0, 0.0


pause = _Pause()


def deliver_round() -> int:
    """Reap, claim a batch, and deliver it. Returns how many messages came to an end or moved.

    Without a sender (a live installation with no mail server) messages stay READY.
    """
    done = claiming.reap()
    sender = senders.current()
    if sender is None or pause.is_on():
        return done
    batch = claiming.claim()
    if batch:
        done += _deliver(batch, sender)
    return done


def _deliver(batch: list[Message], sender: Sender) -> int:
    """Set aside what is plainly unwanted, then pass the rest through the gate one by one."""
    weighed = weigh(batch)
    done = outcomes.set_aside(each for each in weighed if each.stop)
    waiting = [each.message for each in weighed if not each.stop]
    desk = compose.Desk()
    ends = time.monotonic() + BATCH_SECONDS
    while waiting:
        group, waiting = waiting[:GATE], waiting[GATE:]
        if not _hand_over(group, sender, desk):
            pause.begin()
            break
        done += len(group)
        if time.monotonic() > ends:
            break
    claiming.give_back(waiting)
    return done


def _hand_over(group: list[Message], sender: Sender, desk: compose.Desk) -> bool:
    """One gate and its hand-overs. False when the sender itself cannot work now."""
    try:
        passed = gate.pass_gate(group)
    except gate.LeaseLost as lost:
        log.warning("the gate lost its lease: %s", lost)
        return True
    works = True
    for each in passed:
        outcome = _send(each, sender, desk) if works else _SHUT
        is_locked = outcome is _LOCKED
        contact = each.weighed.contact
        message = each.weighed.message
        if not outcomes.settle(message, outcome, contact_id=contact.id if contact else None):
            log.warning("message %s was taken over while it was handed over", message.id)
        works = works and (is_locked or not outcome.is_our_trouble)
    if works and passed:
        pause.end()
    return works


def _send(passed: gate.Passed, sender: Sender, desk: compose.Desk) -> Outcome:
    try:
        mail = compose.compose(passed.weighed, passed.tokens, desk, answers_to=passed.answers_to)
        content = mail.as_bytes()
    except _CANNOT_COMPOSE as error:
        name = type(error).__name__
        log.error("message %s cannot be composed: %s", passed.weighed.message.id, name)
        return Outcome(Result.NEVER, f"compose_{name}")
    # The last look before anything leaves: where this says no, no hand-over has begun.
    if not passed.weighed.kind.passes_lock and site_queries.is_locked():
        return _LOCKED
    return sender.send(mail, content)
