"""Your account: name and language, passkeys, authenticator app, recovery codes, devices."""

from __future__ import annotations

from zoneinfo import available_timezones

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.kernel.refusal import Refusal
from groundswell.web import devices, guards, signing_in
from groundswell.web.code_field import OneTimeCode
from groundswell.web.forms import Choice, Line, PlainForm
from groundswell.web.requests import HouseRequest

APP_SECRET = "app_secret"  # in the session, until the app has proven that it holds it


class ProfileForm(PlainForm):
    name = Line(
        label=_("Your name"),
        error_messages={"required": _("Enter your name, so that the team knows who you are.")},
        autocomplete="name",
        max_length=120,
    )
    language = Choice(label=_("Language"), choices=settings.LANGUAGES)
    zone = Choice(
        label=_("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(available_timezones())],
    )


class AppForm(PlainForm):
    code = OneTimeCode(
        label=_("Code from the app"),
        help_text=_("6 digits; they change every half minute"),
        missing=_("Enter the code that the app shows."),
    )


class PasskeyForm(PlainForm):
    name = Line(
        label=_("Name of this passkey"),
        help_text=_("So that you know it again, for example: my phone"),
        error_messages={"required": _("Give the passkey a name.")},
        max_length=60,
    )
    answer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)


def _page(request: HouseRequest, account: Account, form: PlainForm) -> HttpResponse:
    held = accounts_queries.devices(account, this_key=request.session.session_key)
    context = {
        "form": form,
        "passkeys": accounts_queries.passkeys(account),
        "has_app": accounts_queries.has_app(account),
        "codes_left": accounts_queries.recovery_codes_left(account),
        "devices": [(device, devices.in_words(device.name)) for device in held],
    }
    status = 422 if form.is_bound else 200
    return render(request, "my/account/overview.html", context, status=status)


@guards.signed_in(post=True)
def overview(request: HouseRequest) -> HttpResponse:
    """Everything about your account on one page."""
    account = signing_in.account_of(request)
    form = ProfileForm(request.POST or None) if request.method == "POST" else _profile(account)
    if request.method != "POST" or not form.is_valid():
        return _page(request, account, form)
    try:
        accounts_ops.change_profile(account_id=account.id, by=request.actor, **form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, account, form)
    messages.success(request, _t("Saved."))
    return HttpResponseRedirect(reverse("my_account"))


def _profile(account: Account) -> ProfileForm:
    form = ProfileForm()
    form.initial = {
        "name": accounts_queries.name_of(account),
        "language": account.language,
        "zone": account.zone,
    }
    return form


@guards.signed_in()
def second_step(request: HouseRequest) -> HttpResponse:
    """Why the office needs a second step, and the two ways to set one up."""
    return render(request, "my/account/second_step.html")


