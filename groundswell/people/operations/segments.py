"""Saving a question about people, changing it, going back, deleting it and bringing it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock, formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import policy
from groundswell.people.facts import SegmentBroughtBack, SegmentDeleted, SegmentSaved
from groundswell.people.models import Segment, SegmentVersion
from groundswell.people.segments import compiling, reading, shelf
from groundswell.people.segments.reading import Row

NAME_MOST, FOLDER_MOST = 120, 60
BACK_WITHIN = timedelta(days=30)
AT_ONCE = 500


class MayNotAsk(Refusal):
    sentence = _("Your role does not let you save questions about people.")


class NotYours(Refusal):
    sentence = _("Somebody else looks after this segment. Save a copy and change that.")


class NameIt(Refusal):
    sentence = _("Give the segment a name, such as “Came to two events”.")
    field = "name"


class NameIsTaken(Refusal):
    sentence = _("There is a segment with this name in this folder. Choose another.")
    field = "name"


class UsesAPrivateOne(Refusal):
    sentence = _("It is made of a segment that only you see. Share that one first.")
    field = "is_shared"


class UsedElsewhere(Refusal):
    """Named by the segments that are made of it."""


class ChangedMeanwhile(Refusal):
    sentence = _("Somebody changed this segment meanwhile. Look at it again, then save.")


class TooLateToBringBack(Refusal):
    sentence = _("It was deleted more than 30 days ago, so nothing of it is left.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a segment is called, where it stands, and who sees it."""

    name: str
    folder: str = ""
    is_shared: bool = True


@transaction.atomic
def begin(*, kept: Kept, rows: Sequence[Row], by: Actor) -> Segment:
    """Save a question under a name. Raises MayNotAsk, NameIt, NameIsTaken, UsesAPrivateOne, and
    what the rows raise."""
    if not policy.can_ask(by) or by.id is None:
        raise MayNotAsk
    told, now = _checked(rows, by), clock.now()
    segment = Segment(id=new_id(), rows=told, account_id=by.id, created_at=now, changed_at=now)
    _keep(segment, kept)
    segment.save(force_insert=True)
    _note_version(segment, by)
    ledger_ops.record(SegmentSaved(segment_id=segment.id, version=1), by=by)
    return segment


@transaction.atomic
def change(*, segment_id: int, rows: Sequence[Row], version: int, by: Actor) -> Segment:
    """Ask it differently from now on; the version before stays to be gone back to.

    ``version`` is the one that was read: another in between raises ChangedMeanwhile. The same rows
    again make no version. Raises NotYours, GoesInCircles, UsesAPrivateOne.
    """
    segment = _locked(segment_id, by)
    told = _checked(rows, by, inside=segment)
    if segment.version != version:
        raise ChangedMeanwhile
    if told != segment.rows:
        segment.rows, segment.version = told, segment.version + 1
        segment.changed_at = clock.now()
        segment.save(update_fields=["rows", "version", "changed_at"])
        _note_version(segment, by)
        fact = SegmentSaved(segment_id=segment.id, version=segment.version)
        ledger_ops.record(fact, by=by)
    return segment


@transaction.atomic
def keep(*, segment_id: int, kept: Kept, by: Actor) -> Segment:
    """Another name, another folder, shared or not. Raises NotYours, NameIt, NameIsTaken."""
    segment = _locked(segment_id, by)
    if not kept.is_shared:
        _refuse_if_used(segment)
    _keep(segment, kept)
    segment.changed_at = clock.now()
    segment.save(update_fields=["name", "folder", "is_shared", "changed_at"])
    fact = SegmentSaved(segment_id=segment.id, version=segment.version)
    ledger_ops.record(fact, by=by)
    return segment


@transaction.atomic
def rewrite(
    *, segment_id: int, kept: Kept, rows: Sequence[Row], version: int, by: Actor
) -> Segment:
    """:func:`change` and, where name, folder or sharing are others now, :func:`keep`."""
    segment = change(segment_id=segment_id, rows=rows, version=version, by=by)
    before = Kept(name=segment.name, folder=segment.folder, is_shared=segment.is_shared)
    return segment if kept == before else keep(segment_id=segment_id, kept=kept, by=by)


