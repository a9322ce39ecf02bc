"""Ending what invented people would have received, many at once and without any sender."""

from __future__ import annotations

from django.db import transaction

from groundswell.kernel import clock
from groundswell.outreach.models import Message

AT_ONCE = 500


@transaction.atomic
def set_aside_invented() -> int:
    """End up to 500 due messages to invented people. Returns how many.

    For a replay, whose clock is not everybody's: it runs this instead of ``deliver_round``, so
    nothing of anybody leaves the house from there. The gate refuses invented people by itself.
    """
    due = Message.objects.filter(
        state=Message.State.READY, not_before__lte=clock.now(), person__is_synthetic=True
    )
    ids = list(due.order_by().values_list("id", flat=True)[:AT_ONCE])
    ended = Message.objects.filter(id__in=ids, state=Message.State.READY)
    return ended.update(state=Message.State.CANCELLED, error="synthetic", done_at=clock.now())
