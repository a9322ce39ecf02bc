"""Tags on people: on one, or on many at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line, fold
from groundswell.ledger import operations as ledger_ops
from groundswell.people import sight
from groundswell.people.facts_of_profiles import Tagged, Untagged
from groundswell.people.models import Tag, Tagging
from groundswell.people.operations.whom import person_of_team
from groundswell.people.sockets import Depth

NAME_MOST = 80
AT_ONCE = 500


class TagIsEmpty(Refusal):
    sentence = _("Write the tag, for example “speaks Polish”.")
    field = "tag"


class TagIsTooLong(Refusal):
    sentence = _("Make the tag shorter: at most 80 characters.")
    field = "tag"


class NoSuchTag(Refusal):
    sentence = _("There is no such tag any more. Open this page again.")
    field = "tag"


def tag_named(text: str) -> Tag:
    """The tag of this name, made when there is none, in the caller's transaction.

    One tag per word however it is written: upper and lower case and accents do not count.
    Raises TagIsEmpty, TagIsTooLong.
    """
    name = clean_line(text)
    folded = fold(name)
    if not folded:
        raise TagIsEmpty
    if len(name) > NAME_MOST or len(folded) > NAME_MOST:
        raise TagIsTooLong
    defaults = {"id": new_id(), "name": name, "created_at": clock.now()}
    return Tag.objects.get_or_create(folded=folded, defaults=defaults)[0]


@transaction.atomic
def tag(*, person_id: int, name: str, by: Actor) -> Tag:
    """Put a tag on somebody; twice is once. Raises looking.NotYours, TagIsEmpty, TagIsTooLong."""
    person = person_of_team(person_id, by)
    found = tag_named(name)
    _put(found, [person.id], by)
    return found


@transaction.atomic
def untag(*, person_id: int, tag_id: int, by: Actor) -> Tag:
    """Take a tag off somebody; twice is harmless. Raises looking.NotYours, NoSuchTag."""
    person = person_of_team(person_id, by)
    found = Tag.objects.filter(id=tag_id).first()
    if found is None:
        raise NoSuchTag
    _take_off(found, [person.id], by)
    return found


@transaction.atomic
def tag_people(*, tag_id: int, person_ids: Iterable[int], by: Actor) -> list[int]:
    """Put a tag on up to 500 people whom the actor sees by their contacts; returns who got it.

    Who is not seen is passed over, and so is who has it already: an undo takes it off only those
    that are returned.
    """
    found = Tag.objects.filter(id=tag_id).first()
    if found is None:
        raise NoSuchTag
    return _put(found, _seen(person_ids, by), by)


@transaction.atomic
def untag_people(*, tag_id: int, person_ids: Iterable[int], by: Actor) -> list[int]:
    """Take a tag off up to 500 people; returns those who had it."""
    found = Tag.objects.filter(id=tag_id).first()
    if found is None:
        raise NoSuchTag
    return _take_off(found, _seen(person_ids, by), by)


def _seen(person_ids: Iterable[int], by: Actor) -> list[int]:
    wanted = list(person_ids)[:AT_ONCE]
    seen = sight.visible_to(by, at_least=Depth.CONTACT).filter(id__in=wanted)
    return list(seen.values_list("id", flat=True))


def _put(found: Tag, person_ids: list[int], by: Actor) -> list[int]:
    have = set(
        Tagging.objects.filter(tag=found, person_id__in=person_ids).values_list(
            "person_id", flat=True
        )
    )
    fresh = [person_id for person_id in person_ids if person_id not in have]
    now = clock.now()
    Tagging.objects.bulk_create(
        [
            Tagging(id=new_id(), tag=found, person_id=person_id, by_id=by.id, at=now)
            for person_id in fresh
        ],
        ignore_conflicts=True,
    )
    facts = [Tagged(person_id=person_id, tag_id=found.id) for person_id in fresh]
    ledger_ops.record_many(facts, by=by)
    return fresh


def _take_off(found: Tag, person_ids: list[int], by: Actor) -> list[int]:
    there = Tagging.objects.filter(tag=found, person_id__in=person_ids)
    had = list(there.values_list("person_id", flat=True))
    there.delete()
    facts = [Untagged(person_id=person_id, tag_id=found.id) for person_id in had]
    ledger_ops.record_many(facts, by=by)
    return had
