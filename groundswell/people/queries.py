"""Questions about people. Nothing here writes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from groundswell.kernel import clock
from groundswell.kernel.text import first_name_and_initial, first_word
from groundswell.people import contacts
from groundswell.people.models import (
    Block,
    Consent,
    Contact,
    Export,
    NewAddress,
    Person,
    PostalAddress,
    Suppression,
)
from groundswell.people.models import Topic as TopicRow
from groundswell.site import unsealing, vault


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its owner typed it: of one part or two, and in the order of their language."""

    given: str
    family: str
    is_family_first: bool = False

    @property
    def full(self) -> str:
        parts = (self.family, self.given) if self.is_family_first else (self.given, self.family)
        return " ".join(part for part in parts if part)

    @property
    def first(self) -> str:
        return first_word(self.given) or first_word(self.family)

    @property
    def for_hosts(self) -> str:
        """``Amina K.``; a single name as it is."""
        if not self.given:
            return first_word(self.family)
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


def towns_of(people: Iterable[Person]) -> dict[int, str]:
    """The town that each lives in, by person id; without those whose town we do not know."""
    homes = PostalAddress.objects.filter(
        person__in=list(people), kind=PostalAddress.Kind.HOME, town__gt=""
    )
    return dict(homes.order_by("-id").values_list("person_id", "town"))


def how_many() -> int:
    """All people that are held."""
    return Person.objects.count()


def email_contact(person_id: int) -> Contact | None:
    """The address to write to: a proven one first, then the newest; none with a problem."""
    usable = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL, problem="")
    return min(usable, key=lambda contact: (contact.proven_at is None, -contact.id), default=None)


def address_of(contact: Contact) -> str:
    """The clear address or number. Only a sender, or the person, has a reason to ask."""
    return vault.open_(contact, "value_sealed")


def has_consent(person_id: int, *, purpose: str, about_id: int, channel: str = "email") -> bool:
    """Whether the newest line of the consent ledger says yes, has not expired, and is proven
    where the law of the person's country wants a proof."""
    about = About(person_id, purpose, about_id)
    return about in consents_now([about], channel=channel)


def is_suppressed(contact: Contact) -> bool:
    """Whether this address must never be written to."""
    return bool(contact.problem) or bool(suppressed_among([contact]))


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
    waits: set[About] = set()
    columns = ("person_id", "purpose", "about_id", "is_given", "expires_at", "needs_proof")
    for person_id, purpose, about_id, is_given, expires_at, needs_proof in lines.values_list(
        *columns
    ):
        about = About(person_id, purpose, about_id)
        if is_given and (expires_at is None or expires_at > now):
            holds.add(about)
        else:
            holds.discard(about)
        (waits.add if needs_proof else waits.discard)(about)
    waits &= holds
    proven = _with_proven({about.person_id for about in waits}, channel)
    return {about for about in holds & wanted if about not in waits or about.person_id in proven}


def _with_proven(person_ids: set[int], channel: str) -> set[int]:
    """Those with a proven address (or number) for a channel."""
    if not person_ids:
        return set()
    kind = Contact.Kind.EMAIL if channel == Consent.Channel.EMAIL else Contact.Kind.PHONE
    held = Contact.objects.filter(person_id__in=person_ids, kind=kind, proven_at__isnull=False)
    return set(held.values_list("person_id", flat=True))


def email_contacts(person_ids: Iterable[int]) -> dict[int, Contact]:
    """:func:`email_contact` of many people with their persons, in one query."""
    usable = Contact.objects.filter(
        person_id__in=set(person_ids), kind=Contact.Kind.EMAIL, problem=""
    ).select_related("person")
    best: dict[int, Contact] = {}
    for contact in sorted(usable, key=lambda each: (each.proven_at is None, -each.id)):
        best.setdefault(contact.person_id, contact)
    return best


def reason_of(export: Export) -> str:
    """What somebody said that an export is for."""
    return vault.open_(export, "reason_sealed")


def addresses_of(contacts: Iterable[Contact]) -> dict[int, str]:
    """The clear addresses or numbers of many contacts, by contact id; without those of people who
    were erased."""
    sealed = ((contact.id, bytes(contact.value_sealed)) for contact in contacts)
    return dict(unsealing.open_many(Contact, "value_sealed", sealed))


def suppressed_among(contacts: Iterable[Contact]) -> set[int]:
    """The ids of those contacts that must never be written to, in one query."""
    listed = lasting_blinds(contacts)
    found = Suppression.objects.filter(blind__in=set(listed.values()))
    blinds = {bytes(blind) for blind in found.values_list("blind", flat=True)}
    return {contact_id for contact_id, blind in listed.items() if blind in blinds}


def lasting_blinds(contacts: Iterable[Contact]) -> dict[int, bytes]:
    """By contact id, how the list of who must not be written to knows the address or number.

    Contacts whose key is gone are left out: nothing can be sent to them either.
    """
    rows = list(contacts)
    if vault.blinds_last():
        return {contact.id: bytes(contact.blind) for contact in rows}
    vault.load_keys_of(rows, "value_sealed")
    listed = {}
    for contact in rows:
        with suppress(vault.KeyIsGone):
            listed[contact.id] = vault.lasting_blind(contact.kind, address_of(contact))
    return listed


