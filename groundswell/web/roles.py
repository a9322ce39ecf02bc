"""Roles and what they are for, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.accounts import sockets
from groundswell.kernel.actor import Actor
from groundswell.kernel.roles import Role
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind

ROLE_WORDS: Mapping[Role, Promise] = {
    Role.OWNER: gettext_lazy("Owner"),
    Role.ORGANISER: gettext_lazy("Organiser"),
    Role.REGIONAL_ORGANISER: gettext_lazy("Regional organiser"),
    Role.DATA_MANAGER: gettext_lazy("Data manager"),
    Role.TEXTING_LEAD: gettext_lazy("Texting lead"),
    Role.TEXTER: gettext_lazy("Texter"),
    Role.TRAINER: gettext_lazy("Trainer"),
    Role.TEAM_LEAD: gettext_lazy("Team lead"),
    Role.COACH: gettext_lazy("Coach"),
    Role.READ_ONLY: gettext_lazy("Read only"),
}

# What somebody with the role can do and see, in one sentence for whoever gives it.
ROLE_HINTS: Mapping[Role, Promise] = {
    Role.OWNER: gettext_lazy("Everything, including who else is on the team."),
    Role.ORGANISER: gettext_lazy("Prepares campaigns, checks events, sees everybody."),
    Role.REGIONAL_ORGANISER: gettext_lazy(
        "Checks and changes events, and sees who hosts and who comes, with their addresses."
    ),
    Role.DATA_MANAGER: gettext_lazy("Sees everybody and takes lists out."),
    Role.TEXTING_LEAD: gettext_lazy("Prepares texting and gives out the role of texter."),
    Role.TEXTER: gettext_lazy("Writes with people, and sees first names, never a number."),
    Role.TRAINER: gettext_lazy("Gives courses and sees the names of those who take part."),
    Role.TEAM_LEAD: gettext_lazy("Looks after a team and sees the names of its people."),
    Role.COACH: gettext_lazy("Looks after hosts and leads, and sees their events and names."),
    Role.READ_ONLY: gettext_lazy("Sees events and numbers, and changes nothing."),
}

KIND_WORDS: Mapping[ScopeKind, Promise] = {
    ScopeKind.INSTALLATION: gettext_lazy("Everything"),
    ScopeKind.COUNTRY: gettext_lazy("Country"),
    ScopeKind.REGION: gettext_lazy("Region"),
    ScopeKind.CAMPAIGN: gettext_lazy("Campaign"),
    ScopeKind.TEAM: gettext_lazy("Team"),
    ScopeKind.EVENT: gettext_lazy("Event"),
}


def scope_names(scopes: Iterable[Scope], language: str) -> dict[Scope, str]:
    """What scopes are called; one that is gone is called so."""
    wanted = set(scopes)
    known = sockets.names(wanted - {EVERYWHERE}, language)
    known[EVERYWHERE] = _("everything")
    return {scope: known.get(scope) or _("something that is gone") for scope in wanted}


def of_actor(actor: Actor, language: str) -> str:
    """The largest role of somebody, for the corner of a page: "Regional organiser, Chile"."""
    order = list(Role)
    held = sorted(actor.held, key=lambda one: (order.index(one.role), str(one.scope)))
    if not held:
        return ""
    first = held[0]
    if first.scope == EVERYWHERE:
        return str(ROLE_WORDS[first.role])
    name = scope_names([first.scope], language)[first.scope]
    return _("{role}, {place}").format(role=ROLE_WORDS[first.role], place=name)
