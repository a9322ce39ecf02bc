"""Questions about people. Nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from groundswell.kernel import clock
from groundswell.kernel.text import first_name_and_initial, first_word
from groundswell.people.models import Consent, Contact, Person, Suppression
from groundswell.site import vault


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its owner typed it."""

    given: str
    family: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}".strip()

    @property
    def first(self) -> str:
        return first_word(self.given)

    @property
    def for_hosts(self) -> str:
        """``Amina K.``"""
        return first_name_and_initial(self.given, self.family)


def name_of(person: Person) -> Name:
    """The person's name, opened. After an erasure it raises ``vault.KeyIsGone``."""
    told = vault.open_(person, "name_sealed")
    return Name(**json.loads(told)) if told else Name("", "")


def names_of(people: Iterable[Person]) -> dict[int, Name]:
    """Many names with one query for the keys, by person id."""
    rows = list(people)
    vault.load_keys_of(rows, "name_sealed")
    return {person.id: name_of(person) for person in rows}


def email_contact(person_id: int) -> Contact | None:
    """The address to write to: a proven one first, then the newest; none with a problem."""
    usable = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL, problem="")
    return min(usable, key=lambda contact: (contact.proven_at is None, -contact.id), default=None)


def address_of(contact: Contact) -> str:
    """The clear address or number. Only a sender, or the person, has a reason to ask."""
    return vault.open_(contact, "value_sealed")


def has_consent(person_id: int, *, purpose: str, about_id: int, channel: str = "email") -> bool:
    """Whether the newest line of the consent ledger says yes and has not expired."""
    newest = (
        Consent.objects.filter(
            person_id=person_id, purpose=purpose, about_id=about_id, channel=channel
        )
        .order_by("-at", "-id")
        .values_list("is_given", "expires_at")
        .first()
    )
    if newest is None:
        return False
    is_given, expires_at = newest
    return is_given and (expires_at is None or expires_at > clock.now())


def is_suppressed(contact: Contact) -> bool:
    """Whether this address must never be written to."""
    return bool(contact.problem) or Suppression.objects.filter(blind=bytes(contact.blind)).exists()


class About(NamedTuple):
    """Which consent a message stands on."""

    person_id: int
    purpose: str
    about_id: int


def consents_now(asked: Iterable[About], *, channel: str = "email") -> set[About]:
    """Those that :func:`has_consent` affirms, in one query however many are asked."""
    wanted = set(asked)
    lines = Consent.objects.filter(
        person_id__in={about.person_id for about in wanted},
        about_id__in={about.about_id for about in wanted},
        channel=channel,
    ).order_by("at", "id")
    now, holds = clock.now(), set()
    columns = ("person_id", "purpose", "about_id", "is_given", "expires_at")
    for person_id, purpose, about_id, is_given, expires_at in lines.values_list(*columns):
        about = About(person_id, purpose, about_id)
        if is_given and (expires_at is None or expires_at > now):
            holds.add(about)
        else:
            holds.discard(about)
    return holds & wanted


def email_contacts(person_ids: Iterable[int]) -> dict[int, Contact]:
    """:func:`email_contact` of many people with their persons, in one query."""
    usable = Contact.objects.filter(
        person_id__in=set(person_ids), kind=Contact.Kind.EMAIL, problem=""
    ).select_related("person")
    best: dict[int, Contact] = {}
    for contact in sorted(usable, key=lambda each: (each.proven_at is None, -each.id)):
        best.setdefault(contact.person_id, contact)
    return best


def suppressed_among(contacts: Iterable[Contact]) -> set[bytes]:
    """The blind indexes of those that must never be written to, in one query."""
    blinds = [bytes(contact.blind) for contact in contacts]
    found = Suppression.objects.filter(blind__in=blinds).values_list("blind", flat=True)
    return {bytes(blind) for blind in found}
