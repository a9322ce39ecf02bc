"""The question that rows make together, as a small tree, and the tree as a condition on people.

One leaf may be the *driver*: the database makes its list of ids first and looks at nobody else;
every other leaf is asked person by person, by an index. SQLite does not find that plan itself,
and the difference is tenfold; PostgreSQL goes through everybody with all its processes, which
takes longer where others work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from groundswell.kernel.plans import begins_with
from groundswell.people.models import Person
from groundswell.people.segments import sizes
from groundswell.people.segments.criterion import Rows

# Lists longer than this do not drive: going through everybody is as fast.
DRIVES_MOST = 120_000
SHORT = 30_000  # as good as any
EVERYBODY = Q(pk__isnull=False)  # an empty Q is nobody's part of "either … or"
_PRIME = 2_147_483_647  # the square of anything below it fits in the database's integers


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One criterion, turned round with ``is_not``; ``within`` holds both ways."""

    fits: Q | Rows
    is_not: bool = False
    within: Q | None = None


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """Who fits every part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """Who fits one of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Without:
    """Who does not fit."""

    part: Node


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """So many of those who fit, always the same ones for one ``draw``. ``among`` turns a
    condition into the people whom the actor sees and who fit."""

    part: Node
    count: int
    draw: int
    among: Callable[[Q], QuerySet[Person]]


Node = Leaf | All | Either | Without | Sample


def people_of(node: Node, among: Callable[[Q], QuerySet[Person]]) -> QuerySet[Person]:
    """The people who fit: counted, listed and looked into by this one question."""
    return among(condition(node, drivers(node)))


def has_sample(node: Node) -> bool:
    """Whether anything in the tree draws a sample."""
    match node:
        case Sample():
            return True
        case Leaf():
            return False
        case Without():
            return has_sample(node.part)
    return any(has_sample(part) for part in node.parts)


def condition(node: Node, driven: frozenset[Leaf] = frozenset()) -> Q:
    """The tree as a condition; leaves in ``driven`` as lists of ids."""
    match node:
        case Leaf():
            return _of_leaf(node, node in driven)
        case All():
            found = Q()
            for part in node.parts:
                found &= condition(part, driven)
            return found
        case Either():
            first, *others = node.parts
            found = condition(first, driven)
            for part in others:
                found |= condition(part, driven)
            return found
        case Without():
            return ~condition(node.part, driven)
        case Sample():
            drawn = people_of(node.part, node.among).order_by(_lot(node.draw), "id")
            return Q(id__in=drawn.values("id")[: node.count])


def _of_leaf(leaf: Leaf, is_driver: bool) -> Q:
    if isinstance(leaf.fits, Q):
        found = leaf.fits or EVERYBODY
    elif is_driver:
        found = begins_with(leaf.fits.found.order_by().values(leaf.fits.link))
    else:
        about = leaf.fits.found.order_by().filter(**{leaf.fits.link: OuterRef("pk")})
        found = Q(Exists(about))
    if leaf.is_not:
        found = ~found
    return found if leaf.within is None else leaf.within & found


def drivers(node: Node) -> frozenset[Leaf]:
    """The leaves whose lists are made first; none where no list is short enough.

    Sizes are counted no further than the shortest list so far, the cheapest first; once a list is
    short, nobody looks for a shorter one that is dear to count.
    """
    found, best = frozenset[Leaf](), DRIVES_MOST
    by_effort = sorted(
        ((sum(sizes.effort(_rows(leaf)) for leaf in one), one) for one in _candidates(node)),
        key=itemgetter(0),
    )
    for effort, together in by_effort:
        if found and best <= SHORT and effort > 1:
            break
        size = 0
        for leaf in together:
            size += sizes.counted(_rows(leaf), best - size)
            if size > best:
                break
        else:
            found, best = together, size
    return found


def _rows(leaf: Leaf) -> Rows:
    assert isinstance(leaf.fits, Rows)  # candidates are rows
    return leaf.fits


def _candidates(node: Node) -> list[frozenset[Leaf]]:
    """Each one would be enough by itself: lists of rows in which everybody stands who fits."""
    match node:
        case Leaf(fits=Rows(), is_not=False):
            return [frozenset({node})]
        case All():
            return [one for part in node.parts for one in _candidates(part)]
        case Either():
            of_parts = [_candidates(part) for part in node.parts]
            if all(of_parts):
                # The first of each is as good a guess as any; trying all pairs is not worth it.
                return [frozenset(leaf for one in of_parts for leaf in one[0])]
    return []


def _lot(draw: int) -> Combinable:
    """A number for each person that looks drawn, and is the same whenever it is asked for."""
    seed = hashlib.sha256(f"groundswell.people sample {draw}".encode()).digest()
    first, second, third = (
        int.from_bytes(seed[at : at + 4]) % (_PRIME - 2) + 1 for at in (0, 4, 8)
    )
    spread = (F("id") % _PRIME * first + second) % _PRIME
    bent = (spread * spread) % _PRIME
    return (bent * third + first) % _PRIME
