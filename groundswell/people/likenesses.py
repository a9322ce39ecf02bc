"""What is held about people, opened in memory and brought into the form that is compared.

Nothing of it is written anywhere: what finds likely pairs is the keyed hashes of ``keys_of``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from groundswell.people import queries
from groundswell.people.duplicates import keys
from groundswell.people.duplicates.records import Record, record
from groundswell.people.models import Contact, FieldValue, Person, PostalAddress
from groundswell.site import vault

# A question of the installation's own that asks for the birth date has one of these keys.
BORN = ("born", "birth-date", "birthdate", "birthday", "date-of-birth", "dob")
_BYTES = 8


def records_of(person_ids: Collection[int]) -> dict[int, Record]:
    """Records of these people, by id, in six queries however many. Who was erased is left out."""
    people = list(Person.objects.filter(id__in=person_ids).order_by("id"))
    vault.load_keys(person.key_id for person in people)
    contacts = list(Contact.objects.filter(person__in=people).order_by("id"))
    lived_in = PostalAddress.objects.filter(person__in=people, kind=PostalAddress.Kind.HOME)
    homes = list(lived_in.order_by("id"))
    vault.load_keys_of(contacts, "value_sealed")  # of records that were merged, other keys too
    vault.load_keys_of(homes, "street_sealed")
    addresses: dict[int, list[Contact]] = {}
    for contact in contacts:
        addresses.setdefault(contact.person_id, []).append(contact)
    home_of: dict[int, PostalAddress] = {}
    for home in homes:
        home_of.setdefault(home.person_id, home)
    born = dict(
        FieldValue.objects.filter(
            person__in=people, field__key__in=BORN, on__isnull=False
        ).values_list("person_id", "on")
    )
    return {
        person.id: _record(
            person,
            addresses.get(person.id, []),
            home_of.get(person.id),
            f"{born[person.id]:%Y%m%d}" if person.id in born else "",
        )
        for person in people
        if vault.has_key(person.key_id)
    }


def _record(
    person: Person, contacts: Iterable[Contact], home: PostalAddress | None, born: str
) -> Record:
    name = queries.name_of(person)
    emails, proven, phones = [], [], []
    for contact in contacts:
        value = queries.address_of(contact)
        if contact.kind == Contact.Kind.PHONE:
            phones.append(value)
            continue
        emails.append(value)
        if contact.proven_at is not None:
            proven.append(value)
    sealed = vault.open_(home, "street_sealed") if home is not None else ""
    street = json.loads(sealed) if sealed else {}
    return record(
        person_id=person.id,
        given=name.given,
        family=name.family,
        emails=emails,
        phones=phones,
        born=born,
        street=" ".join(street.get("lines", [])),
        town=home.town if home is not None else "",
        postcode=street.get("postcode", ""),
        proven=proven,
    )


def blinds_of(one: Record) -> dict[bytes, int]:
    """The keyed hashes by which others are found, and how many people may share each."""
    return {blind_of(key): keys.shared_most(key.partition(":")[0]) for key in keys.keys_of(one)}


def blind_of(key: str) -> bytes:
    """The keyed hash of a blocking key."""
    return vault.blind("likeness", key)[:_BYTES]
