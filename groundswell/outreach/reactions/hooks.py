"""What happened in public, noted for each program that hears it."""

from __future__ import annotations

from groundswell.kernel import clock
from groundswell.ledger.wires import Happening
from groundswell.outreach.hooks import telling
from groundswell.outreach.models import Hook, HookPost
from groundswell.site import vault


def programs_told(happening: Happening) -> None:
    """One post for each program that hears this kind; run twice, it writes the same ones.

    Its id is made from the entry's, so every program is given the same one for the same thing
    and none learns how many entries there are.
    """
    kind = telling.OF_FACTS[type(happening.fact)]
    if not telling.is_switched_on():
        return
    connected = Hook.objects.filter(created_at__lte=happening.at)  # nothing from before it
    hooks = [hook for hook in connected if kind in hook.hears]
    if not hooks:
        return
    post_id = "post_" + vault.lasting_blind("hook post", str(happening.entry_id)).hex()
    rows = [
        HookPost(
            hook=hook,
            post_id=post_id,
            kind=kind,
            event_id=getattr(happening.fact, "event_id", None),
            campaign_id=happening.fact.campaign_id,
            happened_at=happening.at,
            not_before=clock.now(),
        )
        for hook in hooks
    ]
    HookPost.objects.bulk_create(rows, ignore_conflicts=True)
