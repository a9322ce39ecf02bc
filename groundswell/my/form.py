"""The page behind the link of the mail about a form: "Yes, this is me"."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from groundswell.kernel.refusal import Refusal
from groundswell.people import form_queries, referrals
from groundswell.people.operations import filling
from groundswell.web import guards
from groundswell.web.requests import HouseRequest


@guards.form(post=True)
def confirm(request: HouseRequest, token: str) -> HttpResponse:
    """GET shows the button, because mail scanners open links; POST proves the address."""
    entry = form_queries.entry(request.link.object_id or 0)
    refusal: Refusal | None = filling.EntryIsGone() if entry is None else None
    if entry is not None and request.method == "POST":
        try:
            entry = filling.confirm(entry_id=entry.id, by=request.actor)
        except Refusal as wrong:
            refusal = wrong
    context = {
        "refusal": refusal,
        "entry": entry,
        "texts": form_queries.texts_of(entry) if entry else None,
        "share_url": _share_url(entry.form.slug, entry.person_id) if entry else "",
    }
    return render(request, "my/form/confirm.html", context, status=410 if refusal else 200)


def _share_url(form_slug: str, person_id: int) -> str:
    """The form's address with this person's own code in it."""
    address = settings.GROUNDSWELL_ORIGIN + reverse("form", args=[form_slug])
    return f"{address}?ref={referrals.code_of(person_id)}"


urlpatterns = [path("my/form/<str:token>/", confirm, name="my_form")]
