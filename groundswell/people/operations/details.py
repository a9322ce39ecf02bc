"""What the team puts right about somebody: name, languages, time zone, addresses, numbers, home."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts
from groundswell.people import zones as people_zones
from groundswell.people.facts_of_profiles import (
    ContactAdded,
    ContactRemoved,
    DetailsChanged,
    HomeChanged,
)
from groundswell.people.models import Contact, Person, PostalAddress, Suppression
from groundswell.people.operations import persons, reach
from groundswell.people.operations.correcting import NameIsEmpty, NoSuchLanguage
from groundswell.people.operations.whom import person_of_team
from groundswell.places import gazetteer, zones
from groundswell.places import queries as place_queries
from groundswell.site import vault

LINES_MOST, LINE_MOST = 3, 120


class NoSuchZone(Refusal):
    sentence = _("Choose one of the time zones shown.")
    field = "time_zone"


class SomebodyElseHasIt(Refusal):
    sentence = _(
        "Another person here has this address. If they are the same, bring the two together; "
        "nothing was changed."
    )
    field = "value"


class ContactIsGone(Refusal):
    sentence = _("This address or number is gone already. Open the page again.")


class WriteAPlace(Refusal):
    sentence = _("Write at least the town or the country.")
    field = "town"


class LineIsTooLong(Refusal):
    sentence = _("Make this shorter: at most 120 characters on a line, and three lines.")
    field = "street"


@dataclass(frozen=True, slots=True)
class Details:
    """What the form of the person page holds."""

    given: str
    family: str
    language: str
    is_family_first: bool = False
    other_languages: Sequence[str] = ()
    time_zone: str = ""  # "": what follows from where they live
    country: str = ""


@transaction.atomic
def change_details(*, person_id: int, details: Details, by: Actor) -> None:
    """Put the name, languages, zone and country right.

    Raises looking.NotYours, NameIsEmpty, NoSuchLanguage, NoSuchZone.
    """
    person = person_of_team(person_id, by)
    if not clean_line(details.given) and not clean_line(details.family):
        raise NameIsEmpty
    if details.language not in dict(settings.LANGUAGES):
        raise NoSuchLanguage
    if details.time_zone and not zones.is_known(details.time_zone):
        raise NoSuchZone
    persons.write_name(
        person, details.given, details.family, is_family_first=details.is_family_first
    )
    zone = people_zones.Zone(details.time_zone, Person.ZoneFrom.SAID)
    if not details.time_zone:
        zone = _zone_of_home(person, details.country)
    others = [code for code in dict.fromkeys(details.other_languages) if code != details.language]
    Person.objects.filter(id=person.id).update(
        language=details.language,
        other_languages=others,
        country=details.country,
        time_zone=zone.name,
        zone_from=zone.how,
    )
    persons.look_again(person.id)
    ledger_ops.record(DetailsChanged(person_id=person.id), by=by)


def _zone_of_home(person: Person, country: str) -> people_zones.Zone:
    homes = PostalAddress.objects.filter(person=person, kind=PostalAddress.Kind.HOME)
    home = homes.filter(cell_lat__isnull=False).first()
    if home is None or home.cell_lat is None or home.cell_lon is None:
        return people_zones.derived(country=country)
    middle = (home.cell_lat / 10 + 0.05, home.cell_lon / 10 + 0.05)
    return people_zones.derived(town_zone=gazetteer.zone_at(*middle))


@transaction.atomic
def add_contact(*, person_id: int, kind: str, value: str, by: Actor) -> Contact:
    """Add an address or a number that the team was given. It is unproven, and no consent: nothing
    is sent to it because of this. On the do-not-contact list it stays there.

    Raises looking.NotYours, contacts.NotAnEmail, contacts.NotAPhone, SomebodyElseHasIt.
    """
    person = person_of_team(person_id, by)
    if kind == Contact.Kind.EMAIL:
        normal = contacts.normalised_email(value)
    else:
        normal = contacts.normalised_phone(value, country=person.country)
    blind = vault.blind(kind, normal)
    held = Contact.objects.filter(kind=kind, blind=blind)
    own = held.filter(person=person).first()
    if own is not None:
        return own
    if kind == Contact.Kind.EMAIL and held.exists():
        raise SomebodyElseHasIt
    contact = Contact(id=new_id(), person=person, kind=kind, blind=blind, created_at=clock.now())
    contact.value_sealed = vault.seal(contact, "value_sealed", normal, key_id=person.key_id)
    listed = Suppression.objects.filter(blind=vault.lasting_blind(kind, normal)).first()
    contact.problem = listed.reason if listed else ""
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as taken:  # somebody signed up with it a moment ago
        raise SomebodyElseHasIt from taken
    reach.follow([person.id])
    persons.look_again(person.id)
    ledger_ops.record(ContactAdded(person_id=person.id, contact_id=contact.id), by=by)
    return contact


@transaction.atomic
def remove_contact(*, person_id: int, contact_id: int, by: Actor) -> None:
    """Take an address or a number away. Raises looking.NotYours, ContactIsGone."""
    person = person_of_team(person_id, by)
    gone, _each = Contact.objects.filter(person=person, id=contact_id).delete()
    if not gone:
        raise ContactIsGone
    reach.follow([person.id])
    persons.look_again(person.id)
    ledger_ops.record(ContactRemoved(person_id=person.id, contact_id=contact_id), by=by)


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives, gets post or works, as typed. ``street``: up to three lines; None for
    street and postcode leaves them as they are, for a form that was not shown them."""

    street: str | None = ""
    postcode: str | None = ""
    town: str = ""
    region: str = ""
    country: str = ""
    kind: str = PostalAddress.Kind.HOME


