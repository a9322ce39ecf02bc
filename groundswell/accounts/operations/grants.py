"""The only place that writes grants (the model refuses everybody else).

Nobody gives more than a part of what they hold: the role may carry no right that theirs does not,
and its scope must lie inside theirs. A part ends with the grant that it was taken from.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import policy, sockets
from groundswell.accounts.facts import RoleEnded, RoleGranted
from groundswell.accounts.models import Account, Grant, grants_open, is_live
from groundswell.kernel import clock, roles
from groundswell.kernel.actor import SYSTEM, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right, Role
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind
from groundswell.ledger import operations as ledger_ops


class OnlyOwnersDoThis(Refusal):
    sentence = _("Only owners of this installation can do this. Ask one of them.")


class LastOwnerStays(Refusal):
    sentence = _("An installation needs an owner. Make somebody else owner first.")


class AccountIsClosed(Refusal):
    sentence = _("This account is closed. Choose somebody else.")


class MoreThanYouHold(Refusal):
    sentence = _("You can give only a part of what you may do yourself. Ask an owner.")
    field = "role"


class OwnersAreForEverything(Refusal):
    sentence = _("An owner runs the whole installation. Choose that, or another role.")
    field = "scope"


class OwnersHaveNoLastDay(Refusal):
    sentence = _("An owner has no last day. Leave it empty; another owner can end the role.")
    field = "ends_on"


class NoSuchScope(Refusal):
    sentence = _("That is not here any more. Choose again what the role is for.")
    field = "scope"


class EndsBeforeItBegins(Refusal):
    sentence = _("Choose a day in the future, or leave it empty.")
    field = "ends_on"


class EndsAfterYours(Refusal):
    sentence = _("Your own role ends before that day. Choose an earlier one.")
    field = "ends_on"


def give(
    *,
    account_id: int,
    role: Role,
    by: Actor,
    scope: Scope = EVERYWHERE,
    ends_at: datetime | None = None,
    parent: Grant | None = None,
) -> None:
    """Write one grant into the caller's transaction. A role that is held already gets the new
    end, by an owner or by who gave it; what was given away of it stays, no longer than itself.

    Raises OnlyOwnersDoThis.
    """
    now = clock.now()
    same = Grant.objects.filter(
        account_id=account_id,
        role=Role(role),
        scope_kind=scope.kind,
        scope_id=scope.id,
        ended_at=None,
    ).first()
    if same is not None and same.ends_at is not None and same.ends_at <= now:
        _end_tree(same, by=SYSTEM)  # its day has passed, and nobody has swept it yet
        same = None
    if same is not None and same.ends_at == ends_at:
        return
    if same is not None:
        if not policy.can_manage_accounts(by) and not policy.gave(by, same):
            raise OnlyOwnersDoThis
        with grants_open():
            mine = Grant.objects.filter(id=same.id)
            mine.update(ends_at=ends_at, parent=parent, created_by_id=by.id)
        _cap(same.id, ends_at)
    else:
        grant = Grant(
            account_id=account_id,
            role=Role(role),
            scope_kind=scope.kind,
            scope_id=scope.id,
            parent=parent,
            created_by_id=by.id,
            created_at=now,
            ends_at=ends_at,
        )
        with grants_open():
            Grant.objects.bulk_create([grant])
    fact = RoleGranted(account_id=account_id, role=Role(role).value, scope=str(scope))
    ledger_ops.record(fact, by=by)


def _cap(grant_id: int, ends_at: datetime | None) -> None:
    """No part of a grant outlives it."""
    if ends_at is None:
        return
    longer = Q(ends_at=None) | Q(ends_at__gt=ends_at)
    parts = list(Grant.objects.filter(longer, parent_id=grant_id, ended_at=None))
    with grants_open():
        Grant.objects.filter(id__in=[part.id for part in parts]).update(ends_at=ends_at)
    for part in parts:
        _cap(part.id, ends_at)


@transaction.atomic
def grant_role(
    *,
    account_id: int,
    role: Role,
    by: Actor,
    scope: Scope = EVERYWHERE,
    ends_at: datetime | None = None,
) -> None:
    """Give an account a role over a scope, until ``ends_at`` or until it is ended.

    Owners give any role; others a part of what they hold themselves. Twice is harmless.
    Raises OnlyOwnersDoThis, MoreThanYouHold, NoSuchScope, OwnersAreForEverything,
    OwnersHaveNoLastDay, EndsBeforeItBegins, EndsAfterYours, AccountIsClosed.
    """
    role = Role(role)
    parent = check_gift(role=role, scope=scope, ends_at=ends_at, by=by)
    account = Account.objects.select_for_update().get(id=account_id)  # one grant at a time
    if not account.is_active:
        raise AccountIsClosed
    give(account_id=account_id, role=role, scope=scope, ends_at=ends_at, parent=parent, by=by)


def check_gift(*, role: Role, scope: Scope, ends_at: datetime | None, by: Actor) -> Grant | None:
    """The giver's own grant that this would be a part of; None for owners.

    Raises as :func:`grant_role`.
    """
    if not policy.can_grant(by):
        raise OnlyOwnersDoThis
    if role == Role.OWNER and scope != EVERYWHERE:
        raise OwnersAreForEverything
    if role == Role.OWNER and ends_at is not None:
        raise OwnersHaveNoLastDay
    if ends_at is not None and ends_at <= clock.now():
        raise EndsBeforeItBegins
    chain = sockets.chain(scope)
    if chain is None:
        raise NoSuchScope
    if policy.can_manage_accounts(by):
        return None
    parent = _whole_of(role, chain, by)
    if parent is None:
        raise MoreThanYouHold
    if parent.ends_at is not None and (ends_at is None or ends_at > parent.ends_at):
        raise EndsAfterYours
    return parent


def _whole_of(role: Role, chain: tuple[Scope, ...], by: Actor) -> Grant | None:
    """The giver's live grant that carries everything ``role`` does, over one of these scopes.

    Read from the table and locked: the actor of a request may be a moment old.
    """
    held = Grant.objects.select_for_update().filter(is_live(clock.now()), account_id=by.id or 0)
    fitting = [
        grant
        for grant in held.order_by("id")
        if grant.scope in chain
        and roles.carries(Role(grant.role), Right.GRANT)
        and roles.is_part_of(role, Role(grant.role))
        and (role != grant.role or grant.scope != chain[0])  # an equal is an owner's choice
    ]
    endless = [grant for grant in fitting if grant.ends_at is None]
    return next(iter(endless or fitting), None)


@transaction.atomic
def end_grant(*, account_id: int, role: Role, by: Actor, scope: Scope = EVERYWHERE) -> None:
    """End a role, from the next request on, and every part that was given away of it.

    Owners end any; others what they gave. Raises OnlyOwnersDoThis, LastOwnerStays.
    """
    mine = Grant.objects.filter(
        account_id=account_id,
        role=Role(role),
        scope_kind=scope.kind,
        scope_id=scope.id,
        ended_at=None,
    )
    grant = mine.first()
    if not policy.can_manage_accounts(by) and not (grant is not None and policy.gave(by, grant)):
        raise OnlyOwnersDoThis
    if grant is not None:
        _check_last_owner(account_id, role)
        _end_tree(grant, by=by)


def end_grants(*, account_id: int, by: Actor) -> None:
    """End every role of an account, in the caller's transaction. Raises LastOwnerStays."""
    _check_last_owner(account_id, Role.OWNER)
    for grant in Grant.objects.filter(account_id=account_id, ended_at=None).order_by("id"):
        _end_tree(grant, by=by)


