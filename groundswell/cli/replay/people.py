"""Invented people: each a pure function of the replay's name, the row and a number.

Nobody is held in memory and nobody is stored to be looked up: whoever is needed again is drawn
again. Their addresses end in ``.invalid``, which can never exist (RFC 2606 section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from groundswell.cli.demo.people import FAMILY, GIVEN
from groundswell.people.operations.persons import Typed

DOMAIN = "replay.invalid"
_PARTIES, _PARTY_WEIGHTS = (1, 2, 3, 4, 5), (70, 20, 6, 3, 1)
PARTY_MEAN = sum(map(int.__mul__, _PARTIES, _PARTY_WEIGHTS)) / sum(_PARTY_WEIGHTS)
_SOURCES, _SOURCE_WEIGHTS = ("", "share", "mail", "poster"), (45, 30, 15, 10)


@dataclass(frozen=True, slots=True)
class Character:
    """What an invented supporter does, and when, apart from signing up."""

    party: int
    can_help: bool
    wants_mail: bool
    source: str
    proves_after: float  # minutes; 0 for never
    cancels_at: float  # share of the time left until the event; 0 for never
    answer: str  # the day before: "", "confirm", "cannot"
    is_there: bool
    tells: bool  # answers "Did you make it?" when nobody ticked them in


def character(name: str, row: int, number: int) -> Character:
    """The character of supporter ``number`` of a row."""
    draw = Random(f"{name}:{row}:{number}")
    chance = draw.random
    return Character(
        party=draw.choices(_PARTIES, _PARTY_WEIGHTS)[0],
        can_help=chance() < 0.12,
        wants_mail=chance() < 0.4,
        source=draw.choices(_SOURCES, _SOURCE_WEIGHTS)[0],
        proves_after=min(1 + draw.expovariate(1 / 14), 600.0) if chance() < 0.78 else 0.0,
        cancels_at=draw.uniform(0.05, 0.9) if chance() < 0.06 else 0.0,
        answer=draw.choices(("", "confirm", "cannot"), (50, 45, 5))[0],
        is_there=chance() < 0.7,
        tells=chance() < 0.3,
    )


def supporter_email(name: str, row: int, number: int) -> str:
    return f"s{row}-{number}.{name}@{DOMAIN}"


def host_email(name: str, row: int) -> str:
    return f"h{row}.{name}@{DOMAIN}"


def _invented(seed: str, email: str, language: str, country: str) -> Typed:
    draw = Random(seed)
    known = language if language in GIVEN else "en"
    return Typed(
        given=draw.choice(GIVEN[known]),
        family=draw.choice(FAMILY[known]),
        email=email,
        language=language,
        country=country,
        is_synthetic=True,
    )


def supporter(name: str, row: int, number: int, language: str, country: str) -> Typed:
    """Somebody who signs up."""
    email = supporter_email(name, row, number)
    return _invented(f"{name}:{row}:{number}:name", email, language, country)


def host(name: str, row: int, language: str, country: str) -> Typed:
    """Somebody who holds the event of a row."""
    return _invented(f"{name}:{row}:host", host_email(name, row), language, country)