@transaction.atomic
def put_home(*, person_id: int, home: Home, by: Actor) -> PostalAddress:
    """Put where somebody lives in place of what we had, and the zone that follows from it. Where
    they get post or work is kept beside it and says nothing of their zone.

    Raises looking.NotYours, WriteAPlace, LineIsTooLong.
    """
    person = person_of_team(person_id, by)
    held = PostalAddress.objects.filter(person=person, kind=home.kind)
    if home.street is None or home.postcode is None:
        known: dict[str, Any] = street_of(held[0]) if held else {"lines": [], "postcode": ""}
        home = replace(home, street="\n".join(known["lines"]), postcode=known["postcode"])
    lines = [clean_line(line) for line in (home.street or "").splitlines() if clean_line(line)]
    if len(lines) > LINES_MOST or any(len(line) > LINE_MOST for line in lines):
        raise LineIsTooLong
    if not clean_line(home.town) and not home.country:
        raise WriteAPlace
    held.delete()
    row = located(home, person)
    street = {"lines": lines, "postcode": clean_line(home.postcode or "")[:20]}
    told = json.dumps(street, ensure_ascii=False) if any(street.values()) else ""
    row.street_sealed = vault.seal(row, "street_sealed", told, key_id=person.key_id)
    row.save(force_insert=True)
    is_home = home.kind == PostalAddress.Kind.HOME
    if is_home and not person.country and home.country:
        Person.objects.filter(id=person.id).update(country=home.country)
    if is_home and person.zone_from != Person.ZoneFrom.SAID:
        zone = _zone_of_home(person, home.country or person.country)
        Person.objects.filter(id=person.id).update(time_zone=zone.name, zone_from=zone.how)
    persons.look_again(person.id)
    ledger_ops.record(HomeChanged(person_id=person.id), by=by)
    return row


@transaction.atomic
def remove_home(*, person_id: int, by: Actor, kind: str = PostalAddress.Kind.HOME) -> None:
    """Take away where somebody lives, gets post or works. Twice is harmless.

    Raises looking.NotYours.
    """
    person = person_of_team(person_id, by)
    if PostalAddress.objects.filter(person=person, kind=kind).delete()[0]:
        if kind == PostalAddress.Kind.HOME and person.zone_from != Person.ZoneFrom.SAID:
            zone = people_zones.derived(country=person.country)
            Person.objects.filter(id=person.id).update(time_zone=zone.name, zone_from=zone.how)
        persons.look_again(person.id)
    ledger_ops.record(HomeChanged(person_id=person.id), by=by)


def located(home: Home, person: Person) -> PostalAddress:
    """A home of the person with the coarse cell of its town or postcode, not written yet."""
    row = PostalAddress(
        id=new_id(),
        person=person,
        kind=home.kind,
        town=clean_line(home.town)[:120],
        region=clean_line(home.region)[:80],
        country=home.country,
        created_at=clock.now(),
    )
    point = _point(home, person.country)
    if point is not None:
        row.cell_lat, row.cell_lon = math.floor(point[0] * 10), math.floor(point[1] * 10)
    return row


def _point(home: Home, country: str) -> tuple[float, float] | None:
    countries = [code for code in (home.country, country) if code][:1]
    if home.postcode and countries:
        match = place_queries.find_postcode(home.postcode, countries)
        if match is not None:
            return match.lat, match.lon
    town = clean_line(home.town)
    if not town:
        return None
    for words in (f"{town}, {home.region}", town) if home.region else (town,):
        found = place_queries.find(words, countries=countries)
        exact = [each for each in found.exact if not countries or each.country == countries[0]]
        if exact:
            return exact[0].lat, exact[0].lon
    return None


def street_of(address: PostalAddress) -> dict[str, Any]:
    """``{"lines": […], "postcode": "…"}`` of an address, opened; empty where none was given."""
    told = vault.open_(address, "street_sealed")
    return dict(json.loads(told)) if told else {"lines": [], "postcode": ""}


def address_taken_by(value: str) -> int | None:
    """Whose e-mail address it is; for the page that offers to bring two people together."""
    try:
        blind = contacts.blind_email(contacts.normalised_email(value))
    except contacts.NotAnEmail:
        return None
    found = Contact.objects.filter(kind=Contact.Kind.EMAIL, blind=blind)
    return found.values_list("person_id", flat=True).first()
