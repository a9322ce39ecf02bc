"""Giving somebody a role: who, which one, over what, until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor, Role
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.scopes import EVERYWHERE, Scope
from groundswell.office import frame
from groundswell.office.team import members
from groundswell.web import guards, roles
from groundswell.web.forms import Card, Choice, Day, Email, Line, OneOf, PlainForm
from groundswell.web.requests import HouseRequest

USUALLY = timedelta(days=90)  # rights over people end by themselves unless somebody says otherwise


class RoleForm(PlainForm):
    """A role for somebody who is on the team already."""

    role = OneOf(label=gettext_lazy("What they do"))
    scope = Choice(label=gettext_lazy("What for"))
    ends_on = Day(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty when nobody knows yet; you can end it any day"),
    )

    def __init__(self, *args: Any, by: Actor, zone: str, also: Scope | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a choice field
            (role.value, Card(roles.ROLE_WORDS[role], roles.ROLE_HINTS[role]))
            for role in accounts_queries.roles_to_give(by)
        ]
        self.fields["scope"].choices = _scopes(by, also)  # type: ignore[attr-defined]  # as above

    def scope_given(self) -> Scope:
        """What the role is for. Raises NoSuchScope."""
        scope = members.scope_of(self.cleaned_data["scope"])
        if scope is None:
            raise accounts_ops.NoSuchScope
        return scope

    def ends_at(self) -> datetime | None:
        """The end of the last day on the giver's clock."""
        day: date | None = self.cleaned_data["ends_on"]
        if day is None:
            return None
        try:
            return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.zone))
        except OverflowError as beyond:  # the last day of the year 9999
            raise accounts_ops.EndsBeforeItBegins from beyond


class InviteForm(RoleForm):
    """A role for somebody by their address; whoever has no account gets one."""

    email = Email(label=gettext_lazy("Their e-mail"))
    name = Line(
        label=gettext_lazy("Their name"),
        error_messages={"required": gettext_lazy("Write their name.")},
        max_length=120,
    )
    field_order = ["email", "name", "role", "scope", "ends_on"]


def _scopes(by: Actor, also: Scope | None) -> list[tuple[str, Any]]:
    """What the giver may give roles over, in groups; ``also`` is what the address named."""
    groups = accounts_queries.scopes_to_give(by, frame.language())
    listed = {scope for _kind, choices in groups for scope, _name in choices}
    found: list[tuple[str, Any]] = []
    if accounts_queries.may_give_over(by, EVERYWHERE):
        found.append((str(EVERYWHERE), _("Everything here")))
    if also is not None and also not in listed and accounts_queries.may_give_over(by, also):
        name = roles.scope_names([also], frame.language())[also]
        found.append((str(also), f"{roles.KIND_WORDS[also.kind]}: {name}"))
    found += [
        (str(roles.KIND_WORDS[kind]), [(str(scope), name) for scope, name in choices])
        for kind, choices in groups
    ]
    return found


def _initial(request: HouseRequest, also: Scope | None) -> dict[str, Any]:
    until = clock.now().astimezone(ZoneInfo(frame.zone_of(request))) + USUALLY
    return {"ends_on": until.date(), "scope": str(also) if also else str(EVERYWHERE)}


@guards.office(Right.GRANT, post=True, is_fresh=True)
def invite(request: HouseRequest) -> HttpResponse:
    """Bring somebody onto the team. ``?for=event:123`` chooses what the role is for."""
    also = members.scope_of(request.GET.get("for", ""))
    options: dict[str, Any] = {
        "by": frame.by(request),
        "zone": frame.zone_of(request),
        "also": also,
    }
    if request.method != "POST":
        form = InviteForm(initial=_initial(request, also), **options)
        return _show(request, form)
    form = InviteForm(request.POST, **options)
    if form.is_valid():
        try:
            accounts_ops.invite(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                role=Role(form.cleaned_data["role"]),
                scope=form.scope_given(),
                ends_at=form.ends_at(),
                language=frame.language(),
                zone=frame.zone_of(request),
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            sentence = _("{name} has the role, and gets a mail with a link to sign in.")
            messages.success(request, sentence.format(name=form.cleaned_data["name"]))
            return HttpResponseRedirect(reverse("office:team"))
    return _show(request, form)


@guards.office(Right.GRANT, post=True, is_fresh=True)
def role_give(request: HouseRequest, account_id: int) -> HttpResponse:
    """One more role for somebody of the team."""
    found = members.member_or_404(request, account_id)
    options: dict[str, Any] = {
        "by": frame.by(request),
        "zone": frame.zone_of(request),
        "also": None,
    }
    if request.method != "POST":
        return _show(request, RoleForm(initial=_initial(request, None), **options), found.name)
    form = RoleForm(request.POST, **options)
    if form.is_valid():
        try:
            accounts_ops.grant_role(
                account_id=account_id,
                role=Role(form.cleaned_data["role"]),
                scope=form.scope_given(),
                ends_at=form.ends_at(),
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("{name} has the role now.").format(name=found.name))
            return HttpResponseRedirect(reverse("office:member", args=[account_id]))
    return _show(request, form, found.name)


def _show(request: HouseRequest, form: RoleForm, name: str = "") -> HttpResponse:
    return frame.page(
        request,
        "office/team/role.html",
        {"form": form, "name": name},
        current="team",
        status=422 if form.errors else 200,
    )


urlpatterns = [
    path("team/invite/", invite, name="invite"),
    path("team/<id:account_id>/give-role/", role_give, name="role_give"),
]
