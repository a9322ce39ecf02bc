"""Data keys that nobody took: made ahead by a process that ended before it used them."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from groundswell.kernel import clock
from groundswell.people.models import Import, Merge, Person
from groundswell.site import vault

UNUSED_FOR = timedelta(days=7)
AT_ONCE = 500


def sweep_unused_keys(*, after: int = 0) -> int | None:
    """Remove up to 500 week-old keys, beginning after an id, that no person and no
    import carries.

    Returns the id to go on after, or None at the end. A process hands out the keys that it made
    within the same run; one that runs for longer than a week keeps its keys fresh by using them.
    """
    old = vault.key_ids_made_before(clock.now() - UNUSED_FOR, after=after, most=AT_ONCE)
    if not old:
        return None
    used = set(Person.objects.filter(key_id__in=old).values_list("key_id", flat=True))
    used |= {found.key_id for found in Import.objects.filter(key_id__in=old) if found.key_id}
    # The key of somebody who was merged is in use, though no row carries it (models.Merge).
    used |= set(Merge.objects.filter(gone_key_id__in=old).values_list("gone_key_id", flat=True))
    vault.remove_keys(set(old) - used)
    return old[-1]


@task()
def tidy_keys() -> None:
    """Once a day (config/wiring.py)."""
    place: int | None = 0
    while place is not None:
        place = sweep_unused_keys(after=place)
