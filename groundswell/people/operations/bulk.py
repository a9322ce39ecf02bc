"""One thing done to many people: at most 500 in a transaction, and all of it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.accounts import queries as account_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.ledger.worker import Again
from groundswell.people import sight
from groundswell.people.facts_of_lists import ManyChanged, ManyChangedBack
from groundswell.people.lists import wishes
from groundswell.people.lists.wishes import Wish
from groundswell.people.models import BulkAct, BulkPart, Person, Tag, Tagging, View, ViewMember
from groundswell.people.operations import tagging, views
from groundswell.people.sockets import Depth

AT_ONCE = 500
KEPT = timedelta(days=7)

Kind = BulkAct.Kind
State = BulkAct.State


class NobodyChosen(Refusal):
    sentence = _("Tick at least one person, or choose everybody who fits.")


class ChooseWhatToDo(Refusal):
    sentence = _("Choose what to do with them.")
    field = "about"


class SampleIsTooLarge(Refusal):
    sentence = _(
        "This segment draws a sample, and who is drawn can change while many are worked through. "
        "Take a sample of at most 500 people."
    )


class NotYourChange(Refusal):
    sentence = _("Only who made this change, or a data manager, can take it back.")


class CannotBeUndone(Refusal):
    sentence = _("This was taken back already, or it is older than seven days.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would do: how many fit, and how many of them it would change."""

    wanted: int
    changed: int


def whom(wish: Wish, by: Actor) -> QuerySet[Person]:
    """The people of a wish whom the actor may change: those whose contacts they may open."""
    deep = sight.visible_to(by, at_least=Depth.CONTACT).values("id")
    return wishes.people(wish, by=by).filter(id__in=deep)


def preview(*, kind: str, about_id: int, wish: Wish, by: Actor) -> Preview:
    """Count without writing. Raises what :func:`start` raises."""
    _check(kind, about_id, by)
    found = whom(wish, by)
    count = found.count()
    _refuse_a_draw(count, wish, by)
    return Preview(count, _fresh(kind, about_id, found).count())


def _refuse_a_draw(count: int, wish: Wish, by: Actor) -> None:
    """Steps ask anew whom to change, and a sample would draw others for those who changed."""
    asked = wishes.segment_of(wish, by=by)
    if count > AT_ONCE and asked is not None and asked.has_sample:
        raise SampleIsTooLarge


def _fresh(kind: str, about_id: int, found: QuerySet[Person]) -> QuerySet[Person]:
    """Those of them for whom it changes anything."""
    match kind:
        case Kind.TAG:
            return found.exclude(id__in=_tagged(about_id))
        case Kind.UNTAG:
            return found.filter(id__in=_tagged(about_id))
        case Kind.PICK:
            return found.exclude(id__in=_picked(about_id))
        case Kind.UNPICK:
            return found.filter(id__in=_picked(about_id))
    if not about_id:
        return found.filter(point_person__isnull=False)
    return found.exclude(point_person__isnull=False, point_person_id=about_id)


def _tagged(tag_id: int) -> QuerySet[Any]:
    return Tagging.objects.filter(tag_id=tag_id).values("person_id")


def _picked(view_id: int) -> QuerySet[Any]:
    return ViewMember.objects.filter(view_id=view_id).values("person_id")


def _check(kind: str, about_id: int, by: Actor) -> None:
    match kind:
        case Kind.TAG | Kind.UNTAG:
            is_there = Tag.objects.filter(id=about_id).exists()
        case Kind.PICK | Kind.UNPICK:
            view = View.objects.filter(id=about_id, is_picked=True, removed_at=None).first()
            is_there = view is not None and views.can_change(view, by)
        case Kind.POINT:
            is_there = not about_id or account_queries.find_account(about_id) is not None
        case _:
            is_there = False
    if not is_there:
        raise ChooseWhatToDo


