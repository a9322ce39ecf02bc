"""Finding people who look alike, block by block, and what somebody says about two of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations

from django.db import transaction
from django.db.models import Count, Q
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.ids import new_id
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import likenesses, queries, sight
from groundswell.people.duplicates import keys, scoring
from groundswell.people.duplicates.records import Record
from groundswell.people.facts_of_duplicates import LookalikesJudged
from groundswell.people.models import LikenessKey, Lookalike, Merge, Person
from groundswell.people.operations import merging, ties

AT_ONCE = 200
_BLINDS_AT_ONCE = 900
_LOOKED_AT_MOST = 5_000  # other people opened in one block

Pair = tuple[int, int]


@task()
def find_lookalikes(after: int = 0, people: int = 0) -> Again | None:
    """At night, and after an import (config/wiring.py): 200 people that were not compared since
    they changed, in one transaction, then again."""
    held = people or queries.how_many()
    due = sight.listed(Person.objects.filter(is_compared=False, is_thin=False, id__gt=after))
    ids = list(due.order_by("id").values_list("id", flat=True)[:AT_ONCE])
    with transaction.atomic():
        compare(ids, people=held)
    if len(ids) < AT_ONCE:
        return None
    return Again({"args": [], "kwargs": {"after": ids[-1], "people": held}})


def look_now() -> None:
    """Begin :func:`find_lookalikes` in the worker, in the caller's transaction."""
    ledger_ops.enqueue(find_lookalikes.module_path, {"args": [], "kwargs": {}})


def compare(person_ids: Collection[int], *, people: int = 0) -> int:
    """Compare these people with everybody who shares a key with them, in the caller's
    transaction. Who is surely one person becomes one; the rest goes to the review queue.

    Returns how many pairs wait for review because of it.
    """
    if not person_ids:
        return 0
    mine = likenesses.records_of(person_ids)
    wanted = _keep_keys(mine)
    shared = _shared(wanted)
    near = _groups([blind for blind, many in shared.items() if many <= wanted[blind]])
    others = {each for group in near for each in group} - mine.keys()
    seen = sight.listed(Person.objects.filter(id__in=sorted(others)[:_LOOKED_AT_MOST]))
    records = mine | likenesses.records_of(list(seen.values_list("id", flat=True)))
    held = people or queries.how_many()
    sure: list[Pair] = []
    found: dict[Pair, scoring.Judged] = {}
    names = _counts_of_names(mine.values(), shared)
    fresh = {pair for group in near for pair in _pairs(group, mine)}
    again = _waiting(others & records.keys(), records, names)
    for one, other in sorted(fresh | again):
        if one not in records or other not in records:
            continue
        if scoring.is_surely_one(records[one], records[other]):
            sure.append((one, other))
            continue
        judged = scoring.judge(records[one], records[other], people=held, names_held=names)
        if judged.is_for_review:
            found[one, other] = judged
    Person.objects.filter(id__in=person_ids).update(is_compared=True)
    _queue(mine.keys(), again, found)
    _merge_sure(sure)
    return len(found)


def _keep_keys(mine: dict[int, Record]) -> dict[bytes, int]:
    """Write the keyed hashes of these records; returns them with how many may share each."""
    LikenessKey.objects.filter(person_id__in=list(mine)).delete()
    rows, wanted = [], {}
    for person_id, one in mine.items():
        for blind, most in likenesses.blinds_of(one).items():
            wanted[blind] = most
            rows.append(LikenessKey(id=new_id(), person_id=person_id, blind=blind))
    LikenessKey.objects.bulk_create(rows, batch_size=1000)
    return wanted


def _shared(wanted: Collection[bytes]) -> dict[bytes, int]:
    """How many people share each of these keys; those that only one has are left out."""
    found: dict[bytes, int] = {}
    blinds = list(wanted)
    for start in range(0, len(blinds), _BLINDS_AT_ONCE):
        some = LikenessKey.objects.filter(blind__in=blinds[start : start + _BLINDS_AT_ONCE])
        counts = some.values_list("blind").annotate(many=Count("id")).filter(many__gt=1)
        found |= {bytes(blind): many for blind, many in counts}
    return found


def _groups(blinds: list[bytes]) -> list[list[int]]:
    """The people who share one of these keys, key by key."""
    groups: dict[bytes, list[int]] = {}
    for start in range(0, len(blinds), _BLINDS_AT_ONCE):
        rows = LikenessKey.objects.filter(blind__in=blinds[start : start + _BLINDS_AT_ONCE])
        for blind, person_id in rows.values_list("blind", "person_id"):
            groups.setdefault(bytes(blind), []).append(person_id)
    return list(groups.values())


def _counts_of_names(mine: Iterable[Record], shared: dict[bytes, int]) -> dict[str, int]:
    """How many people go by each of these records' names."""
    names = {name for one in mine for name in keys.names_of(one)}
    return {
        name: shared.get(likenesses.blind_of(f"{keys.NAMES}:{name}"), 1) for name in sorted(names)
    }


