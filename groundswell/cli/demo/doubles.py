"""The same person twice: a small queue of duplicates, of every kind that somebody must decide."""

from __future__ import annotations

from typing import NamedTuple

from groundswell.kernel.actor import Actor
from groundswell.people.models import Person
from groundswell.people.operations import details, lookalikes, merging, persons, reach
from groundswell.people.operations.persons import Typed


class _Seen(NamedTuple):
    """One record of somebody. Numbers are of those kept for films, mailboxes of those that can
    never exist."""

    given: str
    family: str
    mailbox: str
    street: str = ""
    postcode: str = ""
    town: str = "Leeds"
    country: str = "GB"
    phone: str = ""


PAIRS = (
    # A slip of the hand, at one address.
    (
        _Seen("Margaret", "Holloway", "margaret.holloway", "8 Brudenell Grove", "LS6 1HJ"),
        _Seen("Margret", "Holloway", "margaret.hollowy", "8 Brudenell Grove", "LS6 1HJ"),
    ),
    # A short form, with the same number.
    (
        _Seen("Robert", "Achebe", "r.achebe", phone="+12025550181"),
        _Seen("Bob", "Achebe", "bobachebe", phone="+12025550181"),
    ),
    # The two names the other way round: a sheet that put the family name first.
    (
        _Seen("Ismail", "Demirci", "ismail.demirci", postcode="BD7 1AX", town="Bradford"),
        _Seen("Demirci", "Ismail", "i.demirci", postcode="BD7 1AX", town="Bradford"),
    ),
    # A mother and a daughter: much is the same, and they are two.
    (
        _Seen("Janina", "Kowalczyk", "janina.k", "31 Otley Road", "LS6 3AA", phone="+12025550182"),
        _Seen("Janine", "Kowalczyk", "j9kowalczyk", "31 Otley Road", "LS6 3AA",
              phone="+12025550182"),
    ),
    # One name in two scripts.
    (
        _Seen("Samira", "Barakat", "samira.barakat", town="Casablanca", country="MA"),
        _Seen("سميرة", "بركات", "s.barakat", town="Casablanca", country="MA"),
    ),
)  # fmt: skip
# Put together already, so that there is a merge to take back.
MERGED = (
    _Seen("Ffion", "Beddoe", "ffion.beddoe", "2 Cathays Terrace", "CF24 4HX", "Cardiff"),
    _Seen("Ffion", "Beddoe", "fbeddoe", "2 Cathays Terrace", "CF24 4HX", "Cardiff"),
)


def give(by: Actor) -> None:
    """Take them in, merge two of them, and let the worker look through everybody."""
    for pair in PAIRS:
        for seen in pair:
            _person(seen, by)
    kept, gone = (_person(seen, by) for seen in MERGED)
    merging.merge(kept_id=kept.id, gone_id=gone.id, by=by)
    lookalikes.look_now()


def _person(seen: _Seen, by: Actor) -> Person:
    typed = Typed(
        given=seen.given,
        family=seen.family,
        email=f"{seen.mailbox}@demo.invalid",
        country=seen.country,
        is_synthetic=True,
    )
    person = persons.recognise(typed=typed).person
    home = details.Home(seen.street, seen.postcode, seen.town, "", seen.country)
    details.put_home(person_id=person.id, home=home, by=by)
    if seen.phone:
        persons.attach_phone(person=person, phone=seen.phone, by=by)
        reach.follow([person.id])
    return person
