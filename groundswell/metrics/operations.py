"""Folding the ledger into counts. Runs in every round of the worker (config/wiring.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from groundswell.events.models import Event, Rsvp
from groundswell.ledger.models import Digest, Entry
from groundswell.metrics.models import DayCount, EventCount, FoldMark

FOLD_AT_ONCE = 2000
RECOUNT_AT_ONCE = 500

_Measure = DayCount.Measure
# What each fact adds to the day on which it happened. A fact that is not here changes no series.
_ADDS: Mapping[str, tuple[DayCount.Measure, int]] = {
    "events.RsvpMade": (_Measure.SIGN_UPS, 1),
    "events.EventListed": (_Measure.EVENTS, 1),
    "events.RsvpConfirmed": (_Measure.CONFIRMED, 1),
    "events.CheckedIn": (_Measure.CHECKED_IN, 1),
    "events.CheckInUndone": (_Measure.CHECKED_IN, -1),
}
# After these the heads of the event are counted again.
_TOUCHES = (
    "events.RsvpMade",
    "events.RsvpProven",
    "events.RsvpChanged",
    "events.RsvpCancelled",
    "events.RsvpLapsed",
    "events.SeatPromoted",
    "events.RsvpConfirmed",
    "events.CheckedIn",
    "events.CheckInUndone",
    "events.AttendanceTold",
)
_HEARD = sorted({*_ADDS, *_TOUCHES})

_Key = tuple[int, date, str]


def fold_more() -> int:
    """Fold the next facts into day counts, and count touched events again once caught up.

    Returns how many facts and events were worked on; 0 means that all counts are up to date.
    """
    place = FoldMark.objects.filter(id=1).values_list("place", flat=True).first() or 0
    behind = Digest.objects.filter(place__gt=place).exists()
    if not behind and not EventCount.objects.filter(is_stale=True).exists():
        return 0
    return _fold() or _recount()


@transaction.atomic
def _fold() -> int:
    """Fold up to 2,000 chained entries. The mark is locked, so two workers never overlap."""
    FoldMark.objects.bulk_create([FoldMark()], ignore_conflicts=True)
    mark = FoldMark.objects.select_for_update().get(id=1)
    links = Digest.objects.filter(place__gt=mark.place).order_by("place")
    last = links[:FOLD_AT_ONCE].aggregate(last=Max("place"), many=Count("place"))
    if last["last"] is None:
        return 0
    chained = Digest.objects.filter(place__gt=mark.place, place__lte=last["last"])
    entries = Entry.objects.filter(id__in=chained.values("entry_id"), kind__in=_HEARD)
    rows = list(entries.values_list("kind", "at", "campaign_id", "event_id", "rest"))
    _add(_counted(rows))
    _mark_stale(
        {
            event_id
            for kind, _at, _campaign, event_id, _rest in rows
            if kind in _TOUCHES and event_id is not None
        }
    )
    FoldMark.objects.filter(id=1).update(place=last["last"])
    return int(last["many"])


def _counted(
    rows: Iterable[tuple[str, Any, int | None, int | None, Any]],
) -> Counter[_Key]:
    counted: Counter[_Key] = Counter()
    for kind, at, campaign_id, _event_id, rest in rows:
        if campaign_id is None or kind not in _ADDS:
            continue
        measure, change = _ADDS[kind]
        day = at.astimezone(UTC).date()
        counted[campaign_id, day, measure.value] += change
        if kind == "events.RsvpMade" and rest.get("is_new_person"):
            counted[campaign_id, day, _Measure.NEW_PEOPLE.value] += 1
    return counted


def _add(counted: Counter[_Key]) -> None:
    """Add to what stands, in three statements whatever the number of days."""
    if not counted:
        return
    known = DayCount.objects.filter(
        campaign_id__in={campaign_id for campaign_id, _day, _measure in counted},
        day__in={day for _campaign, day, _measure in counted},
    )
    standing = {(row.campaign_id, row.day, row.measure): row for row in known}
    changed, fresh = [], []
    for key, change in counted.items():
        row = standing.get(key)
        if row is None:
            campaign_id, day, measure = key
            fresh.append(DayCount(campaign_id=campaign_id, day=day, measure=measure, count=change))
        else:
            row.count += change
            changed.append(row)
    DayCount.objects.bulk_create(fresh)
    DayCount.objects.bulk_update(changed, ["count"], batch_size=500)


def _mark_stale(touched: set[int]) -> None:
    known = Event.objects.filter(id__in=touched).values_list("id", flat=True)
    EventCount.objects.bulk_create(
        [EventCount(event_id=event_id) for event_id in known],
        update_conflicts=True,
        update_fields=["is_stale"],
        unique_fields=["event"],
    )


@transaction.atomic
def _recount() -> int:
    """Count up to 500 touched events again, in one question about their sign-ups."""
    FoldMark.objects.select_for_update().get(id=1)  # no fold may touch them meanwhile
    stale = list(
        EventCount.objects.filter(is_stale=True).values_list("event_id", flat=True)[
            :RECOUNT_AT_ONCE
        ]
    )
    if not stale:
        return 0
    going = Q(state=Rsvp.State.GOING)
    standing = Q(state__in=[Rsvp.State.GOING, Rsvp.State.WAITING])
    found = (
        Rsvp.objects.filter(event_id__in=stale)
        .order_by()
        .values("event_id")
        .annotate(
            sign_ups=Count("id", filter=standing),
            first_timers=Count("id", filter=standing & Q(is_first=True)),
            going=Sum("party", filter=going, default=0),
            proven=Sum("party", filter=going & Q(is_proven=True), default=0),
            confirmed=Sum("party", filter=going & Q(confirmed_at__isnull=False), default=0),
            checked_in=Sum("party", filter=Q(checked_in_at__isnull=False), default=0),
            came_count=Sum("party", filter=going & Q(came=True), default=0),
        )
    )
    counts: dict[int, dict[str, object]] = {row["event_id"]: {**row} for row in found}
    rows = []
    for event_id in stale:
        row = EventCount(event_id=event_id, is_stale=False)
        for name, amount in counts.get(event_id, {}).items():
            if name != "event_id":
                setattr(row, name.removesuffix("_count"), amount)
        rows.append(row)
    columns = [field.attname for field in EventCount._meta.concrete_fields if not field.primary_key]
    EventCount.objects.bulk_create(
        rows, update_conflicts=True, update_fields=columns, unique_fields=["event"]
    )
    return len(rows)
