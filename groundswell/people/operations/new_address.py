"""Changing the e-mail address: the new one is proven first, the old one goes at that moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.accounts import limits
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts, likenesses, policy, queries
from groundswell.people.duplicates import scoring
from groundswell.people.facts import AddressChanged, NewAddressAsked
from groundswell.people.models import (
    Contact,
    Lookalike,
    Merge,
    NewAddress,
    Person,
    Suppression,
)
from groundswell.people.operations import merging, persons, reach
from groundswell.people.operations.correcting import NotAboutYou, person_for
from groundswell.site import vault

PROVE_WITHIN = timedelta(hours=24)
CHANGES_MOST = 5  # for one person
DAY = timedelta(days=1)


class AlreadyYours(Refusal):
    sentence = _("This is the address that we use already.")
    field = "email"


class ChangedOften(Refusal):
    sentence = _("You have tried several addresses today. Go on tomorrow.")
    field = "email"


class AddressIsTaken(Refusal):
    """Said only to somebody who has just opened our mail in that very mailbox."""

    sentence = _(
        "We hold this address already, for another sign-up of yours. Ask for the link to it, "
        "erase one of the two, and then try again."
    )


class AddressIsOver(Refusal):
    sentence = _("This link was used or is too old. Ask for the change once more.")


def ask_new_address(*, person_id: int, email: str, by: Actor) -> None:
    """Send a mail to the new address; nothing changes until its link is opened and pressed.

    The answer is the same for an address that somebody else has. An address gets one such mail a
    day, whoever asks. Raises NotAboutYou, contacts.NotAnEmail, AlreadyYours, ChangedOften.
    """
    normal = contacts.normalised_email(email)
    blind = contacts.blind_email(normal)
    if not policy.can_act_for(by, person_id):
        raise NotAboutYou
    if Contact.objects.filter(person_id=person_id, blind=blind).exists():
        raise AlreadyYours
    if not limits.take("new address", str(person_id), most=CHANGES_MOST, per=DAY):
        raise ChangedOften
    is_quiet = not limits.take("mail to a new address", blind.hex(), most=1, per=DAY)
    listed = Suppression.objects.filter(blind=contacts.lasting_email(normal))
    is_quiet = is_quiet or listed.exists()
    with transaction.atomic():
        person = person_for(person_id, by)
        if is_quiet:
            return
        now = clock.now()
        NewAddress.objects.filter(person=person).delete()
        row = NewAddress(id=new_id(), person=person, created_at=now, expires_at=now + PROVE_WITHIN)
        row.value_sealed = vault.seal(row, "value_sealed", normal, key_id=person.key_id)
        row.save(force_insert=True)
        fact = NewAddressAsked(person_id=person.id, new_address_id=row.id)
        ledger_ops.record(fact, by=by)


def prove_new_address(*, new_address_id: int, by: Actor) -> None:
    """Its mailbox was opened and the button pressed: from now on it is the person's address.

    Where another record holds it under the same name, the two are one person, for both mailboxes
    are theirs: they become one. Raises AddressIsOver, NotAboutYou, AddressIsTaken.
    """
    try:
        with transaction.atomic():
            _take_over(new_address_id, by)
    except IntegrityError as taken:
        with transaction.atomic():
            if not _join(new_address_id, by):
                raise AddressIsTaken from taken


def _join(new_address_id: int, by: Actor) -> bool:
    """Merge the record that holds the address into the one whose link was opened, if both carry
    one name. False: they do not, or were once said to be two."""
    row = queries.new_address(new_address_id)
    if row is None:
        raise AddressIsOver
    blind = contacts.blind_email(vault.open_(row, "value_sealed"))
    held = Contact.objects.filter(blind=blind, kind=Contact.Kind.EMAIL).first()
    if held is None or held.person_id == row.person_id:
        return False
    wanted = Person.objects.select_for_update(of=("self",)).order_by("id")
    list(wanted.filter(id__in=[row.person_id, held.person_id]))
    person = person_for(row.person_id, by)
    records = likenesses.records_of([person.id, held.person_id])
    one, other = sorted((person.id, held.person_id))
    pair = Lookalike.objects.filter(one_id=one, other_id=other)
    if pair.exclude(state=Lookalike.State.OPEN).exists():
        return False
    if len(records) < 2 or not scoring.is_one_name(records[one], records[other]):
        return False
    persons.prove_email(contact_id=held.id, by=by)
    former = person.contacts.filter(kind=Contact.Kind.EMAIL).values_list("id", flat=True)
    row.delete()
    merging.join(
        kept_id=person.id,
        gone_id=held.person_id,
        because=Merge.Because.EMAIL.value,
        by=by,
        instead_of=tuple(former),
    )
    persons.seen(person.id)
    ledger_ops.record(AddressChanged(person_id=person.id), by=by)
    return True


def _take_over(new_address_id: int, by: Actor) -> None:
    row = queries.new_address(new_address_id)
    if row is None:
        raise AddressIsOver
    person = person_for(row.person_id, by)
    contact = persons.seal_new_email(person, vault.open_(row, "value_sealed"))
    contact.proven_at = clock.now()
    Contact.objects.filter(person=person, kind=Contact.Kind.EMAIL).delete()
    contact.save(force_insert=True)
    row.delete()
    reach.follow([person.id])
    persons.look_again(person.id)
    persons.seen(person.id)
    ledger_ops.record(AddressChanged(person_id=person.id), by=by)


@task()
def tidy_people() -> None:
    """Every hour (config/wiring.py): addresses that nobody proved in time."""
    sweep_new_addresses()


def new_addresses_due(now: datetime) -> QuerySet[NewAddress]:
    """Addresses that were not proven in time at that moment."""
    return NewAddress.objects.filter(expires_at__lte=now)


@transaction.atomic
def sweep_new_addresses() -> int:
    """Delete what was never proven; returns how many."""
    return new_addresses_due(clock.now()).delete()[0]
