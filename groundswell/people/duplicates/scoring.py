"""Weighing what agrees and what differs, after Fellegi and Sunter (1969), and saying why.

Each finding adds its weight in bits: log2 of how much likelier it is between two records of one
person than between two strangers. The start is what two records picked blindly are worth: the
more people we hold, the more two of them must have in common.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from groundswell.people.duplicates import comparing, keys
from groundswell.people.duplicates.comparing import Near
from groundswell.people.duplicates.records import Record

# The threshold of the review queue, in bits: 0 is an even chance, 1 is two to one.
REVIEW = 1.0


class Reason(StrEnum):
    """Why two records look like one person, or not. The words are ``duplicates/wordings.py``."""

    SAME_NAME = "same_name"
    NICKNAME = "nickname"
    NEAR_NAME = "near_name"
    INITIAL = "initial"
    SWAPPED_NAMES = "swapped_names"
    OTHER_LETTERS = "other_letters"
    OTHER_NAME = "other_name"
    SAME_EMAIL = "same_email"
    NEAR_EMAIL = "near_email"
    SAME_PHONE = "same_phone"
    SAME_BIRTHDAY = "same_birthday"
    SWAPPED_BIRTHDAY = "swapped_birthday"
    NEAR_BIRTHDAY = "near_birthday"
    OTHER_BIRTHDAY = "other_birthday"
    SAME_STREET = "same_street"
    NEAR_STREET = "near_street"
    SAME_TOWN = "same_town"
    SAME_POSTCODE = "same_postcode"


@dataclass(frozen=True, slots=True)
class Judged:
    """What comparing two records found. ``score`` in bits over an even chance; ``chance`` of
    being one person in per cent."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def is_for_review(self) -> bool:
        """Whether somebody should look at the two."""
        return self.score >= REVIEW

    @property
    def chance(self) -> int:
        return chance_of(self.score)


NOT_COUNTED: Mapping[str, int] = {}
TWO_PEOPLE = Judged(-99.0, (Reason.OTHER_NAME,))


def chance_of(score: float) -> int:
    """Bits over an even chance, as per cent from 1 to 99."""
    return max(1, min(99, round(100 / (1 + 2 ** -max(-30.0, min(30.0, score))))))


# Bits for (UNKNOWN, FAR, INITIAL, SOUND, CLOSE, NICK, SAME).
GIVEN = (0.0, -5.0, 1.0, 0.5, 5.0, 4.0, 6.5)
FAMILY = (0.0, -4.5, 0.0, 0.5, 6.0, 5.0, 7.5)
# What a name is worth at least, over the start, while three go by it: alone, and beside a town,
# a birth date or an address that agrees.
FEW_ALONE, FEW_BESIDE = 3.0, 5.0
SWAPPED = 12.0
SWAPPED_CLOSE = 9.0
SWAPPED_NEAR = 7.0
BORN = (0.0, -4.5, -2.0, 3.5, 7.5, 9.5, 13.5)
EMAIL = (0.0, -0.7, 0.0, 7.0, 12.0, 0.0, 15.0)
PHONE = (0.0, -0.7, 0.0, 0.0, 0.0, 0.0, 11.0)
STREET = (0.0, -1.5, 0.0, 0.5, 6.5, 0.0, 9.0)
TOWN = (0.0, -1.5, 0.0, 0.5, 3.0, 0.0, 4.0)
CODE = (0.0, -1.5, 0.0, 0.0, 4.0, 0.0, 6.5)
# Street, town and postcode are one fact told three times, and so are a name and a mailbox made
# of it: together they are worth less than their sum.
PLACE_MOST = 17.0

_GIVEN_WHY = {
    Near.SAME: Reason.SAME_NAME,
    Near.NICK: Reason.NICKNAME,
    Near.CLOSE: Reason.NEAR_NAME,
    Near.SOUND: Reason.NEAR_NAME,
    Near.INITIAL: Reason.INITIAL,
    Near.FAR: Reason.OTHER_NAME,
}
_BORN_WHY = {
    Near.SAME: Reason.SAME_BIRTHDAY,
    Near.NICK: Reason.SWAPPED_BIRTHDAY,
    Near.CLOSE: Reason.NEAR_BIRTHDAY,
    Near.SOUND: Reason.NEAR_BIRTHDAY,
    Near.INITIAL: Reason.OTHER_BIRTHDAY,
    Near.FAR: Reason.OTHER_BIRTHDAY,
}


def start(people: int) -> float:
    """What two records picked blindly out of so many people are worth, in bits."""
    return -math.log2(max(people, 2))


def worth_of_names(people: int, namesakes: int, *, is_alone: bool) -> float:
    """The most bits that two names may give when so many of ``people`` go by them.

    A name is weighed by how common it is (Winkler 1989): where nobody but the two goes by it, it
    says all it can. A third and a fourth may be the same person again; of five and more who share
    a name, two are not one because of it alone (``is_alone``), and less so the more they are.
    """
    if namesakes < 3:
        return math.inf
    few = FEW_ALONE if is_alone else FEW_BESIDE
    return math.log2(max(people, 2) / (namesakes - 2)) + few


