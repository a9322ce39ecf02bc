"""Forgetting people: nobody is kept longer than two years after we last heard of them.

A month before, one mail says so and has a button to stay.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import queries
from groundswell.people.facts import ForgettingNear, PeopleForgotten
from groundswell.people.models import Person
from groundswell.people.operations.erasing import erase
from groundswell.site.operations import OnlyOwners

KEPT = timedelta(days=730)
WARNED_BEFORE = timedelta(days=30)
AT_ONCE = 100


def people_due(now: datetime) -> QuerySet[Person]:
    """Who is forgotten at that moment: not heard of for two years, and told a month before."""
    today = now.date()
    old = queries.near_forgetting(today - KEPT)
    return old.filter(warned_on__lte=today - WARNED_BEFORE)


@task()
def forget_people() -> Again | None:
    """Every hour (config/wiring.py): a hundred people in one transaction, then again."""
    counts = [_warn(), _forget()]
    return Again({"args": [], "kwargs": {}}) if AT_ONCE in counts else None


@transaction.atomic
def _warn() -> int:
    """The notice, once. Who was away from a mailbox for two years is forgotten all the same."""
    today = clock.now().date()
    due = queries.near_forgetting(today - KEPT + WARNED_BEFORE).filter(warned_on=None)
    ids = list(due.order_by("last_active_on").values_list("id", flat=True)[:AT_ONCE])
    Person.objects.filter(id__in=ids).update(warned_on=today)
    ledger_ops.record_many([ForgettingNear(person_id=person_id) for person_id in ids], by=SYSTEM)
    return len(ids)


def _forget() -> int:
    due = people_due(clock.now())
    people = list(due.order_by("last_active_on").values_list("id", "key_id")[:AT_ONCE])
    if not people:
        return 0
    with transaction.atomic():
        for person_id, key_id in people:
            erase(person_id, key_id)
        ledger_ops.record(PeopleForgotten(count=len(people)), by=SYSTEM)
    return len(people)


@transaction.atomic
def erase_without_key(*, person_ids: Collection[int], by: Actor) -> None:
    """People of a restored backup who were erased after it was made: their keys are gone, so
    nothing of them opens; now their rows go too. Raises OnlyOwners."""
    if not by.is_owner:
        raise OnlyOwners
    people = Person.objects.filter(id__in=person_ids).values_list("id", "key_id")
    count = 0
    for person_id, key_id in list(people):
        erase(person_id, key_id)
        count += 1
    if count:
        ledger_ops.record(PeopleForgotten(count=count), by=by)
