"""Today: what needs a person, each with one verb; the goal; what changed; what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.accounts import queries as accounts_queries
from groundswell.accounts.models import Account
from groundswell.campaigns import policy as campaign_policy
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign
from groundswell.events.queries import watching
from groundswell.kernel import clock, formats
from groundswell.kernel.roles import Right
from groundswell.metrics import attention, definitions, forecasts
from groundswell.metrics import queries as metrics_queries
from groundswell.office import charts, frame, listing, needs
from groundswell.outreach import policy as outreach_policy
from groundswell.web import guards
from groundswell.web.charts import bars, goal
from groundswell.web.requests import HouseRequest

Measure = metrics_queries.Measure


@guards.office()
def home(request: HouseRequest) -> HttpResponse:
    """Today of the campaign whose day is next; on the first day, how to begin."""
    actor = frame.by(request)
    if not actor.may_somewhere(Right.SEE_EVENTS):  # such as a texting lead: to their own page
        return HttpResponseRedirect(frame.house_pages(actor)[0][3])
    campaign = campaign_queries.nearest_campaign(actor)
    if campaign is None:
        context = {"greeting": _greeting(request), "eyebrow": _eyebrow(request)}
        return frame.page(request, "office/today/first_day.html", context, current="today")
    return _page(request, campaign)


@guards.office(Right.SEE_EVENTS)
def today(request: HouseRequest, slug: str) -> HttpResponse:
    """Today of one campaign."""
    return _page(request, frame.campaign_or_404(request, slug))


def _page(request: HouseRequest, campaign: Campaign) -> HttpResponse:
    if not campaign_policy.can_see_numbers(frame.by(request), campaign):
        # Somebody who looks after a part of it begins with the events of that part.
        return HttpResponseRedirect(reverse("office:events", args=[campaign.slug]))
    now = clock.now().astimezone(ZoneInfo(frame.zone_of(request)))
    measures = [Measure.SIGN_UPS, Measure.NEW_PEOPLE, Measure.EVENTS, Measure.CONFIRMED]
    series = metrics_queries.many_series(campaign, measures)
    sums = metrics_queries.totals(campaign)
    needed = attention.needs_attention(campaign, frame.by(request), since=_day_began(now))
    rows = needs.of(campaign, needed)
    if outreach_policy.can_decide_on_reports(frame.by(request)):
        rows += needs.reports() + needs.guarding()
    if outreach_policy.can_see_outbox(frame.by(request)):
        rows += needs.held_messages()
    if frame.by(request).may_somewhere(Right.SEE_ALL):
        rows += needs.duplicates(frame.by(request))
    soon = watching.next_ones(campaign, frame.by(request))
    days = charts.wanted_days(request)
    context = {
        "greeting": _greeting(request),
        "eyebrow": _eyebrow(request),
        "needs": rows,
        "progress": _progress(needed, len(rows)) if rows else "",
        "steps": _first_steps(campaign) if not sums.events_listed and not rows else [],
        "next_thing": _next_thing(soon),
        "goal": _goal(campaign, sums, series[Measure.EVENTS]),
        "figures": _figures(sums, series),
        "chart": charts.sign_ups(series[Measure.SIGN_UPS], days=days),
        "periods": charts.periods(days),
        "csv_href": reverse("office:sign_ups_csv", args=[campaign.slug]),
        "ladder": _ladder(sums),
        "events": listing.rows(campaign, soon),
        "events_count": sums.events_listed,
    }
    return frame.page(
        request, "office/today/today.html", context, campaign=campaign, current="today"
    )


def _day_began(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _eyebrow(request: HouseRequest) -> str:
    return formats.long_day(clock.now(), frame.zone_of(request))


def _greeting(request: HouseRequest) -> str:
    name = ""
    if isinstance(request.user, Account):
        name = accounts_queries.name_of(request.user).split(" ")[0]
    hour = clock.now().astimezone(ZoneInfo(frame.zone_of(request))).hour
    if hour < 12:
        return _("Good morning, {name}").format(name=name)
    if hour < 18:
        return _("Good afternoon, {name}").format(name=name)
    return _("Good evening, {name}").format(name=name)


# --- needs you today ---------------------------------------------------------------------------


def _progress(found: attention.Attention, left: int) -> str:
    """``2 done, 4 to go``: a kind of work counts as done when some of it was done today and
    none of it is left."""
    done = sum(
        bool(today_) and not still
        for today_, still in (
            (found.reviewed_today, found.to_review),
            (found.kits_opened_today, found.kit_not_opened),
            (found.reported_today, found.reports_missing),
        )
    )
    to_go = ngettext("{number} to go", "{number} to go", left).format(number=formats.number(left))
    if not done:
        return to_go
    return _("{done} done, {to_go}").format(done=formats.number(done), to_go=to_go)


def _next_thing(soon: list[Any]) -> str:
    """What comes when nothing needs anybody: the sentence after "All clear"."""
    if not soon:
        return ""
    first = soon[0]
    return _("Next: {title} starts on {moment}.").format(
        title=first.title, moment=formats.moment(first.starts_at, first.zone)
    )


# --- the first days ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three cards of a campaign that has just begun."""

    title: str
    why: str
    verb: str
    href: str
    icon: str
    is_done: bool


