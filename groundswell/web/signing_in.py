"""What a session remembers of signing in: halfway, signed in, with a second step, how recently."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.site import queries as site_queries
from groundswell.web import known_devices
from groundswell.web.devices import device_name

MFA_AT = "mfa_at"  # when this session took a second step
SIGNED_IN_AT = "signed_in_at"
PROVEN_AT = "proven_at"  # when this session last used its second step
HALF = "half_signed_in"  # the first step is done, the second is not
CODE_ID = "code_id"
NEXT = "next"
PASSKEY_STATE = "passkey_state"
_BACKEND = "groundswell.accounts.backend.AccountBackend"
# As our own links write it. Browsers read a backslash as a slash and pass over tabs and line ends.
_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
_HALF_LASTS = timedelta(minutes=10)
_VISITOR_SECONDS = 20 * 60  # a session row of somebody who is only signing in
_RECENT = timedelta(minutes=30)
_FRESH_TO_OPEN = timedelta(minutes=15)
_FRESH_TO_SEND = timedelta(minutes=45)


def account_of(request: HttpRequest) -> Account:
    """The signed-in account. Only behind a guard that lets nobody else in."""
    if not isinstance(request.user, Account):
        raise TypeError("this view needs a guard for people who signed in")
    return request.user


def keep(request: HttpRequest, name: str, value: Any) -> None:
    """Keep something for somebody who is signing in; a visitor's row lives twenty minutes."""
    if not request.user.is_authenticated:
        request.session.set_expiry(_VISITOR_SECONDS)
    request.session[name] = value


def page_wanted(request: HttpRequest) -> str:
    """The page of ours that ``?next=`` names; "" for anything else."""
    wanted = request.GET.get(NEXT, "")
    is_path = _PATH.fullmatch(wanted) is not None
    return wanted if is_path and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def keep_next(request: HttpRequest) -> None:
    """Remember where ``?next=`` wants to go, if that is a page of ours."""
    if wanted := page_wanted(request):
        keep(request, NEXT, wanted)


def first_step_done(request: HttpRequest, account: Account, *, method: str) -> HttpResponse:
    """Go on: to the second step where the account has one, else in."""
    if not accounts_queries.has_second_factor(account):
        return go_in(request, account, method=method, has_second_step=False)
    until = clock.now() + _HALF_LASTS
    keep(request, HALF, {"account_id": account.id, "until": until.isoformat()})
    request.session.cycle_key()
    return HttpResponseRedirect(reverse("second_step"))


def halfway(request: HttpRequest) -> Account | None:
    """The account whose first step was done in this session within the last ten minutes."""
    held = request.session.get(HALF)
    if not held or datetime.fromisoformat(held["until"]) < clock.now():
        return None
    return accounts_queries.find_account(held["account_id"])


def go_in(
    request: HttpRequest, account: Account, *, method: str, has_second_step: bool
) -> HttpResponse:
    """Open the session, note it, and go to where the person wanted to go."""
    wanted = request.session.get(NEXT)
    is_known = known_devices.knows(request, account)
    for name in (HALF, CODE_ID, NEXT, PASSKEY_STATE, MFA_AT, PROVEN_AT):
        request.session.pop(name, None)
    auth.login(request, account, backend=_BACKEND)
    now = clock.now().isoformat()
    request.session.set_expiry(None)
    request.session["device_name"] = device_name(request.headers.get("User-Agent", ""))
    request.session[SIGNED_IN_AT] = now
    if has_second_step:
        request.session[MFA_AT] = request.session[PROVEN_AT] = now
    actor = accounts_queries.actor_of(account)
    try:
        accounts_ops.note_signed_in(
            account_id=account.id, method=method, is_known_device=is_known, by=actor
        )
    except Refusal as locked:
        auth.logout(request)
        return render(request, "web/locked_out.html", {"why": str(locked)}, status=403)
    with translation.override(account.language):
        response = HttpResponseRedirect(_way(request, actor, wanted))
    known_devices.remember(request, response, account)
    return response


def _way(request: HttpRequest, actor: Actor, wanted: str | None) -> str:
    if accounts_queries.roles_wait(actor, second_step_at=second_step_at(request)):
        return reverse("my_second_step")
    if site_queries.is_locked():
        return reverse("office:unlock")
    if wanted:
        return wanted
    return reverse("office:home" if actor.has_desk else "my_account")


def second_step_at(request: HttpRequest) -> datetime | None:
    """When this session took a second step; None when it did not."""
    held = request.session.get(MFA_AT)
    return datetime.fromisoformat(held) if held else None


def note_second_step(request: HttpRequest) -> None:
    """A second step was added in this session, which proves it as well as using one."""
    request.session[MFA_AT] = request.session[PROVEN_AT] = clock.now().isoformat()


def is_recent(request: HttpRequest) -> bool:
    """Did this session sign in within half an hour? Asked before a second step is changed."""
    held = request.session.get(SIGNED_IN_AT)
    return held is not None and clock.now() - datetime.fromisoformat(held) <= _RECENT


def is_fresh(request: HttpRequest) -> bool:
    """Did this session prove its second step lately enough for a dangerous act?

    A page opens within a quarter of an hour; what was typed into it may be sent for longer, so
    that nobody loses a form.
    """
    if settings.GROUNDSWELL_MODE == "demo":  # nobody there has a second step
        return True
    held = request.session.get(PROVEN_AT)
    limit = _FRESH_TO_SEND if request.method == "POST" else _FRESH_TO_OPEN
    return held is not None and clock.now() - datetime.fromisoformat(held) <= limit


def note_proven(request: HttpRequest) -> None:
    """The second step was used again in this session."""
    request.session[PROVEN_AT] = clock.now().isoformat()


def prove_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the second step, and back here afterwards."""
    back = request.get_full_path() if request.method == "GET" else ""
    query = f"?{urlencode({NEXT: back})}" if back else ""
    return HttpResponseRedirect(reverse("my_prove") + query)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards."""
    back = request.path if request.method == "GET" else reverse("my_account")
    return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({NEXT: back})}")


def forget(request: HttpRequest) -> None:
    """Leave nothing of the session in this browser."""
    auth.logout(request)


def leave_nothing(response: HttpResponse) -> HttpResponse:
    """Have the browser drop what it kept of our pages (Clear-Site-Data): the next person at this
    device finds nothing with the back button."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
