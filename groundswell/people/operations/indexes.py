"""What people are found by: search names and blind indexes, made from the sealed values.

They are left out of backups, follow the setting *high risk*, and are made anew when the index key
was seen by somebody. Each step is one transaction over at most 500 people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django_tasks import task

from groundswell.ledger.worker import Again
from groundswell.people import queries, search_names
from groundswell.people.models import Contact, LikenessKey, NameBlind, Person, SearchName
from groundswell.people.operations import persons
from groundswell.site import vault

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Step:
    """The last person looked at (None at the end), how many, and whose key is gone."""

    last_id: int | None
    seen: int
    gone: tuple[int, ...]


@transaction.atomic
def reindex(*, after: int) -> Step:
    """Make every index of up to 500 people after an id anew. Twice is harmless.

    A person whose key is gone was erased: nothing can be read, so nothing is made.
    """
    people = list(Person.objects.filter(id__gt=after).order_by("id")[:AT_ONCE])
    contacts = list(Contact.objects.filter(person__in=people).order_by("id"))
    vault.load_keys({person.key_id for person in people})
    gone = tuple(person.id for person in people if not vault.has_key(person.key_id))
    readable = [contact for contact in contacts if contact.person_id not in gone]
    for contact in readable:
        contact.blind = vault.coming_blind(contact.kind, queries.address_of(contact))
    Contact.objects.bulk_update(readable, ["blind"])
    _name_anew([person for person in people if person.id not in gone])
    # The keys that lookalikes are found by come back when everybody was compared anew.
    ids = [person.id for person in people]
    LikenessKey.objects.filter(person_id__in=ids).delete()
    Person.objects.filter(id__in=ids, is_compared=True).update(is_compared=False)
    return Step(people[-1].id if people else None, len(people), gone)


def _name_anew(people: Sequence[Person]) -> None:
    """Search names, or blind indexes of names where the risk is high; never both."""
    search_names.forget([person.id for person in people])
    made: dict[type[Model], list[Any]] = {}
    for person, name in zip(people, queries.names_of(people).values(), strict=True):
        folded = persons.folded_name(name.given, name.family)
        for row in search_names.made(person.id, folded, blind=vault.coming_blind):
            made.setdefault(type(row), []).append(row)
    for model, of_it in made.items():  # names before their words
        model._default_manager.bulk_create(of_it)


def _without_index(most: int) -> list[Person]:
    """People who cannot be found by name yet under the present setting."""
    relation = "nameblind" if settings.GROUNDSWELL_HIGH_RISK else "searchname"
    return list(Person.objects.filter(**{relation: None}).order_by("id")[:most])


@task()
def follow_high_risk() -> Again | None:
    """Every ten minutes (config/wiring.py): when the setting was changed, 500 people at a time.

    The clear names of a high-risk installation go first.
    """
    other = SearchName if settings.GROUNDSWELL_HIGH_RISK else NameBlind
    with transaction.atomic():
        wrong = list(other._default_manager.values_list("person_id", flat=True)[:AT_ONCE])
        other._default_manager.filter(person_id__in=wrong).delete()
        done = 0 if wrong else _name_missing()
    return Again({"args": [], "kwargs": {}}) if wrong or done == AT_ONCE else None


def _name_missing() -> int:
    """Make the name's index for up to 500 people who have none under the present setting."""
    relation = "nameblind" if settings.GROUNDSWELL_HIGH_RISK else "searchname"
    people = list(Person.objects.filter(**{relation: None}).order_by("id")[:AT_ONCE])
    vault.load_keys({person.key_id for person in people})
    readable = [person for person in people if vault.has_key(person.key_id)]
    _name_anew(readable)
    return len(readable)
