"""Who asks: the actor of a request, built once; and what every page knows about the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account, Link
from groundswell.kernel import actor as actors
from groundswell.kernel.actor import VISITOR, Actor, ActorKind
from groundswell.site import queries as site_queries
from groundswell.web import languages, signing_in


class HouseRequest(HttpRequest):
    """A request with its actor, and the signed link that it came by (behind a link guard)."""

    actor: Actor
    link: Link


Answer = Callable[[HttpRequest], HttpResponse]


def who_and_when(get_response: Answer) -> Answer:
    """Middleware: ``request.actor``. A visitor without a session cookie costs no query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = _actor(request)  # type: ignore[attr-defined]  # HouseRequest says so
        response = get_response(request)
        is_private = request.actor != VISITOR  # type: ignore[attr-defined]  # as above
        if is_private or getattr(request, "link", None) is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def _actor(request: HttpRequest) -> Actor:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return VISITOR
    account = request.user
    if not isinstance(account, Account):
        return VISITOR
    held = accounts_queries.actor_of(account)
    second_step_at = signing_in.second_step_at(request)
    if accounts_queries.roles_wait(held, second_step_at=second_step_at):
        return actors.account(account.id)
    return held


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the base templates read on every page (docs/how-to/write-a-page.md)."""
    return {
        "actor": getattr(request, "actor", VISITOR),
        "site_name": _site_name(request),
        "languages": languages.choices(request),
        "page_language": get_language(),
        "demo_strip": _demo_strip(request) if settings.GROUNDSWELL_MODE == "demo" else None,
    }


def _site_name(request: HttpRequest) -> str:
    """What every page is headed with; while everything is locked, no page names the movement."""
    is_locked = getattr(request, "house_is_locked", False)
    return request.get_host() if is_locked else site_queries.installation_name()


def _demo_strip(request: HttpRequest) -> dict[str, Any]:
    """The strip on top of every page of a demonstration: who you are, and the other seats."""
    actor = getattr(request, "actor", VISITOR)
    who = ""
    if actor.kind == ActorKind.ACCOUNT and isinstance(request.user, Account):
        who = accounts_queries.name_of(request.user)
    links = [
        {"href": reverse("demo"), "label": _("Switch seat")},
        {"href": reverse("demo_outbox"), "label": _("Outbox")},
    ]
    return {"who": who, "warning": "", "links": links}
