"""Duplicates: how many of those that are one person are found, how many that are two are spared.

Real test sets (GROUNDSWELL_REAL_DATA/linkage: FEBRL 1 and 3, splink's 1000) hold no proven e-mail,
so all they find goes to the review queue (goal: precision and recall 0.98). Made-up people with
contacts show what merges by itself (goal: precision 0.999) and both together (recall 0.985). Then
a million made-up people, looked through once (goal: 120 s of one processor); beside it one key for
each and a plain table of them: what this machine can do at best. Everything is counted pair by
pair; ``closed`` says the same of whole groups: A is B and B is C, so A is C.

Nothing is asked of a database: --db changes nothing here.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.rig import ground, lookalikes
from groundswell.people.duplicates import keys, scoring

Pairs = set[tuple[int, int]]
PEOPLE, MANY = 40_000, 833_000  # with those who come twice: 48,000 and a million


def main() -> None:
    asked = ground.options(__doc__ or "")
    asked.add_argument("--people", type=int, default=MANY, help="how many in the timed run")
    chosen = asked.parse_args()
    folder = os.environ.get("GROUNDSWELL_REAL_DATA", "")
    if folder:
        for sample in (
            lookalikes.febrl(Path(folder) / "linkage", 1),
            lookalikes.febrl(Path(folder) / "linkage", 3),
            lookalikes.splink(Path(folder) / "linkage"),
        ):
            _quality(sample)
    else:
        ground.say("Set GROUNDSWELL_REAL_DATA to measure the real test sets.")
    _quality(lookalikes.made_up(PEOPLE))
    _speed(chosen.people)


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs that merge by themselves, pairs for review, and those that are one person."""

    alone: Pairs
    queue: Pairs
    truth: Pairs

    @property
    def alone_precision(self) -> float:
        return _share(self.alone & self.truth, self.alone)

    @property
    def precision(self) -> float:
        """Of the review queue."""
        return _share(self.queue & self.truth, self.queue)

    @property
    def recall(self) -> float:
        """Of both together."""
        return _share((self.alone | self.queue) & self.truth, self.truth)


def measured(sample: lookalikes.Sample) -> Found:
    """Look through a sample."""
    records = sample.records
    alone: Pairs = set()
    queue: Pairs = set()
    held: dict[str, int] = {}
    for one, other in keys.pairs(records, held):
        if scoring.is_surely_one(records[one], records[other]):
            alone.add((one, other))
        elif scoring.judge(
            records[one], records[other], people=len(records), names_held=held
        ).is_for_review:
            queue.add((one, other))
    return Found(alone, queue, sample.truth())


def _quality(sample: lookalikes.Sample) -> None:
    found = measured(sample)
    closed = _closed(found.alone | found.queue, len(sample.records))
    more = {
        "records": len(sample.records),
        "pairs": len(found.truth),
        "closed_precision": round(_share(closed & found.truth, closed), 4),
        "closed_recall": round(_share(closed & found.truth, found.truth), 4),
    }
    if found.alone:
        _tell(f"linkage_{sample.name}_alone_precision", found.alone_precision, 0.999, more)
    _tell(f"linkage_{sample.name}_review_precision", found.precision, 0.98, more)
    goal = 0.985 if found.alone else 0.98
    _tell(f"linkage_{sample.name}_recall", found.recall, goal, more)


def _share(part: Pairs, whole: Pairs) -> float:
    return len(part) / len(whole) if whole else 1.0


def _tell(name: str, value: float, goal: float, more: dict[str, object]) -> None:
    ground.tell(
        bench=name, db="none", value=value, unit="share", better="higher", goal=goal, limit=1.0,
        runs=1, **more,
    )  # fmt: skip


def _closed(found: Pairs, many: int) -> Pairs:
    """Every pair within the groups that the found pairs make."""
    leader = list(range(many))

    def lead(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, other in found:
        leader[lead(one)] = lead(other)
    groups: dict[int, list[int]] = {}
    for place in range(many):
        groups.setdefault(lead(place), []).append(place)
    return {
        (one, other)
        for places in groups.values()
        for index, one in enumerate(places)
        for other in places[index + 1 :]
    }


def _speed(people: int) -> None:
    records = lookalikes.made_up(people, seed=2).records
    ground.say(f"{len(records)} records are made; now they are looked through")
    started = time.process_time()
    plain: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        plain.setdefault(f"{record.given} {record.family}", []).append(place)
    limit = time.process_time() - started
    del plain
    started = time.process_time()
    looked = found = 0
    held: dict[str, int] = {}
    for one, other in keys.pairs(records, held):
        looked += 1
        judged = scoring.judge(records[one], records[other], people=len(records), names_held=held)
        found += judged.is_for_review
    took = time.process_time() - started
    ground.tell(
        bench="linkage_million", db="none", value=took, unit="s", better="lower", goal=120.0,
        limit=limit, runs=1, records=len(records), compared=looked, found=found,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
