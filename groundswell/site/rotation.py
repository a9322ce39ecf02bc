"""A new master key: every data key is wrapped anew. What the data keys seal is not touched.

Both master keys open while this runs (``GROUNDSWELL_OTHER_MASTER_KEY``), so web and worker go on.
Each wrapped key says which master key it needs: that is the cursor, and it moves in the commit
that wraps. Killed anywhere and run again, it finishes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import rows
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.site import vault
from groundswell.site.facts import MasterKeyRotated
from groundswell.site.models import DataKey
from groundswell.site.operations import OnlyOwners
from groundswell.site.routing import KEYS_DATABASE

AT_ONCE = 500


class KeysOfNobody(Refusal):
    sentence = _(
        "Some data keys are wrapped by neither of the two master keys. Give the key that they "
        "were made with as GROUNDSWELL_OTHER_MASTER_KEY."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: the last key looked at (None at the end), how many were seen and wrapped."""

    last_id: int | None
    seen: int
    rewrapped: int


def how_many() -> int:
    """All data keys there are."""
    return DataKey.objects.count()


def rewrap(*, after: int, by: Actor) -> Step:
    """Wrap up to 500 data keys after an id by the master key, in one transaction.

    Only existing rows are changed: a key that is deleted meanwhile stays deleted. Raises
    OnlyOwners, KeysOfNobody.
    """
    if not by.is_owner:
        raise OnlyOwners
    with transaction.atomic(using=KEYS_DATABASE):
        held = list(
            DataKey.objects.select_for_update().filter(id__gt=after).order_by("id")[:AT_ONCE]
        )
        others = [row for row in held if not vault.is_wrapped_by_master(bytes(row.wrapped))]
        try:
            for row in others:
                row.wrapped = vault.wrapped(vault.unwrapped(bytes(row.wrapped)))
        except vault.OtherMasterKey as neither:
            raise KeysOfNobody from neither
        rows.rewrite(DataKey, "wrapped", {row.id: row.wrapped for row in others})
    return Step(held[-1].id if held else None, len(held), len(others))


def rotate(*, by: Actor, heard: Callable[[int], None] = lambda seen: None) -> int:
    """Wrap every data key by the master key, pass after pass until one finds nothing to do.

    A process that was not started anew yet may still make keys that need the old one. ``heard``
    is told after every commit how many keys the first pass has seen. Returns how many it wrapped.
    """
    vault.derived("rotation")  # the root key must exist before the old master key is forgotten
    total, is_first = 0, True
    while True:
        wrapped, after = 0, 0
        while True:
            step = rewrap(after=after, by=by)
            wrapped += step.rewrapped
            if is_first:
                heard(step.seen)
            if step.last_id is None:
                break
            after = step.last_id
        total, is_first = total + wrapped, False
        if not wrapped:
            break
    if total:
        with transaction.atomic():
            ledger_ops.record(MasterKeyRotated(count=total), by=by)
    return total
