"""What a session remembers of signing in: halfway, signed in, with a second step, how recently."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.web.devices import device_name

MFA_AT = "mfa_at"  # when this session took a second step
SIGNED_IN_AT = "signed_in_at"
HALF = "half_signed_in"  # the first step is done, the second is not
CODE_ID = "code_id"
NEXT = "next"
PASSKEY_STATE = "passkey_state"
_BACKEND = "groundswell.accounts.backend.AccountBackend"
_HALF_LASTS = timedelta(minutes=10)
_VISITOR_SECONDS = 20 * 60  # a session row of somebody who is only signing in
_RECENT = timedelta(minutes=30)


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


def keep_next(request: HttpRequest) -> None:
    """Remember where ``?next=`` wants to go, if that is a page of ours."""
    wanted = request.GET.get(NEXT, "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
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
    for name in (HALF, CODE_ID, NEXT, PASSKEY_STATE, MFA_AT):
        request.session.pop(name, None)
    auth.login(request, account, backend=_BACKEND)
    now = clock.now().isoformat()
    request.session.set_expiry(None)
    request.session["device_name"] = device_name(request.headers.get("User-Agent", ""))
    request.session[SIGNED_IN_AT] = now
    if has_second_step:
        request.session[MFA_AT] = now
    actor = accounts_queries.actor_of(account)
    accounts_ops.note_signed_in(account_id=account.id, method=method, by=actor)
    with translation.override(account.language):
        return HttpResponseRedirect(_way(request, actor, wanted))


def _way(request: HttpRequest, actor: Actor, wanted: str | None) -> str:
    if actor.is_office and not accounts_queries.office_ready(
        actor, second_step_at=second_step_at(request)
    ):
        return reverse("my_second_step")
    if wanted:
        return wanted
    return reverse("office:home" if actor.is_office else "my_account")


def second_step_at(request: HttpRequest) -> datetime | None:
    """When this session took a second step; None when it did not."""
    held = request.session.get(MFA_AT)
    return datetime.fromisoformat(held) if held else None


def note_second_step(request: HttpRequest) -> None:
    """A second step was added in this session, which proves it as well as using one."""
    request.session[MFA_AT] = clock.now().isoformat()


def is_recent(request: HttpRequest) -> bool:
    """Did this session sign in within half an hour? Asked before a second step is changed."""
    held = request.session.get(SIGNED_IN_AT)
    return held is not None and clock.now() - datetime.fromisoformat(held) <= _RECENT


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards."""
    back = request.path if request.method == "GET" else reverse("my_account")
    return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({NEXT: back})}")


def forget(request: HttpRequest) -> None:
    """Leave nothing of the session in this browser."""
    auth.logout(request)