def _codes(request: HouseRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, this once; or straight on when there are none to show."""
    if codes:
        return render(request, "my/account/recovery_codes.html", {"codes": codes})
    return HttpResponseRedirect(reverse("my_account"))


def _app_page(request: HouseRequest, account: Account, secret: str, form: AppForm) -> HttpResponse:
    address = accounts_queries.app_address(account, secret)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")
    spelled = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"form": form, "address": address, "picture": picture, "spelled": spelled}
    status = 422 if form.is_bound else 200
    return render(request, "my/account/app.html", context, status=status)


@guards.signed_in(post=True)
def app(request: HouseRequest) -> HttpResponse:
    """Set up an authenticator app: scan, then prove it with a code."""
    account = signing_in.account_of(request)
    secret = request.session.get(APP_SECRET)
    if not signing_in.is_recent(request):
        return signing_in.sign_in_again(request)
    if secret is None:
        return render(request, "my/account/app_start.html")
    form = AppForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _app_page(request, account, secret, form)
    try:
        codes = accounts_ops.add_app(
            account_id=account.id,
            secret=secret,
            code=form.cleaned_data["code"],
            by=request.actor,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _app_page(request, account, secret, form)
    del request.session[APP_SECRET]
    signing_in.note_second_step(request)
    return _codes(request, codes)


@guards.signed_in(post=True)
def app_start(request: HouseRequest) -> HttpResponse:
    """Draw the secret that the app will hold; it waits in the sealed session."""
    if request.method == "POST" and signing_in.is_recent(request):
        request.session[APP_SECRET] = accounts_queries.new_app_secret()
    return HttpResponseRedirect(reverse("my_app"))


@guards.signed_in(post=True)
def app_remove(request: HouseRequest) -> HttpResponse:
    account = signing_in.account_of(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("my_account"))
    if not signing_in.is_recent(request):
        return signing_in.sign_in_again(request)
    try:
        accounts_ops.remove_app(account_id=account.id, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("my_account"))


@guards.signed_in(post=True)
def passkeys(request: HouseRequest) -> HttpResponse:
    """Add a passkey: a name, then the browser asks the device."""
    account = signing_in.account_of(request)
    if not signing_in.is_recent(request):
        return signing_in.sign_in_again(request)
    form = PasskeyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _passkey_page(request, form)
    state = request.session.pop(signing_in.PASSKEY_STATE, {})
    try:
        codes = accounts_ops.add_passkey(
            account_id=account.id, state=state, by=request.actor, **form.cleaned_data
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _passkey_page(request, form)
    signing_in.note_second_step(request)
    return _codes(request, codes)


def _passkey_page(request: HouseRequest, form: PasskeyForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "my/account/passkey.html", {"form": form}, status=status)


@guards.signed_in(post=True)
def passkey_begin(request: HouseRequest) -> HttpResponse:
    """What the browser needs to make a passkey, as JSON (static/js/passkeys.js asks for it)."""
    if request.method != "POST" or not signing_in.is_recent(request):
        return HttpResponseRedirect(reverse("my_passkeys"))
    options, state = accounts_queries.begin_passkey(signing_in.account_of(request))
    request.session[signing_in.PASSKEY_STATE] = state
    return HttpResponse(options, content_type="application/json")


@guards.signed_in(post=True)
def passkey_remove(request: HouseRequest, passkey_id: int) -> HttpResponse:
    account = signing_in.account_of(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("my_account"))
    if not signing_in.is_recent(request):
        return signing_in.sign_in_again(request)
    try:
        accounts_ops.remove_passkey(account_id=account.id, passkey_id=passkey_id, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("my_account"))


@guards.signed_in(post=True)
def recovery_codes(request: HouseRequest) -> HttpResponse:
    """Ten new recovery codes, shown once; the old ones end."""
    account = signing_in.account_of(request)
    if not signing_in.is_recent(request):
        return signing_in.sign_in_again(request)
    if request.method != "POST" or not accounts_queries.has_second_factor(account):
        return HttpResponseRedirect(reverse("my_account"))
    return _codes(
        request,
        accounts_ops.new_recovery_codes(account_id=account.id, by=request.actor),
    )


@guards.signed_in(post=True)
def device_end(request: HouseRequest, session_id: int) -> HttpResponse:
    """Sign one device out."""
    account = signing_in.account_of(request)
    if request.method == "POST":
        accounts_ops.end_session(account_id=account.id, session_id=session_id, by=request.actor)
    return HttpResponseRedirect(reverse("my_account"))


@guards.signed_in(post=True)
def sign_out_everywhere(request: HouseRequest) -> HttpResponse:
    """Sign every device out, this one too."""
    account = signing_in.account_of(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("my_account"))
    accounts_ops.sign_out_everywhere(account_id=account.id, by=request.actor)
    signing_in.forget(request)
    return signing_in.leave_nothing(HttpResponseRedirect(reverse("sign_in")))


@guards.signed_in(post=True)
def lock(request: HouseRequest) -> HttpResponse:
    """The panic lock of one's own account: says what it does, then does it."""
    account = signing_in.account_of(request)
    if request.method != "POST":
        return render(request, "my/account/lock.html")
    accounts_ops.lock_account(account_id=account.id, by=request.actor)
    signing_in.forget(request)
    return render(request, "my/account/locked.html")


urlpatterns = [
    path("my/account/lock/", lock, name="my_lock"),
    path("my/account/", overview, name="my_account"),
    path("my/account/second-step/", second_step, name="my_second_step"),
    path("my/account/app/", app, name="my_app"),
    path("my/account/app/start/", app_start, name="my_app_start"),
    path("my/account/app/remove/", app_remove, name="my_app_remove"),
    path("my/account/passkeys/", passkeys, name="my_passkeys"),
    path("my/account/passkeys/begin/", passkey_begin, name="my_passkey_begin"),
    path(
        "my/account/passkeys/<id:passkey_id>/remove/",
        passkey_remove,
        name="my_passkey_remove",
    ),
    path("my/account/recovery-codes/", recovery_codes, name="my_recovery_codes"),
    path("my/account/devices/<id:session_id>/end/", device_end, name="my_device_end"),
    path(
        "my/account/sign-out-everywhere/",
        sign_out_everywhere,
        name="my_sign_out_everywhere",
    ),
]
