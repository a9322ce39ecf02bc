"""What happens when: one ordered stream of steps, laid out event by event and merged.

A step is drawn when it is reached and forgotten when it is done, so a replay of any size takes
the memory of its events. The same file and options give the same steps in the same order, which
is what makes "go on at step 8,123" mean something after a kill.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from random import Random
from typing import NamedTuple

from groundswell.cli.replay import people
from groundswell.cli.replay.gatherings import Gathering
from groundswell.places import zones

VERSION = 1  # a change of what happens when must change it: it is part of a replay's name
SIGN_UPS_WANTED = 20_000
LONGEST_LEAD = timedelta(days=42)
SHORTEST_LEAD = timedelta(days=2)
_RISE = 2.4  # sign-ups per day grow with this power of the time gone by, less one
_LARGE = 200  # events with more sign-ups than this have no limit
_ENOUGH = 12  # and those with fewer are not worth one
_HOUR = timedelta(hours=1)


class Verb(IntEnum):
    """What somebody does. At the same instant, the smaller comes first."""

    PUBLISH = 1  # the host publishes and opens the link in the mail
    APPROVE = 2
    OPEN_KIT = 3
    SIGN_UP = 4
    PROVE = 5
    CANCEL = 6
    CONFIRM = 7
    CHECK_IN = 8
    TELL = 9  # "Did you make it?"
    REPORT = 10


class Step(NamedTuple):
    """One thing that happens. Steps sort by time, then by row, verb and person."""

    at: datetime  # UTC
    row: int
    verb: Verb
    number: int = 0  # which supporter of the row


@dataclass(frozen=True, slots=True)
class Expected:
    """How much of an event is invented."""

    sign_ups: int
    capacity: int | None
    has_ticks: bool  # the host ticks people in


def scale_for(counts: Sequence[int], wanted: int = SIGN_UPS_WANTED) -> float:
    """Sign-ups for each counted person, so that all events together have about ``wanted``.

    At most one for each; an event has one at least, which a few large numbers must make room for.
    """
    total = sum(counts)
    if total <= wanted:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if sum(sign_ups(count, middle) for count in counts) > wanted:
            high = middle
        else:
            low = middle
    return float(f"{low:.3g}")


def sign_ups(count: int | None, scale: float) -> int:
    """How many sign up at an event where ``count`` people were counted."""
    return max(1, round(count * scale)) if count else 0


def expected(name: str, gathering: Gathering, scale: float) -> Expected:
    """The sign-ups, the places and the host's habits of one event."""
    draw = Random(f"{name}:{gathering.row}:event")
    number = sign_ups(gathering.best, scale)
    is_limited = draw.random() < 0.12 and _ENOUGH <= number <= _LARGE
    capacity = max(1, round(number * people.PARTY_MEAN * 0.7)) if is_limited else None
    return Expected(number, capacity, draw.random() < 0.75)


def steps(name: str, gatherings: Sequence[Gathering], scale: float) -> Iterator[Step]:
    """Every step of the replay in order of time."""
    return heapq.merge(*(_of_event(name, each, scale) for each in gatherings))


def count_about(gatherings: Sequence[Gathering], scale: float) -> int:
    """About how many steps there are, for a progress bar."""
    counted = [sign_ups(each.best, scale) for each in gatherings]
    return round(3.8 * len(counted) + sum(bool(number) for number in counted) + 2.8 * sum(counted))


# ---- one event


def opens_at(gathering: Gathering) -> datetime:
    """The earliest moment at which anything can happen at this event."""
    return gathering.slot.starts_at - LONGEST_LEAD - timedelta(days=1)


def ends_at(gathering: Gathering) -> datetime:
    """After this nothing happens any more at this event."""
    return gathering.slot.ends_at + timedelta(days=8)


def _of_event(name: str, gathering: Gathering, scale: float) -> Iterator[Step]:
    row, slot = gathering.row, gathering.slot
    draw = Random(f"{name}:{row}:times")
    told = expected(name, gathering, scale)
    lead = min(SHORTEST_LEAD + timedelta(days=draw.expovariate(1 / 11)), LONGEST_LEAD)
    published = _in_the_day(slot.starts_at - lead, slot.zone, draw)
    approved = published + timedelta(hours=draw.uniform(0.3, 20))
    yield Step(published, row, Verb.PUBLISH)
    yield Step(approved, row, Verb.APPROVE)
    kit = (
        [Step(approved + timedelta(hours=draw.uniform(0.2, 12)), row, Verb.OPEN_KIT)]
        if draw.random() < 0.8
        else []
    )
    yield from heapq.merge(
        kit,
        _signing_up(name, gathering, told, approved),
        _the_day_before(name, gathering, told, approved),
        _on_the_day(name, gathering, told),
        _afterwards(name, gathering, told),
        _report(gathering, draw),
    )


def _report(gathering: Gathering, draw: Random) -> Iterator[Step]:
    """The host tells how it went, from the next morning on, where the file holds a count."""
    if gathering.best is None:
        return
    slot = gathering.slot
    morning = _local(gathering.day + timedelta(days=1), time(10), slot.zone)
    hours = min(draw.expovariate(1 / 14), 120)
    at = max(morning, slot.ends_at) + timedelta(hours=hours, minutes=1)
    yield Step(at, gathering.row, Verb.REPORT)