@dataclass(frozen=True, slots=True)
class Topic:
    """One switch of a person: messages by one channel about one thing, on or off."""

    channel: str
    purpose: str
    about_id: int
    is_on: bool
    at: datetime  # since when it stands so
    wording: str  # what was read when it was agreed to

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.channel}:{self.purpose}:{self.about_id}"


class Offer(NamedTuple):
    """A topic that somebody may ask for, by one channel."""

    topic: TopicRow
    channel: str


def topics(person_id: int) -> list[Topic]:
    """Everything they were ever asked about, newest first, each with how it stands now."""
    found: dict[tuple[str, str, int], Topic] = {}
    now = clock.now()
    for line in Consent.objects.filter(person_id=person_id).order_by("at", "id"):
        key = (line.channel, line.purpose, line.about_id)
        if not line.is_given and key not in found:
            continue
        is_on = line.is_given and (line.expires_at is None or line.expires_at > now)
        wording = line.wording if line.is_given else found[key].wording
        found[key] = Topic(*key, is_on, line.at, wording)
    return sorted(found.values(), key=lambda topic: topic.at, reverse=True)


def open_channels(person_id: int) -> list[str]:
    """The channels by which somebody can be reached at all: there is an address, or a number."""
    kinds = Contact.objects.filter(person_id=person_id, problem="").values_list("kind", flat=True)
    found = set(kinds)
    of_kind = {
        Contact.Kind.EMAIL: Consent.Channel.EMAIL.value,
        Contact.Kind.PHONE: Consent.Channel.TEXT.value,
    }
    return [channel for kind, channel in of_kind.items() if kind in found]


def offers(person_id: int) -> list[Offer]:
    """What somebody could ask to hear about and never did, by topic and channel."""
    channels = open_channels(person_id)
    asked = {
        (topic.about_id, topic.channel)
        for topic in topics(person_id)
        if topic.purpose == Consent.Purpose.NEWS
    }
    return [
        Offer(row, channel)
        for row in TopicRow.objects.filter(is_closed=False).order_by("position", "id")
        for channel in channels
        if (row.id, channel) not in asked
    ]


def new_address(new_address_id: int) -> NewAddress | None:
    """An address that waits to be proven, with its person; None when it was used or is too old."""
    found = NewAddress.objects.select_related("person").filter(id=new_address_id)
    return found.filter(expires_at__gt=clock.now()).first()


def phone_of(person_id: int) -> str:
    """The number they gave; "" when there is none."""
    found = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.PHONE).order_by("id")
    contact = found.last()
    return address_of(contact) if contact else ""


def person_of_email(email: str) -> Person | None:
    """Who has this address, written in any way. For commands and jobs, never for an answer that a
    visitor sees. Raises contacts.NotAnEmail."""
    blind = contacts.blind_email(contacts.normalised_email(email))
    found = Contact.objects.filter(blind=blind, kind=Contact.Kind.EMAIL).select_related("person")
    return next((contact.person for contact in found), None)


COUNT_MOST = 5  # of Person.going_count: five or more


def near_forgetting(last_seen_before: date) -> QuerySet[Person]:
    """Who was last heard of before a day. Invented people stay."""
    return Person.objects.filter(last_active_on__lt=last_seen_before, is_synthetic=False)


def bucket(count: int) -> str:
    """``0``, ``1``, ``2–4`` or ``5+``: what is told of how often somebody was somewhere."""
    if count < 2:
        return str(count)
    return "2–4" if count < COUNT_MOST else "5+"


_BLOCKS_KEPT_SECONDS = 10.0
_blocked: tuple[frozenset[bytes], float] | None = None


def is_blocked(blind: bytes) -> bool:
    """Whether the owner of this address may not sign up or hold events.

    Every sign-up asks, so a process remembers the blocks for ten seconds; a few thousand of them
    are some kilobytes.
    """
    global _blocked
    if _blocked is None or _blocked[1] < time.monotonic():
        found = frozenset(bytes(each) for each in Block.objects.values_list("blind", flat=True))
        _blocked = (found, time.monotonic() + _BLOCKS_KEPT_SECONDS)
    return blind in _blocked[0]


def is_blocked_contact(contact: Contact) -> bool:
    """Whether the owner of this contact may not sign up or hold events."""
    return any(is_blocked(blind) for blind in lasting_blinds([contact]).values())


def forget_blocks() -> None:
    """Ask again next time (after a change, and between tests)."""
    global _blocked
    _blocked = None


def is_blocked_person(person_id: int | None) -> bool:
    """Whether one of somebody's addresses is blocked."""
    if person_id is None:
        return False
    own = Contact.objects.filter(person_id=person_id, kind=Contact.Kind.EMAIL)
    return Block.objects.filter(blind__in=lasting_blinds(own).values()).exists()


def blocks() -> list[Block]:
    """Every block, the newest first. The addresses cannot be read from them."""
    return list(Block.objects.order_by("-at", "-id")[:500])
