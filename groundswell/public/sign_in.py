"""Signing in: a code by mail or a passkey, then the second step; no password anywhere."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Link
from groundswell.kernel.actor import VISITOR
from groundswell.kernel.refusal import Refusal
from groundswell.web import guards, known_devices, signing_in
from groundswell.web.code_field import AppCodeForm, OneTimeCode, PasskeyAnswer
from groundswell.web.forms import Email, PlainForm


class EmailForm(PlainForm):
    email = Email(label=_("E-mail"))


class CodeForm(PlainForm):
    code = OneTimeCode(
        label=_("Code"), help_text=_("8 digits from our mail"), missing=_("Enter the code.")
    )


class RecoveryCodeForm(PlainForm):
    code = OneTimeCode(
        label=_("Recovery code"),
        help_text=_("10 digits from the list that you kept"),
        missing=_("Enter one of your recovery codes."),
    )


def _show(
    request: HttpRequest,
    page: str,
    form: forms.Form | None = None,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    if form is not None and form.is_bound:
        status = 422
    return render(request, f"public/sign_in/{page}.html", {"form": form, **more}, status=status)


@guards.anyone(post=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and send a code there; the answer is the same for every address."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, "start", form)
    try:
        code_id = accounts_ops.ask_code(
            email=form.cleaned_data["email"],
            language=get_language() or "en",
            is_known_device=known_devices.knows_address(request, form.cleaned_data["email"]),
            by=VISITOR,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(request, "start", form)
    signing_in.keep_next(request)
    signing_in.keep(request, signing_in.CODE_ID, code_id)
    return HttpResponseRedirect(reverse("sign_in_code"))


@guards.anyone(post=True)
def code(request: HttpRequest) -> HttpResponse:
    """Enter the code from the mail."""
    code_id = request.session.get(signing_in.CODE_ID)
    if code_id is None:
        return HttpResponseRedirect(reverse("sign_in"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, "code", form)
    try:
        account = accounts_ops.enter_code(
            code_id=code_id, code=form.cleaned_data["code"], by=VISITOR
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(request, "code", form)
    return signing_in.first_step_done(request, account, method="code")


@guards.anyone(post=True)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link that signs in once. Opening it only shows the button: mail scanners open links."""
    link = accounts_queries.find_link(token, Link.Purpose.SIGN_IN)
    if link is None or link.used_at is not None:
        return render(request, "public/sign_in/link_is_over.html", status=410)
    if request.method != "POST":
        return _show(request, "link")
    try:
        account = accounts_ops.enter_link(link=link, by=VISITOR)
    except accounts_ops.LinkIsOver:
        return render(request, "public/sign_in/link_is_over.html", status=410)
    return signing_in.first_step_done(request, account, method="link")


@guards.anyone(post=True)
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator app, or a passkey, after the first step."""
    account = signing_in.halfway(request)
    if account is None:
        return HttpResponseRedirect(reverse("sign_in"))
    more = {
        "has_app": accounts_queries.has_app(account),
        "has_passkey": bool(accounts_queries.passkeys(account)),
    }
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, "second_step", form, **more)
    try:
        accounts_ops.use_app(
            account=account,
            code=form.cleaned_data["code"],
            is_known_device=known_devices.knows(request, account),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(request, "second_step", form, **more)
    return signing_in.go_in(request, account, method="app", has_second_step=True)


@guards.anyone(post=True)
def recovery(request: HttpRequest) -> HttpResponse:
    """One of the recovery codes, in place of the second step."""
    account = signing_in.halfway(request)
    if account is None:
        return HttpResponseRedirect(reverse("sign_in"))
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, "recovery", form)
    actor = accounts_queries.actor_of(account)
    try:
        accounts_ops.use_recovery_code(
            account=account,
            code=form.cleaned_data["code"],
            is_known_device=known_devices.knows(request, account),
            by=actor,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(request, "recovery", form)
    return signing_in.go_in(request, account, method="recovery_code", has_second_step=True)


@guards.anyone(post=True)
def begin_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser needs to use a passkey, as JSON (static/js/passkeys.js asks for it)."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("sign_in"))
    options, state = accounts_queries.begin_passkey_sign_in(signing_in.halfway(request))
    signing_in.keep(request, signing_in.PASSKEY_STATE, state)
    return HttpResponse(options, content_type="application/json")


@guards.anyone(post=True)
def by_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey's answer: it proves the device and the person, so it is both steps at once."""
    form = PasskeyAnswer(request.POST or None)
    state = request.session.pop(signing_in.PASSKEY_STATE, {})
    if request.method != "POST" or not form.is_valid():
        return HttpResponseRedirect(reverse("sign_in"))
    half = signing_in.halfway(request)
    try:
        account = accounts_ops.use_passkey(
            account_id=half.id if half else None,
            state=state,
            answer=form.cleaned_data["answer"],
        )
    except accounts_ops.PasskeyDoesNotFit as refusal:
        return _show(request, "start", EmailForm(), problem=refusal, status=422)
    signing_in.keep_next(request)
    return signing_in.go_in(request, account, method="passkey", has_second_step=True)


@guards.anyone(post=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign this device out. A visitor who presses it twice sees the same answer."""
    gone = HttpResponseRedirect(reverse("sign_in"))
    if request.method != "POST":
        return gone
    signing_in.forget(request)
    return signing_in.leave_nothing(gone)


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-in/code/", code, name="sign_in_code"),
    path("sign-in/link/<str:token>/", by_link, name="sign_in_link"),
    path("sign-in/second-step/", second_step, name="second_step"),
    path("sign-in/recovery/", recovery, name="sign_in_recovery"),
    path("sign-in/passkey/begin/", begin_passkey, name="sign_in_passkey_begin"),
    path("sign-in/passkey/", by_passkey, name="sign_in_passkey"),
    path("sign-out/", sign_out, name="sign_out"),
]