def _in_the_day(moment: datetime, zone: str, draw: Random) -> datetime:
    """The same day there, between eight in the morning and ten at night."""
    day = zones.local_parts(moment, zone).on
    return _local(day, time(8 + draw.randrange(14), draw.randrange(60)), zone)


def _local(day: date, clock_time: time, zone: str) -> datetime:
    return zones.to_utc(datetime.combine(day, clock_time), zone).instant


def _sorted_draws(draw: Random, number: int) -> Iterator[float]:
    """``number`` even draws from 0 to 1 in rising order, one at a time."""
    low = 0.0
    for left in range(number, 0, -1):
        low = 1 - (1 - low) * (1 - draw.random()) ** (1 / left)
        yield low


# How likely people sign up in each hour of their day.
_HOURS = (6, 3, 2, 1, 1, 2, 5, 10, 14, 15, 16, 16, 18, 16, 15, 15, 16, 19, 23, 26, 27, 24, 18, 11)
_BY_HOUR = [sum(_HOURS[:hour]) / sum(_HOURS) for hour in range(25)]


def _with_rhythm(share: float) -> float:
    """The share of a day at which ``share`` of its sign-ups have come; it never goes back."""
    hour = min(bisect_right(_BY_HOUR, share) - 1, 23)
    inside = (share - _BY_HOUR[hour]) / (_BY_HOUR[hour + 1] - _BY_HOUR[hour])
    return (hour + min(max(inside, 0.0), 1.0)) / 24


def _sign_up_times(
    name: str, gathering: Gathering, told: Expected, opened: datetime
) -> Iterator[datetime]:
    """The moments of signing up, in order: a rise towards the day, and few at night."""
    slot, draw = gathering.slot, Random(f"{name}:{gathering.row}:rise")
    closes = slot.starts_at - timedelta(minutes=10)
    length = (closes - opened).total_seconds()
    wall = zones.local_parts(opened, slot.zone)
    shift = wall.offset.total_seconds()
    last = opened
    for share in _sorted_draws(draw, told.sign_ups):
        local = opened.timestamp() + length * share ** (1 / _RISE) + shift
        days, into = divmod(local, 86_400)
        moment = datetime.fromtimestamp((days + _with_rhythm(into / 86_400)) * 86_400 - shift, UTC)
        last = min(max(moment, last), closes)
        yield last


def _signing_up(
    name: str, gathering: Gathering, told: Expected, opened: datetime
) -> Iterator[Step]:
    """Sign-ups, each followed by proving the address and, for a few, by cancelling."""
    row, starts_at = gathering.row, gathering.slot.starts_at
    later: list[Step] = []
    times = _sign_up_times(name, gathering, told, opened)
    for number, moment in enumerate(times):
        step = Step(moment, row, Verb.SIGN_UP, number)
        while later and later[0] < step:
            yield heapq.heappop(later)
        yield step
        who = people.character(name, row, number)
        if who.proves_after:
            after = moment + timedelta(minutes=who.proves_after)
            heapq.heappush(later, Step(after, row, Verb.PROVE, number))
        left = starts_at - moment
        if who.cancels_at and left > 3 * _HOUR:
            heapq.heappush(later, Step(moment + left * who.cancels_at, row, Verb.CANCEL, number))
    while later:
        yield heapq.heappop(later)


def _the_day_before(
    name: str, gathering: Gathering, told: Expected, opened: datetime
) -> Iterator[Step]:
    """Answers to the reminder of 11:00: "I am coming", or "I can't come"."""
    slot = gathering.slot
    asked = _local(gathering.day - timedelta(days=1), time(11), slot.zone)
    span = (slot.starts_at - asked).total_seconds() * 0.8
    if span <= 0:
        return
    draw = Random(f"{name}:{gathering.row}:answers")
    times = _sign_up_times(name, gathering, told, opened)
    answers = _sorted_draws(draw, told.sign_ups)
    for number, (signed_up, share) in enumerate(zip(times, answers, strict=True)):
        if signed_up > asked:
            return  # they were told everything a moment ago
        answer = people.character(name, gathering.row, number).answer
        if answer:
            verb = Verb.CONFIRM if answer == "confirm" else Verb.CANCEL
            moment = asked + timedelta(seconds=60 + span * share * share)
            yield Step(moment, gathering.row, verb, number)


def _on_the_day(name: str, gathering: Gathering, told: Expected) -> Iterator[Step]:
    """The host ticks people in, from half an hour before to three quarters after the start."""
    if not told.has_ticks:
        return
    starts_at = gathering.slot.starts_at
    draws = _sorted_draws(Random(f"{name}:{gathering.row}:ticks"), told.sign_ups)
    for number, share in enumerate(draws):
        if people.character(name, gathering.row, number).is_there:
            moment = starts_at + timedelta(minutes=75 * share - 30)
            yield Step(moment, gathering.row, Verb.CHECK_IN, number)


def _afterwards(name: str, gathering: Gathering, told: Expected) -> Iterator[Step]:
    """Answers to "Did you make it?", most of them soon after it was asked."""
    asked = gathering.slot.ends_at + _HOUR
    draws = _sorted_draws(Random(f"{name}:{gathering.row}:told"), told.sign_ups)
    for number, share in enumerate(draws):
        who = people.character(name, gathering.row, number)
        if who.tells and not (told.has_ticks and who.is_there):
            hours = -8 * math.log(1 - share * 0.99)
            yield Step(asked + timedelta(hours=hours), gathering.row, Verb.TELL, number)