@transaction.atomic
def go_back(*, segment_id: int, number: int, by: Actor) -> Segment:
    """Ask as in an older version, which makes a new one. Raises NotYours, and what the rows raise
    if they ask for something that is gone."""
    segment = _locked(segment_id, by)
    older = SegmentVersion.objects.filter(segment=segment, number=number).first()
    if older is None:
        raise compiling.SegmentIsGone
    rows = reading.read(older.rows, by=by)
    return change(segment_id=segment_id, rows=rows, version=segment.version, by=by)


@transaction.atomic
def put_away(*, segment_id: int, by: Actor) -> None:
    """Take it away; for thirty days it can be brought back. Raises NotYours, UsedElsewhere."""
    segment = _locked(segment_id, by)
    _refuse_if_used(segment)
    segment.deleted_at = clock.now()
    segment.save(update_fields=["deleted_at"])
    ledger_ops.record(SegmentDeleted(segment_id=segment.id), by=by)


@transaction.atomic
def bring_back(*, segment_id: int, by: Actor) -> Segment:
    """Undo :func:`put_away`. Raises NotYours, TooLateToBringBack."""
    segment = Segment.objects.select_for_update().filter(id=segment_id).first()
    if segment is None:
        raise TooLateToBringBack
    if not policy.can_change_segment(by, segment):
        raise NotYours
    if segment.deleted_at is not None:
        segment.deleted_at = None
        segment.save(update_fields=["deleted_at"])
        ledger_ops.record(SegmentBroughtBack(segment_id=segment.id), by=by)
    return segment


def _locked(segment_id: int, by: Actor) -> Segment:
    living = Segment.objects.select_for_update().filter(deleted_at=None)
    segment = living.filter(id=segment_id).first()
    if segment is None:
        raise compiling.SegmentIsGone
    if not policy.can_change_segment(by, segment):
        raise NotYours
    return segment


def _checked(rows: Sequence[Row], by: Actor, inside: Segment | None = None) -> list[dict[str, Any]]:
    """The rows as they are stored, read once more as if they had just been typed."""
    told = reading.as_json(rows)
    reading.read(told, by=by)
    used = reading.segments_in(told)
    if inside is not None and (inside.id in used or shelf.reaches(used, inside.id)):
        raise compiling.GoesInCircles
    compiling.question(rows, by=by)
    if inside is not None and inside.is_shared:
        _refuse_private(used)
    return told


def _refuse_private(used: set[int]) -> None:
    if Segment.objects.filter(id__in=used, is_shared=False).exists():
        raise UsesAPrivateOne


def _keep(segment: Segment, kept: Kept) -> None:
    name, folder = clean_line(kept.name)[:NAME_MOST], clean_line(kept.folder)[:FOLDER_MOST]
    if not name:
        raise NameIt
    if kept.is_shared:
        _refuse_private(reading.segments_in(segment.rows))
    others = Segment.objects.filter(deleted_at=None, name=name, folder=folder)
    if others.exclude(id=segment.id).exists():
        raise NameIsTaken
    segment.name, segment.folder, segment.is_shared = name, folder, kept.is_shared


def _refuse_if_used(segment: Segment) -> None:
    used = shelf.made_of(segment.id)
    if used:
        names = formats.listing([f"“{one.name}”" for one in used])
        sentence = _("It is used in {names}. Take it out there first.")
        raise UsedElsewhere(str(sentence).format(names=names))


def _note_version(segment: Segment, by: Actor) -> None:
    SegmentVersion.objects.create(
        id=new_id(),
        segment=segment,
        number=segment.version,
        rows=segment.rows,
        account_id=by.id or 0,
        at=segment.changed_at,
    )


def segments_due(now: datetime) -> QuerySet[Segment]:
    """Deleted more than thirty days ago."""
    return Segment.objects.filter(deleted_at__lt=now - BACK_WITHIN)


@task()
def tidy_segments() -> Again | None:
    """Every day (config/wiring.py): 500 in one transaction, then again."""
    ids = list(segments_due(clock.now()).values_list("id", flat=True)[:AT_ONCE])
    Segment.objects.filter(id__in=ids).delete()
    return Again({"args": [], "kwargs": {}}) if len(ids) == AT_ONCE else None
