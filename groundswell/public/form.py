"""A form that the team built: its own page, and the same in a frame of another website.

The post needs no form token: it acts for nobody who is signed in, and comes from other websites
too. What a form of ours carries (web/form_guard.py) tells those apart that anybody could have
sent; they wait for the link of our mail.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from groundswell.accounts import doubts
from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import formats
from groundswell.kernel.actor import VISITOR
from groundswell.kernel.refusal import Refusal
from groundswell.metrics import floor
from groundswell.people import form_queries
from groundswell.people.forms.content import Content, Texts
from groundswell.people.models import Form
from groundswell.people.operations import filling, tallies
from groundswell.public.frame import campaign_frame, page_language, source_of
from groundswell.web import form_guard, guards, languages
from groundswell.web.fill_form import FillForm
from groundswell.web.requests import HouseRequest


def about(form_slug: str) -> str:
    """What the stamp of a form is signed for."""
    return f"form:{form_slug}"


def _form_or_404(form_slug: str) -> tuple[Form, Content]:
    found = form_queries.by_slug(form_slug)
    content = form_queries.published(found) if found else None
    if found is None or content is None:
        raise Http404
    return found, content


def frame(request: HouseRequest, found: Form, texts: Texts) -> dict[str, Any]:
    """What every page of a form reads; the colours of its campaign, if it has one."""
    campaign = campaign_queries.campaign_by_id(found.campaign_id) if found.campaign_id else None
    look = campaign_frame(request, campaign) if campaign else {}
    kept: dict[str, Any] = {
        name: look[name] for name in ("brand_css", "logo_url", "campaign") if name in look
    }
    codes = [*found.languages, page_language()]
    return {
        **kept,
        "found": found,
        "texts": texts,
        "languages": languages.choices(request, codes),
        "canonical_url": settings.GROUNDSWELL_ORIGIN + reverse("form", args=[found.slug]),
        "is_open": found.state == Form.State.OPEN,
    }


def _so_far(found: Form) -> str:
    """How many signed a petition, from ten on, and the goal."""
    if found.kind != Form.Kind.PETITION:
        return ""
    count = floor.alone(tallies.of_form(found.id).get(tallies.TOTAL, 0))
    if count is None:
        return ""
    words = ngettext("{number} person has signed.", "{number} people have signed.", count)
    told = words.format(number=formats.number(count))
    if found.goal and count < found.goal:
        goal = _("The goal is {number}.").format(number=formats.number(found.goal))
        return f"{told} {goal}"
    return told


def page(
    request: HouseRequest,
    found: Form,
    content: Content,
    form: FillForm,
    *,
    template: str,
    asks: bool = False,
    **more: Any,
) -> HttpResponse:
    """The form in the state it is in. Also the preview of the office, with its own template."""
    texts = content.texts_in(page_language(), found.languages)
    context = {
        **frame(request, found, texts),
        "form": form,
        "about": about(found.slug),
        "asks_for_work": asks,
        "source": source_of(request),
        "so_far": _so_far(found),
        **more,
    }
    status = 422 if form.is_bound else 200
    return render(request, template, context, status=status)


def _taken(
    request: HouseRequest, form_slug: str, *, template: str, here: str
) -> tuple[HttpResponse, Form]:
    """The page, or what came of a post."""
    found, content = _form_or_404(form_slug)
    texts = content.texts_in(page_language(), found.languages)
    if request.method != "POST":
        form = FillForm(None, content=content, texts=texts)
        is_done = "done" in request.GET
        return page(request, found, content, form, template=template, is_done=is_done), found
    form = FillForm(request.POST, content=content, texts=texts)
    asks = False
    if form.is_valid():
        try:
            filling.fill(
                form_id=found.id,
                filled=form.filled(page_language(), source_of(request)),
                by=VISITOR,
                look=form_guard.look(
                    request, about(form_slug), email=request.POST.get("email", "")
                ),
            )
        except doubts.OneMoment as refusal:
            form.refuse(refusal)
            asks = True
        except Refusal as refusal:
            form.refuse_answer(refusal)
        else:
            return HttpResponseRedirect(f"{here}?done"), found
    return page(request, found, content, form, template=template, asks=asks), found


@csrf_exempt  # acts for nobody signed in; the stamp and our mail tell people from programs
@guards.anyone(post=True)
def form(request: HouseRequest, form_slug: str) -> HttpResponse:
    """The form's own page. Another website's plain form may post here too."""
    here = reverse("form", args=[form_slug])
    return _taken(request, form_slug, template="public/form/form.html", here=here)[0]


@csrf_exempt  # as above; a frame of another website brings no cookie of ours
@guards.anyone(post=True)
def form_embed(request: HouseRequest, form_slug: str) -> HttpResponse:
    """The same in a frame, only for the websites that the form names."""
    here = reverse("form_embed", args=[form_slug])
    response, found = _taken(request, form_slug, template="public/form/embed.html", here=here)
    if found.origins:
        response.csp_changes = {"frame-ancestors": list(found.origins)}  # type: ignore[attr-defined]  # web/security
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


urlpatterns = [
    path("f/<slug:form_slug>/", form, name="form"),
    path("f/<slug:form_slug>/embed/", form_embed, name="form_embed"),
]
