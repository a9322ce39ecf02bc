"""Other programs: which ones hear what is public here, and what was posted to them. For owners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.office import frame, states
from groundswell.outreach.hooks import reading, telling
from groundswell.outreach.models import Hook, HookPost
from groundswell.outreach.operations import hooks
from groundswell.web import guards
from groundswell.web.forms import Line, PlainForm
from groundswell.web.requests import HouseRequest

_NAME = gettext_lazy("What is it?")
_CODES: dict[str, Promise] = {
    "not_public": gettext_lazy("Its name leads into a private network: nothing was sent"),
    "no_such_name": gettext_lazy("There is no such name"),
    "name_slow": gettext_lazy("The look-up of its name took too long"),
    "no_connection": gettext_lazy("It could not be reached"),
    "connect_slow": gettext_lazy("It could not be reached in time"),
    "tls": gettext_lazy("Its certificate is not in order"),
    "too_slow": gettext_lazy("It took too long to answer"),
    "too_much": gettext_lazy("It answered with far too much"),
    "closed": gettext_lazy("It hung up without an answer"),
    "odd_answer": gettext_lazy("Its answer made no sense"),
    "proxy_gone": gettext_lazy("Our own proxy could not be reached"),
    "proxy_refused": gettext_lazy("Our own proxy refused"),
}
_BECAUSE: dict[str, Promise] = {
    Hook.Because.OWNER: gettext_lazy("An owner paused it."),
    Hook.Because.FAILING: gettext_lazy("It refused or missed a post eight times within a day."),
    Hook.Because.GONE: gettext_lazy("It answered that it does not want to hear any more."),
}


class ChoiceForm(PlainForm):
    """Its name, and what it hears."""

    name = Line(
        label=_NAME,
        help_text=gettext_lazy("For example: our website, or the chat of the press team."),
        max_length=hooks.NAME_MOST,
        error_messages={"required": hooks.GiveItAName.sentence},
    )
    hears = forms.MultipleChoiceField(
        label=gettext_lazy("What does it hear?"),
        choices=list(telling.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": hooks.ChooseSomething.sentence},
    )


class AddForm(ChoiceForm):
    """And where it listens."""

    address = Line(
        label=gettext_lazy("Where does it listen?"),
        help_text=gettext_lazy("The other program tells you this address. Begins with https://"),
        max_length=500,
        error_messages={"required": hooks.NotAnAddress.sentence},
    )
    field_order = ("name", "address", "hears")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs.update({"dir": "ltr", "spellcheck": "false"})


@guards.owner()
def index(request: HouseRequest) -> HttpResponse:
    """Every program that hears something."""
    rows = [
        {
            "hook": hook,
            "host": reading.host_of(hook),
            "href": reverse("office:program", args=[hook.slug]),
            "waiting": _waiting(hook),
        }
        for hook in reading.seen_by(frame.by(request))
    ]
    context = {"rows": rows, "is_off": not telling.is_switched_on()}
    return frame.page(request, "office/programs/index.html", context, current="more")


def _waiting(hook: Any) -> str:
    """``3 posts wait``; "" when none does."""
    count = hook.waiting_count
    words = ngettext("{number} post waits", "{number} posts wait", count)
    return words.format(number=formats.number(count)) if count else ""


@guards.owner(post=True, is_fresh=True)
def add(request: HouseRequest) -> HttpResponse:
    """The form; its answer shows the secret, this once."""
    initial = {"hears": list(telling.KINDS)}
    form = AddForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = hooks.add(**form.cleaned_data, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _secret(request, hook, secret)
    context = {"form": form, "is_off": not telling.is_switched_on()}
    status = 422 if form.errors else 200
    return frame.page(request, "office/programs/add.html", context, current="more", status=status)


def _secret(request: HouseRequest, hook: Hook, secret: str) -> HttpResponse:
    context = {"hook": hook, "secret": secret}
    answer = frame.page(request, "office/programs/secret.html", context, current="more")
    answer["Cache-Control"] = "no-store"
    return answer


def _hook_or_404(request: HouseRequest, slug: str) -> Hook:
    hook = reading.seen_by(frame.by(request)).filter(slug=slug[:13]).first()
    if hook is None:
        raise Http404
    return hook


@guards.owner(post=True, is_fresh=True)
def one(request: HouseRequest, hook_slug: str) -> HttpResponse:
    """One program: what it hears, what was posted; a post presses one of the buttons."""
    hook = _hook_or_404(request, hook_slug)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    is_choosing = do == "choose"
    form = ChoiceForm(
        request.POST if is_choosing else None, initial={"name": hook.name, "hears": hook.hears}
    )
    pressed = PlainForm({} if request.method == "POST" else None)
    if request.method == "POST" and (form.is_valid() or not is_choosing):
        try:
            return _press(request, hook, do, form)
        except Refusal as refusal:
            wrong = form if is_choosing else pressed
            wrong.refuse(refusal)
    status = 422 if form.errors or pressed.errors else 200
    context = {"form": form, "pressed": pressed, **_told(request, hook)}
    return frame.page(request, "office/programs/one.html", context, current="more", status=status)


def _press(request: HouseRequest, hook: Hook, do: str, form: ChoiceForm) -> HttpResponse:
    """One operation for one button. Raises its refusals."""
    actor = frame.by(request)
    if do == "secret":
        return _secret(request, hook, hooks.new_secret(hook_id=hook.id, by=actor))
    if do == "choose":
        hooks.choose(hook_id=hook.id, **form.cleaned_data, by=actor)
        messages.success(request, _("Saved."))
    elif do == "try":
        hooks.try_out(hook_id=hook.id, by=actor)
        messages.success(request, _("On its way. Open this page again in a moment."))
    elif do == "pause":
        hooks.pause(hook_id=hook.id, by=actor)
        messages.success(request, _("Paused. What happens now waits."))
    elif do == "resume":
        hooks.resume(hook_id=hook.id, by=actor)
        messages.success(request, _("It goes on, first of all with what waited."))
    elif do == "remove":
        hooks.remove(hook_id=hook.id, by=actor)
        messages.success(request, _("Removed. It is told nothing any more."))
        return HttpResponseRedirect(reverse("office:programs"))
    else:
        raise frame.NoSuchButton
    return HttpResponseRedirect(request.path)


def _told(request: HouseRequest, hook: Hook) -> dict[str, Any]:
    posts = reading.last_posts(hook)
    titles = reading.titles(posts, frame.language())
    zone = frame.zone_of(request)
    until = hook.old_secret_until
    return {
        "hook": hook,
        "host": reading.host_of(hook),
        "is_off": not telling.is_switched_on(),
        "is_kept_here": not telling.may_leave(),
        "is_paused": hook.state == Hook.State.PAUSED,
        "because": _BECAUSE.get(hook.because, ""),
        "rows": [_row(post, titles[post.id], zone) for post in posts],
        "example": reading.example(posts),
        "old_until": formats.moment(until, zone) if until else "",
    }


def _row(post: HookPost, title: str, zone: str) -> dict[str, Any]:
    words, tone, icon = _LOOKS[post.state]
    if post.state == HookPost.State.WAITING and post.code:
        words, tone, icon = gettext_lazy("Tried again"), "warn", "rotate-ccw"
    what = telling.KINDS.get(post.kind, gettext_lazy("A try-out"))
    return {
        "what": what,
        "title": title,
        "when": states.ago(post.happened_at),
        "words": words,
        "tone": tone,
        "icon": icon,
        "code": _code_words(post.code),
        "tries": _tries(post.attempts),
        "next": formats.moment(post.not_before, zone) if _is_to_be_tried_again(post) else "",
    }


def _tries(count: int) -> str:
    """``3 tries``; "" for the usual one."""
    words = ngettext("{number} try", "{number} tries", count)
    return words.format(number=formats.number(count)) if count > 1 else ""


def _is_to_be_tried_again(post: HookPost) -> bool:
    return post.state == HookPost.State.WAITING and bool(post.code)


def _code_words(code: str) -> str | Promise:
    if code.startswith("http_3"):
        return _("It sent us elsewhere ({code}); we never follow").format(code=code[5:])
    if code.startswith("http_"):
        return _("It answered {code}").format(code=code[5:])
    return _CODES.get(code, _("Its address cannot be used any more")) if code else ""


_LOOKS: dict[str, tuple[Promise, str, str]] = {
    HookPost.State.WAITING: (gettext_lazy("Waits"), "", "hourglass"),
    HookPost.State.CLAIMED: (gettext_lazy("On its way"), "", "send"),
    HookPost.State.TAKEN: (gettext_lazy("Arrived"), "ok", "circle-check"),
    HookPost.State.FAILED: (gettext_lazy("Did not arrive"), "warn", "triangle-alert"),
    HookPost.State.LEFT_OUT: (gettext_lazy("Not public any more"), "", "eye-off"),
    HookPost.State.KEPT: (gettext_lazy("Stayed in the house"), "", "house"),
}

urlpatterns = [
    path("programs/", index, name="programs"),
    path("programs/add/", add, name="program_add"),
    path("programs/<slug:hook_slug>/", one, name="program"),
]