def _waiting(ids: set[int], records: dict[int, Record], names: dict[str, int]) -> set[Pair]:
    """Pairs of others that wait under a name which has just got more common: what spoke for
    them while there were two may say nothing now that there are twenty."""
    rows = Lookalike.objects.filter(state=Lookalike.State.OPEN, one_id__in=ids, other_id__in=ids)
    return {
        (one, other)
        for one, other in rows.values_list("one_id", "other_id")
        if keys.namesakes(records[one], records[other], names) > 2
    }


def _pairs(group: Collection[int], mine: Collection[int]) -> Iterable[Pair]:
    for one, other in combinations(sorted(set(group)), 2):
        if one in mine or other in mine:
            yield one, other


def _queue(
    person_ids: Collection[int], again: Collection[Pair], found: dict[Pair, scoring.Judged]
) -> None:
    """Pairs that wait: of these people, and those looked at ``again``. What was judged stays
    judged; a pair that does not look alike any more leaves the queue."""
    ids, now = list(person_ids), clock.now()
    of_others = {one for one, _other in again}
    held = Lookalike.objects.filter(Q(one_id__in=of_others.union(ids)) | Q(other_id__in=ids))
    known = {
        (row.one_id, row.other_id): row
        for row in held
        if not {row.one_id, row.other_id}.isdisjoint(ids) or (row.one_id, row.other_id) in again
    }
    over = [
        row.id
        for pair, row in known.items()
        if row.state == Lookalike.State.OPEN and pair not in found
    ]
    Lookalike.objects.filter(id__in=over).delete()
    changed = []
    for pair, judged in found.items():
        row = known.get(pair)
        if row is not None and row.state == Lookalike.State.OPEN:
            row.chance, row.reasons = judged.chance, [why.value for why in judged.reasons]
            changed.append(row)
    Lookalike.objects.bulk_update(changed, ["chance", "reasons"])
    Lookalike.objects.bulk_create(
        [
            Lookalike(
                id=new_id(),
                one_id=pair[0],
                other_id=pair[1],
                chance=judged.chance,
                reasons=[why.value for why in judged.reasons],
                found_at=now,
            )
            for pair, judged in found.items()
            if pair not in known
        ],
        ignore_conflicts=True,
    )


def _merge_sure(sure: Iterable[Pair]) -> None:
    """The record that we have had for longer stays. Who was once said to be two stays two."""
    for one, other in sure:
        judged = Lookalike.objects.filter(one_id=one, other_id=other)
        if judged.exclude(state=Lookalike.State.OPEN).exists():
            continue
        there = Person.objects.select_for_update(of=("self",)).filter(id__in=[one, other])
        if len(there.order_by("id")) == 2:  # not merged a moment ago
            merging.join(kept_id=one, gone_id=other, because=Merge.Because.EMAIL.value, by=SYSTEM)


@transaction.atomic
def tell_apart(*, one_id: int, other_id: int, by: Actor) -> Lookalike:
    """These are two different people; the pair never comes back.

    Raises merging.NotBothYours, merging.OneIsGone.
    """
    merging.both_for(one_id, other_id, by)
    return _judge(one_id, other_id, Lookalike.State.DIFFERENT, by)


@transaction.atomic
def say_together(*, one_id: int, other_id: int, by: Actor) -> Lookalike:
    """These are two people of one household; the pair never comes back.

    Raises merging.NotBothYours, merging.OneIsGone.
    """
    merging.both_for(one_id, other_id, by)
    ties.live_together(person_id=one_id, other_id=other_id, by=by)
    return _judge(one_id, other_id, Lookalike.State.TOGETHER, by)


@transaction.atomic
def open_again(*, lookalike_id: int, by: Actor) -> None:
    """Take a judgement back: the pair waits again. Raises merging.NotBothYours, OneIsGone."""
    row = Lookalike.objects.select_for_update(of=("self",)).filter(id=lookalike_id).first()
    if row is None:
        raise merging.OneIsGone
    merging.both_for(row.one_id, row.other_id, by)
    _judge(row.one_id, row.other_id, Lookalike.State.OPEN, by)


def _judge(one_id: int, other_id: int, state: Lookalike.State, by: Actor) -> Lookalike:
    one, other = sorted((one_id, other_id))
    now = clock.now()
    judged = {"state": state, "judged_at": now, "judged_by_id": by.id}
    row, _made = Lookalike.objects.update_or_create(
        one_id=one,
        other_id=other,
        defaults=judged,
        create_defaults={**judged, "chance": 50, "found_at": now},
    )
    fact = LookalikesJudged(person_id=one, other_id=other, state=state.value)
    ledger_ops.record(fact, by=by)
    return row