@transaction.atomic
def start(*, kind: str, about_id: int, wish: Wish, by: Actor) -> BulkAct:
    """Begin. Up to 500 people are changed at once, more by the worker in steps.

    Raises NobodyChosen, ChooseWhatToDo, SampleIsTooLarge.
    """
    _check(kind, about_id, by)
    count = whom(wish, by).count()
    if not count:
        raise NobodyChosen
    _refuse_a_draw(count, wish, by)
    if wish.segment_id is not None and count <= AT_ONCE:
        # By name, as if they were ticked: what is changed can move people in and out of a segment.
        ids = tuple(whom(wish, by).values_list("id", flat=True))
        wish = replace(wish, segment_id=None, ids=ids)
    act = BulkAct(
        id=new_id(),
        kind=kind,
        about_id=about_id,
        account_id=by.id or 0,
        wish=wish.as_json(),
        wanted_count=count,
        state=State.RUNNING,
        at=clock.now(),
    )
    act.save(force_insert=True)
    if count <= AT_ONCE:
        _step(act, by)
        _step(act, by)  # finds nobody more, and ends it
    else:
        ledger_ops.enqueue(go_on.module_path, {"args": [act.id], "kwargs": {}})
    return BulkAct.objects.get(id=act.id)


@task()
def go_on(act_id: int) -> Again | None:
    """The next 500 people of an act, by the rights that its maker has now."""
    with transaction.atomic():
        act = BulkAct.objects.select_for_update().filter(id=act_id).first()
        account = account_queries.find_account(act.account_id) if act else None
        if act is None or act.state != State.RUNNING:
            return None
        if account is None:
            BulkAct.objects.filter(id=act.id).update(state=State.DONE)
            return None
        _step(act, account_queries.actor_of(account))
    return Again({"args": [act_id], "kwargs": {}})


def _step(act: BulkAct, by: Actor) -> None:
    """Change up to 500 people after the place of the act, and move the place on."""
    found = whom(wishes.from_json(act.wish), by).filter(id__gt=act.place).order_by("id")
    ids = list(found.values_list("id", flat=True)[:AT_ONCE])
    if not ids:
        done = BulkAct.objects.filter(id=act.id)
        done.update(state=State.DONE)
        fact = ManyChanged(act_id=act.id, what=act.kind, count=act.changed_count)
        ledger_ops.record(fact, by=by)
        return
    changed = _DO[Kind(act.kind)](act, ids, by)
    if changed:
        BulkPart(id=new_id(), act=act, changed=changed).save(force_insert=True)
    act.place, act.changed_count = ids[-1], act.changed_count + len(changed)
    act.save(update_fields=["place", "changed_count"])


Changed = list[list[int | None]]


def _tag(act: BulkAct, ids: list[int], by: Actor) -> Changed:
    got = tagging.tag_people(tag_id=act.about_id, person_ids=ids, by=by)
    return [[person_id, None] for person_id in got]


def _untag(act: BulkAct, ids: list[int], by: Actor) -> Changed:
    had = tagging.untag_people(tag_id=act.about_id, person_ids=ids, by=by)
    return [[person_id, None] for person_id in had]


def _pick(act: BulkAct, ids: list[int], by: Actor) -> Changed:
    known = ViewMember.objects.filter(view_id=act.about_id, person_id__in=ids)
    have, now = set(known.values_list("person_id", flat=True)), clock.now()
    there = set(Person.objects.filter(id__in=ids).values_list("id", flat=True))  # not merged since
    fresh = [person_id for person_id in ids if person_id in there - have]
    ViewMember.objects.bulk_create(
        [
            ViewMember(id=new_id(), view_id=act.about_id, person_id=person_id, at=now)
            for person_id in fresh
        ],
        ignore_conflicts=True,
    )
    return [[person_id, None] for person_id in fresh]


def _unpick(act: BulkAct, ids: list[int], by: Actor) -> Changed:
    known = ViewMember.objects.filter(view_id=act.about_id, person_id__in=ids)
    had = list(known.values_list("person_id", flat=True))
    known.delete()
    return [[person_id, None] for person_id in had]


def _point(act: BulkAct, ids: list[int], by: Actor) -> Changed:
    people = Person.objects.select_for_update().filter(id__in=ids)
    before = dict(people.values_list("id", "point_person_id"))
    after = act.about_id or None
    changed: Changed = [[k, v] for k, v in before.items() if v != after]
    Person.objects.filter(id__in=[k for k, _v in changed]).update(point_person_id=after)
    return changed