def _check_last_owner(account_id: int, role: Role) -> None:
    if role != Role.OWNER:
        return
    # Every holder is locked, so two owners cannot each end the other.
    live = Grant.objects.select_for_update().filter(is_live(clock.now()), role=Role.OWNER)
    accounts = {grant.account_id for grant in live.order_by("id")}
    if accounts == {account_id}:
        raise LastOwnerStays


def _end_tree(grant: Grant, *, by: Actor) -> None:
    """End a grant and, since nobody keeps a part of what is gone, everything given from it."""
    with grants_open():
        ended = Grant.objects.filter(id=grant.id, ended_at=None).update(ended_at=clock.now())
    if ended:
        fact = RoleEnded(account_id=grant.account_id, role=grant.role, scope=str(grant.scope))
        ledger_ops.record(fact, by=by)
    for part in Grant.objects.filter(parent_id=grant.id, ended_at=None).order_by("id"):
        _end_tree(part, by=by)


@transaction.atomic
def end_grants_over(scope: Scope, *, by: Actor = SYSTEM) -> int:
    """End every role over something that is gone; returns how many."""
    over = Grant.objects.filter(scope_kind=scope.kind, scope_id=scope.id, ended_at=None)
    found = list(over.order_by("id"))
    for grant in found:
        _end_tree(grant, by=by)
    return len(found)


@transaction.atomic
def sweep_grants() -> int:
    """End what is past its day, and roles over things that are not there any more.

    Neither opens anything meanwhile: the end is asked at each request, and a thing that is gone
    is in nobody's chain. Returns how many.
    """
    now, count = clock.now(), 0
    for grant in Grant.objects.filter(ended_at=None, ends_at__lte=now).order_by("id")[:500]:
        _end_tree(grant, by=SYSTEM)
        count += 1
    kinds = Q(scope_kind=ScopeKind.INSTALLATION)
    open_ones = Grant.objects.filter(ended_at=None).exclude(kinds)
    for kind, id_ in set(open_ones.values_list("scope_kind", "scope_id")):
        scope = Scope(ScopeKind(kind), id_)
        if sockets.chain(scope) is None:
            count += end_grants_over(scope)
    return count
