"""Finding or making the person behind a name and an address."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import transaction

from groundswell.kernel import clock, rows
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.text import clean_line, fold
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts, queries, search_names
from groundswell.people.facts import EmailProved
from groundswell.people.models import Contact, Person
from groundswell.people.operations import reach
from groundswell.site import vault

NAME_MOST = 80


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed about themselves on a public page."""

    given: str
    email: str
    family: str = ""
    language: str = "en"
    country: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """The person behind what was typed. The visitor is never told whether we knew them."""

    person: Person
    contact: Contact
    is_new: bool
    folded: str = ""  # the name for search, of a new person
    typed: Typed | None = None  # of a person we know


def recognise(*, typed: Typed) -> Recognised:
    """Find the person who owns this e-mail address, or make one, in the caller's transaction.

    What was typed changes nothing about a person we know already: an address is no proof.
    Raises contacts.NotAnEmail, and IntegrityError when the same new address arrives twice at
    once (the caller's operation then runs again, and finds it).
    """
    found = prepare(typed=typed)
    keep(found)
    return found


def prepare(*, typed: Typed) -> Recognised:
    """The person behind an address, or a new one that is sealed and ready but not written yet.

    For operations that want to hold the write lock for writing only: :func:`keep` writes.
    Raises contacts.NotAnEmail.
    """
    email = contacts.normalised_email(typed.email)
    blind = contacts.blind_email(email)
    for contact_id, kind in rows.among(Contact, "blind", [blind], "id", "kind"):
        if kind != Contact.Kind.EMAIL:
            continue
        contact = Contact.objects.select_related("person").get(id=contact_id)
        return Recognised(contact.person, contact, is_new=False, typed=typed)
    return _new(typed, email)


def _new(typed: Typed, email: str) -> Recognised:
    now = clock.now()
    person = Person(
        id=new_id(),
        key_id=vault.take_key_id(),
        language=typed.language,
        country=typed.country,
        is_synthetic=typed.is_synthetic,
        created_at=now,
        last_active_on=now.date(),
    )
    given, family = _cut(typed.given), _cut(typed.family)
    person.name_sealed = sealed_name(person, given, family)
    contact = seal_new_email(person, email)
    return Recognised(person, contact, is_new=True, folded=folded_name(given, family))


def _cut(name: str) -> str:
    return clean_line(name)[:NAME_MOST]


def keep(found: Recognised) -> None:
    """Write a prepared new person, or note that a known one was seen, in the caller's transaction.

    Raises IntegrityError when the address arrived in the meantime.
    """
    if not found.is_new:
        _seen_today(found.person)
        if found.person.is_thin and found.typed is not None:
            write_name(found.person, found.typed.given, found.typed.family)
        return
    found_by = search_names.made(found.person.id, found.folded)
    rows.insert(found.person, found.contact, *found_by)


def folded_name(given: str, family: str) -> str:
    """A name as it is compared and searched."""
    return fold(f"{given} {family}")[:200]


def _seen_today(person: Person) -> None:
    """Two years after the last of these days the person is forgotten (operations/forgetting.py)."""
    today = clock.now().date()
    if person.last_active_on < today:
        Person.objects.filter(id=person.id, last_active_on__lt=today).update(
            last_active_on=today, warned_on=None
        )
        person.last_active_on = today


def seen(person_id: int) -> None:
    """Note that the person acts today, in the caller's transaction."""
    _seen_today(Person.objects.get(id=person_id))


def write_name(person: Person, given: str, family: str, *, is_family_first: bool = False) -> None:
    """Put a name in place of the one we hold, in the caller's transaction.

    For the person's own word, and for somebody whose name we have let go: then it overwrites
    nothing.
    """
    given, family = _cut(given), _cut(family)
    person.name_sealed = sealed_name(person, given, family, is_family_first=is_family_first)
    person.is_thin = False
    Person.objects.filter(id=person.id).update(
        name_sealed=person.name_sealed, is_thin=False, is_compared=False
    )
    search_names.forget([person.id])
    rows.insert(*search_names.made(person.id, folded_name(given, family)))


def sealed_name(person: Person, given: str, family: str, *, is_family_first: bool = False) -> bytes:
    """The sealed form of a name; the person must have its id and key."""
    told: dict[str, str | bool] = {"given": given, "family": family}
    if is_family_first:
        told["is_family_first"] = True
    return vault.seal(
        person, "name_sealed", json.dumps(told, ensure_ascii=False), key_id=person.key_id
    )


@transaction.atomic
def prove_email(*, contact_id: int, by: Actor) -> bool:
    """Note that the owner of the address opened our link. True the first time."""
    fresh = Contact.objects.filter(id=contact_id, proven_at=None).update(proven_at=clock.now())
    if not fresh:
        return False
    person_id = Contact.objects.values_list("person_id", flat=True).get(id=contact_id)
    reach.follow([person_id])  # a consent may have waited for it
    ledger_ops.record(EmailProved(person_id=person_id, contact_id=contact_id), by=by)
    return True


def prove_mailbox(*, person_id: int, by: Actor) -> None:
    """Note that a link in a mail of ours was opened: it proves the address that we write to.

    Somebody with several has opened it in that one, and the others stay as they are.
    """
    contact = queries.email_contact(person_id)
    if contact is None:  # one with a problem; the link was opened all the same
        held = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL)
        contact = held.order_by("id").first()
    if contact is not None:
        prove_email(contact_id=contact.id, by=by)


def seal_new_email(person: Person, email: str) -> Contact:
    """A normalised address as a contact of the person, not written yet."""
    contact = Contact(
        id=new_id(),
        person=person,
        kind=Contact.Kind.EMAIL,
        blind=contacts.blind_email(email),
        created_at=clock.now(),
    )
    contact.value_sealed = vault.seal(contact, "value_sealed", email, key_id=person.key_id)
    return contact


@transaction.atomic
def attach_phone(*, person: Person, phone: str, by: Actor) -> Contact:
    """Keep a phone number of a person. Raises contacts.NotAPhone. Twice is once."""
    number = contacts.normalised_phone(phone, country=person.country)
    blind = vault.blind("phone", number)
    known = Contact.objects.filter(person=person, kind=Contact.Kind.PHONE, blind=blind).first()
    if known is not None:
        return known
    contact = Contact(
        id=new_id(), person=person, kind=Contact.Kind.PHONE, blind=blind, created_at=clock.now()
    )
    contact.value_sealed = vault.seal(contact, "value_sealed", number, key_id=person.key_id)
    contact.save(force_insert=True)
    reach.follow([person.id])
    look_again(person.id)
    return contact


def look_again(person_id: int) -> None:
    """What somebody is compared by has changed: they are looked through for others who look alike
    once more (operations/lookalikes.py). In the caller's transaction."""
    Person.objects.filter(id=person_id, is_compared=True).update(is_compared=False)
