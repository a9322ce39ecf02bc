"""Little to take: what is left of a supporter once nothing is to come and nothing just was.

Two steps. Thirty days after an event the events room tells :func:`add_up` how often, never which.
Ninety days after the last of it :func:`thin_people` lets go of the name, the phone number, every
exact time and everything recorded, so that six fields are left: e-mail, country, language, what
they agreed to, the month they joined, and how often they were there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least, TruncMonth
from django_tasks import task

from groundswell.accounts.operations import links
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import aliases, search_names
from groundswell.people.facts import PeopleThinned
from groundswell.people.models import (
    Contact,
    FieldValue,
    FormEntry,
    LikenessKey,
    Lookalike,
    Merge,
    Person,
    PostalAddress,
    Relation,
    Tagging,
    Touch,
    ViewMember,
)
from groundswell.people.operations import reach
from groundswell.people.queries import COUNT_MOST
from groundswell.people.sockets import shelves

THIN_AFTER = timedelta(days=90)
AT_ONCE = 100
PREVIEW_MOST = 20_000  # people looked at for the preview; a purge looks at everybody


def add_up(*, going: Counter[int], attended: Counter[int], last_on: date, country: str) -> None:
    """Add events that were to the counts of persons by id, in the caller's transaction.

    ``last_on`` is the day of the event, of which only the month is kept; ``country`` is that of
    the event, for people whose own we do not know.
    """
    for column, counted in (("going_count", going), ("attended_count", attended)):
        for amount in set(counted.values()):
            ids = [person_id for person_id, count in counted.items() if count == amount]
            Person.objects.filter(id__in=ids).update(
                **{column: Least(F(column) + amount, Value(COUNT_MOST))}
            )
    Person.objects.filter(id__in=list(going), country="").update(country=country)
    _active_in(list(going), last_on)


def note_hosts(person_ids: Collection[int], *, last_on: date) -> None:
    """They held an event once; which one is forgotten. In the caller's transaction."""
    Person.objects.filter(id__in=person_ids).update(has_hosted=True)
    _active_in(person_ids, last_on)


def _active_in(person_ids: Collection[int], day: date) -> None:
    month = Value(day.replace(day=1), output_field=DateField())
    found = Person.objects.filter(id__in=person_ids)
    found.update(last_active_on=Greatest(F("last_active_on"), month))


def due(on: date) -> QuerySet[Person]:
    """Who is not thin yet and was not heard of for ninety days on that day."""
    return Person.objects.filter(
        is_thin=False, is_synthetic=False, last_active_on__lt=on - THIN_AFTER
    )


def names_due(now: datetime) -> QuerySet[Person]:
    """The same for the preview, without those whom a room still needs whole."""
    found = due(now.date())
    ids = list(found.values_list("id", flat=True)[:PREVIEW_MOST])
    needed = {kept for _name, shelf in shelves for kept in shelf.keeps(ids)}
    return found.exclude(id__in=needed)


@task()
def thin_people(after: int = 0) -> Again | None:
    """Every hour (config/wiring.py), a hundred people in one transaction."""
    found = due(clock.now().date()).filter(id__gt=after).order_by("id")
    ids = list(found.values_list("id", flat=True)[:AT_ONCE])
    if not ids:
        return None
    needed = {kept for _name, shelf in shelves for kept in shelf.keeps(ids)}
    _thin([person_id for person_id in ids if person_id not in needed])
    return Again({"args": [ids[-1]], "kwargs": {}})


@transaction.atomic
def _thin(person_ids: list[int]) -> None:
    if not person_ids:
        return
    search_names.forget(person_ids)
    held = Contact.objects.filter(person_id__in=person_ids)
    held.filter(kind=Contact.Kind.PHONE).delete()
    held.update(
        created_at=TruncMonth("created_at"),
        proven_at=TruncMonth("proven_at"),
        unproven_mail_at=None,
    )
    Person.objects.filter(id__in=person_ids).update(
        name_sealed=b"",
        other_languages=[],
        created_at=TruncMonth("created_at"),
        last_active_on=TruncMonth("last_active_on"),
        is_thin=True,
        time_zone="",
        zone_from="",
        recruiter=None,
        first_source=None,
        last_source=None,
    )
    # What somebody wrote in forms goes too; the counts of the answers stay, and name nobody.
    for model in (Touch, PostalAddress, Tagging, FieldValue, FormEntry, ViewMember):
        model._default_manager.filter(person_id__in=person_ids).delete()
    Relation.objects.filter(Q(person__in=person_ids) | Q(other__in=person_ids)).delete()
    # What two records were compared by goes, and what an undo would bring back: names, numbers.
    LikenessKey.objects.filter(person_id__in=person_ids).delete()
    reach.follow(person_ids)
    pairs = Q(one_id__in=person_ids) | Q(other_id__in=person_ids)
    Lookalike.objects.filter(pairs, state=Lookalike.State.OPEN).delete()
    Merge.objects.filter(kept_id__in=person_ids).update(moved_sealed=b"")
    for person_id in person_ids:
        links.delete_links_of(person_id)
        for each in aliases.ids_of(person_id):
            ledger_ops.remove_entries_of(each, because="retention")
    ledger_ops.record(PeopleThinned(count=len(person_ids)), by=SYSTEM)
