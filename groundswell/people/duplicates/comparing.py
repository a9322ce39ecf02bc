"""How near two values of one kind are, in a few named steps."""

from __future__ import annotations

from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA, Indel, JaroWinkler

_LONG_LOCAL, _LETTERS_OFF = 5, 2
_VOWELS = str.maketrans("", "", "aeiouyhw ")


class Near(IntEnum):
    """How near two values are, from far to the same. UNKNOWN: one of the two is not there."""

    UNKNOWN = 0
    FAR = 1
    INITIAL = 2  # one is the first letter of the other
    SOUND = 3  # somewhat near, or the same consonants
    CLOSE = 4  # a slip of the hand
    NICK = 5  # another form of the same name
    SAME = 6


@cache
def _nicknames() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    text = (Path(__file__).parent / "nicknames.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines()):
        for name in () if line.startswith("#") else line.split():
            groups.setdefault(name.replace("-", " "), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


_NOBODY: frozenset[int] = frozenset()


def is_nickname(one: str, other: str) -> bool:
    """Whether two given names are forms of the same name: Bob and Robert, Sasha and Aleksandr."""
    known = _nicknames()
    return not known.get(one, _NOBODY).isdisjoint(known.get(other, _NOBODY))


@cache
def _heads() -> frozenset[tuple[str, str]]:
    text = (Path(__file__).parent / "nicknames.txt").read_text(encoding="utf-8")
    groups = [line.replace("-", " ").split() for line in text.splitlines() if line[0] != "#"]
    return frozenset((names[0], name) for names in groups for name in names[1:])


def is_short_form(one: str, other: str) -> bool:
    """Whether one name is the whole form of the other: Bob and Robert, and not Bob and Bert."""
    return (one, other) in _heads() or (other, one) in _heads()


@lru_cache(maxsize=200_000)
def skeleton(name: str) -> str:
    """The consonants, doubles once: what is left of a name in scripts that write no vowels."""
    letters = name.replace("kh", "k").replace("ph", "f").replace("th", "t").replace("q", "k")
    letters = letters.replace("c", "k").replace("z", "s").replace("v", "w").replace("j", "g")
    bare = letters.translate(_VOWELS)
    return "".join(
        letter for index, letter in enumerate(bare) if not index or bare[index - 1] != letter
    )


@lru_cache(maxsize=400_000)
def given(one: str, other: str, is_foreign: bool = False) -> Near:
    """Two given names. ``is_foreign``: one of them was written in other letters."""
    near = family(one, other, is_foreign)
    if near in (Near.UNKNOWN, Near.SAME):
        return near
    if is_nickname(one, other) or is_nickname(_first(one), _first(other)):
        return Near.NICK
    if near != Near.CLOSE and one[0] == other[0] and (len(one) == 1 or len(other) == 1):
        return Near.INITIAL
    first, second = _first(one), _first(other)
    # "Anna Maria" and "Anna": a second name left out.
    if first == second and len(first) > 2 and (first == one or second == other):
        return Near.CLOSE
    return near


def _first(name: str) -> str:
    return name.partition(" ")[0]


@lru_cache(maxsize=400_000)
def family(one: str, other: str, is_foreign: bool = False) -> Near:
    """Two family names, or any two words."""
    if not one or not other:
        return Near.UNKNOWN
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return Near.SAME
    if is_foreign and len(skeleton(one)) > 1 and skeleton(one) == skeleton(other):
        return Near.CLOSE
    slips = OSA.distance(one, other)
    longest = max(len(one), len(other))
    if slips <= 1 and longest > 3:
        return Near.CLOSE
    likeness = JaroWinkler.similarity(one, other)
    if (slips == 2 and longest > 5) or (likeness > 0.92 and longest > 4):
        return Near.CLOSE
    if likeness > 0.84 or slips <= longest // 3:
        return Near.SOUND
    return Near.FAR


def born(one: str, other: str) -> Near:
    """Two birth dates, YYYYMMDD. NICK: day and month the other way round."""
    if len(one) != 8 or len(other) != 8:
        return Near.UNKNOWN
    if one == other:
        return Near.SAME
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return Near.NICK
    slips = OSA.distance(one, other, score_cutoff=2)
    if slips <= 1:
        return Near.CLOSE
    # Two of year, month and day are right: the third is wrong.
    same = (one[:4] == other[:4]) + (one[4:6] == other[4:6]) + (one[6:] == other[6:])
    if same == 2 or slips <= 2 or _days_apart(one, other) <= 45:
        return Near.SOUND
    return Near.INITIAL if one[:4] == other[:4] or one[4:] == other[4:] else Near.FAR


def _days_apart(one: str, other: str) -> int:
    """About how many days lie between two dates, of which either may not exist."""
    days = [int(day[:4]) * 365 + int(day[4:6]) * 30 + int(day[6:]) for day in (one, other)]
    return abs(days[0] - days[1])


@lru_cache(maxsize=100_000)
def email(one: str, other: str) -> Near:
    """Two mailboxes. SOUND: the same name at another provider, or the same letters in another
    order and a few slips."""
    if one == other:
        return Near.SAME
    local, _at, domain = one.partition("@")
    local_other, _at, domain_other = other.partition("@")
    slips = OSA.distance(one, other, score_cutoff=4)
    shortest = min(len(local), len(local_other))
    if slips <= 3 and slips <= len(one) // 6 and (shortest > 4 or (local == local_other != "")):
        return Near.CLOSE
    if len(local) > 5 and (
        local == local_other or (domain == domain_other and OSA.distance(local, local_other) <= 2)
    ):
        return Near.SOUND
    return Near.SOUND if _is_jumbled(one, other) else Near.FAR


def _is_jumbled(one: str, other: str) -> bool:
    """Both parts somewhat alike: the part before the @ says who it is, so it counts by itself."""
    local, _at, domain = one.partition("@")
    local_other, _at, domain_other = other.partition("@")
    if min(len(local), len(local_other)) < _LONG_LOCAL:
        return False
    return _is_like(local, local_other) and _is_like(domain, domain_other)


def _is_like(one: str, other: str) -> bool:
    """A slip in every fourth letter, or the same letters in another order but for one or two."""
    most = max(len(one), len(other)) // 4
    if OSA.distance(one, other, score_cutoff=most) <= most:
        return True
    return Indel.distance(sorted(one), sorted(other), score_cutoff=_LETTERS_OFF) <= _LETTERS_OFF


def nearest_email(ones: tuple[str, ...], others: tuple[str, ...]) -> Near:
    """The nearest two mailboxes of two people."""
    if len(ones) == len(others) == 1:
        return email(ones[0], others[0])
    return max((email(one, other) for one in ones for other in others), default=Near.UNKNOWN)


def phone(ones: tuple[str, ...], others: tuple[str, ...]) -> Near:
    """Two people's numbers: one in common, or all different."""
    if not ones or not others:
        return Near.UNKNOWN
    return Near.FAR if set(ones).isdisjoint(others) else Near.SAME


@lru_cache(maxsize=200_000)
def words(one: str, other: str) -> Near:
    """Streets and towns: slips, and words that are missing or in another order."""
    if not one or not other:
        return Near.UNKNOWN
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return Near.SAME
    slips = OSA.distance(one, other, score_cutoff=4)
    if slips <= 1 or slips <= max(len(one), len(other)) // 5:
        return Near.CLOSE
    mine, theirs = set(one.split()), set(other.split())
    shared = mine & theirs
    if any(len(word) > 3 for word in shared) and (mine <= theirs or theirs <= mine):
        return Near.CLOSE
    if JaroWinkler.similarity(one, other) > 0.85:
        return Near.SOUND
    return Near.FAR


def code(one: str, other: str) -> Near:
    """Two postcodes: a slip in one place, or two that changed places."""
    if not one or not other:
        return Near.UNKNOWN
    if one == other:
        return Near.SAME
    return Near.CLOSE if OSA.distance(one, other, score_cutoff=1) <= 1 else Near.FAR
