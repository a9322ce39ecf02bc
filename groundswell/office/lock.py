"""The panic lock: everybody out, pages closed, nothing sent; and the way back for owners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.site import queries as site_queries
from groundswell.web import guards, signing_in
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

EVERYTHING = "everything"


@guards.office(Right.EDIT_CAMPAIGN, post=True, is_everywhere=True)
def lock(request: HouseRequest) -> HttpResponse:
    """What the lock does; the first press asks once, the second locks."""
    is_asked = request.method == "POST" and request.POST.get("do") == EVERYTHING
    if not is_asked:
        return frame.page(request, "office/lock/start.html", {}, current="more")
    if not signing_in.is_fresh(request):
        return signing_in.prove_again(request)
    form = PlainForm(request.POST)
    if request.POST.get("sure") != "yes":
        return frame.page(request, "office/lock/sure.html", {"form": form}, current="more")
    try:
        accounts_ops.lock_everything(by=frame.by(request))
    except Refusal as refusal:
        form.refuse(refusal)
        page = "office/lock/start.html"
        return frame.page(request, page, {"form": form}, current="more", status=422)
    signing_in.forget(request)
    request.house_is_locked = True  # type: ignore[attr-defined]  # read by web/requests
    unlock = request.build_absolute_uri(reverse("office:unlock"))
    return render(request, "office/lock/done.html", {"unlock": unlock})


@guards.owner(post=True)
def unlock(request: HouseRequest) -> HttpResponse:
    """Open again: the installation, with a second owner where there is one, or one account."""
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not signing_in.is_fresh(request):
            return signing_in.prove_again(request)
        try:
            return _unlocked(request)
        except Refusal as refusal:
            form.refuse(refusal)
    held = site_queries.lock()
    accounts = site_queries.locked_accounts()
    names = accounts_queries.names_of(accounts)
    context = {
        "form": form,
        "lock": held,
        "since": states.ago(held.locked_at) if held and held.locked_at else "",
        "is_waiting": held is not None and held.unlock_by_id == frame.by(request).id,
        "accounts": [
            {"id": account_id, "name": names.get(account_id, ""), "since": states.ago(since)}
            for account_id, since in accounts.items()
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "office/lock/unlock.html", context, status=status)


def _unlocked(request: HouseRequest) -> HttpResponse:
    by, account = frame.by(request), request.POST.get("account", "")
    if account:  # never everything because the name of one was wrong
        if (account_id := read_id(account)) is not None:
            accounts_ops.unlock_account(account_id=account_id, by=by)
            messages.success(request, _("This account can sign in again."))
        return HttpResponseRedirect(reverse("office:unlock"))
    if accounts_ops.unlock_everything(by=by):
        messages.success(request, _("Everything is open again. What waited goes on by itself."))
        return HttpResponseRedirect(reverse("office:home"))
    return HttpResponseRedirect(reverse("office:unlock"))


urlpatterns = [
    path("lock/", lock, name="lock"),
    path("unlock/", unlock, name="unlock"),
]
