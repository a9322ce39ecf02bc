"""Hosting an event: four short pages, saved at each step, then check and publish."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse

from groundswell.accounts import doubts
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event, HostDraft
from groundswell.events.operations import drafts, hosting, publishing
from groundswell.events.queries import drafts as draft_queries
from groundswell.kernel.refusal import Refusal
from groundswell.people.operations.sources import CameBy
from groundswell.people.wordings import WORDINGS
from groundswell.public import host_plan, totals
from groundswell.public.campaign import campaign_or_404
from groundswell.public.frame import campaign_frame, page_language, source_of
from groundswell.public.host_forms import STEPS, KindForm, StepForm, step_of
from groundswell.web import form_guard, guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest

ORDER = [*STEPS, "check"]


def _draft(request: HouseRequest) -> HostDraft:
    """The draft that the link opens; gone after fourteen days."""
    draft = draft_queries.draft_by_id(request.link.object_id or 0)
    if draft is None:
        raise Http404
    return draft


def _form(
    request: HouseRequest, step: str, campaign: Campaign, answers: dict[str, Any]
) -> StepForm:
    kit = campaign_queries.current_kit(campaign, page_language())
    guess = host_plan.first_guess(campaign, kit, answers, totals.customs(campaign).start)
    data = request.POST if request.method == "POST" else None
    return STEPS[step](data, initial=guess, campaign=campaign, answers=answers)


def _step_page(
    request: HouseRequest, campaign: Campaign, form: PlainForm, step: str, token: str = ""
) -> HttpResponse:
    number = ORDER.index(step)
    back = ORDER[number - 1] if number else ""
    context = {
        **campaign_frame(request, campaign),
        "form": form,
        "step": step,
        "source": source_of(request) if not token else {},
        "number": number + 1,
        "whole": len(STEPS),
        "token": token,
        "back_href": reverse("host_step", args=[token, back]) if token and back else "",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "public/host/step.html", context, status=status)


@guards.anyone(post=True)
def start(request: HouseRequest, slug: str) -> HttpResponse:
    """The first page. Answering it makes the draft and the link that opens it again."""
    campaign = campaign_or_404(request, slug)
    form = _form(request, "kind", campaign, {})
    assert isinstance(form, KindForm)
    if campaign_queries.is_over(campaign) or request.method != "POST" or not form.is_valid():
        return _step_page(request, campaign, form, "kind")
    near = request.GET.get("near", "").replace("\x00", "")[:100]
    came_by = CameBy.read(source_of(request)).as_dict()
    answers = {**form.kept(), **({"town": near} if near else {})}
    if came_by:
        answers["came_by"] = came_by
    try:
        token = drafts.begin(campaign=campaign, answers=answers, by=request.actor)
    except Refusal as refusal:
        form.refuse(refusal)
        return _step_page(request, campaign, form, "kind")
    return HttpResponseRedirect(reverse("host_step", args=[token, "when"]))


@guards.wizard(post=True)
def step(request: HouseRequest, token: str, step: str) -> HttpResponse:
    """One page of the wizard: valid answers are saved and lead on."""
    draft = _draft(request)
    if step not in STEPS:
        raise Http404
    if draft.event_id is not None:
        return HttpResponseRedirect(reverse("host_live", args=[token]))
    form = _form(request, step, draft.campaign, draft_queries.answers(draft))
    if request.method != "POST" or not form.is_valid():
        return _step_page(request, draft.campaign, form, step, token)
    hosting.save_answers(draft=draft, answers=form.kept(), by=request.actor)
    answers = draft_queries.answers(draft) | form.kept()
    after = ORDER[ORDER.index(step) + 1]
    is_complete = host_plan.missing_step(answers) is None
    following = reverse("host_step", args=[token, after]) if after != "check" else ""
    if is_complete or not following:
        following = reverse("host_check", args=[token])
    return HttpResponseRedirect(following)


def _check_page(
    request: HouseRequest, draft: HostDraft, token: str, form: PlainForm, *, asks: bool = False
) -> HttpResponse:
    answers = draft_queries.answers(draft)
    kit = campaign_queries.current_kit(draft.campaign, page_language())
    context = {
        **campaign_frame(request, draft.campaign),
        "form": form,
        "answers": host_plan.to_check(answers, kit, token),
        "clock_notice": host_plan.clock_notice(host_plan.slot(answers)),
        "host_consent": WORDINGS["host-1"],
        "token": token,
        "draft_id": draft.id,
        "asks_for_work": asks,
        "back_href": reverse("host_step", args=[token, "you"]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "public/host/check.html", context, status=status)


@guards.wizard(post=True)
def check(request: HouseRequest, token: str) -> HttpResponse:
    """All answers with their Change links; publishing makes the event live at its own link."""
    draft = _draft(request)
    if draft.event_id is not None:
        return HttpResponseRedirect(reverse("host_live", args=[token]))
    answers = draft_queries.answers(draft)
    missing = host_plan.missing_step(answers)
    if missing is not None:
        return HttpResponseRedirect(reverse("host_step", args=[token, missing]))
    form = PlainForm(request.POST if request.method == "POST" else None)
    try:
        # It was judged without the clocks of the place, when "when" came before "where".
        host_plan.slot(answers)
    except Refusal as refusal:
        return _refused(request, draft, token, form, refusal)
    if request.method != "POST" or not form.is_valid():
        return _check_page(request, draft, token, form)
    kit = campaign_queries.current_kit(draft.campaign, page_language())
    try:
        publishing.publish(
            campaign=draft.campaign,
            plan=host_plan.plan(answers, kit),
            host=host_plan.typed(answers),
            by=request.actor,
            draft=draft,
            phone=answers.get("phone", ""),
            came_by=CameBy.read(answers.get("came_by", {})),
            look=form_guard.look(request, f"hosting:{draft.id}"),
        )
    except doubts.OneMoment as refusal:
        form.refuse(refusal)
        return _check_page(request, draft, token, form, asks=True)
    except Refusal as refusal:
        form.refuse(refusal)
        return _refused(request, draft, token, form, refusal)
    return HttpResponseRedirect(reverse("host_live", args=[token]))


def _refused(
    request: HouseRequest, draft: HostDraft, token: str, form: PlainForm, refusal: Refusal
) -> HttpResponse:
    """The refusal beside its field on the page that asked for it, or on top of the list."""
    if refusal.field is None:
        return _check_page(request, draft, token, form)
    page = step_of(refusal.field)
    answers = draft_queries.answers(draft)
    again = STEPS[page](answers, campaign=draft.campaign, answers=answers)
    again.is_valid()
    again.refuse(refusal)
    return _step_page(request, draft.campaign, again, page, token)


@guards.wizard()
def live(request: HouseRequest, token: str) -> HttpResponse:
    """The event is live at its own link: what to do with it, and what happens next."""
    draft = _draft(request)
    event = draft_queries.event_of(draft)
    if event is None:
        return HttpResponseRedirect(reverse("host_check", args=[token]))
    kit = campaign_queries.current_kit(draft.campaign, event.language)
    context = {
        **campaign_frame(request, draft.campaign),
        "event": event,
        "is_held": event.state == Event.State.HELD,
        "event_url": settings.GROUNDSWELL_ORIGIN + reverse("event", args=[event.slug]),
        "share_words": kit.words[:3],
        "tasks": kit.tasks[:3],
    }
    return render(request, "public/host/live.html", context)


urlpatterns = [
    path("host/<str:token>/check", check, name="host_check"),
    path("host/<str:token>/live", live, name="host_live"),
    path("host/<str:token>/<slug:step>", step, name="host_step"),
    path("<slug:slug>/host", start, name="host_start"),
]
