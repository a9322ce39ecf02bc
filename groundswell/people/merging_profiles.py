"""Two profiles become one, and two again: addresses, tags, answers, notes, ties, touches."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from groundswell.people.models import (
    FieldValue,
    Lookalike,
    Merge,
    Note,
    Person,
    PostalAddress,
    Relation,
    Tagging,
    Touch,
    ViewMember,
)
from groundswell.people.moving import Moves, Parting

# Rows that somebody owns and what of them is sealed by the owner's key.
SEALED = ((PostalAddress, "street_sealed"), (Note, "body_sealed"), (FieldValue, "value_sealed"))


def merge(moves: Moves) -> None:
    """What the one that goes has passes to the other; what both have stays once, and it is the
    kept one's answer that stands."""
    kept_id = moves.kept_id
    for model in (PostalAddress, Note):
        moves.change(_of(model, moves.gone_id), person_id=kept_id)
    own = set(Tagging.objects.filter(person_id=kept_id).values_list("tag_id", flat=True))
    moves.delete(_of(Tagging, moves.gone_id).filter(tag_id__in=own))
    moves.change(_of(Tagging, moves.gone_id), person_id=kept_id)
    answered = set(FieldValue.objects.filter(person_id=kept_id).values_list("field_id", flat=True))
    moves.delete(_of(FieldValue, moves.gone_id).filter(field_id__in=answered))
    moves.change(_of(FieldValue, moves.gone_id), person_id=kept_id)
    on = set(ViewMember.objects.filter(person_id=kept_id).values_list("view_id", flat=True))
    moves.delete(_of(ViewMember, moves.gone_id).filter(view_id__in=on))
    moves.change(_of(ViewMember, moves.gone_id), person_id=kept_id)
    moves.change(_of(Touch, moves.gone_id), person_id=kept_id)
    moves.change(Touch.objects.filter(referrer_id=moves.gone_id), referrer_id=kept_id)
    recruited = Person.objects.filter(recruiter_id=moves.gone_id)
    moves.change(recruited.filter(id=kept_id), recruiter_id=None)
    moves.change(recruited, recruiter_id=kept_id)
    _merge_ties(moves)
    _merge_lookalikes(moves)
    # Merges into the one that goes are merges into the one that stays, for as long as this lasts.
    moves.change(Merge.objects.filter(kept_id=moves.gone_id), kept_id=kept_id)


def part(parting: Parting) -> None:
    """What was added since stays with the kept one: the team wrote it about that record. What
    came back is sealed by the key of its owner again."""
    for model, column in SEALED:
        ids = parting.ids(model._meta.label_lower)
        rows = model._default_manager.filter(person_id=parting.gone_id, id__in=ids)
        parting.reseal(rows, column)


def _of(model: Any, person_id: int) -> Any:
    return model.objects.filter(person_id=person_id).order_by("id")


def _merge_ties(moves: Moves) -> None:
    """Ties with others pass on, each once; a tie between the two is none any more."""
    kept_id, gone_id = moves.kept_id, moves.gone_id
    known = set()
    for one, other in Relation.objects.filter(
        Q(person_id=kept_id) | Q(other_id=kept_id)
    ).values_list("person_id", "other_id"):
        known.add(frozenset((one, other)))
    for tie in list(_ties_of(gone_id)):
        person_id = kept_id if tie.person_id == gone_id else tie.person_id
        other_id = kept_id if tie.other_id == gone_id else tie.other_id
        pair, row = frozenset((person_id, other_id)), Relation.objects.filter(id=tie.id)
        if len(pair) == 1 or pair in known:
            moves.delete(row)
            continue
        known.add(pair)
        moves.change(row, person_id=person_id, other_id=other_id)


def _ties_of(person_id: int) -> Any:
    ties = Relation.objects.filter(Q(person_id=person_id) | Q(other_id=person_id))
    return ties.order_by("id")


def _merge_lookalikes(moves: Moves) -> None:
    """Whom the one that goes looks like, the other looks like. Who was judged to be somebody else
    stays somebody else, whichever of the two it was said of."""
    kept_id, gone_id = moves.kept_id, moves.gone_id
    mine = {_across(pair, kept_id): pair for pair in _pairs_of(kept_id)}
    for pair in list(_pairs_of(gone_id)):
        third, row = _across(pair, gone_id), Lookalike.objects.filter(id=pair.id)
        if third == kept_id:
            moves.delete(row)
            continue
        held = mine.get(third)
        if held is not None:
            if held.state == Lookalike.State.OPEN != pair.state:
                moves.delete(Lookalike.objects.filter(id=held.id))
            else:
                moves.delete(row)
                continue
        one, other = sorted((kept_id, third))
        moves.change(row, one_id=one, other_id=other)


def _pairs_of(person_id: int) -> Any:
    pairs = Lookalike.objects.filter(Q(one_id=person_id) | Q(other_id=person_id))
    return pairs.order_by("id")


def _across(pair: Lookalike, person_id: int) -> int:
    return pair.other_id if pair.one_id == person_id else pair.one_id