def _first_steps(campaign: Campaign) -> list[Step]:
    at = [campaign.slug]
    words = campaign_queries.words(campaign, campaign.fallback_language)
    kit = campaign_queries.current_kit(campaign, campaign.fallback_language)
    is_live = campaign.state == Campaign.State.LIVE
    return [
        Step(
            _("Write the campaign page"),
            _("A title, one sentence and a picture are enough to begin with."),
            _("Write it"),
            reverse("office:words", args=at),
            "pencil",
            bool(words.lead),
        ),
        Step(
            _("Prepare the kit"),
            _("What happens on the day, minute by minute, and what a host does before."),
            _("Open the kit"),
            reverse("office:kit", args=at),
            "package-open",
            kit.version > 0,
        ),
        Step(
            _("Open it to the public"),
            _("We check with you what is still missing. You can change everything later."),
            _("See the check list"),
            reverse("office:publish", args=at),
            "megaphone",
            is_live,
        ),
    ]


# --- goal, figures, ladder ---------------------------------------------------------------------


def _goal(
    campaign: Campaign, sums: definitions.Totals, events: metrics_queries.Series
) -> dict[str, Any]:
    left = (campaign.action_on - clock.now().date()).days
    found = metrics_queries.goal_forecast(campaign, done=sums.events_listed, events=events)
    return {
        "title": _days_to_go(left),
        "day": formats.long_day(campaign.action_on),
        "is_live": campaign.state == Campaign.State.LIVE,
        "done": sums.events_listed,
        "wanted": campaign.goal_events,
        "is_reached": 0 < campaign.goal_events <= sums.events_listed,
        "drawing": goal.draw(
            done=sums.events_listed, wanted=campaign.goal_events, daily=events.counts
        ),
        "forecast": found,
        "by": formats.long_day(found.by) if found else "",
        "gap": _gap(found),
    }


def _days_to_go(left: int) -> str:
    if left < 0:
        return _("The day is over")
    if left == 0:
        return _("Today is the day")
    return ngettext("{number} day to go", "{number} days to go", left).format(
        number=formats.number(left)
    )


def _gap(found: forecasts.Forecast | None) -> str:
    if found is None:
        return ""
    if not found.short:
        return _("That reaches the goal.")
    return ngettext(
        "{number} more event closes the gap.", "{number} more events close the gap.", found.short
    ).format(number=formats.number(found.short))


def _figures(
    sums: definitions.Totals, series: dict[str, metrics_queries.Series]
) -> list[dict[str, Any]]:
    """Four figures, each with its course and what changed in words."""
    made, new = series[Measure.SIGN_UPS], series[Measure.NEW_PEOPLE]
    week, before = made.last(7).total, made.last(14).total - made.last(7).total
    shown = [
        _figure("sign_ups", formats.number(sums.sign_ups), made, *_week_words(week, before)),
        _figure(
            "new_to_us",
            formats.number(sums.first_timers),
            new,
            _("{share} of sign-ups").format(
                share=formats.percent(sums.first_timers, sums.sign_ups)
            ),
        ),
        _figure(
            "hosts_with_kit",
            formats.number(sums.hosts_with_kit),
            None,
            _("of {hosts}, {left} to go").format(
                hosts=formats.number(sums.hosts),
                left=formats.number(sums.hosts - sums.hosts_with_kit),
            ),
        ),
        _figure(
            "confirmed",
            formats.percent(sums.confirmed, sums.going) if sums.confirmed else "–",
            series[Measure.CONFIRMED] if sums.confirmed else None,
            _("{number} of {whole}").format(
                number=formats.number(sums.confirmed), whole=formats.number(sums.going)
            )
            if sums.confirmed
            else _("We ask the day before"),
        ),
    ]
    return shown


def _figure(
    key: str,
    value: str,
    series: metrics_queries.Series | None,
    compared: str,
    trend: str = "",
) -> dict[str, Any]:
    number = definitions.number(key)
    return {
        "label": number.name,
        "value": value,
        "series": series.last(30).counts if series and series.total else (),
        "compared": compared,
        "trend": trend,
        "definition": number.definition,
    }


def _week_words(week: int, before: int) -> tuple[str, str]:
    """``+2,113 this week`` and where it goes, compared with the seven days before."""
    words = _("+{number} in 7 days").format(number=formats.number(week))
    if week == before:
        return words, ""
    return words, "up" if week > before else "down"


def _ladder(sums: definitions.Totals) -> bars.Bars | None:
    """From signing up to hosting: the steps that there are numbers for."""
    if not sums.going:
        return None
    rows = [bars.Row(_("People coming"), sums.going)]
    rows += [bars.Row(_("Address proven"), sums.proven)] if sums.proven else []
    rows += [bars.Row(_("Said so again the day before"), sums.confirmed)] if sums.confirmed else []
    rows += [bars.Row(_("Came"), sums.came)] if sums.came else []
    rows.append(bars.Row(_("Hosting"), sums.hosts))
    return bars.steps(rows, title=_("From sign-up to hosting"))


urlpatterns = [
    path("", home, name="home"),
    path("c/<slug:slug>/", today, name="today"),
]
