"""Taking a merge back: two people again, each with what is theirs."""

from __future__ import annotations

import json

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock, rows
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.people import aliases, queries, search_names
from groundswell.people.facts_of_duplicates import MergeUndone
from groundswell.people.models import Lookalike, Merge, Person
from groundswell.people.moving import Parting, put_back
from groundswell.people.operations import merging, persons, reach
from groundswell.people.sockets import shelves
from groundswell.site import vault


class UndoneAlready(Refusal):
    sentence = _("This is undone already: they are two people again.")


class NothingToUndo(Refusal):
    sentence = _("This person was erased, and nothing is left to be taken apart.")


class LetGoAlready(Refusal):
    sentence = _(
        "This person was not heard of for ninety days. We have let go of what an undo needs."
    )


@transaction.atomic
def undo(*, merge_id: int, by: Actor) -> Person:
    """Two people again. Returns the one who comes back, under the id and the key they had.

    What happened since stays on the right one: what was done by an address or a sign-up that
    came from the one who comes back goes with it, everything else stays. Later merges into the
    same person are taken apart for a moment and made again, so the order does not matter. A pair
    that was merged by itself is noted as different, so it does not merge again. Raises
    NothingToUndo, UndoneAlready, LetGoAlready, merging.NotBothYours, merging.OneIsGone.
    """
    kept_id = Merge.objects.filter(id=merge_id).values_list("kept_id", flat=True).first()
    if kept_id is None:
        raise NothingToUndo
    # The person first, as a merge does: locked the other way round, each could wait for the other.
    list(Person.objects.select_for_update(of=("self",)).filter(id=kept_id))
    same = Merge.objects.select_for_update(of=("self",)).filter(id=merge_id, kept_id=kept_id)
    row = same.first()
    if row is None:  # merged into somebody else, or erased, while we waited
        raise merging.OneIsGone
    if row.undone_at is not None:
        raise UndoneAlready
    if not merging.sees_both(by, row):
        raise merging.NotBothYours
    if not row.moved_sealed:
        raise LetGoAlready
    standing = Merge.objects.filter(kept_id=row.kept_id, undone_at=None, id__gt=row.id)
    # One of which nothing is left stands by itself: what it changed is on its person for good.
    later = list(standing.exclude(moved_sealed=b"").order_by("-id"))
    for each in later:
        _take_apart(each)
    _take_apart(row)
    row.undone_at = clock.now()
    row.undone_by_id = by.id if by.kind == ActorKind.ACCOUNT else None
    row.moved_sealed = b""
    row.save(update_fields=["undone_at", "undone_by_id", "moved_sealed"])
    for each in reversed(later):
        merging.join(
            kept_id=each.kept_id, gone_id=each.gone_id, because=each.because, by=by, again=each
        )
    if row.because == Merge.Because.EMAIL:
        _never_again(row, by)
    fact = MergeUndone(person_id=row.kept_id, gone_id=row.gone_id, merge_id=row.id)
    ledger_ops.record(fact, by=by)
    return Person.objects.get(id=row.gone_id)


def _take_apart(row: Merge) -> None:
    row.refresh_from_db()
    lines = json.loads(vault.open_(row, "moved_sealed"))
    came_back = put_back(lines)
    parting = Parting(
        kept_id=row.kept_id,
        gone_id=row.gone_id,
        gone_key_id=row.gone_key_id,
        gone_keys=frozenset([row.gone_key_id, *aliases.keys_of(row.gone_id)]),
        since=row.at,
        came_back=came_back,
        notes=tuple(line for line in lines if "note" in line),
    )
    for _name, shelf in list(shelves):
        shelf.part(parting)
    for person in Person.objects.filter(id__in=[row.kept_id, row.gone_id]):
        _find_by_name(person)
    reach.follow([row.kept_id, row.gone_id])


def _find_by_name(person: Person) -> None:
    """What the person is found by, made anew: the risk may be called high since."""
    search_names.forget([person.id])
    name = queries.name_of(person)
    rows.insert(*search_names.made(person.id, persons.folded_name(name.given, name.family)))


def _never_again(row: Merge, by: Actor) -> None:
    one, other = sorted((row.kept_id, row.gone_id))
    now = clock.now()
    judged = {"state": Lookalike.State.DIFFERENT, "judged_at": now, "judged_by_id": by.id}
    Lookalike.objects.update_or_create(
        one_id=one, other_id=other, defaults=judged,
        create_defaults={**judged, "chance": 99, "found_at": now},
    )  # fmt: skip
