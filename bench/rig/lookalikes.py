"""Made-up people, some of them twice with the slips that people make, and real test sets."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from groundswell.people.duplicates import comparing
from groundswell.people.duplicates.records import Record, mailbox, record

HOUSES = ("gmail.com", "example.org", "post.example", "mail.example", "web.example")
_ENDS = "son er mann ez ski ova ini sen ward ley ton ac".split()
_STARTS = (
    "and ben car dan ed fer gar hol iv jon kar lin mor nor ol pet rob sand tor vas yan".split()
)
_MIDDLES = ("", "a", "e", "is", "or", "an", "el", "ut", "im", "ad", "og", "ur", "eb", "ist", "av")


@dataclass(slots=True)
class Sample:
    """Records, and which of them are one person: ``same[place]`` is the person's number."""

    name: str
    records: list[Record] = field(default_factory=list)
    same: list[str] = field(default_factory=list)

    def truth(self) -> set[tuple[int, int]]:
        """The pairs of places that are one person."""
        people: dict[str, list[int]] = {}
        for place, who in enumerate(self.same):
            people.setdefault(who, []).append(place)
        return {pair for places in people.values() for pair in combinations(places, 2)}


def febrl(folder: Path, number: int) -> Sample:
    """FEBRL: one person up to six times, each time with slips (Christen 2008). Its number of a
    social insurance is left out: nobody gives us one."""
    sample = Sample(f"febrl{number}")
    for row in _rows(folder / f"febrl_dataset{number}.csv"):
        street = (row["street_number"], row["address_1"], row["address_2"])
        sample.same.append(row["rec_id"].split("-")[1])
        sample.records.append(
            record(
                person_id=len(sample.records),
                given=row["given_name"],
                family=row["surname"],
                born=row["date_of_birth"],
                street=" ".join(part for part in street if part),
                town=row["suburb"],
                postcode=row["postcode"],
            )
        )
    return sample


def splink(folder: Path) -> Sample:
    """splink's 1000 made-up records."""
    sample = Sample("splink1000")
    for row in _rows(folder / "splink_fake_1000.csv"):
        sample.same.append(row["cluster"])
        sample.records.append(
            record(
                person_id=len(sample.records),
                given=row["first_name"],
                family=row["surname"],
                born=row["dob"],
                town=row["city"],
                emails=[row["email"]],
            )
        )
    return sample


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {key.strip(): (value or "").strip() for key, value in row.items()}


def made_up(people: int, *, seed: int = 1) -> Sample:
    """So many people with contacts. One in five comes a second time as people do: by a short name,
    with a slip, from a second address, by phone. One in ten lives with the one before: the same
    family name, home, and now and then the same phone and mailbox."""
    draw = random.Random(seed)
    sample = Sample("made-up")
    given = sorted(comparing._nicknames())
    before: Record | None = None
    for number in range(people):
        own = _person(draw, given, number)
        if before is not None and draw.random() < 0.1:
            own = _lives_with(draw, own, before)
        _put(sample, own, number)
        if draw.random() < 0.2:
            _put(sample, _again(draw, own), number)
        before = own
    return sample


def _put(sample: Sample, one: Record, number: int) -> None:
    sample.records.append(replace(one, id=len(sample.records)))
    sample.same.append(str(number))


def _person(draw: random.Random, given: list[str], number: int) -> Record:
    name = draw.choice(given)
    family = draw.choice(_STARTS) + draw.choice(_MIDDLES) + draw.choice(_MIDDLES)
    family += draw.choice(_ENDS)
    town = draw.choice(_STARTS) + draw.choice(_MIDDLES) + draw.choice(("ham", "by", "ville"))
    email = f"{name}.{family}{draw.randrange(10_000)}@{draw.choice(HOUSES)}"
    has_phone, has_home = draw.random() < 0.6, draw.random() < 0.5
    return Record(
        id=number,
        given=name,
        family=family,
        emails=(mailbox(email),),
        phones=(f"+4477{draw.randrange(10**8):08d}",) if has_phone else (),
        street=f"{draw.randrange(1, 99)} {draw.choice(_STARTS)}{draw.choice(_ENDS)} street"
        if has_home
        else "",
        town=town,
        postcode=f"{town[:2]}{draw.randrange(1000):03d}" if has_home else "",
        proven=frozenset({mailbox(email)}) if draw.random() < 0.7 else frozenset(),
    )


def _lives_with(draw: random.Random, own: Record, other: Record) -> Record:
    shares = draw.random()
    return replace(
        own,
        family=other.family,
        street=other.street,
        town=other.town,
        postcode=other.postcode,
        phones=other.phones if shares < 0.5 else own.phones,
        emails=other.emails if shares < 0.2 else own.emails,
        proven=other.proven if shares < 0.2 else own.proven,
    )


def _again(draw: random.Random, own: Record) -> Record:
    """The same person once more."""
    given, family = own.given, own.family
    how = draw.random()
    if how < 0.25:
        given = next((n for n in _forms(given) if n != given), given)
    elif how < 0.45:
        family = _slip(draw, family)
    elif how < 0.55:
        given, family = family, given
    elif how < 0.6:
        given = given[:1]
    keeps_email = draw.random() < 0.5
    other = mailbox(f"{given}{draw.randrange(100_000)}@{draw.choice(HOUSES)}")
    # Somebody who has neither mailbox, number nor home in common cannot be known again.
    knows = keeps_email or bool(own.phones) or bool(own.street)
    return replace(
        own,
        given=given,
        family=family,
        emails=own.emails if keeps_email or not knows else (other,),
        proven=own.proven if keeps_email or not knows else frozenset({other}),
        phones=own.phones if draw.random() < 0.9 or not keeps_email else (),
        street=own.street if draw.random() < 0.8 else "",
    )


def _forms(given: str) -> list[str]:
    known = comparing._nicknames()
    mine = known.get(given, frozenset())
    return [name for name, groups in list(known.items())[:400] if not mine.isdisjoint(groups)]


def _slip(draw: random.Random, word: str) -> str:
    place = draw.randrange(1, len(word))
    kind = draw.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[place:]
    if kind == 2 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[place + 1 :]
