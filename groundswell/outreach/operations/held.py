"""Messages that wait for a person: perhaps sent, or refused. Send again, or let them be."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import policy
from groundswell.outreach.facts import MessageGivenUp, MessageSentAgain
from groundswell.outreach.models import Message

AT_ONCE = 500
_HELD = (Message.State.UNKNOWN, Message.State.FAILED)


class OnlyOrganisersDecide(Refusal):
    sentence = _("Only organisers can decide about messages.")


class TooManyAtOnce(Refusal):
    sentence = _("Decide about 500 messages at a time at most.")


def _held(message_ids: Collection[int], by: Actor) -> list[Message]:
    if not policy.can_decide_on_messages(by):
        raise OnlyOrganisersDecide
    if len(message_ids) > AT_ONCE:
        raise TooManyAtOnce
    rows = Message.objects.select_for_update().filter(id__in=message_ids, state__in=_HELD)
    return list(rows.order_by("id"))


@transaction.atomic
def resend(*, message_ids: Collection[int], by: Actor) -> int:
    """Send held messages again; who received one may receive it twice. Returns how many.

    The Message-ID stays, so that some mailboxes show one. The gate still asks everything: one
    that is not wanted any more, or too late, is not sent.
    """
    rows = _held(message_ids, by)
    Message.objects.filter(id__in=[row.id for row in rows]).update(
        state=Message.State.READY, attempts=0, not_before=clock.now(), error="", done_at=None
    )
    ledger_ops.record_many([_fact(MessageSentAgain, row) for row in rows], by=by)
    return len(rows)


@transaction.atomic
def hold_after_restore(*, by: Actor) -> int:
    """Whatever was on its way when a backup was made may have arrived since: nothing of it goes
    out by itself, a person decides. Returns how many. Raises OnlyOrganisersDecide."""
    if not policy.can_decide_on_messages(by):
        raise OnlyOrganisersDecide
    open_states = [Message.State.READY, Message.State.CLAIMED, Message.State.HANDING_OVER]
    return Message.objects.filter(state__in=open_states).update(
        state=Message.State.UNKNOWN,
        error="restored",
        done_at=clock.now(),
        lease_token=None,
        lease_until=None,
    )


@transaction.atomic
def give_up(*, message_ids: Collection[int], by: Actor) -> int:
    """Take held messages off the list without sending them. Returns how many."""
    rows = _held(message_ids, by)
    Message.objects.filter(id__in=[row.id for row in rows]).update(
        state=Message.State.CANCELLED, error="given_up", done_at=clock.now()
    )
    ledger_ops.record_many([_fact(MessageGivenUp, row) for row in rows], by=by)
    return len(rows)


def _fact(
    cls: type[MessageSentAgain | MessageGivenUp], row: Message
) -> MessageSentAgain | MessageGivenUp:
    return cls(person_id=row.person_id, event_id=row.event_id, message_id=row.id, was=row.state)
