"""Which records are compared at all: those that share a blocking key.

Comparing everybody with everybody is impossible beyond a few thousand people. Each kind of key
survives another kind of mistake, so two records of one person share at least one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from groundswell.people.duplicates.comparing import skeleton
from groundswell.people.duplicates.records import Record

# A key that more records share says too little about each of them and is passed over.
SHARED_MOST = 60
# Of kinds that hold half a name: they are for small installations and rare names.
NAMES = "names"
WEAK = frozenset({"short", "place_name", "local"})
SHARED_MOST_WEAK = 12


@lru_cache(maxsize=400_000)
def sound(name: str) -> str:
    """A short code of how a word sounds, the same for most misspellings of it."""
    if not name:
        return ""
    bare = skeleton(name)
    return (bare or name[0])[:4]


def _sounds(record: Record) -> list[str]:
    words = f"{record.given} {record.family}".split()
    return sorted({sound(word) for word in words if len(word) > 1})


def _email(record: Record) -> Iterator[str]:
    yield from record.emails


def _local(record: Record) -> Iterator[str]:
    for email in record.emails:
        yield email.partition("@")[0]


def _phone(record: Record) -> Iterator[str]:
    for phone in record.phones:
        yield phone[-8:]


def names_of(record: Record) -> Iterator[str]:
    """Two names as they sound, whatever their order."""
    for one, other in combinations(_sounds(record)[:4], 2):
        yield f"{one} {other}"


def _short_form(record: Record) -> Iterator[str]:
    """A family name with the first letter of the given name, and with no given name at all."""
    if record.family and record.given:
        yield f"{sound(record.family)} {record.given[0]}"
        yield f"{sound(record.given)} {record.family[0]}"


def _born(record: Record) -> Iterator[str]:
    if len(record.born) == 8:
        yield record.born


def _born_and_email(record: Record) -> Iterator[str]:
    """How a mailbox begins with a part of the birth date, for when the name is missing."""
    if len(record.born) == 8:
        for email in record.emails:
            yield f"{email[:3]} {record.born[6:]}"
            yield f"{email[:3]} {record.born[:4]}"
            yield f"{email[:2]} {record.born[4:6]}"


def _born_and_name(record: Record) -> Iterator[str]:
    """Any name with a part of the birth date: the rest of the date may be wrong."""
    if len(record.born) == 8:
        year, days = record.born[:4], "".join(sorted((record.born[4:6], record.born[6:])))
        for one in _sounds(record):
            yield f"{one} {year}"
            yield f"{one} {days}"
            yield f"{one} {record.born[2:4]}{record.born[6:]}"


def _place_and_name(record: Record) -> Iterator[str]:
    for one in _sounds(record):
        if record.postcode:
            yield f"{one} {record.postcode}"
        if record.town:
            yield f"{one} {sound(record.town)} {record.town[0]}"


def _street(record: Record) -> Iterator[str]:
    """The words and the number of a street, whatever their order, with the postcode or the town."""
    if record.street:
        words = sorted(word for word in record.street.split() if len(word) > 2 or word.isdigit())
        street = " ".join(words)
        if record.postcode:
            yield f"{street} {record.postcode}"
        if record.town:
            yield f"{street} {sound(record.town)}"
        number = next((word for word in words if word.isdigit()), "")
        longest = max(words, key=len, default="")
        yield f"{number} {longest[:5]}"


def _born_and_place(record: Record) -> Iterator[str]:
    if len(record.born) == 8 and record.postcode:
        yield f"{record.born[:4]} {record.postcode}"
        yield f"{record.born[4:]} {record.postcode}"


KINDS: tuple[tuple[str, Callable[[Record], Iterator[str]]], ...] = (
    (NAMES, names_of),  # first: it counts how common each name is
    ("email", _email),
    ("local", _local),
    ("phone", _phone),
    ("short", _short_form),
    ("born", _born),
    ("born_name", _born_and_name),
    ("born_email", _born_and_email),
    ("place_name", _place_and_name),
    ("street", _street),
    ("born_place", _born_and_place),
)


def keys_of(record: Record) -> list[str]:
    """Every blocking key of a record, each once, its kind in front."""
    return list(
        dict.fromkeys(f"{kind}:{key}" for kind, make in KINDS for key in make(record) if key)
    )


def shared_most(kind: str) -> int:
    """How many records may share a key of this kind before it is passed over."""
    return SHARED_MOST_WEAK if kind in WEAK else SHARED_MOST


def namesakes(one: Record, other: Record, counts: Mapping[str, int]) -> int:
    """How many records go by the name that these two share; ``counts`` by ``names_of``. 0 where
    they share none or nobody counted."""
    theirs = set(names_of(other))
    return max((counts.get(name, 0) for name in names_of(one) if name in theirs), default=0)


def pairs(
    records: Sequence[Record], names_held: dict[str, int] | None = None
) -> Iterator[tuple[int, int]]:
    """Pairs of places in ``records`` that share a key, the smaller first, each once.

    One kind of key at a time, so that a million records fit into memory. ``names_held`` is told
    how many records go by each name, before the first pair comes.
    """
    seen: set[int] = set()
    many = len(records)
    for kind, make in KINDS:
        most = shared_most(kind)
        blocks: dict[str, list[int]] = {}
        for place, record in enumerate(records):
            for key in make(record):
                if key:
                    blocks.setdefault(key, []).append(place)
        if kind == NAMES and names_held is not None:
            names_held.update({name: len(places) for name, places in blocks.items()})
        for places in blocks.values():
            if 1 < len(places) <= most:
                for one, other in combinations(places, 2):
                    if one != other and (mark := one * many + other) not in seen:
                        seen.add(mark)
                        yield one, other
