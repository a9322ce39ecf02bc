"""The gate: the one commit just before the network call.

Whatever kills the worker before this commit has sent nothing; whatever kills it afterwards leaves
a row that says "this may have left the house". Consent, suppression, the event, the sign-up, the
expiry and the one mail a day to an unproven address are asked here, and nowhere later.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from groundswell.accounts.operations import links as link_ops
from groundswell.kernel import clock
from groundswell.outreach.delivery import outcomes
from groundswell.outreach.delivery.claiming import LEASE, TIMEOUT
from groundswell.outreach.mail import compose
from groundswell.outreach.models import Message
from groundswell.outreach.operations import aliases as alias_ops
from groundswell.outreach.operations.outbox import TURN
from groundswell.outreach.weighing import Weighed, weigh
from groundswell.people.operations import consents as consent_ops

MOST_AT_ONCE = 25  # a bulk gate; a crash may put that many in doubt. Everything now passes alone.

State = Message.State


class LeaseLost(RuntimeError):
    """The batch took too long and somebody else may have it: nothing of this gate happened."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A message that is allowed out, with the clear tokens of its links (stored nowhere).

    ``answers_to``: the alias that its reader may write to, where this house takes mail.
    """

    weighed: Weighed
    tokens: list[str]
    answers_to: str = ""


def pass_gate(messages: list[Message]) -> list[Passed]:
    """Let through what is still wanted; the rest is ended or delayed, in the same commit.

    Raises LeaseLost, and ValueError for more than 25 messages.
    """
    if len(messages) > MOST_AT_ONCE:
        raise ValueError(f"a gate takes {MOST_AT_ONCE} messages at most")
    with transaction.atomic():
        weighed = weigh(messages)
        outcomes.set_aside(each for each in weighed if each.stop)
        going = [each for each in weighed if not each.stop and _has_turn(each)]
        if not going:
            return []
        _hand_over(going)
        return _with_tokens(going)


def _hand_over(going: list[Weighed]) -> None:
    """The guarded update that everything hangs on: this lease, still claimed, long enough."""
    ids = [each.message.id for each in going]
    handed = Message.objects.filter(
        id__in=ids,
        lease_token__in={each.message.lease_token for each in going},
        state=State.CLAIMED,
        lease_until__gt=Now() + TIMEOUT,
    ).update(state=State.HANDING_OVER, lease_until=Now() + LEASE, attempts=F("attempts") + 1)
    if handed != len(going):
        raise LeaseLost(f"{len(going) - handed} of {len(going)}")
    for each in going:
        each.message.attempts += 1


def _with_tokens(going: list[Weighed]) -> list[Passed]:
    """Draw every token of this gate with one statement."""
    needed = [compose.links_needed(each) for each in going]
    tokens = iter(link_ops.make_links(link for links in needed for link in links))
    return [
        Passed(each, [next(tokens) for _link in links], alias_ops.answers_to(each))
        for each, links in zip(going, needed, strict=True)
    ]


def _has_turn(weighed: Weighed) -> bool:
    """Whether an unproven address may have this mail now: one in 24 hours, whoever asks.

    A retry keeps the turn that it took. A confirmation without a turn waits for the next one,
    once, unless it would come too late; a reminder without one is dropped.
    """
    message, contact = weighed.message, weighed.contact
    if contact is None or contact.proven_at is not None or message.has_turn:
        return True
    held = Message.objects.filter(
        id=message.id, lease_token=message.lease_token, state=State.CLAIMED
    )
    if consent_ops.use_unproven_turn(contact_id=contact.id):
        held.update(has_turn=True)
        return True
    contact.refresh_from_db(fields=["unproven_mail_at"])
    since = contact.unproven_mail_at or clock.now()
    next_at = since + consent_ops.UNPROVEN_PAUSE
    if weighed.kind.waits_for_turn and message.error != TURN and next_at < message.expires_at:
        held.update(
            state=State.READY, error=TURN, not_before=next_at, lease_token=None, lease_until=None
        )
    else:
        held.update(
            state=State.CANCELLED,
            error="no_turn",
            done_at=clock.now(),
            lease_token=None,
            lease_until=None,
        )
    return False
