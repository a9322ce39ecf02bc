"""Saving tables of people as views, in folders, for oneself or for some roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, ActorKind, Role
from groundswell.kernel.ids import new_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.people.facts_of_lists import ViewRemoved, ViewSaved
from groundswell.people.lists import columns as list_columns
from groundswell.people.lists.wishes import Wish
from groundswell.people.models import View

NAME_MOST = 80
KEPT_REMOVED = timedelta(days=7)


class NameTheList(Refusal):
    sentence = _("Give the list a name of at most 80 characters.")
    field = "name"


class NotYourList(Refusal):
    sentence = _("This list is somebody else’s. Save it under a name of your own, then change it.")


class ListIsGone(Refusal):
    sentence = _("This list is gone. Open the page of people again.")


def visible(by: Actor) -> list[View]:
    """The views that somebody may open: theirs, and those shared with a role of theirs."""
    roles = {role.value for role in by.roles}
    found = View.objects.filter(removed_at=None).order_by("folder", "name", "id")
    return [view for view in found if _is_open_to(view, by, roles)]


def _is_open_to(view: View, by: Actor, roles: set[str]) -> bool:
    return can_change(view, by) or bool(roles & set(view.shared_with))


def can_change(view: View, by: Actor) -> bool:
    """Its maker, and whoever looks after the data of the whole installation."""
    is_own = by.kind == ActorKind.ACCOUNT and view.by_id == by.id
    return is_own or by.kind == ActorKind.SYSTEM or by.may(Right.EXPORT)


def view_for(view_id: int, by: Actor) -> View:
    """A view that somebody may open. Raises ListIsGone."""
    found = next((view for view in visible(by) if view.id == view_id), None)
    if found is None:
        raise ListIsGone
    return found


@transaction.atomic
def save_view(
    *,
    name: str,
    folder: str,
    shared_with: Iterable[str],
    columns: Sequence[str],
    wish: Wish,
    by: Actor,
    view_id: int | None = None,
    is_picked: bool = False,
) -> View:
    """Save a table under a name, or change one (``view_id``). Raises NameTheList, NotYourList,
    ListIsGone."""
    title, place = clean_line(name), clean_line(folder)[:NAME_MOST]
    if not title or len(title) > NAME_MOST:
        raise NameTheList
    if view_id is None:
        view = View(id=new_id(), by_id=by.id or 0, is_picked=is_picked, created_at=clock.now())
    else:
        view = view_for(view_id, by)
        if not can_change(view, by):
            raise NotYourList
    if not view.is_picked:
        view.wish = wish.as_json()
    view.name, view.folder = title, place
    view.shared_with = [role for role in dict.fromkeys(shared_with) if role in set(Role)]
    view.columns = [column.key for column in list_columns.chosen(columns, by)]
    view.save(force_insert=view_id is None)
    ledger_ops.record(ViewSaved(view_id=view.id), by=by)
    return view


@transaction.atomic
def remove_view(*, view_id: int, by: Actor) -> View:
    """Remove a view; its people stay, and it can be put back for seven days.

    Raises ListIsGone, NotYourList.
    """
    view = view_for(view_id, by)
    if not can_change(view, by):
        raise NotYourList
    View.objects.filter(id=view.id).update(removed_at=clock.now())
    ledger_ops.record(ViewRemoved(view_id=view.id), by=by)
    return view


@transaction.atomic
def put_back(*, view_id: int, by: Actor) -> View:
    """Put a removed view back. Raises ListIsGone, NotYourList."""
    view = View.objects.filter(id=view_id, removed_at__isnull=False).first()
    if view is None:
        raise ListIsGone
    if not can_change(view, by):
        raise NotYourList
    View.objects.filter(id=view.id).update(removed_at=None)
    ledger_ops.record(ViewSaved(view_id=view.id), by=by)
    return view


def removed(by: Actor) -> QuerySet[View]:
    """Views that somebody can put back."""
    found = View.objects.filter(removed_at__isnull=False).order_by("-removed_at")
    return found if by.may(Right.EXPORT) else found.filter(by_id=by.id or 0)