def judge(
    one: Record, other: Record, *, people: int, names_held: Mapping[str, int] = NOT_COUNTED
) -> Judged:
    """Weigh two records of an installation that holds so many people; ``names_held`` says how many
    of them go by a name (``keys.names_of``)."""
    is_foreign = one.is_foreign or other.is_foreign
    given = comparing.given(one.given, other.given, is_foreign)
    family = comparing.family(one.family, other.family, is_foreign)
    names, is_swapped = GIVEN[given] + FAMILY[family], False
    if min(given, family) < Near.CLOSE:
        crossed, across = _crossed(one, other, is_foreign)
        if crossed > names:
            names, given, is_swapped = crossed, across, True
    born = comparing.born(one.born, other.born)
    if given is Near.FAR and born < Near.SOUND:
        # Two given names that are no forms of each other are two people, however much else they
        # share: that is a household. Most pairs end here, so nothing dear is compared before.
        return TWO_PEOPLE
    email = comparing.nearest_email(one.emails, other.emails)
    phone = comparing.phone(one.phones, other.phones)
    place, place_why = _place(one, other)
    beside = (BORN[born], EMAIL[email], PHONE[phone], place)
    score = start(people) + names + sum(beside)
    if score >= REVIEW:  # few pairs get here, so only they are asked how common their name is
        namesakes = keys.namesakes(one, other, names_held)
        is_alone = max(beside) <= 0
        score -= max(0.0, names - worth_of_names(people, namesakes, is_alone=is_alone))
    why = [Reason.SWAPPED_NAMES] if is_swapped else _straight_why(one, other, given, family)
    if born in _BORN_WHY:
        why.append(_BORN_WHY[born])
    if email >= Near.SOUND:
        why.append(Reason.SAME_EMAIL if email is Near.SAME else Reason.NEAR_EMAIL)
    if phone is Near.SAME:
        why.append(Reason.SAME_PHONE)
    return Judged(score, tuple(dict.fromkeys([*why, *place_why])))


def _straight_why(one: Record, other: Record, given: Near, family: Near) -> list[Reason]:
    """What the names say, in the order told."""
    why = [_GIVEN_WHY[given]] if given in _GIVEN_WHY else []
    if family is Near.SAME and given is Near.UNKNOWN:
        why.append(Reason.SAME_NAME)
    elif family in (Near.CLOSE, Near.SOUND):
        why.append(Reason.NEAR_NAME)
    elif family is Near.FAR:
        why.append(Reason.OTHER_NAME)
    if one.is_foreign != other.is_foreign and Near.FAR not in (given, family):
        why.append(Reason.OTHER_LETTERS)
    return why


_NOT_CROSSED = (-99.0, Near.FAR)


def _crossed(one: Record, other: Record, is_foreign: bool) -> tuple[float, Near]:
    if one.given[:1] != other.family[:1] and one.family[:1] != other.given[:1]:
        return _NOT_CROSSED
    there = comparing.family(one.given, other.family, is_foreign)
    back = comparing.family(one.family, other.given, is_foreign)
    if there is Near.SAME and back is Near.SAME:
        return SWAPPED, Near.SAME
    if min(there, back) >= Near.CLOSE:
        return SWAPPED_CLOSE, Near.CLOSE
    if Near.SAME in (there, back) and min(there, back) >= Near.SOUND:
        return SWAPPED_NEAR, Near.CLOSE
    # Only one of the two names is there, on the other side.
    if Near.SAME in (there, back) and Near.UNKNOWN in (there, back):
        return GIVEN[Near.CLOSE], Near.CLOSE
    if Near.CLOSE in (there, back) and Near.UNKNOWN in (there, back):
        return GIVEN[Near.CLOSE] - 2, Near.CLOSE
    return _NOT_CROSSED


def _place(one: Record, other: Record) -> tuple[float, tuple[Reason, ...]]:
    street = comparing.words(one.street, other.street)
    town = comparing.words(one.town, other.town)
    postcode = comparing.code(one.postcode, other.postcode)
    why = []
    if street >= Near.CLOSE:
        why.append(Reason.SAME_STREET if street is Near.SAME else Reason.NEAR_STREET)
    if town >= Near.CLOSE:
        why.append(Reason.SAME_TOWN)
    if postcode is Near.SAME:
        why.append(Reason.SAME_POSTCODE)
    return min(PLACE_MOST, STREET[street] + TOWN[town] + CODE[postcode]), tuple(why)


def is_surely_one(one: Record, other: Record) -> bool:
    """Whether two records may be merged without asking anybody: both have proven the same
    mailbox, their names are forms of one name, and nothing else says otherwise.

    A slip of the hand is not enough here: Mario and Maria may share a mailbox.
    """
    if one.proven.isdisjoint(other.proven):
        return False
    if comparing.born(one.born, other.born) in (Near.FAR, Near.INITIAL):
        return False
    return is_one_name(one, other)


def is_one_name(one: Record, other: Record) -> bool:
    """Whether two names may be one person's: the same, a known short form, an initial, the two
    parts the other way round, other letters. Two names of which one is missing say nothing."""
    is_foreign = one.is_foreign != other.is_foreign
    if (one.given, one.family) == (other.family, other.given) and one.given:
        return True
    given = comparing.given(one.given, other.given, is_foreign)
    family = comparing.family(one.family, other.family, is_foreign)
    surely = (Near.SAME, Near.CLOSE) if is_foreign else (Near.SAME,)
    is_given = given in (*surely, Near.INITIAL) or comparing.is_short_form(one.given, other.given)
    is_family = family in (*surely, Near.UNKNOWN)
    if Near.INITIAL is given and family is Near.UNKNOWN:
        return False
    return is_given and is_family
