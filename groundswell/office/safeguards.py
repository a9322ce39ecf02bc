"""How public forms are protected, and whom to tell about a hole. For owners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.refusal import Refusal
from groundswell.office import frame
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site.models import Safeguards
from groundswell.web import guards
from groundswell.web.forms import Card, Line, OneOf, PlainForm
from groundswell.web.requests import HouseRequest

_FORMS = [
    (
        Safeguards.Forms.BY_ITSELF,
        Card(
            gettext_lazy("Only while a flood comes in"),
            gettext_lazy("Groundswell notices it by itself. Right for nearly everybody."),
        ),
    ),
    (
        Safeguards.Forms.ALWAYS,
        Card(
            gettext_lazy("From now on, for everybody"),
            gettext_lazy(
                "You see an attack coming. Browsers work for a second; without JavaScript, people "
                "open a link in a mail."
            ),
        ),
    ),
    (
        Safeguards.Forms.NEVER,
        Card(
            gettext_lazy("Never because of numbers"),
            gettext_lazy("You expect a crowd: a broadcast, a celebrity. Traps still work."),
        ),
    ),
]


class SafeguardsForm(PlainForm):
    """The switch, and what stands in security.txt."""

    forms = OneOf(
        label=gettext_lazy("When do public forms check that people are people?"), choices=_FORMS
    )
    security_contact = Line(
        label=gettext_lazy("Whom may somebody tell about a hole?"),
        help_text=gettext_lazy(
            "An e-mail address or a page. Everybody can read it at /.well-known/security.txt."
        ),
        max_length=200,
        required=False,
    )
    security_policy = Line(
        label=gettext_lazy("A page that says how you deal with it"),
        help_text=gettext_lazy("Begins with https://"),
        max_length=200,
        required=False,
    )


@guards.owner(post=True)
def safeguards(request: HouseRequest) -> HttpResponse:
    """One form."""
    now = site_queries.safeguards()
    initial = {
        "forms": now.forms,
        "security_contact": now.security_contact,
        "security_policy": now.security_policy,
    }
    form = SafeguardsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            site_ops.set_safeguards(**form.cleaned_data, by=frame.by(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. It holds everywhere within half a minute."))
            return HttpResponseRedirect(request.path)
    return frame.page(
        request,
        "office/guarding/safeguards.html",
        {"form": form},
        current="more",
        status=422 if form.errors else 200,
    )


urlpatterns = [path("safeguards/", safeguards, name="safeguards")]
