"""What accounts do when something happened next door or above."""

from __future__ import annotations

from groundswell.accounts import operations
from groundswell.ledger.wires import Happening


def scope_removed(happening: Happening) -> None:
    """Roles over what is gone end, and everything that was given away of them."""
    operations.end_grants_over(happening.fact.scope, by=happening.by)
