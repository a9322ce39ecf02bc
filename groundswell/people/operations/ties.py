"""Whom somebody belongs with: relations, a household, who of the team looks after them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import queries as account_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.people.facts_of_profiles import PointPersonChosen, TieEnded, TieMade
from groundswell.people.models import Household, Person, Relation
from groundswell.people.operations.whom import person_of_team


class NotWithOneself(Refusal):
    sentence = _("Choose somebody else: these are the same person.")
    field = "other"


class NoSuchRelation(Refusal):
    sentence = _("Choose one of the relations shown.")
    field = "kind"


class TieIsGone(Refusal):
    sentence = _("This is not noted any more. Open the page again.")


class NotOfTheTeam(Refusal):
    sentence = _("Choose somebody of the team who has an open account.")
    field = "account"


@transaction.atomic
def relate(*, person_id: int, other_id: int, kind: str, by: Actor) -> Relation:
    """Note that ``other`` is ``person``'s partner, parent, friend … A second word replaces the
    first, told from either side. Raises looking.NotYours, NotWithOneself, NoSuchRelation."""
    if kind not in Relation.Kind.values:
        raise NoSuchRelation
    person, other = person_of_team(person_id, by), person_of_team(other_id, by)
    if person.id == other.id:
        raise NotWithOneself
    _between(person.id, other.id).delete()
    tie = Relation(id=new_id(), person=person, other=other, kind=kind, at=clock.now())
    tie.save(force_insert=True)
    _told(TieMade, [person.id, other.id], by)
    return tie


@transaction.atomic
def unrelate(*, person_id: int, relation_id: int, by: Actor) -> None:
    """End a relation of the person, from either side. Raises looking.NotYours, TieIsGone."""
    person = person_of_team(person_id, by)
    own = Relation.objects.filter(Q(person=person) | Q(other=person), id=relation_id)
    tie = own.first()
    if tie is None:
        raise TieIsGone
    tie.delete()
    _told(TieEnded, [tie.person_id, tie.other_id], by)


def _between(one: int, two: int) -> QuerySet[Relation]:
    return Relation.objects.filter(Q(person_id=one, other_id=two) | Q(person_id=two, other_id=one))


@transaction.atomic
def live_together(*, person_id: int, other_id: int, by: Actor) -> Household:
    """Put two people into one household; two households become one.

    Raises looking.NotYours, NotWithOneself.
    """
    person, other = person_of_team(person_id, by), person_of_team(other_id, by)
    if person.id == other.id:
        raise NotWithOneself
    kept = person.household or other.household
    if kept is None:
        kept = Household(id=new_id(), created_at=clock.now())
        kept.save(force_insert=True)
    joined = {person.household_id, other.household_id} - {kept.id, None}
    Person.objects.filter(household_id__in=joined).update(household=kept)
    Person.objects.filter(id__in=[person.id, other.id]).update(household=kept)
    Household.objects.filter(id__in=joined).delete()
    _told(TieMade, [person.id, other.id], by)
    return kept


@transaction.atomic
def move_out(*, person_id: int, by: Actor) -> None:
    """Take somebody out of their household; who is left alone in it has none either.

    Raises looking.NotYours, TieIsGone.
    """
    person = person_of_team(person_id, by)
    if person.household_id is None:
        raise TieIsGone
    left = Person.objects.filter(household_id=person.household_id).exclude(id=person.id)
    household_id = person.household_id
    Person.objects.filter(id=person.id).update(household=None)
    if left.count() < 2:
        left.update(household=None)
        Household.objects.filter(id=household_id).delete()
    _told(TieEnded, [person.id], by)


@transaction.atomic
def choose_point_person(*, person_id: int, account_id: int | None, by: Actor) -> None:
    """Who of the team looks after somebody; None: nobody in particular.

    Raises looking.NotYours, NotOfTheTeam.
    """
    person = person_of_team(person_id, by)
    if account_id is not None and account_queries.find_account(account_id) is None:
        raise NotOfTheTeam
    Person.objects.filter(id=person.id).update(point_person_id=account_id)
    ledger_ops.record(PointPersonChosen(person_id=person.id, account_id=account_id), by=by)


def _told(fact: type[TieMade | TieEnded], person_ids: list[int], by: Actor) -> None:
    ledger_ops.record_many([fact(person_id=person_id) for person_id in person_ids], by=by)