_DO: dict[str, Callable[[BulkAct, list[int], Actor], Changed]] = {
    Kind.TAG: _tag,
    Kind.UNTAG: _untag,
    Kind.PICK: _pick,
    Kind.UNPICK: _unpick,
    Kind.POINT: _point,
}
_BACK = {Kind.TAG: _untag, Kind.UNTAG: _tag, Kind.PICK: _unpick, Kind.UNPICK: _pick}


def can_undo(act: BulkAct, by: Actor) -> bool:
    """Whoever made the change, and data managers and owners of everything."""
    is_own = by.kind == ActorKind.ACCOUNT and act.account_id == by.id
    return is_own or views.can_change(View(by_id=0), by)


@transaction.atomic
def undo(*, act_id: int, by: Actor) -> BulkAct:
    """Take an act back, for those whom it changed. Raises NotYourChange, CannotBeUndone."""
    act = BulkAct.objects.select_for_update().filter(id=act_id).first()
    if act is None or act.state not in {State.DONE, State.RUNNING}:
        raise CannotBeUndone
    if not can_undo(act, by):
        raise NotYourChange
    BulkAct.objects.filter(id=act.id).update(state=State.UNDOING)
    if act.parts.count() <= 1:
        _step_back(act, by)
    ledger_ops.enqueue(go_back.module_path, {"args": [act.id, by.id], "kwargs": {}})
    return BulkAct.objects.get(id=act.id)


@task()
def go_back(act_id: int, account_id: int | None) -> Again | None:
    """The next part of an act that is being taken back."""
    account = account_queries.find_account(account_id) if account_id else None
    with transaction.atomic():
        act = BulkAct.objects.select_for_update().filter(id=act_id).first()
        if act is None or account is None or act.state != State.UNDOING:
            return None
        is_more = _step_back(act, account_queries.actor_of(account))
    return Again({"args": [act_id, account_id], "kwargs": {}}) if is_more else None


def _step_back(act: BulkAct, by: Actor) -> bool:
    """Take one part back; the last one ends it. Returns whether there is more."""
    part = act.parts.order_by("-id").first()
    if part is not None:
        if act.kind == Kind.POINT:
            _points_back(act, part)
        else:
            _BACK[Kind(act.kind)](act, [int(row[0]) for row in part.changed], by)
        part.delete()
    if act.parts.exists():
        return True
    BulkAct.objects.filter(id=act.id).update(state=State.UNDONE)
    ledger_ops.record(ManyChangedBack(act_id=act.id, count=act.changed_count), by=by)
    return False


def _points_back(act: BulkAct, part: BulkPart) -> None:
    """Each gets back who looked after them, if nobody has chosen anew since."""
    for person_id, before in part.changed:
        same = Person.objects.filter(id=person_id, point_person=act.about_id or None)
        same.update(point_person_id=before)


def forget_in_acts(person_id: int) -> None:
    """Nothing of a change of many names somebody who is erased; in the caller's transaction."""
    told = str(person_id)
    parts = BulkPart.objects.annotate(told=Cast("changed", TextField()))
    for part in parts.filter(told__contains=told):
        part.changed = [row for row in part.changed if row[0] != person_id]
        part.save(update_fields=["changed"])
    acts = BulkAct.objects.annotate(told=Cast("wish", TextField()))
    for act in acts.filter(told__contains=told):
        if person_id in act.wish.get("ids", []):
            act.wish["ids"] = [each for each in act.wish["ids"] if each != person_id]
            act.save(update_fields=["wish"])
    # The place is where it goes on; one less is the same place.
    BulkAct.objects.filter(place=person_id).update(place=person_id - 1)


def acts_due(now: datetime) -> QuerySet[BulkAct]:
    """Acts whose time to be undone is over."""
    return BulkAct.objects.filter(at__lt=now - KEPT)


@task()
def tidy_lists() -> None:
    """Every hour (config/wiring.py): old acts and removed views go for good."""
    with transaction.atomic():
        acts_due(clock.now()).delete()
        View.objects.filter(removed_at__lt=clock.now() - views.KEPT_REMOVED).delete()
