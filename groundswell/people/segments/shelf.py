"""Saved segments: which ones somebody sees, what they are made of, what is made of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.roles import Right
from groundswell.people.models import Segment
from groundswell.people.segments import reading


def visible_to(by: Actor) -> QuerySet[Segment]:
    """Shared ones and one's own, by folder and name. The system sees every one."""
    found = Segment.objects.filter(deleted_at=None).order_by("folder", "name", "id")
    if by.kind == ActorKind.SYSTEM:
        return found
    if by.kind != ActorKind.ACCOUNT:
        return found.none()
    return found.filter(Q(is_shared=True) | Q(account_id=by.id or 0))


def deleted_lately(by: Actor) -> QuerySet[Segment]:
    """What the actor deleted or could have deleted, while it can be brought back."""
    found = Segment.objects.filter(deleted_at__isnull=False).order_by("-deleted_at", "-id")
    own = Q(account_id=by.id or 0)
    return found.filter(own | Q(is_shared=True)) if by.may(Right.SEGMENT) else found.filter(own)


def folders(by: Actor) -> list[str]:
    """The folders that have something in them."""
    named = visible_to(by).exclude(folder="").order_by("folder")
    return list(named.values_list("folder", flat=True).distinct())


def made_of(segment_id: int) -> list[Segment]:
    """The living segments in which this one is used, by name."""
    living = Segment.objects.filter(deleted_at=None).order_by("name", "id")
    return [one for one in living if segment_id in reading.segments_in(one.rows)]


def reaches(segment_ids: set[int], wanted: int) -> bool:
    """Does one of these segments, or one inside it at any depth, be the wanted one?"""
    seen: set[int] = set()
    while segment_ids:
        if wanted in segment_ids:
            return True
        seen |= segment_ids
        rows = Segment.objects.filter(id__in=segment_ids).values_list("rows", flat=True)
        segment_ids = {one for told in rows for one in reading.segments_in(told)} - seen
    return False
