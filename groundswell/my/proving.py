"""Proving again that it is you, before something that could do great harm."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.kernel.refusal import Refusal
from groundswell.web import guards, known_devices, signing_in
from groundswell.web.code_field import AppCodeForm, PasskeyAnswer
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest


def _back(request: HouseRequest) -> str:
    """Where to go on: a page of ours that the address names, else the account."""
    return signing_in.page_wanted(request) or reverse("my_account")


def _page(request: HouseRequest, form: PlainForm, problem: Refusal | None = None) -> HttpResponse:
    account = signing_in.account_of(request)
    context = {
        "form": form,
        "problem": problem,
        "back": _back(request),
        "has_app": accounts_queries.has_app(account),
        "has_passkey": bool(accounts_queries.passkeys(account)),
    }
    status = 422 if form.is_bound or problem else 200
    return render(request, "my/account/prove.html", context, status=status)


@guards.signed_in(post=True)
def prove(request: HouseRequest) -> HttpResponse:
    """The code of the app once more; a passkey by the button below."""
    account = signing_in.account_of(request)
    if not accounts_queries.has_second_factor(account):
        return HttpResponseRedirect(reverse("my_second_step"))
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        accounts_ops.use_app(
            account=account,
            code=form.cleaned_data["code"],
            is_known_device=known_devices.knows(request, account),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, form)
    signing_in.note_second_step(request)
    return HttpResponseRedirect(_back(request))


@guards.signed_in(post=True)
def prove_passkey_begin(request: HouseRequest) -> HttpResponse:
    """What the browser needs to use a passkey, as JSON (static/js/passkeys.js asks for it)."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("my_prove"))
    options, state = accounts_queries.begin_passkey_sign_in(signing_in.account_of(request))
    request.session[signing_in.PASSKEY_STATE] = state
    return HttpResponse(options, content_type="application/json")


@guards.signed_in(post=True)
def prove_passkey(request: HouseRequest) -> HttpResponse:
    """A passkey of this very account."""
    form = PasskeyAnswer(request.POST or None)
    state = request.session.pop(signing_in.PASSKEY_STATE, {})
    if request.method != "POST" or not form.is_valid():
        return HttpResponseRedirect(reverse("my_prove"))
    account = signing_in.account_of(request)
    try:
        accounts_ops.use_passkey(
            account_id=account.id, state=state, answer=form.cleaned_data["answer"]
        )
    except accounts_ops.PasskeyDoesNotFit as refusal:
        return _page(request, AppCodeForm(), refusal)
    signing_in.note_second_step(request)
    return HttpResponseRedirect(_back(request))


urlpatterns = [
    path("my/account/prove/", prove, name="my_prove"),
    path("my/account/prove/passkey/begin/", prove_passkey_begin, name="my_prove_passkey_begin"),
    path("my/account/prove/passkey/", prove_passkey, name="my_prove_passkey"),
]
