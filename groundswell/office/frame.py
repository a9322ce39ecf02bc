"""What every page of the office carries: the campaign, the menu, who is signed in, where help is.

One campaign at a time, and the address says which: ``/office/c/<slug>/…``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.campaigns import policy as campaign_policy
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events.queries import watching
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.web import roles
from groundswell.web.requests import HouseRequest

CAMPAIGNS_MOST = 12  # in the switcher; the page of all campaigns has every one


class NoSuchButton(Refusal):
    """A form was sent without any of its buttons, or with one that it does not have."""

    sentence = gettext_lazy("Press one of the buttons on this page.")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu: the rail of a wide page, the bar under the thumb of a phone."""

    key: str
    label: str
    icon: str
    href: str
    count: int = 0
    is_current: bool = False
    is_wide_only: bool = False
    is_phone_only: bool = False
    starts_group: bool = False


def by(request: HouseRequest) -> Actor:
    """Who asks."""
    return request.actor


def language() -> str:
    """The language of this page."""
    return get_language() or "en"


def zone_of(request: HouseRequest) -> str:
    """The zone on the organiser's wall."""
    return request.user.zone if isinstance(request.user, Account) else "UTC"


def campaign_or_404(request: HouseRequest, slug: str, right: Right | None = None) -> Campaign:
    """The campaign that the address names; with ``right``, only where the reader carries it."""
    campaign = campaign_queries.campaign_by_slug(slug, by(request))
    if campaign is None:
        raise Http404
    if right is not None and not campaign_policy.carries(by(request), right, campaign):
        raise Http404
    return campaign


