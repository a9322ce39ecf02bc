"""The ids that one person is known by: their own, and those of records that were merged into it.

Links, mails and the ledger go on naming the id that a record had; whoever reads one asks here.
"""

from __future__ import annotations

from groundswell.people.models import Merge


def ids_of(person_id: int) -> list[int]:
    """All ids of a person, their own first."""
    gone = Merge.objects.filter(kept_id=person_id, undone_at=None).order_by("id")
    return [person_id, *gone.values_list("gone_id", flat=True)]


def standing_id(person_id: int) -> int:
    """The id that this one leads to now; itself when nothing was merged."""
    kept = Merge.objects.filter(gone_id=person_id, undone_at=None)
    return kept.values_list("kept_id", flat=True).first() or person_id


def keys_of(person_id: int) -> list[int]:
    """The data keys of the records that were merged into a person."""
    gone = Merge.objects.filter(kept_id=person_id, undone_at=None)
    return list(gone.values_list("gone_key_id", flat=True))
