"""Segments inside segments, and people drawn by lot."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.people.segments import shelf
from groundswell.people.segments.criterion import Criterion, Family
from groundswell.people.segments.parameters import Number, OneOf
from groundswell.people.segments.reading import NAMED, SAMPLE


def _segments(by: Actor) -> Sequence[tuple[str, str]]:
    return [(str(one.id), one.name) for one in shelf.visible_to(by)]


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name=NAMED,
        family=Family.SEGMENT,
        title=gettext_lazy("are in another segment"),
        parameters=(OneOf(name="segment", label=gettext_lazy("Segment"), choices=_segments),),
        fits=lambda given, asking: Q(),  # the compiler opens it
        says=gettext_lazy("are in the segment “{segment}”"),
        says_not=gettext_lazy("are not in the segment “{segment}”"),
    ),
    Criterion(
        name=SAMPLE,
        family=Family.SEGMENT,
        title=gettext_lazy("are drawn by lot"),
        hint=gettext_lazy("The same draw number always draws the same people."),
        parameters=(
            Number(name="count", label=gettext_lazy("How many"), default=100),
            Number(name="draw", label=gettext_lazy("Draw number"), default=1),
        ),
        fits=lambda given, asking: Q(),  # the compiler draws
        says=gettext_lazy("are among {count} drawn by lot (draw {draw})"),
        can_be_not=False,
    ),
)