def page(
    request: HouseRequest,
    template: str,
    context: dict[str, Any],
    *,
    campaign: Campaign | None = None,
    current: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of the office with its menu. ``current``: the key of the menu's entry."""
    at = campaign or campaign_queries.nearest_campaign(by(request))
    frame = {
        "office_home": reverse("office:home"),
        "office_menu": _menu(request, at, current),
        "office_person": _person(request),
        "campaign": campaign,
        "reader_zone": zone_of(request),
        **_switcher(request, at, current),
    }
    return render(request, template, {**frame, **context}, status=status)


def _switcher(request: HouseRequest, campaign: Campaign | None, current: str) -> dict[str, Any]:
    """The campaigns to switch to; the page stays the same one where every campaign has it."""
    rows = list(campaign_queries.visible_campaigns(by(request)).order_by("-action_on")[:50])
    if campaign is not None and campaign not in rows:
        rows.append(campaign)
    titles = campaign_queries.titles(rows, language())
    target = {"events": "office:events", "numbers": "office:numbers", "campaign": "office:campaign"}
    name = target.get(current, "office:today")
    shown = [
        {"title": titles[row.id], "href": reverse(name, args=[row.slug])}
        for row in rows[:CAMPAIGNS_MOST]
    ]
    shown.append({"title": _("All campaigns"), "href": reverse("office:campaigns")})
    title = titles[campaign.id] if campaign else _("All campaigns")
    return {
        "office_campaign": {"title": title},
        "office_campaigns": shown if rows else [],
        "campaign_title": title,
    }


def _menu(request: HouseRequest, campaign: Campaign | None, current: str) -> list[Item]:
    entries: list[tuple[str, str, str, str]] = []
    waiting = 0
    if campaign is not None:
        entries = _of_campaign(by(request), campaign)
        if by(request).may_somewhere(Right.REVIEW_EVENTS):
            wish = watching.Wish(need="approval")
            waiting = watching.for_office(campaign, by(request), wish).count()
    elif by(request).may_somewhere(Right.SEE_EVENTS):
        entries = [("today", _("Today"), "sun", reverse("office:home"))]
    items = [
        Item(key, label, icon, href, waiting if key == "events" else 0, key == current)
        for key, label, icon, href in entries
    ]
    return _with_current(items + _house_items(by(request), current, is_all=not items), current)


def _with_current(items: list[Item], current: str) -> list[Item]:
    """A page that has no entry of its own is one of those behind "More"."""
    if not current or any(item.is_current for item in items):
        return items
    return [*items[:-1], replace(items[-1], is_current=True)]


def _of_campaign(actor: Actor, campaign: Campaign) -> list[tuple[str, str, str, str]]:
    """The pages of one campaign that the reader's roles open."""
    sees_numbers = campaign_policy.can_see_numbers(actor, campaign)
    sees_events = actor.may_somewhere(Right.SEE_EVENTS)
    edits = campaign_policy.can_edit_campaign(actor, campaign)
    pages = (
        (sees_numbers, ("today", _("Today"), "sun", "office:today")),
        (sees_events, ("events", _("Events"), "calendar-days", "office:events")),
        (edits, ("campaign", _("Campaign"), "megaphone", "office:campaign")),
        (sees_numbers, ("numbers", _("Numbers"), "chart-column", "office:numbers")),
    )
    return [
        (key, label, icon, reverse(name, args=[campaign.slug]))
        for is_open, (key, label, icon, name) in pages
        if is_open
    ]


def house_pages(actor: Actor) -> list[tuple[str, str, str, str]]:
    """Pages about the installation that the roles open: key, name, icon, address."""
    somewhere, everywhere = actor.may_somewhere, actor.may
    pages = (
        (somewhere(Right.SEE_CONTACTS), ("people", _("People"), "users", "office:people")),
        (somewhere(Right.SEGMENT), ("segments", _("Segments"), "list-checks", "office:segments")),
        (somewhere(Right.GRANT), ("team", _("Team and roles"), "key-round", "office:team")),
        (everywhere(Right.RUN), ("health", _("Health"), "life-buoy", "office:health")),
        (everywhere(Right.AUDIT), ("log", _("What happened"), "list-checks", "office:log")),
    )
    return _open_ones(pages)


def rarer_pages(actor: Actor) -> list[tuple[str, str, str, str]]:
    """What the page "More" adds: looked at now and then, or in an emergency."""
    decides, edits = actor.may(Right.MODERATE), actor.may(Right.EDIT_CAMPAIGN)
    runs, everywhere_exports = actor.may(Right.RUN), actor.may(Right.EXPORT)
    pages = (
        (edits, ("lock", _("Panic lock"), "lock", "office:lock")),
        (
            actor.may_somewhere(Right.SEE_EVENTS),
            ("campaigns", _("All campaigns"), "megaphone", "office:campaigns"),
        ),
        (
            actor.may_somewhere(Right.EXPORT),
            ("exports", _("Exports"), "file-text", "office:exports"),
        ),
        (
            actor.may(Right.TAKE_IN),
            ("sources", _("Sources and cost"), "chart-column", "office:sources"),
        ),
        (actor.may(Right.TAKE_IN), ("forms", _("Forms"), "list-checks", "office:forms")),
        (
            everywhere_exports,
            ("questions", _("Our own questions"), "circle-help", "office:questions"),
        ),
        (
            actor.may(Right.IMPORT),
            ("imports", _("Imports"), "upload", "office:imports"),
        ),
        (decides, ("held", _("Messages that need a decision"), "mail", "office:held")),
        (decides, ("relay", _("Reports and held messages"), "message-square", "office:relay")),
        (decides, ("quarantine", _("Quarantine"), "hourglass", "office:quarantine")),
        (decides, ("forms_waiting", _("Forms that wait"), "hourglass", "office:forms_waiting")),
        (decides, ("reports", _("Reported events"), "flag", "office:reports")),
        (decides, ("blocks", _("Blocked addresses"), "ban", "office:blocks")),
        (runs, ("safeguards", _("Public forms"), "shield-check", "office:safeguards")),
        (runs, ("programs", _("Other programs"), "share-2", "office:programs")),
        (runs, ("retention", _("What goes by itself"), "clock", "office:retention")),
        (runs, ("discreet", _("Discreet countries"), "eye-off", "office:discreet")),
    )
    return _open_ones(pages)


_Page = tuple[bool, tuple[str, str, str, str]]


def _open_ones(pages: Iterable[_Page]) -> list[tuple[str, str, str, str]]:
    return [
        (key, label, icon, reverse(name)) for is_open, (key, label, icon, name) in pages if is_open
    ]


# Where those work who have no page of a campaign, such as data managers.
_DESK = ("imports", "exports", "sources")
_THUMB = 4  # entries beside "More" in the bar of a phone


def _house_items(actor: Actor, current: str, *, is_all: bool) -> list[Item]:
    """Pages about the installation: at the end of the rail; on a phone "More" leads to them.

    ``is_all``: there are no others, so their daily work is here, and under the thumb too.
    """
    pages = house_pages(actor)
    if is_all:
        daily = [page for page in rarer_pages(actor) if page[0] in _DESK]
        pages = [*pages, *sorted(daily, key=lambda page: _DESK.index(page[0]))]
    items = [
        Item(
            key,
            label,
            icon,
            href,
            is_current=key == current,
            is_wide_only=not is_all or number >= _THUMB,
            starts_group=number == 0 and not is_all,
        )
        for number, (key, label, icon, href) in enumerate(pages)
    ]
    more = reverse("office:more")
    items.append(Item("more", _("More"), "menu", more, starts_group=not items))
    return items


def _person(request: HouseRequest) -> dict[str, str] | None:
    if not isinstance(request.user, Account):
        return None
    return {
        "name": accounts_queries.name_of(request.user),
        "role": roles.of_actor(by(request), language()),
        "href": reverse("my_account"),
    }
