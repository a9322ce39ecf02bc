"""Rows to one question, for one reader: nobody whom the reader does not see is in any number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.people import sight
from groundswell.people.models import Contact, Person, Segment
from groundswell.people.operations import reach
from groundswell.people.segments import reading, shelf
from groundswell.people.segments.criterion import Asking, Criterion, Rows
from groundswell.people.segments.nodes import (
    All,
    Either,
    Leaf,
    Node,
    Sample,
    Without,
    condition,
    drivers,
    has_sample,
    people_of,
)
from groundswell.people.segments.reading import NAMED, SAMPLE, BadRow, Row, Verb, Whom
from groundswell.people.sockets import Depth

DEEPEST = 8

REACHED_BY = {Whom.EMAIL: reach.EMAIL, Whom.TEXT: reach.TEXT}


class GoesInCircles(Refusal):
    sentence = _("These segments are made of each other. Take one of them out.")
    field = "segment"


class SegmentIsGone(Refusal):
    sentence = _("This segment was deleted, or you may not see it. Choose another.")
    field = "segment"


@dataclass(frozen=True, slots=True)
class Question:
    """A segment ready to be asked: ``steps`` are the people after each row, the last one after
    everybody was left out who may not be contacted; ``own`` is what each row alone asks."""

    by: Actor
    seen: Q
    rows: tuple[Row, ...]
    steps: tuple[Node, ...]
    own: tuple[Node, ...]

    def people(self, step: int = -1) -> QuerySet[Person]:
        """The people after a step, in no order; after the last one, the segment."""
        return people_of(self.steps[step], self.among)

    def fits(self) -> Q:
        """The segment as a condition on people who are asked for otherwise, too."""
        return condition(self.steps[-1], drivers(self.steps[-1]))

    @property
    def has_sample(self) -> bool:
        """Whether it draws: somebody who goes out then lets somebody else in."""
        return any(has_sample(node) for node in self.steps)

    def among(self, fitting: Q) -> QuerySet[Person]:
        """Whom the reader sees, of those who fit."""
        return Person.objects.filter(self.seen).filter(fitting)


def question(rows: Iterable[Row], *, by: Actor) -> Question:
    """The question that these rows ask, for one reader. Raises BadRow."""
    now = clock.now().replace(second=0, microsecond=0)
    return _Compiler(Asking(by, now)).question(tuple(rows))


def saved(segment: Segment, *, by: Actor) -> Question:
    """The question of a saved segment as it stands now. Raises BadRow."""
    return question(reading.read(segment.rows, by=by), by=by)


class _Compiler:
    """Carries who asks, and the segments that are open, down into segments inside segments."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.open: list[int] = []
        self.known: dict[int, Segment] = {}
        self._seen: dict[Depth, Q] = {}
        self._in_lists = sight.in_lists()

    def question(self, rows: tuple[Row, ...]) -> Question:
        last = may_be_contacted(reading.whom_of(list(rows)))
        seen = self.seen(Depth.FIRST_NAME) & self._in_lists
        found = Question(self.asking.by, seen, rows, (), ())
        steps: list[Node] = []
        own: list[Node] = []
        for number, row in enumerate(rows):
            try:
                if row.criterion == SAMPLE:
                    count, draw = row.given["count"], row.given["draw"]
                    # Drawn from those who are left at the end, so that nobody drawn goes again.
                    node: Node = Sample(All((steps[-1], last)), count, draw, found.among)
                else:
                    node = self.row(row)
            except Refusal as wrong:
                raise BadRow(number, wrong) from wrong
            own.append(node)
            steps.append(_joined(steps[-1], row.verb, node) if steps else node)
        steps.append(All((steps[-1], last)))
        return replace(found, steps=tuple(steps), own=tuple(own))

    def row(self, row: Row) -> Node:
        """What one row alone asks."""
        if row.criterion == NAMED:
            inner = self.named(int(row.given["segment"]))
            return Without(inner) if row.is_not else inner
        criterion = reading.criterion_of(row.criterion)
        if criterion is None:
            raise reading.NoSuchCriterion
        return Leaf(criterion.fits(row.given, self.asking), row.is_not, self._within(criterion))

    def _within(self, criterion: Criterion) -> Q | None:
        depth = sight.DEPTHS.get(criterion.needs)
        if depth is None:
            return None if self.asking.by.may(criterion.needs) else Q(pk__in=[])
        is_whole = self.seen(depth) == self.seen(Depth.FIRST_NAME)
        return None if is_whole else self.seen(depth)

    def seen(self, depth: Depth) -> Q:
        """Whom the reader sees this deep."""
        if depth not in self._seen:
            self._seen[depth] = sight.seen(self.asking.by, at_least=depth)
        return self._seen[depth]

    def named(self, segment_id: int) -> Node:
        """A segment inside this one, with its own last row."""
        if segment_id in self.open or len(self.open) >= DEEPEST:
            raise GoesInCircles
        segment = self._segment(segment_id)
        self.open.append(segment_id)
        try:
            inner = reading.read(segment.rows, by=self.asking.by)
            return self.question(tuple(inner)).steps[-1]
        finally:
            self.open.pop()

    def _segment(self, segment_id: int) -> Segment:
        if segment_id not in self.known:
            found = shelf.visible_to(self.asking.by).filter(id=segment_id).first()
            if found is None:
                raise SegmentIsGone
            self.known[segment_id] = found
        return self.known[segment_id]


def _joined(so_far: Node, verb: Verb, node: Node) -> Node:
    if verb == Verb.ADD:
        return Either((so_far, node))
    return All((so_far, Without(node) if verb == Verb.LEAVE else node))


def may_be_contacted(whom: Whom) -> Node:
    """The last row of every segment, which no row of it can undo.

    By e-mail or text: whoever has agreed to more than one event's messages and has an address that
    works (``Person.reach``). For looking only: everybody but those who can be reached by nothing
    and asked for that, or whose address is on the do-not-contact list.
    """
    if whom in REACHED_BY:
        return Leaf(reach.reached_by(REACHED_BY[whom]))
    stopped: Any = Contact.objects.exclude(problem="")
    return Without(All((Leaf(Q(reach=0)), Leaf(Rows(stopped)))))
