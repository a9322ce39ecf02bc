"""Erasing one person: every room's shelf, the row, and then the key."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.ledger import operations as ledger_ops
from groundswell.people import aliases, queries
from groundswell.people.facts import PersonErased
from groundswell.people.models import Contact, Person, Suppression
from groundswell.people.operations import reach
from groundswell.people.operations.correcting import person_for
from groundswell.people.sockets import shelves
from groundswell.site import vault


@transaction.atomic
def erase_person(*, person_id: int, never_write: bool = False, by: Actor) -> None:
    """Erase what is held about somebody, because they or an owner on their word said so.

    ``never_write`` leaves the keyed hash of their addresses and numbers on the list of who is
    never written to; otherwise nothing keeps anybody from signing them up again. Raises
    NotAboutYou.
    """
    person = person_for(person_id, by)
    if never_write:
        _suppress_all(person)
    erase(person.id, person.key_id)
    ledger_ops.record(PersonErased(), by=Actor(by.kind, None if by.id == person_id else by.id))


def _suppress_all(person: Person) -> None:
    now = clock.now()
    held = Contact.objects.filter(person=person)
    Suppression.objects.bulk_create(
        [
            Suppression(blind=blind, reason="asked", at=now)
            for blind in queries.lasting_blinds(held).values()
        ],
        ignore_conflicts=True,
    )
    blinds = held.filter(kind=Contact.Kind.PHONE).values("blind")
    sharing = Contact.objects.filter(blind__in=blinds)  # a number may be that of a whole family
    reach.follow(list(sharing.values_list("person_id", flat=True)))


def erase(person_id: int, key_id: int) -> None:
    """Clear every shelf of one person, then the row, then the keys; in the caller's transaction.

    The key goes after the commit, because it lies in another database; from then on no backup
    opens what it sealed. A job written in the same commit destroys it once more, so a process
    that dies between the two leaves it for a minute and not for ever.
    """
    keys = [key_id, *aliases.keys_of(person_id)]  # of the records that became this one, too
    for _name, shelf in reversed(list(shelves)):
        shelf.erase(person_id)
    Person.objects.filter(id=person_id).delete()
    for each in keys:
        ledger_ops.enqueue(destroy_key.module_path, {"args": [each], "kwargs": {}})
        transaction.on_commit(partial(vault.destroy_key, each))


@task()
def destroy_key(key_id: int) -> None:
    """What the end of :func:`erase` may not have come to. Twice is harmless."""
    if not Person.objects.filter(key_id=key_id).exists():
        vault.destroy_key(key_id)
