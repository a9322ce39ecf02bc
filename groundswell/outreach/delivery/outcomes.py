"""Writing down what became of a message: one guarded update each.

Every update names the lease and the state that it ends, so a worker that was declared dead
meanwhile changes nothing any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.outreach.kinds import KINDS, Promise
from groundswell.outreach.models import Message
from groundswell.outreach.senders import Outcome, Result
from groundswell.outreach.weighing import MOST_TRIES, Weighed
from groundswell.people.operations import consents as consent_ops

State = Message.State
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
OUR_TROUBLE_PAUSE = timedelta(seconds=30)
ASK_AGAIN = timedelta(minutes=30)  # whether a paused message may go


def settle(
    message: Message,
    outcome: Outcome,
    *,
    contact_id: int | None = None,
    after: timedelta | None = None,
) -> bool:
    """Write down the outcome of a hand-over. False when the lease had been taken over.

    ``after``: how long to wait before another try, instead of the usual back-off.
    """
    if outcome.result == Result.TAKEN:
        return _end(message, State.SENT)
    if outcome.result == Result.NEVER:
        return _refused(message, outcome, contact_id)
    if outcome.result == Result.PERHAPS and _promise(message) == Promise.AT_MOST_ONCE:
        return _end(message, State.UNKNOWN, outcome.code)
    if outcome.is_our_trouble:
        return _ours(message, outcome.code)
    return ready_again(message, outcome.code, after=after)


def _promise(message: Message) -> Promise:
    kind = KINDS.get(message.kind)
    return kind.promise if kind else Promise.AT_MOST_ONCE


def _mine(message: Message) -> Any:
    return Message.objects.filter(
        id=message.id, lease_token=message.lease_token, state=State.HANDING_OVER
    )


def _end(message: Message, state: Message.State, error: str = "") -> bool:
    ended = _mine(message).update(
        state=state, error=error[:40], done_at=clock.now(), lease_token=None, lease_until=None
    )
    return bool(ended == 1)


@transaction.atomic
def _refused(message: Message, outcome: Outcome, contact_id: int | None) -> bool:
    """Refused for good; an address that does not exist is never written to again."""
    if not _end(message, State.FAILED, outcome.code):
        return False
    if outcome.is_bounce and contact_id is not None:
        consent_ops.suppress(contact_id=contact_id, reason="bounced", by=SYSTEM)
    return True


def ready_again(message: Message, code: str, *, after: timedelta | None = None) -> bool:
    """Another try later, or FAILED after the last one. Its Message-ID stays the same."""
    if message.attempts >= MOST_TRIES:
        return _end(message, State.FAILED, code)
    wait = back_off(message) if after is None else after
    back = _mine(message).update(
        state=State.READY,
        error=code[:40],
        not_before=clock.now() + wait,
        lease_token=None,
        lease_until=None,
    )
    return bool(back == 1)


def _ours(message: Message, code: str) -> bool:
    """The way out of the house is shut: no fault of this message, so no try is counted."""
    back = _mine(message).update(
        state=State.READY,
        error=code[:40],
        attempts=F("attempts") - 1,
        not_before=clock.now() + OUR_TROUBLE_PAUSE,
        lease_token=None,
        lease_until=None,
    )
    return bool(back == 1)


def back_off(message: Message) -> timedelta:
    """1 minute to 8 hours by the number of tries, a tenth more or less so that not all come at
    once; the same for the same message and try."""
    step = BACK_OFF[min(max(message.attempts, 1), len(BACK_OFF)) - 1]
    spread = (message.id * 2_654_435_761 + message.attempts) % 2001 - 1000  # -1000 to 1000
    return step * (1 + spread / 10_000)


def set_aside(unwanted: Iterable[Weighed]) -> int:
    """End claimed messages that are not wanted any more; one update for each reason."""
    by_reason: dict[tuple[Message.State, str], list[Message]] = defaultdict(list)
    for weighed in unwanted:
        state = State.FAILED if weighed.is_worn_out else State.CANCELLED
        state = State.READY if weighed.is_paused else state
        by_reason[state, weighed.stop].append(weighed.message)
    count = 0
    for (state, reason), messages in by_reason.items():
        count += Message.objects.filter(
            id__in=[message.id for message in messages],
            lease_token__in={message.lease_token for message in messages},
            state=State.CLAIMED,
        ).update(state=state, error=reason, lease_token=None, lease_until=None, **_when(state))
    return count


def _when(state: Message.State) -> dict[str, Any]:
    now = clock.now()
    return {"not_before": now + ASK_AGAIN} if state == State.READY else {"done_at": now}
