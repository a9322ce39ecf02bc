"""Forgetting people: nobody is kept longer than two years after we last heard of them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people.facts import PeopleForgotten
from groundswell.people.models import Person
from groundswell.people.sockets import shelves
from groundswell.site import vault

KEPT = timedelta(days=730)
AT_ONCE = 100


@task()
def forget_people() -> Again | None:
    """Every hour (config/wiring.py): a hundred people in one transaction, then again."""
    old = (clock.now() - KEPT).date()
    due = Person.objects.filter(last_active_on__lt=old, is_synthetic=False)
    people = list(due.order_by("last_active_on").values_list("id", "key_id")[:AT_ONCE])
    if not people:
        return None
    with transaction.atomic():
        for person_id, key_id in people:
            erase(person_id, key_id)
        ledger_ops.record(PeopleForgotten(count=len(people)), by=SYSTEM)
    return Again({"args": [], "kwargs": {}}) if len(people) == AT_ONCE else None


def erase(person_id: int, key_id: int) -> None:
    """Clear every shelf of one person, then the row, then the key; in the caller's transaction.

    The key goes after the commit; from then on no backup opens what it sealed.
    """
    for _name, shelf in shelves:
        shelf.erase(person_id)
    Person.objects.filter(id=person_id).delete()
    transaction.on_commit(lambda: vault.destroy_key(key_id))
