"""Guards: who may stand on a page at all. Every view has exactly one; without one it is closed.

A guard declares itself on the view (``view.guard``), so the authorisation matrix is generated
from the addresses. Which rows somebody sees is decided by queries; what they may do, by policy.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Link
from groundswell.events.queries import people as events_queries
from groundswell.kernel import actor as actors
from groundswell.kernel.roles import Right
from groundswell.web import signing_in

log = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
Check = Callable[..., HttpResponse | None]

READ = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view declares: who may stand here, and by which methods.

    ``right`` is what an office page needs a role to carry, over anything at all; over which
    things it is carried is asked by queries and policies. ``is_everywhere``: it must be carried
    over the whole installation. ``is_fresh``: only for somebody who
    proved lately that they still hold the second step. ``upload_mb``: how large a file may be.
    """

    name: str
    methods: tuple[str, ...]
    right: Right | None = None
    is_everywhere: bool = False
    is_fresh: bool = False
    upload_mb: int = 0


def _guarding(name: str, check: Check, *, post: bool, **told: Any) -> Callable[[View], View]:
    methods = (*READ, "POST") if post else READ
    is_fresh = told.get("is_fresh", False)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = check(request, **kwargs)
            if refused is not None:
                return refused
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if is_fresh and not signing_in.is_fresh(request):
                return signing_in.prove_again(request)
            return view(request, *args, **kwargs)

        guarded.guard = Guard(name, methods, **told)  # type: ignore[attr-defined]  # read by the matrix
        return guarded

    return decorate


# --- checks: None lets in --------------------------------------------------------------------


def _let_in(request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('sign_in')}?{query}")


def _signed_in(request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
    is_in = request.actor.kind == actors.ActorKind.ACCOUNT  # type: ignore[attr-defined]  # web/requests
    return None if is_in else _to_sign_in(request)


def _office(right: Right | None, *, is_everywhere: bool) -> Check:
    """Opens for whoever carries ``right``; without one, for everybody with a desk."""

    def stands_here(actor: actors.Actor) -> bool:
        if right is None:
            return actor.has_desk
        return actor.may(right) if is_everywhere else actor.may_somewhere(right)

    def check(request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
        refused = _signed_in(request)
        if refused is not None:
            return refused
        if stands_here(request.actor):  # type: ignore[attr-defined]  # web/requests
            return None
        if stands_here(accounts_queries.actor_of(signing_in.account_of(request))):
            return HttpResponseRedirect(reverse("my_second_step"))
        raise Http404  # what you may not see does not exist

    return check


def _demo(request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
    if settings.GROUNDSWELL_MODE != "demo":
        raise Http404
    return None


def _link(purpose: str) -> Check:
    """Opens for the person of a signed link; the link narrows the actor to one event."""

    def check(request: HttpRequest, *, token: str, **kwargs: Any) -> HttpResponse | None:
        link = accounts_queries.find_link(token, purpose)
        if link is None:
            return render(request, "web/link_gone.html", status=410)
        request.link = link  # type: ignore[attr-defined]  # HouseRequest says so
        if link.person_id is not None:
            request.actor = actors.person(  # type: ignore[attr-defined]  # as above
                link.person_id, event_id=_event_of(link)
            )
        return None

    return check


def _event_of(link: Link) -> int | None:
    """The event that the link narrows its actor to."""
    if link.purpose == Link.Purpose.HOST:
        return link.object_id
    if link.purpose == Link.Purpose.RSVP and link.object_id is not None:
        return events_queries.event_id_of_rsvp(link.object_id)
    return None


# --- the guards ------------------------------------------------------------------------------


def anyone(*, post: bool = False) -> Callable[[View], View]:
    """Everybody. The list of these views is written out in a test."""
    return _guarding("anyone", _let_in, post=post)


def signed_in(*, post: bool = False) -> Callable[[View], View]:
    """Whoever signed in, about their own things."""
    return _guarding("signed_in", _signed_in, post=post)


def office(
    right: Right | None = None,
    *,
    post: bool = False,
    is_everywhere: bool = False,
    is_fresh: bool = False,
    upload_mb: int = 0,
) -> Callable[[View], View]:
    """Whoever carries ``right`` over anything, or ``is_everywhere``, and took a second step.

    Without a right: everybody who has a page in the office. ``is_fresh``: for what could do
    great harm from a desk that somebody left for a moment. ``upload_mb``: how large a file may
    come, where that is more than on every page (web/uploads.py).
    """
    check = _office(right, is_everywhere=is_everywhere)
    told = {
        "right": right, "is_everywhere": is_everywhere, "is_fresh": is_fresh,
        "upload_mb": upload_mb,
    }  # fmt: skip
    return _guarding("office", check, post=post, **told)


def owner(*, post: bool = False, is_fresh: bool = False) -> Callable[[View], View]:
    """Owners who took a second step in this session; ``is_fresh`` as above."""
    return office(Right.RUN, post=post, is_everywhere=True, is_fresh=is_fresh)


def demo(*, post: bool = False) -> Callable[[View], View]:
    """Everybody, and only in a demonstration."""
    return _guarding("demo", _demo, post=post)


def host(*, post: bool = False) -> Callable[[View], View]:
    """The host by the link of one event (``token`` in the address)."""
    return _guarding("host", _link(Link.Purpose.HOST), post=post)


def rsvp(*, post: bool = False) -> Callable[[View], View]:
    """A supporter by the link of one sign-up (``token`` in the address)."""
    return _guarding("rsvp", _link(Link.Purpose.RSVP), post=post)


def wizard(*, post: bool = False) -> Callable[[View], View]:
    """Somebody in the middle of the host wizard (``token`` in the address)."""
    return _guarding("wizard", _link(Link.Purpose.WIZARD), post=post)


def data(*, post: bool = False) -> Callable[[View], View]:
    """A person by the link that opens everything held about them (``token`` in the address)."""
    return _guarding("data", _link(Link.Purpose.DATA), post=post)


def form(*, post: bool = False) -> Callable[[View], View]:
    """A person by the link in the mail about a form that they filled in (``token``)."""
    return _guarding("form", _link(Link.Purpose.FORM), post=post)


def prove(*, post: bool = False) -> Callable[[View], View]:
    """A person by the link in the mail to a new address of theirs (``token`` in the address)."""
    return _guarding("prove", _link(Link.Purpose.PROVE), post=post)


def closed_by_default(get_response: View) -> View:
    """Middleware: a view without a guard does not exist, nor does a thing whose name holds a NUL.

    Whatever an address names is looked up as it stands, and PostgreSQL breaks over a NUL. The
    tokens of links are looked up by their hash, and their guards say what to do about a wrong one.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "guard", None) is None:
            log.error("the view %s.%s has no guard", view.__module__, view.__qualname__)
            raise Http404
        names = [part for key, part in kwargs.items() if key != "token" and isinstance(part, str)]
        if any("\x00" in name for name in names):
            raise Http404
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's hook
    return middleware
