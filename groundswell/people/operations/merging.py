"""Two records of one person become one. Everything that is changed is written down first."""

from __future__ import annotations

import json

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.people import policy, sight
from groundswell.people.facts_of_duplicates import PeopleMerged
from groundswell.people.models import Contact, Merge, Person
from groundswell.people.moving import Moves
from groundswell.people.operations import reach
from groundswell.people.sockets import Depth, shelves
from groundswell.site import vault


class NotBothYours(Refusal):
    sentence = _(
        "Only somebody who sees both people with everything about them can decide this. Ask an "
        "organiser or a data manager."
    )


class OneIsGone(Refusal):
    sentence = _(
        "One of the two is not here any more: merged or erased in the meantime. Go on to the next."
    )


class AreOneAlready(Refusal):
    sentence = _("These are one record already.")


@transaction.atomic
def merge(
    *, kept_id: int, gone_id: int, by: Actor, because: str = Merge.Because.REVIEW.value
) -> Merge:
    """Put what is held about ``gone_id`` to ``kept_id``; from now on both ids lead there.

    ``undoing.undo`` takes it back. Raises NotBothYours, OneIsGone, AreOneAlready.
    """
    both_for(kept_id, gone_id, by)
    return join(kept_id=kept_id, gone_id=gone_id, because=because, by=by)


def both_for(one_id: int, other_id: int, by: Actor) -> dict[int, Person]:
    """Two people, locked in the order of their ids, if the actor may say what they are.

    Raises NotBothYours, OneIsGone, AreOneAlready.
    """
    if one_id == other_id:
        raise AreOneAlready
    wanted = Person.objects.select_for_update(of=("self",)).filter(id__in=[one_id, other_id])
    people = {person.id: person for person in wanted.order_by("id")}
    if len(people) < 2:
        raise OneIsGone
    depths = sight.depths(by, people.values())
    if not policy.can_join([depths.get(each) for each in people]):
        raise NotBothYours
    return people


def join(
    *,
    kept_id: int,
    gone_id: int,
    because: str,
    by: Actor,
    instead_of: tuple[int, ...] = (),
    again: Merge | None = None,
) -> Merge:
    """The merge itself, in the caller's transaction, both people locked and checked.

    ``instead_of``: contacts of the kept person that the other's take the place of. ``again``: a
    merge that was taken apart for a moment, to be made anew as the same one.
    """
    gone = Person.objects.get(id=gone_id)
    moves = Moves(kept_id, gone_id)
    moves.delete(Contact.objects.filter(id__in=instead_of, person_id=kept_id))
    for _name, shelf in reversed(list(shelves)):
        shelf.merge(moves)
    _move_the_rest(moves)
    moves.delete(Person.objects.filter(id=gone_id))
    row = again or Merge(
        id=new_id(),
        gone_id=gone_id,
        gone_key_id=gone.key_id,
        because=because,
        by_id=by.id if by.kind == ActorKind.ACCOUNT else None,
        at=clock.now(),
    )
    row.kept_id = kept_id
    told = json.dumps(moves.lines, ensure_ascii=False, separators=(",", ":"))
    row.moved_sealed = vault.seal(row, "moved_sealed", told, key_id=gone.key_id)
    row.save(force_insert=again is None)
    reach.follow([kept_id])
    if again is None:
        fact = PeopleMerged(
            person_id=kept_id, gone_id=gone_id, merge_id=row.id, because=row.because
        )
        ledger_ops.record(fact, by=by)
    return row


def _move_the_rest(moves: Moves) -> None:
    """Links that no shelf has moved follow: nothing may go with the row of who goes."""
    for relation in Person._meta.related_objects:
        model, column = relation.related_model, relation.field.attname
        rows = model._base_manager.filter(**{column: moves.gone_id})
        moves.change(rows, **{column: moves.kept_id})


def sees_both(by: Actor, merge: Merge) -> bool:
    """Whether the actor may take this merge back: they see the person it made, whole."""
    kept = Person.objects.filter(id=merge.kept_id).first()
    depth = sight.depth_of(by, kept) if kept is not None else None
    return depth is not None and depth >= Depth.ALL
