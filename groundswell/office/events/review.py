"""The review queue: one event on a screen, and three verbs with the sentence the host receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events import oddities, policy
from groundswell.events.models import Event
from groundswell.events.operations import reviewing
from groundswell.events.queries import changing, finding, watching
from groundswell.kernel import clock, formats
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame, states
from groundswell.people import sight as people_sight
from groundswell.web import guards
from groundswell.web.forms import Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

Oddity = oddities.Oddity

ODDITY_WORDS: dict[oddities.Oddity, Promise] = {
    Oddity.HAS_BEGUN: gettext_lazy("It has begun already."),
    Oddity.OTHER_DAY: gettext_lazy("It is not on the action day."),
    Oddity.AT_NIGHT: gettext_lazy("It starts at night. Did the host mean the afternoon?"),
    Oddity.VERY_SHORT: gettext_lazy("It lasts less than 20 minutes."),
    Oddity.VERY_LONG: gettext_lazy("It lasts more than 8 hours."),
    Oddity.CLOCK_SKIPS: gettext_lazy("The clocks change there in that hour."),
    Oddity.RULES_MOVED: gettext_lazy("The rules of that time zone have changed since."),
    Oddity.ZONE_FAR_OFF: gettext_lazy("The time zone does not fit the place."),
}

# What a reviewer most often says. The host reads it in the event's own language.
SUGGESTED: dict[str, tuple[Promise, ...]] = {
    "approve": (
        gettext_lazy("Your event is on the map now. Thank you for holding it."),
        gettext_lazy("Your event is on the map now. Ring us whenever you want to talk it over."),
    ),
    "ask": (
        gettext_lazy("Where exactly do people meet? Add a landmark or a house number, please."),
        gettext_lazy("Is the time right? Please look at it once more and change it if it is not."),
        gettext_lazy(
            "There is another event close by. Would you like to hold one together with them?"
        ),
        gettext_lazy("Please say in one more sentence what people will do there."),
    ),
    "decline": (
        gettext_lazy(
            "We cannot put this event on the map, because it does not belong to this campaign."
        ),
        gettext_lazy(
            "This looks like the same event twice, so we keep the other one. Nothing is lost."
        ),
        gettext_lazy("We could not reach you to check this event, so we take it down for now."),
    ),
}

_VERBS = {
    "approve": reviewing.approve,
    "ask": reviewing.ask_host,
    "decline": reviewing.decline,
}


class WordsForm(PlainForm):
    """The sentence that the host receives."""

    words = Paragraphs(label=gettext_lazy("The host reads"), rows=3, max_length=1000)

    def __init__(self, *args: Any, is_required: bool, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.required = is_required
        field.error_messages["required"] = str(reviewing.SayWhy.sentence)
        field.widget.attrs.update({"lang": language, "dir": formats.direction(language)})
        if language != frame.language():
            field.help_text = _("In {language}, the language of the event").format(
                language=formats.endonym(language)
            )


@dataclass(frozen=True, slots=True)
class Suggestion:
    words: str
    href: str


@guards.office(Right.REVIEW_EVENTS)
def review(request: HouseRequest, slug: str) -> HttpResponse:
    """The event that waits longest; ``?after=`` goes on without deciding."""
    campaign = frame.campaign_or_404(request, slug)
    event = watching.next_to_review(
        campaign, frame.by(request), after=_moment(request.GET.get("after", ""))
    )
    if event is None:
        context = {"soon": watching.next_ones(campaign, frame.by(request), limit=1)}
        return frame.page(
            request, "office/events/all_reviewed.html", context, campaign=campaign, current="events"
        )
    return _screen(request, campaign, event)


@guards.office(Right.REVIEW_EVENTS, post=True)
def review_one(request: HouseRequest, slug: str, event_slug: str) -> HttpResponse:
    """One event that waits for review or whose host was asked; a post decides."""
    campaign = frame.campaign_or_404(request, slug)
    event = finding.event_by_slug(event_slug)
    if event is None or event.campaign_id != campaign.id:
        raise Http404
    if not policy.can_review(frame.by(request), event):
        raise Http404
    if request.method != "POST":
        return _screen(request, campaign, event)
    verb = request.POST.get("do", "")
    is_required = verb in {"ask", "decline"}
    form = WordsForm(request.POST, is_required=is_required, language=event.language)
    if not form.is_valid():
        return _screen(request, campaign, event, verb=verb, form=form)
    try:
        if verb not in _VERBS:
            raise frame.NoSuchButton
        _VERBS[verb](event_id=event.id, words=form.cleaned_data["words"], by=frame.by(request))
    except Refusal as refusal:
        form.refuse(refusal)
        return _screen(request, campaign, event, verb=verb, form=form)
    messages.success(request, _done_words(verb, event))
    return HttpResponseRedirect(reverse("office:review", args=[slug]))


def _done_words(verb: str, event: Event) -> str:
    if verb == "approve":
        return _("{title} is on the map. The host is told.").format(title=event.title)
    if verb == "ask":
        return _("Your question about {title} is on its way.").format(title=event.title)
    return _("{title} is declined. The host and whoever signed up are told.").format(
        title=event.title
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _screen(
    request: HouseRequest,
    campaign: Campaign,
    event: Event,
    *,
    verb: str = "",
    form: WordsForm | None = None,
) -> HttpResponse:
    chosen = verb or request.GET.get("do", "")
    if chosen not in _VERBS:  # what was typed stays in sight
        chosen = "ask" if form is not None else ""
    shown = _forms(request, event, chosen, form)
    at = reverse("office:review_one", args=[campaign.slug, event.slug])
    context = {
        "event": event,
        "form": form,
        "forms": shown,
        "chosen": chosen,
        "address": at,
        "suggestions": {name: _suggestions(event, at, name) for name in SUGGESTED},
        "is_open": event.state in {Event.State.WAITING, Event.State.ASKED},
        "state": states.going(event),
        "left": watching.for_office(
            campaign, frame.by(request), watching.Wish(need="approval")
        ).count(),
        "came_in": states.ago(event.created_at),
        "next_href": reverse("office:review", args=[campaign.slug])
        + f"?after={event.created_at.isoformat()}",
        "public_href": reverse("event", args=[event.slug]),
        **_facts(campaign, event),
        **_beside(campaign, event, frame.by(request)),
    }
    status = 422 if form is not None and form.errors else 200
    return frame.page(
        request,
        "office/events/review.html",
        context,
        campaign=campaign,
        current="events",
        status=status,
    )


def _forms(
    request: HouseRequest, event: Event, chosen: str, bound: WordsForm | None
) -> dict[str, WordsForm]:
    """One form for each verb; the chosen one carries what was typed, or a suggestion."""
    made = {}
    for verb in _VERBS:
        if bound is not None and verb == chosen:
            made[verb] = bound
            continue
        which = _index(request.GET.get("words", "")) if verb == chosen else 0
        words = _in_language(event, SUGGESTED[verb][which % len(SUGGESTED[verb])])
        made[verb] = WordsForm(
            initial={"words": words},
            is_required=verb != "approve",
            language=event.language,
            auto_id=f"{verb}_%s",
        )
    return made


def _index(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _in_language(event: Event, words: Promise) -> str:
    with translation.override(event.language):
        return str(words)


def _suggestions(event: Event, at: str, verb: str) -> list[Suggestion]:
    return [
        Suggestion(str(words), f"{at}?do={verb}&words={number}#{verb}")
        for number, words in enumerate(SUGGESTED[verb])
    ]


def _facts(campaign: Campaign, event: Event) -> dict[str, Any]:
    """What the host decided, on the left."""
    kind = campaign_queries.current_kit(campaign, frame.language()).type(event.kind)
    return {
        "kind": kind.name if kind else "",
        "place": changing.exact_place(event),
        "language_name": formats.endonym(event.language),
        "seats": states.seats_words(event),
    }


def _beside(campaign: Campaign, event: Event, by: Actor) -> dict[str, Any]:
    """What helps to decide, on the right: oddities, duplicates nearby, the host's history."""
    odd = oddities.find(event, action_on=campaign.action_on, now=clock.now())
    near = finding.events_nearby(event)
    others = watching.other_events_of_host(event, by)
    return {
        "oddities": [ODDITY_WORDS[each] for each in odd],
        "nearby": [
            (each.event, each.km, states.STATE_WORDS[each.event.state]) for each in near[:6]
        ],
        "host_name": people_sight.name_for(by, event.host),
        "others": [(each, states.STATE_WORDS[each.state]) for each in others[:6]],
        "held_before": finding.hosted_before([event]).get(event.host_id or 0, 0),
    }


urlpatterns = [
    path("c/<slug:slug>/review/", review, name="review"),
    path("c/<slug:slug>/review/<slug:event_slug>/", review_one, name="review_one"),
]
