"""Everybody on the team with their roles; one of them; ending a role, devices, the account."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import policy
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.queries import Member
from groundswell.kernel import formats, scopes
from groundswell.kernel.actor import Role
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import Scope
from groundswell.office import frame
from groundswell.web import guards, roles
from groundswell.web.requests import HouseRequest


@dataclass(frozen=True, slots=True)
class Line:
    """One role of somebody in words, with what a form sends to end it."""

    role: str
    hint: str
    over: str
    until: str
    value: str  # "texter@country:DE"
    can_end: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One of the team on the page."""

    id: int
    name: str
    href: str
    lines: list[Line]
    has_second_step: bool
    last_seen: str


def _rows(found: list[Member]) -> list[Row]:
    names = roles.scope_names(
        {part.scope for member in found for part in member.parts}, frame.language()
    )
    return [_row(member, names) for member in found]


def _row(member: Member, names: dict[Scope, str]) -> Row:
    seen = member.account.last_seen_on
    return Row(
        id=member.account.id,
        name=member.name,
        href=reverse("office:member", args=[member.account.id]),
        lines=[
            Line(
                str(roles.ROLE_WORDS[part.role]),
                str(roles.ROLE_HINTS[part.role]),
                names[part.scope],
                formats.day_and_year(part.ends_at.date()) if part.ends_at else "",
                f"{part.role.value}@{part.scope}",
                part.can_end,
            )
            for part in member.parts
        ],
        has_second_step=member.has_second_factor,
        last_seen=formats.day_and_year(seen) if seen else "",
    )


@guards.office(Right.GRANT)
def team(request: HouseRequest) -> HttpResponse:
    """Who is on the team, by name."""
    rows = _rows(accounts_queries.team(frame.by(request)))
    context = {"rows": rows, "is_owner": frame.by(request).is_owner}
    return frame.page(request, "office/team/team.html", context, current="team")


def member_or_404(request: HouseRequest, account_id: int) -> Member:
    """Somebody of the team whose roles lie inside of what the reader looks after."""
    found = accounts_queries.member(account_id, frame.by(request))
    if found is None:
        raise Http404
    return found


@guards.office(Right.GRANT)
def member(request: HouseRequest, account_id: int) -> HttpResponse:
    """One of the team: roles, and what an owner may do for somebody who lost a device."""
    found = member_or_404(request, account_id)
    actor = frame.by(request)
    context = {
        "row": _rows([found])[0],
        "is_self": actor.id == account_id,
        "can_manage": policy.can_manage_accounts(actor),
    }
    return frame.page(request, "office/team/member.html", context, current="team")


@guards.office(Right.GRANT, post=True, is_fresh=True)
def role_end(request: HouseRequest, account_id: int) -> HttpResponse:
    """End one role; every part that was given away of it ends too."""
    found = member_or_404(request, account_id)
    if request.method == "POST":
        held = {f"{part.role.value}@{part.scope}": part for part in found.parts}
        part = held.get(request.POST.get("role", ""))
        try:
            if part is None:
                raise frame.NoSuchButton
            accounts_ops.end_grant(
                account_id=account_id, role=part.role, scope=part.scope, by=frame.by(request)
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _ended(found.name, part.role))
    if accounts_queries.member(account_id, frame.by(request)) is None:
        return HttpResponseRedirect(reverse("office:team"))
    return HttpResponseRedirect(reverse("office:member", args=[account_id]))


def _ended(name: str, role: Role) -> str:
    return _("{name} is not {role} any more.").format(
        name=name, role=str(roles.ROLE_WORDS[role]).lower()
    )


@guards.office(Right.RUN, post=True, is_fresh=True)
def member_sign_out(request: HouseRequest, account_id: int) -> HttpResponse:
    """Sign somebody out everywhere: a device was lost or taken."""
    found = member_or_404(request, account_id)
    if request.method == "POST":
        accounts_ops.sign_out_everywhere(account_id=account_id, by=frame.by(request))
        messages.success(request, _("{name} is signed out everywhere.").format(name=found.name))
    return HttpResponseRedirect(reverse("office:member", args=[account_id]))


@guards.office(Right.RUN, post=True, is_fresh=True)
def member_close(request: HouseRequest, account_id: int) -> HttpResponse:
    """Close an account: every role, device and link of it ends."""
    found = member_or_404(request, account_id)
    if request.method != "POST":
        context = {"row": _rows([found])[0]}
        return frame.page(request, "office/team/close.html", context, current="team")
    try:
        accounts_ops.close_account(account_id=account_id, by=frame.by(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("office:member", args=[account_id]))
    messages.success(request, _("The account of {name} is closed.").format(name=found.name))
    return HttpResponseRedirect(reverse("office:team"))


def scope_of(text: str) -> Scope | None:
    """The scope that a form or an address names; None: no such thing."""
    try:
        return scopes.parse(text)
    except scopes.UnknownScope:
        return None


urlpatterns = [
    path("team/", team, name="team"),
    path("team/<id:account_id>/", member, name="member"),
    path("team/<id:account_id>/end-role/", role_end, name="role_end"),
    path("team/<id:account_id>/sign-out/", member_sign_out, name="member_sign_out"),
    path("team/<id:account_id>/close/", member_close, name="member_close"),
]
